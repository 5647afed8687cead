using System.Text.Json;
using System.Text.Json.Serialization;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;

namespace ExternalAction.Gateway.Development;

/// <summary>A development token.</summary>
/// <param name="Token">Compact JWT, to be sent as <c>Authorization: Bearer …</c>.</param>
/// <param name="Expires">When it stops being good.</param>
internal sealed record DevToken(string Token, DateTimeOffset Expires);

/// <summary>The discovery document of the development issuer; as much of OpenID Connect Discovery 1.0 as validation needs.</summary>
internal sealed record DevDiscovery(
    string Issuer,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
    [property: JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
    [property: JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> SigningAlgorithms);

/// <summary>One public key (RFC 7517).</summary>
internal sealed record PublicJwk(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);

/// <summary>A set of public keys.</summary>
internal sealed record PublicJwks(IReadOnlyList<PublicJwk> Keys);

/// <summary>
/// <c>POST /dev/tokens</c>: a token with one request, so that a newcomer needs no identity provider. Mapped in Development
/// only; the request is <c>{"role": "delegation", "memberState": "FR", "name": "…"}</c>, with <c>roles</c> for several and
/// <c>lifetimeSeconds</c> for a token that should expire soon.
/// </summary>
internal static class DevTokens
{
    private const int MaxNameLength = 100;
    private const int MaxLifetimeSeconds = 7 * 24 * 3600;
    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(12);

    /// <summary>Maps issuer, discovery and keys.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, DevIssuer issuer, IReadOnlyList<string> memberStates)
    {
        endpoints.MapPost("/dev/tokens", async context =>
        {
            var (token, expires) = await IssueAsync(context.Request, issuer, memberStates);
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsJsonAsync(new DevToken(token, expires), GatewayJson.Default.DevToken, cancellationToken: context.RequestAborted);
        }).AllowAnonymous();
        endpoints.MapGet("/dev/.well-known/openid-configuration", context => context.Response.WriteAsJsonAsync(
            new DevDiscovery(DevIssuer.Issuer, $"{context.Request.Scheme}://{context.Request.Host}/dev/jwks.json", ["token"], ["public"], ["ES256"]),
            GatewayJson.Default.DevDiscovery,
            cancellationToken: context.RequestAborted)).AllowAnonymous();
        endpoints.MapGet("/dev/jwks.json", context => context.Response.WriteAsJsonAsync(
            new PublicJwks([new PublicJwk("EC", "P-256", issuer.PublicKey.X, issuer.PublicKey.Y, issuer.PublicKey.KeyId, "sig", "ES256")]),
            GatewayJson.Default.PublicJwks,
            cancellationToken: context.RequestAborted)).AllowAnonymous();
    }

    private static async Task<(string Token, DateTimeOffset Expires)> IssueAsync(HttpRequest request, DevIssuer issuer, IReadOnlyList<string> memberStates)
    {
        // 1. The form.
        if (!request.HasJsonContentType())
        {
            throw Refuse.UnsupportedMediaType(request.ContentType ?? "", [MediaTypes.Json]);
        }

        JsonElement body;
        try
        {
            body = await JsonSerializer.DeserializeAsync(request.Body, GatewayJson.Default.JsonElement, request.HttpContext.RequestAborted);
        }
        catch (JsonException fault)
        {
            throw Refuse.MalformedBody($"The body is not JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.");
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Refuse.MalformedBody("The body must be a JSON object.");
        }

        // 2. The fields.
        var roles = new List<string>();
        string? memberState = null, name = null;
        var lifetime = _lifetime;
        foreach (var property in body.EnumerateObject())
        {
            switch (property.Name)
            {
                case "role":
                    roles.Add(Text(property));
                    break;
                case "roles" when property.Value.ValueKind == JsonValueKind.Array:
                    roles.AddRange(property.Value.EnumerateArray().Select(item => Text(property, item)));
                    break;
                case "memberState":
                    memberState = Text(property).ToUpperInvariant() is "GR" ? "EL" : Text(property).ToUpperInvariant();
                    break;
                case "name":
                    name = Text(property);
                    break;
                case "lifetimeSeconds":
                    lifetime = property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var seconds) && seconds is >= 1 and <= MaxLifetimeSeconds
                        ? TimeSpan.FromSeconds(seconds)
                        : throw Refuse.InvalidField("lifetimeSeconds", $"lifetimeSeconds must be a whole number from 1 to {MaxLifetimeSeconds}.");
                    break;
                case "roles":
                    throw Refuse.InvalidField("roles", "roles must be a list of texts.");
                default:
                    throw Refuse.UnknownField(property.Name);
            }
        }

        // 3. What they mean.
        if (roles.Count == 0)
        {
            throw RpcErrors.Create(PlatformError.Types.Code.FieldRequired, $"role is required: one of {string.Join(", ", Roles.All.Order())}.", "role");
        }

        if (roles.Find(role => !Roles.All.Contains(role)) is { } unknown)
        {
            throw Refuse.InvalidField("role", $"There is no role '{unknown}'; the roles are {string.Join(", ", Roles.All.Order())}.");
        }

        if (memberState is not null && !memberStates.Contains(memberState))
        {
            throw Refuse.InvalidField("memberState", $"'{memberState}' is not a member state's code; the codes are {string.Join(", ", memberStates)}.");
        }

        if (memberState is null && roles.Contains(Roles.Delegation))
        {
            throw RpcErrors.Create(PlatformError.Types.Code.FieldRequired, $"A delegation speaks for a member state: memberState is one of {string.Join(", ", memberStates)}.", "memberState");
        }

        if (name is not null && (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl)))
        {
            throw Refuse.InvalidField("name", $"name must have 1 to {MaxNameLength} characters, none of them a control character.");
        }

        // 4. The same words give the same subject, so that a repeated request with an idempotency key is the same caller's.
        var subject = string.Join(':', new[] { "dev", string.Join('+', roles.Distinct().Order()), memberState, name }.OfType<string>());
        return issuer.Issue(subject, name ?? subject, [.. roles.Distinct()], memberState, lifetime);
    }

    private static string Text(JsonProperty property, JsonElement? item = null)
    {
        try
        {
            return (item ?? property.Value) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Refuse.InvalidField(property.Name, $"{property.Name} must be a text.");
        }
        catch (InvalidOperationException)
        {
            throw Refuse.InvalidField(property.Name, $"{property.Name} is not well-formed Unicode.");
        }
    }
}
