// Who may call an rpc or an endpoint, and the check itself. The rule of an rpc is its access option in the proto; an own
// HTTP endpoint names its rule in its metadata. Both are judged here, so 401 and 403 read the same everywhere.
using System.Collections.Immutable;
using ExternalAction.Contracts.Options.V1;
using ExternalAction.Contracts.Platform.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ExternalAction.ServiceDefaults;

/// <summary>Who may call.</summary>
public sealed record AccessRule
{
    /// <summary>Any one of these roles suffices.</summary>
    public ImmutableArray<string> Roles { get; private init; } = [];

    /// <summary>Every authenticated caller may.</summary>
    public bool AnyRole { get; private init; }

    /// <summary>No token is needed.</summary>
    public bool Anonymous { get; private init; }

    /// <summary>The rule of an rpc: its <c>access</c> option. Null when the option is missing or says nothing.</summary>
    /// <exception cref="InvalidOperationException">It names a role that does not exist, or says two things at once.</exception>
    public static AccessRule? From(Access? access)
    {
        if (access is null || (access.Roles.Count == 0 && !access.AnyRole && !access.Anonymous))
        {
            return null;
        }

        if ((access.Roles.Count > 0 ? 1 : 0) + (access.AnyRole ? 1 : 0) + (access.Anonymous ? 1 : 0) > 1)
        {
            throw new InvalidOperationException($"Access is one of roles, any_role and anonymous, but the option says {access}.");
        }

        return access.Roles.Count > 0 ? ForRoles(access.Roles) : new AccessRule { AnyRole = access.AnyRole, Anonymous = access.Anonymous };
    }

    /// <summary>A rule that asks for one of these roles.</summary>
    /// <exception cref="InvalidOperationException">No role, or one that does not exist.</exception>
    public static AccessRule ForRoles(IEnumerable<string> roles)
    {
        ImmutableArray<string> names = [.. roles];
        if (names.IsEmpty || names.FirstOrDefault(name => !ServiceDefaults.Roles.All.Contains(name)) is { } unknown && unknown is not null)
        {
            throw new InvalidOperationException(
                $"Access names {string.Join(", ", names)}; the roles are {string.Join(", ", ServiceDefaults.Roles.All.Order())}.");
        }

        return new AccessRule { Roles = names };
    }

    /// <summary>A rule that lets every authenticated caller in.</summary>
    public static AccessRule ForAnyRole { get; } = new() { AnyRole = true };

    /// <summary>A rule that asks for nothing.</summary>
    public static AccessRule ForAnyone { get; } = new() { Anonymous = true };

    /// <summary>Judges a request: null when it may go on, else the refusal (UNAUTHENTICATED, ROLE_MISSING, or UNAVAILABLE while the authority cannot be reached).</summary>
    public RpcException? Refuse(HttpContext context)
    {
        if (Anonymous)
        {
            return null;
        }

        if (context.CallerOrNull() is not { } caller)
        {
            return Unauthenticated(context);
        }

        if (AnyRole || caller.HasAny(Roles))
        {
            return null;
        }

        var has = caller.Roles.Count == 0 ? "none" : string.Join(", ", caller.Roles.Order());
        return RpcErrors.Create(
            PlatformError.Types.Code.RoleMissing,
            $"This takes one of the roles {string.Join(", ", Roles)}; the token has {has}.");
    }

    /// <summary>The refusal of a request without a valid token; its detail says what is wrong with the token.</summary>
    public static RpcException Unauthenticated(HttpContext context)
    {
        var failure = context.Features.Get<TokenRefusal>()?.Reason;
        return failure is AuthorityUnreachableException
            ? RpcErrors.Create(PlatformError.Types.Code.Unavailable, failure.Message)
            : RpcErrors.Create(
                PlatformError.Types.Code.Unauthenticated,
                failure?.Message ?? "No bearer token came with the request: send the header Authorization: Bearer and a token.");
    }
}
