// What a REST client reads when it is refused: application/problem+json (RFC 9457) with the stable code, the fields at
// fault and the article. Made from an RpcException of any origin: a service of the suite, or the transport itself.
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using ExternalAction.Contracts.Platform.V1;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Status = Grpc.Core.Status;

namespace ExternalAction.ServiceDefaults;

/// <summary>One field at fault.</summary>
/// <param name="Field">Path in the request, lowerCamelCase.</param>
/// <param name="Detail">What is wrong with it.</param>
public sealed record FieldProblem(string Field, string Detail);

/// <summary>A refusal as REST clients see it (RFC 9457).</summary>
/// <param name="Type">Where the code is described, relative to the gateway.</param>
/// <param name="Title">Short title, the same for every occurrence.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What is at fault this time.</param>
/// <param name="Code">The stable code, for example <c>QUORUM_NOT_MET</c>.</param>
/// <param name="Field">The first field at fault.</param>
/// <param name="Errors">All fields at fault.</param>
/// <param name="Article">The rule that was applied.</param>
/// <param name="TraceId">The trace id to quote in a report.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string? Field = null,
    IReadOnlyList<FieldProblem>? Errors = null,
    string? Article = null,
    string? TraceId = null)
{
    // Letters of every language as they are; what could end a script or an attribute stays escaped.
    private static readonly ProblemJson Json = new(new JsonSerializerOptions(ProblemJson.Default.Options) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });

    /// <summary>The media type of problems.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The problem a refusal amounts to. Texts of unforeseen faults and of the transport are replaced: they name addresses and types.</summary>
    public static Problem From(RpcException exception)
    {
        // 1. A refusal of the suite names its code.
        var details = RpcErrors.DetailsOf(exception);
        var info = details?.Details.FirstOrDefault(detail => detail.Is(ErrorInfo.Descriptor))?.Unpack<ErrorInfo>();
        if (info is null)
        {
            return FromStatus(exception.Status);
        }

        // 2. A code of a newer service is passed on as it is, with what the gRPC status says.
        var facts = ErrorCatalog.Find(info.Domain, info.Reason)
            ?? new ErrorCode(info.Domain, info.Reason, exception.StatusCode, Words(exception.StatusCode), ErrorCatalog.HttpStatusOf(exception.StatusCode));

        // 3. Fields and article where it has them.
        var fields = details!.Details.FirstOrDefault(detail => detail.Is(BadRequest.Descriptor))?.Unpack<BadRequest>().FieldViolations
            .Select(violation => new FieldProblem(violation.Field, violation.Description)).ToArray();
        return new Problem(
            facts.Type, facts.Title, facts.HttpStatus, exception.Status.Detail, facts.Code,
            fields is { Length: > 0 } ? fields[0].Field : null,
            fields is { Length: > 0 } ? fields : null,
            info.Metadata.GetValueOrDefault("article"));
    }

    /// <summary>A problem of the place that writes it.</summary>
    public static Problem Create<TCode>(TCode code, string detail, string? field = null, string? article = null) where TCode : struct, Enum
    {
        var facts = ErrorCatalog.Of(code);
        return new Problem(
            facts.Type, facts.Title, facts.HttpStatus, detail, facts.Code,
            field, field is null ? null : [new FieldProblem(field, detail)], article);
    }

    /// <summary>Writes it as the reply. The trace id is filled in; a 401 names the scheme to use (RFC 6750).</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        }

        var trace = TraceId ?? Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        return JsonSerializer.SerializeAsync(response.Body, this with { TraceId = trace }, Json.Problem, context.RequestAborted);
    }

    // A status without a code comes from the transport: no connection, deadline, message too large, no such rpc.
    private static Problem FromStatus(Status status) => status.StatusCode switch
    {
        StatusCode.Unauthenticated => Create(PlatformError.Types.Code.Unauthenticated, status.Detail),
        StatusCode.PermissionDenied => Create(PlatformError.Types.Code.RoleMissing, status.Detail),
        StatusCode.InvalidArgument => Create(PlatformError.Types.Code.InvalidField, status.Detail),
        StatusCode.ResourceExhausted => Create(PlatformError.Types.Code.BodyTooLarge, "The message is larger than the service accepts."),
        StatusCode.Unimplemented => Create(PlatformError.Types.Code.NoSuchPath, "The service does not offer this call."),
        StatusCode.Unavailable => Create(
            PlatformError.Types.Code.Unavailable,
            "The service cannot be reached just now. The same request may be tried again with the same Idempotency-Key."),
        StatusCode.DeadlineExceeded => Create(
            PlatformError.Types.Code.DeadlineExceeded,
            "Time ran out before the reply. Whether a command took effect is learned by repeating it with the same Idempotency-Key."),
        StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.OK =>
            Create(PlatformError.Types.Code.Unspecified, RpcErrors.InternalSentence),
        var other => new Problem(
            "about:blank", Words(other), ErrorCatalog.HttpStatusOf(other), status.Detail, Words(other).Replace(' ', '_').ToUpperInvariant()),
    };

    // FailedPrecondition → "Failed precondition".
    private static string Words(StatusCode status) => string.Concat(status.ToString().Select((letter, index) =>
        index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ErrorCode[]))]
internal sealed partial class ProblemJson : JsonSerializerContext;
