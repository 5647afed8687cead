using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Decisions.Domain;
using ExternalAction.ServiceDefaults;
using Grpc.Core;

namespace ExternalAction.Decisions.Grpc;

/// <summary>How a refusal of the domain, or a form that is not right, leaves the service. No handler writes a status or a code itself.</summary>
internal static class Errors
{
    /// <summary>The domain said no.</summary>
    public static RpcException Of(Refusal refusal) =>
        RpcErrors.Create(Names.Map<RefusalCode, DecisionsError.Types.Code>(refusal.Code), refusal.Detail, refusal.Field, refusal.Article);

    /// <summary>A required field is empty.</summary>
    public static RpcException Required(string field) => RpcErrors.Create(PlatformError.Types.Code.FieldRequired, $"{field} is required.", field);

    /// <summary>A text is longer than its limit.</summary>
    public static RpcException TooLong(string field, int limit, int length) =>
        RpcErrors.Create(PlatformError.Types.Code.TextTooLong, $"{field} has {length} characters; the limit is {limit}.", field);

    /// <summary>A list is longer than its limit.</summary>
    public static RpcException TooMany(string field, int limit, int count) =>
        RpcErrors.Create(PlatformError.Types.Code.TooManyItems, $"{field} has {count} items; the limit is {limit}.", field);

    /// <summary>A value has not the form it must have.</summary>
    public static RpcException Invalid(string field, string why) => RpcErrors.Create(PlatformError.Types.Code.InvalidField, $"{field}: {why}", field);

    /// <summary>The token belongs to another list, filter or caller.</summary>
    public static RpcException PageToken() => RpcErrors.Create(PlatformError.Types.Code.InvalidPageToken, "This page token was not issued for this list and filter.", "pageToken");

    /// <summary>The file does not exist, or this caller may not know of it: the same words for both.</summary>
    public static RpcException NotFound(string id) => RpcErrors.Create(DecisionsError.Types.Code.DecisionNotFound, $"There is no decision '{id}'.", "id");
}
