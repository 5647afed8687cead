// A real OpenID Connect authority on a port of its own: discovery, JWKS, ES256 tokens, and keys that can be rolled.
// It counts how often its documents are read.
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ExternalAction.House.Tests.Defaults;

public sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "external-action";
    private readonly WebApplication _app;
    private ECDsaSecurityKey _key = NewKey();
    private int _discoveries;
    private int _keyReads;

    private Issuer(WebApplication app) => _app = app;

    public string Authority { get; private set; } = "";
    public int Discoveries => Volatile.Read(ref _discoveries);
    public int KeyReads => Volatile.Read(ref _keyReads);

    public static async Task<Issuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new Issuer(builder.Build());
        issuer._app.MapGet("/.well-known/openid-configuration", (HttpContext http) =>
        {
            Interlocked.Increment(ref issuer._discoveries);
            return http.Response.WriteAsync($$"""{"issuer":"{{issuer.Authority}}","jwks_uri":"{{issuer.Authority}}/jwks"}""");
        });
        issuer._app.MapGet("/jwks", (HttpContext http) =>
        {
            Interlocked.Increment(ref issuer._keyReads);
            var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(issuer._key.ECDsa.ExportParameters(false))) { KeyId = issuer._key.KeyId });
            return http.Response.WriteAsync($$"""{"keys":[{"kty":"EC","use":"sig","alg":"ES256","crv":"P-256","kid":"{{jwk.Kid}}","x":"{{jwk.X}}","y":"{{jwk.Y}}"}]}""");
        });
        await issuer._app.StartAsync();
        issuer.Authority = issuer._app.Urls.First();
        return issuer;
    }

    /// <summary>A token. Everything about it can be made wrong.</summary>
    public string Token(
        string[]? roles = null, string subject = "alice", string? memberState = null, string? audience = Audience, string? issuer = null,
        TimeSpan? expiresIn = null, string? type = null, SecurityKey? key = null, DateTimeOffset? now = null, IEnumerable<Claim>? more = null)
    {
        var at = (now ?? TimeProvider.System.GetUtcNow()).UtcDateTime;
        var expires = at + (expiresIn ?? TimeSpan.FromMinutes(10));
        List<Claim> claims = [new("sub", subject), new("name", "Alice Example"), .. more ?? []];
        claims.AddRange((roles ?? []).Select(role => new Claim("role", role)));
        if (memberState is not null)
        {
            claims.Add(new Claim("member_state", memberState));
        }

        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Authority,
            Audience = audience,
            Subject = new ClaimsIdentity(claims),
            IssuedAt = expires.AddHours(-1),
            NotBefore = expires.AddHours(-1),
            Expires = expires,
            SigningCredentials = new SigningCredentials(key ?? _key, SecurityAlgorithms.EcdsaSha256),
        };
        if (type is not null)
        {
            descriptor.TokenType = type;
        }

        return new JsonWebTokenHandler().CreateToken(descriptor);
    }

    /// <summary>From now on another key signs, and only that one is published.</summary>
    public void Roll() => _key = NewKey();

    public static ECDsaSecurityKey NewKey() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
