using System.Globalization;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// A stream of google.api.HttpBody as one file: the first message names the media type, and the bytes of all are written as
/// they come, no faster than the client reads. Nothing is written before the first message, so a call that fails at once is a
/// plain problem; one that fails later cuts the connection, so that no client takes the part for the whole.
/// </summary>
internal static partial class FileReply
{
    /// <summary>Copies the file to its end.</summary>
    /// <exception cref="RpcException">It failed before its first message; nothing has been written.</exception>
    public static async Task CopyAsync(HttpContext context, string mediaType, AsyncServerStreamingCall<IMessage> call, ILogger logger, CancellationToken cancellation)
    {
        var response = context.Response;
        var chunks = call.ResponseStream;
        var more = await chunks.MoveNext(cancellation);

        // 1. The headers, from the first message and the service's own.
        response.ContentType = more && chunks.Current is HttpBody { ContentType: { Length: > 0 } type } ? type : mediaType;
        response.Headers.CacheControl = "no-store";
        if (ForwardedHeaders.PositionOf(await call.ResponseHeadersAsync) is { } position)
        {
            response.Headers[ForwardedHeaders.Position] = position.ToString(CultureInfo.InvariantCulture);
        }

        // 2. The bytes. A write waits while the client does not read, and then the service waits too.
        try
        {
            for (; more; more = await chunks.MoveNext(cancellation))
            {
                await response.Body.WriteAsync(((HttpBody)chunks.Current).Data.Memory, cancellation);
            }
        }
        catch (Exception fault) when (response.HasStarted) // whatever it is, the end must not look like one
        {
            if (!cancellation.IsCancellationRequested)
            {
                LogCut(logger, context.GetEndpoint()?.DisplayName, fault is RpcException refusal ? Problem.From(refusal).Code : fault.GetType().Name);
            }

            context.Abort();
        }
    }

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "{Rpc} failed within its file ({Code}); the connection was cut")]
    private static partial void LogCut(ILogger logger, string? rpc, string code);
}
