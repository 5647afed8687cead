using ExternalAction.Contracts.Platform.V1;
using Grpc.Core;

namespace ExternalAction.ServiceDefaults;

/// <summary>The refusals of a request whose form is not right: the same words in every service, each with the field at fault.</summary>
public static class FormErrors
{
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
}
