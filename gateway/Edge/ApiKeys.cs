using Microsoft.Extensions.Primitives;

namespace ExternalAction.Gateway.Edge;

/// <summary>
/// Clients of other screening services send their token as <c>Authorization: ApiKey …</c> or in a header <c>ApiKey</c>. It is the
/// same token, and from here on it is a bearer token: one form is judged, forwarded and kept out of the logs. Where both
/// headers stand, Authorization counts.
/// </summary>
internal static class ApiKeys
{
    public const string Header = "ApiKey";
    private const string Scheme = "ApiKey ";

    public static void UseApiKeys(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Request.Headers;
        if (headers.Authorization is [{ } authorization] && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            headers.Authorization = $"Bearer {authorization[Scheme.Length..].Trim()}";
        }

        if (headers.TryGetValue(Header, out var keys))
        {
            if (headers.Authorization.Count == 0)
            {
                headers.Authorization = new StringValues([.. keys.Select(key => $"Bearer {key?.Trim()}")]); // several are refused like several Authorization headers
            }

            headers.Remove(Header);
        }

        return next(context);
    });
}
