using System.Globalization;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.ServiceDefaults;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>One factory for each refusal of the gateway itself, before any service has seen the request; nobody else writes its sentences.</summary>
internal static class Refuse
{
    public static RpcException InvalidField(object? field, string detail) => RpcErrors.Create(PlatformError.Types.Code.InvalidField, detail, field?.ToString());

    public static RpcException UnknownField(object field) =>
        RpcErrors.Create(PlatformError.Types.Code.UnknownField, $"The request has no field {field}.", field.ToString());

    public static RpcException NotInQuery(string field) =>
        RpcErrors.Create(PlatformError.Types.Code.UnknownField, $"This path reads no query; give {field} in the body.", field);

    public static RpcException TooManyParameters(int limit) =>
        RpcErrors.Create(PlatformError.Types.Code.TooManyItems, $"The query has more than {limit} parameters.");

    public static RpcException FromPath(object field) =>
        RpcErrors.Create(PlatformError.Types.Code.InvalidField, $"The field {field} comes from the path and cannot be given again.", field.ToString());

    public static RpcException MalformedBody(string detail) => RpcErrors.Create(PlatformError.Types.Code.MalformedBody, detail);

    public static RpcException BodyTooLarge(long limit) =>
        RpcErrors.Create(PlatformError.Types.Code.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"The body is larger than {limit:N0} bytes."));

    public static RpcException LineTooLong(long limit) =>
        RpcErrors.Create(PlatformError.Types.Code.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"The line is longer than {limit:N0} bytes."));

    public static RpcException StreamIdle(TimeSpan limit) =>
        RpcErrors.Create(PlatformError.Types.Code.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"Nothing has moved in either direction for {limit.TotalSeconds:0.#} s. What was answered so far holds; send the other lines again."));

    public static RpcException Stopping() =>
        RpcErrors.Create(PlatformError.Types.Code.Unavailable, "The gateway is stopping. What was answered so far holds; send the other lines again.");

    public static RpcException UnsupportedMediaType(string given, IEnumerable<string> read) =>
        RpcErrors.Create(PlatformError.Types.Code.UnsupportedMediaType, $"The body's media type {(given.Length == 0 ? "is missing" : $"is '{given}'")}; this path reads {string.Join(" or ", read)}.");

    public static RpcException UnsupportedEncoding(string given, IEnumerable<string> read) => RpcErrors.Create(
        PlatformError.Types.Code.UnsupportedMediaType,
        $"The body is encoded (Content-Encoding: {given}), and no encoding is read here. Send it plain{(read.Contains("application/gzip") ? ", or the gzip file as application/gzip without that header" : "")}.");

    public static RpcException EmptyBody(IEnumerable<string> read) =>
        RpcErrors.Create(PlatformError.Types.Code.MalformedBody, $"The body is empty; this path reads {string.Join(" or ", read)}.");

    public static RpcException NotAcceptable(IEnumerable<string> produced) =>
        RpcErrors.Create(PlatformError.Types.Code.NotAcceptable, $"This path produces {string.Join(" or ", produced)}.");

    public static RpcException NoSuchPath(string path) => RpcErrors.Create(PlatformError.Types.Code.NoSuchPath, $"There is no path {path}.");

    public static RpcException MethodNotAllowed(string method, IEnumerable<string> allowed) =>
        RpcErrors.Create(PlatformError.Types.Code.MethodNotAllowed, $"This path has {string.Join(", ", allowed)}, not {method}.");
}
