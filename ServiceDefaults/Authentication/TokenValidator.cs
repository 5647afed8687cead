// Judges a bearer token. The order matters: cheap refusals on unverified contents come first (they can only refuse), the
// authority is asked again only for an unknown key of the right issuer, and nothing is believed before the signature.
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ExternalAction.ServiceDefaults;

/// <summary>What became of a token: a principal, or the reason it is refused in words its bearer understands.</summary>
internal readonly record struct TokenVerdict(CallerPrincipal? Principal, string? Refusal)
{
    public static TokenVerdict Refused(string reason) => new(null, reason);
}

/// <summary>Validates tokens of the configured authority.</summary>
internal sealed class TokenValidator
{
    /// <summary>Name of the meter; its counter <c>externalaction.tokens</c> has the tag <c>result</c> = valid, cached or refused.</summary>
    public const string MeterName = "ExternalAction.Authentication";

    private const int MaxTokenLength = 16_384;

    // Asymmetric only: a public key must never serve as the secret of an HMAC.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxTokenLength };
    private readonly BearerOptions _options;
    private readonly SigningKeys _keys;
    private readonly TokenCache _cache;
    private readonly TimeProvider _time;
    private readonly bool _development;
    private readonly Counter<long> _results;

    public TokenValidator(IOptions<BearerOptions> options, SigningKeys keys, TimeProvider time, IHostEnvironment environment, IMeterFactory meters)
    {
        _options = options.Value;
        _keys = keys;
        _cache = new TokenCache(_options.CacheSize);
        _time = time;
        _development = environment.IsDevelopment();
        _results = meters.Create(MeterName).CreateCounter<long>("externalaction.tokens", "{token}", "Bearer tokens judged.");
    }

    /// <summary>Judges a token.</summary>
    /// <exception cref="AuthorityUnreachableException">The authority's keys are not known and cannot be had.</exception>
    public async ValueTask<TokenVerdict> ValidateAsync(string token, CancellationToken cancellation)
    {
        // 1. Seen before, and still good.
        var digest = TokenCache.Digest.Of(token);
        if (_cache.Find(digest, _time.GetUtcNow()) is { } known)
        {
            Count("cached");
            return new TokenVerdict(known, null);
        }

        // 2. Everything else, once per token.
        var verdict = await JudgeAsync(token, cancellation);
        if (verdict.Principal is { } principal)
        {
            _cache.Add(digest, principal);
        }

        Count(verdict.Principal is null ? "refused" : "valid");
        return verdict;
    }

    private async ValueTask<TokenVerdict> JudgeAsync(string token, CancellationToken cancellation)
    {
        // 1. Its form.
        if (token.Length > MaxTokenLength || !TryRead(token, out var jwt))
        {
            return TokenVerdict.Refused("The token is malformed: it is not a JSON Web Token in compact form.");
        }

        if (FormRefusal(jwt) is { } form)
        {
            return TokenVerdict.Refused(form);
        }

        // 2. The authority: another issuer's token is not worth a look-up of keys.
        var authority = await _keys.GetAsync(cancellation);
        if (jwt.Issuer != authority.Issuer)
        {
            return TokenVerdict.Refused("The token has another issuer than the one trusted here.");
        }

        // 3. The key; an unknown one may be new.
        var keys = KeysFor(jwt, authority);
        if (keys.Length == 0)
        {
            authority = await _keys.RefreshAsync(authority, cancellation);
            keys = KeysFor(jwt, authority);
            if (keys.Length == 0)
            {
                return TokenVerdict.Refused("The token is signed with a key that its issuer does not publish.");
            }
        }

        // 4. Signature, audience and lifetime.
        var result = await _handler.ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            ValidIssuer = authority.Issuer,
            ValidAudience = _options.Audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = keys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = WithinLifetime,
            NameClaimType = _options.NameClaim,
            RoleClaimType = _options.RoleClaim,
        });
        if (!result.IsValid)
        {
            return TokenVerdict.Refused(ReasonOf(result.Exception));
        }

        var expires = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero);
        return new TokenVerdict(new CallerPrincipal(result.ClaimsIdentity, Caller.From(result.ClaimsIdentity, jwt.Subject, expires, _options)), null);
    }

    private bool TryRead(string token, out JsonWebToken jwt)
    {
        try
        {
            jwt = _handler.ReadJsonWebToken(token);
            return jwt.EncodedSignature.Length > 0 && jwt.InnerToken is null;
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenException)
        {
            jwt = null!;
            return false;
        }
    }

    private string? FormRefusal(JsonWebToken jwt)
    {
        var type = jwt.Typ?.ToLowerInvariant().Replace("application/", "", StringComparison.Ordinal);
        if (!_development && (type == BearerOptions.DevelopmentTokenType || jwt.Audiences.Contains(BearerOptions.DevelopmentAudience)))
        {
            return "This is a development token; it is accepted in Development only.";
        }

        if (type is not (null or "" or "jwt" or "at+jwt" or BearerOptions.DevelopmentTokenType))
        {
            return $"The token is of type {jwt.Typ}, which is not one of access tokens.";
        }

        if (jwt.Subject is not { Length: > 0 and <= 256 } || jwt.Subject.Any(char.IsControl))
        {
            return "The token has no usable subject: sub takes 1 to 256 characters.";
        }

        // Consumers of events act as system:<source>; no caller may take their idempotency keys.
        return jwt.Subject.StartsWith("system:", StringComparison.OrdinalIgnoreCase)
            ? "The token's subject begins with system:, which is kept for the suite itself."
            : null;
    }

    private static SecurityKey[] KeysFor(JsonWebToken jwt, OpenIdConnectConfiguration authority) =>
        [.. authority.SigningKeys.Where(key => string.IsNullOrEmpty(jwt.Kid) || key.KeyId == jwt.Kid)];

    // The library reads the wall clock; the suite has one clock.
    private bool WithinLifetime(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (until is null)
        {
            throw new SecurityTokenNoExpirationException();
        }

        if (from - _options.ClockSkew > now)
        {
            throw new SecurityTokenNotYetValidException();
        }

        return until + _options.ClockSkew > now ? true : throw new SecurityTokenExpiredException { Expires = until.Value };
    }

    private static string ReasonOf(Exception? fault) => fault switch
    {
        SecurityTokenExpiredException expired => $"The token expired at {expired.Expires:yyyy-MM-ddTHH:mm:ssZ}.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        SecurityTokenNoExpirationException => "The token does not say when it expires.",
        SecurityTokenInvalidAudienceException => "The token is meant for another audience.",
        SecurityTokenInvalidIssuerException => "The token has another issuer than the one trusted here.",
        SecurityTokenInvalidAlgorithmException => "The token is signed with an algorithm that is not accepted.",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException => "The token's signature is not valid.",
        _ => "The token is not valid.",
    };

    private void Count(string result) => _results.Add(1, new TagList { { "result", result } });
}
