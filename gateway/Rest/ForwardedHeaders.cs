using System.Globalization;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Gateway.Edge;
using ExternalAction.ServiceDefaults;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Which request headers become metadata of the call, and nothing else does: a service trusts the token, not what stands
/// beside it. Trace context travels by itself with the current activity.
/// </summary>
internal static class ForwardedHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string LastEventId = "Last-Event-ID";
    public const string MinPosition = "ea-min-position";
    public const string Position = "ea-position";

    private static readonly (string Header, string Metadata)[] _always =
    [
        ("Authorization", "authorization"),
        (IdempotencyKey, "idempotency-key"),
        (MinPosition, "ea-min-position"),
        (CorrelationId.Header, "x-correlation-id"),
    ];

    /// <summary>The metadata of a call.</summary>
    /// <exception cref="RpcException">A header that cannot travel: IDEMPOTENCY_KEY_INVALID, INVALID_FIELD.</exception>
    public static Metadata Read(HttpRequest request, bool stream)
    {
        var metadata = new Metadata();
        foreach (var (header, name) in stream ? _always.Append((LastEventId, "last-event-id")) : _always)
        {
            var values = request.Headers[header];
            if (values.Count == 0)
            {
                continue;
            }

            if (values.Count > 1 || values[0] is not { Length: > 0 } value || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw header == IdempotencyKey
                    ? RpcErrors.Create(PlatformError.Types.Code.IdempotencyKeyInvalid, "The Idempotency-Key must be given once, as 1 to 128 visible ASCII characters.", IdempotencyKey)
                    : Refuse.InvalidField(header, $"The header {header} must be given once, in visible ASCII characters.");
            }

            metadata.Add(name, value);
        }

        return metadata;
    }

    /// <summary>The journal position a reply rests on, from its headers or trailers; null when the service does not say.</summary>
    public static long? PositionOf(Metadata headers) => Parse(headers.GetValue(Position));

    /// <summary>A journal position; null when it is none.</summary>
    public static long? Parse(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
}
