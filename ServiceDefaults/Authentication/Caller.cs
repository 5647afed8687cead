// Who calls, as the services see it: read from a validated token and from nothing else.
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Claims;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ExternalAction.ServiceDefaults;

/// <summary>The caller of a request.</summary>
/// <param name="Subject">The token's <c>sub</c>: 1 to 256 characters, never beginning with <c>system:</c>.</param>
/// <param name="Name">The caller's name for people; the subject where the token has none.</param>
/// <param name="Roles">Roles the token carries.</param>
/// <param name="MemberState">ISO 3166-1 alpha-2, upper case, EL for Greece; null when the token names none.</param>
/// <param name="TokenExpires">When the token expires; streams end then.</param>
public sealed record Caller(string Subject, string Name, IReadOnlySet<string> Roles, string? MemberState, DateTimeOffset TokenExpires)
{
    /// <summary>Whether the caller has this role.</summary>
    public bool Has(string role) => Roles.Contains(role);

    /// <summary>Whether the caller has at least one of these roles.</summary>
    public bool HasAny(ImmutableArray<string> roles)
    {
        foreach (var role in roles)
        {
            if (Roles.Contains(role))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a validated identity.</summary>
    internal static Caller From(ClaimsIdentity identity, string subject, DateTimeOffset expires, BearerOptions options) => new(
        subject,
        identity.FindFirst(options.NameClaim)?.Value ?? subject,
        identity.FindAll(options.RoleClaim).Select(claim => claim.Value).ToFrozenSet(),
        identity.FindFirst(options.MemberStateClaim)?.Value.Trim().ToUpperInvariant() switch
        {
            null or "" => null,
            "GR" => "EL",
            var code => code,
        },
        expires);
}

/// <summary>A principal that carries its <see cref="ServiceDefaults.Caller"/>, so that claims are read once per token.</summary>
public sealed class CallerPrincipal(ClaimsIdentity identity, Caller caller) : ClaimsPrincipal(identity)
{
    /// <summary>The caller.</summary>
    public Caller Caller { get; } = caller;
}

/// <summary>The caller of a request or call.</summary>
public static class CallerExtensions
{
    /// <summary>The caller, or null when the request has no valid token (possible only where anonymous callers are let in).</summary>
    public static Caller? CallerOrNull(this HttpContext context) => (context.User as CallerPrincipal)?.Caller;

    /// <inheritdoc cref="CallerOrNull(HttpContext)"/>
    public static Caller? CallerOrNull(this ServerCallContext context) => context.GetHttpContext().CallerOrNull();

    /// <summary>The caller; UNAUTHENTICATED is thrown when there is none.</summary>
    public static Caller Caller(this HttpContext context) => context.CallerOrNull() ?? throw AccessRule.Unauthenticated(context);

    /// <inheritdoc cref="Caller(HttpContext)"/>
    public static Caller Caller(this ServerCallContext context) => context.GetHttpContext().Caller();
}
