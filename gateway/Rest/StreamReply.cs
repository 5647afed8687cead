using System.Text;
using System.Text.Json;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// A server stream as server-sent events or as JSON lines. Nothing is written before the first message, so a stream that
/// fails at once is a plain problem; one that fails later ends with the problem as its last event.
/// </summary>
/// <remarks>
/// Events: the data is the message, the id its <c>position</c> (an EventSource sends it back as Last-Event-ID), a message with
/// <c>heartbeat</c> set becomes a comment. <c>event: end</c> says that nothing more will come, <c>event: error</c> carries a problem.
/// </remarks>
internal sealed class StreamReply
{
    private readonly HttpResponse _response;
    private readonly bool _events;
    private readonly FieldDescriptor? _position;
    private readonly FieldDescriptor? _heartbeat;

    public StreamReply(HttpResponse response, Rpc rpc, string mediaType)
    {
        _response = response;
        _events = mediaType == MediaTypes.EventStream;
        _position = rpc.Descriptor.OutputType.FindFieldByName("position") is { FieldType: FieldType.Int64, IsRepeated: false } position ? position : null;
        _heartbeat = rpc.Descriptor.OutputType.FindFieldByName("heartbeat") is { FieldType: FieldType.Bool, IsRepeated: false } heartbeat ? heartbeat : null;
        response.ContentType = mediaType;
    }

    /// <summary>Copies the stream until it ends.</summary>
    /// <exception cref="RpcException">It failed before its first message; nothing has been written.</exception>
    public async Task CopyAsync(IAsyncStreamReader<IMessage> messages, CancellationToken cancellation)
    {
        var more = await messages.MoveNext(cancellation);
        _response.Headers.CacheControl = "no-store";
        _response.Headers["X-Accel-Buffering"] = "no"; // proxies in front must not collect events
        try
        {
            while (more)
            {
                await WriteAsync(messages.Current, cancellation);
                more = await messages.MoveNext(cancellation);
            }

            await WriteTextAsync(_events ? "event: end\ndata: {}\n\n" : "", cancellation);
        }
        catch (RpcException fault) when (!cancellation.IsCancellationRequested)
        {
            var problem = JsonSerializer.Serialize(Problem.From(fault), GatewayJson.Default.Problem);
            await WriteTextAsync(_events ? $"event: error\ndata: {problem}\n\n" : $"{{\"error\":{problem}}}\n", cancellation);
        }
    }

    private async Task WriteAsync(IMessage message, CancellationToken cancellation)
    {
        var isHeartbeat = _heartbeat is not null && (bool)_heartbeat.Accessor.GetValue(message);
        if (!_events)
        {
            await _response.Body.WriteAsync(JsonWriter.Write(message), cancellation);
            await WriteTextAsync("\n", cancellation);
        }
        else if (isHeartbeat)
        {
            await WriteTextAsync(": heartbeat\n\n", cancellation);
        }
        else
        {
            await WriteTextAsync(_position is null ? "data: " : $"id: {_position.Accessor.GetValue(message)}\ndata: ", cancellation);
            await _response.Body.WriteAsync(JsonWriter.Write(message), cancellation);
            await WriteTextAsync("\n\n", cancellation);
        }

        await _response.Body.FlushAsync(cancellation);
    }

    private async Task WriteTextAsync(string text, CancellationToken cancellation) => await _response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
}
