using System.Buffers;
using System.Diagnostics;

namespace ExternalAction.Gateway.Edge;

/// <summary>
/// One id that follows a request through logs and services: the caller's <c>x-correlation-id</c> when it is 1 to 64 letters,
/// digits, dots, dashes or underscores, else a new one. It is returned with the reply.
/// </summary>
internal static class CorrelationId
{
    public const string Header = "x-correlation-id";
    private static readonly SearchValues<char> _allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The request's id; the request's header is set to it, so that what is forwarded carries it too.</summary>
    public static string Take(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        var id = given is [{ Length: > 0 and <= 64 } one] && !one.AsSpan().ContainsAnyExcept(_allowed)
            ? one
            : Activity.Current?.TraceId.ToHexString() ?? Guid.CreateVersion7().ToString("N");
        context.Request.Headers[Header] = id;
        context.Response.Headers[Header] = id;
        return id;
    }
}
