// What configuration says about tokens (section "Authentication"), and the check that stops a start with an unsafe one.
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ExternalAction.ServiceDefaults;

/// <summary>Settings of the section <c>Authentication</c>.</summary>
public sealed class BearerOptions
{
    /// <summary>Name of the section and of the scheme.</summary>
    public const string Section = "Authentication";

    /// <summary>Name of the authentication scheme (RFC 6750).</summary>
    public const string Scheme = "Bearer";

    /// <summary><c>typ</c> of the tokens the gateway issues in Development. Refused in every other environment.</summary>
    public const string DevelopmentTokenType = "ea-dev+jwt";

    /// <summary>Audience of the tokens the gateway issues in Development. Refused in every other environment.</summary>
    public const string DevelopmentAudience = "external-action-dev";

    /// <summary>The OpenID Connect authority; its discovery document lies at <c>{Authority}/.well-known/openid-configuration</c>. https, except in Development.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience a token must name.</summary>
    public string? Audience { get; set; }

    /// <summary>Claim that names a role; may occur several times.</summary>
    public string RoleClaim { get; set; } = "role";

    /// <summary>Claim that names the member state a delegation acts for.</summary>
    public string MemberStateClaim { get; set; } = "member_state";

    /// <summary>Claim with the caller's name for people.</summary>
    public string NameClaim { get; set; } = "name";

    /// <summary>How far clocks may differ. 0 to 5 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Least time between two look-ups of the authority's keys because a token named an unknown one. 1 s to 5 minutes.</summary>
    public TimeSpan MinimumRefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Age at which the keys are looked up again unasked, so that a withdrawn key is dropped. 1 minute to 1 day.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Validated tokens remembered, each until it expires.</summary>
    public int CacheSize { get; set; } = 10_000;
}

/// <summary>Refuses to start with settings that would let the wrong people in.</summary>
internal sealed class BearerOptionsCheck(IHostEnvironment environment) : IValidateOptions<BearerOptions>
{
    public ValidateOptionsResult Validate(string? name, BearerOptions options)
    {
        var faults = Faults(options).ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(BearerOptions options)
    {
        var development = environment.IsDevelopment();
        if (!development && string.IsNullOrWhiteSpace(options.Authority))
        {
            yield return "Authentication:Authority is not set: name the OpenID Connect authority whose tokens are accepted (environment variable Authentication__Authority).";
        }

        if (!development && string.IsNullOrWhiteSpace(options.Audience))
        {
            yield return "Authentication:Audience is not set: name the audience that tokens for this suite carry (environment variable Authentication__Audience).";
        }

        if (!string.IsNullOrWhiteSpace(options.Authority))
        {
            if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || authority.Scheme is not ("http" or "https"))
            {
                yield return $"Authentication:Authority is '{options.Authority}', which is not an http or https address.";
            }
            else if (!development && authority.Scheme != Uri.UriSchemeHttps)
            {
                yield return $"Authentication:Authority is {options.Authority}: outside Development it must be https, or anybody on the way could hand out keys.";
            }
        }

        if (!development && options.Audience == BearerOptions.DevelopmentAudience)
        {
            yield return $"Authentication:Audience is {BearerOptions.DevelopmentAudience}, the audience of development tokens: outside Development they are refused.";
        }

        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(5))
        {
            yield return "Authentication:ClockSkew must lie between 0 and 5 minutes.";
        }

        if (options.MinimumRefreshInterval < TimeSpan.FromSeconds(1) || options.MinimumRefreshInterval > TimeSpan.FromMinutes(5))
        {
            yield return "Authentication:MinimumRefreshInterval must lie between 1 second and 5 minutes.";
        }

        if (options.RefreshInterval < TimeSpan.FromMinutes(1) || options.RefreshInterval > TimeSpan.FromDays(1))
        {
            yield return "Authentication:RefreshInterval must lie between 1 minute and 1 day.";
        }

        if (options.CacheSize is < 2 or > 1_000_000)
        {
            yield return "Authentication:CacheSize must lie between 2 and 1,000,000.";
        }
    }
}
