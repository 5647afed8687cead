// What a call says about itself beside its message: the idempotency key, the position it wants to read at, where a stream
// resumes, and when it was received. Metadata of gRPC and headers of HTTP are the same thing here, and bear the same names.
using System.Globalization;
using ExternalAction.Contracts.Platform.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ExternalAction.ServiceDefaults;

/// <summary>The facts of one call, read from its metadata.</summary>
public sealed class CallFacts
{
    /// <summary>Request metadata: the caller's key for safe repetition.</summary>
    public const string IdempotencyKeyHeader = "idempotency-key";

    /// <summary>Request metadata: the least journal position the reply must rest on.</summary>
    public const string MinPositionHeader = "ea-min-position";

    /// <summary>Request metadata: the last event a resuming stream has seen.</summary>
    public const string LastEventIdHeader = "last-event-id";

    /// <summary>Response header: the journal position the reply was read at.</summary>
    public const string PositionHeader = "ea-position";

    /// <summary>Longest idempotency key in characters.</summary>
    public const int MaxIdempotencyKeyLength = 128;

    private static readonly object ReceivedAtKey = new();
    private readonly HttpContext _http;

    private CallFacts(HttpContext http, DateTimeOffset receivedAt)
    {
        _http = http;
        ReceivedAt = receivedAt;
        IdempotencyKey = ReadKey(http);
        MinPosition = ReadPosition(http, MinPositionHeader);
        LastEventId = ReadPosition(http, LastEventIdHeader);
    }

    /// <summary>1 to 128 visible ASCII characters, or null when the caller sent none.</summary>
    public string? IdempotencyKey { get; }

    /// <summary>When this replica had the whole message of the call (for streams of requests: its headers). A deadline is judged by this, not by when a command's turn comes.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The least journal position wanted, 0 or more; null when the caller does not mind.</summary>
    public long? MinPosition { get; }

    /// <summary>The journal position of the last event seen, 0 or more; null when the stream begins anew.</summary>
    public long? LastEventId { get; }

    /// <summary>The facts of a gRPC call.</summary>
    /// <exception cref="RpcException">IDEMPOTENCY_KEY_INVALID, or INVALID_FIELD naming the header.</exception>
    public static CallFacts From(ServerCallContext context) => From(context.GetHttpContext());

    /// <summary>The facts of a request to an own HTTP endpoint. The time is that of <see cref="Stamp(HttpContext, TimeProvider)"/>.</summary>
    /// <exception cref="RpcException">IDEMPOTENCY_KEY_INVALID, or INVALID_FIELD naming the header.</exception>
    public static CallFacts From(HttpContext context) => new(
        context,
        context.Items.TryGetValue(ReceivedAtKey, out var stamp) && stamp is DateTimeOffset receivedAt
            ? receivedAt
            : throw new InvalidOperationException("The request was not stamped: AddGrpcServices does it for rpcs, UseProblems for endpoints."));

    /// <summary>
    /// Writes the position the reply was read at into the response headers. At a refusal it may stay unset; on a stream that has
    /// begun it is too late, there the messages name positions themselves.
    /// </summary>
    public void SetPosition(long position)
    {
        if (!_http.Response.HasStarted)
        {
            _http.Response.Headers[PositionHeader] = position.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Stamps the time a request was received; the latest stamp counts, so a message that trickles in is received when it is complete.</summary>
    internal static void Stamp(HttpContext context, TimeProvider time) => context.Items[ReceivedAtKey] = time.GetUtcNow();

    private static string? ReadKey(HttpContext http)
    {
        if (!http.Request.Headers.TryGetValue(IdempotencyKeyHeader, out var values))
        {
            return null;
        }

        return values.Count == 1 && values[0] is { Length: >= 1 and <= MaxIdempotencyKeyLength } key && key.All(letter => letter is > ' ' and <= '~')
            ? key
            : throw RpcErrors.Create(
                PlatformError.Types.Code.IdempotencyKeyInvalid,
                $"The idempotency key must be one value of 1 to {MaxIdempotencyKeyLength} visible ASCII characters.");
    }

    private static long? ReadPosition(HttpContext http, string header)
    {
        if (!http.Request.Headers.TryGetValue(header, out var values))
        {
            return null;
        }

        return long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw RpcErrors.Create(PlatformError.Types.Code.InvalidField, $"{header} must be a journal position: a whole number, 0 or more.", header);
    }
}

/// <summary>The facts of a call.</summary>
public static class CallFactsExtensions
{
    /// <inheritdoc cref="CallFacts.From(ServerCallContext)"/>
    public static CallFacts Facts(this ServerCallContext context) => CallFacts.From(context);

    /// <inheritdoc cref="CallFacts.From(HttpContext)"/>
    public static CallFacts Facts(this HttpContext context) => CallFacts.From(context);
}
