using System.Buffers;
using System.Text.Json;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ExternalAction.Gateway.Rest;

/// <summary>A line that is not a message, or the reason why the stream ended early (then without a number).</summary>
internal sealed record LineProblem(long? Line, Problem Error);

/// <summary>
/// JSON lines in and JSON lines out, both at once: every line of the body becomes a message to the service, every message of
/// the service a line of the reply. A line that is no message is answered in its place and the others go on; a failure of the
/// call is the last line, or a plain problem while nothing has been written.
/// </summary>
/// <remarks>
/// Nothing is collected: a client that does not read keeps the service from answering, the service then does not read, and in
/// the end the client cannot write. Such a client, and one that says nothing while nothing is answered, is waited for as long
/// as <see cref="GatewayOptions.StreamIdle"/>; then the stream ends, by a last line if the client reads, else by a cut connection.
/// </remarks>
internal sealed class LineStream : IDisposable
{
    private const int FlushAfterBytes = 16 * 1024;
    private static readonly WriteOptions _followed = new(WriteFlags.BufferHint);
    private readonly HttpContext _context;
    private readonly Rpc _rpc;
    private readonly LineForm _form;
    private readonly GatewayOptions _options;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenSource _end;
    private readonly SemaphoreSlim _writing = new(1);
    private int _unflushed;
    private bool _hasWritten;
    private bool _isBroken;

    public LineStream(HttpContext context, Rpc rpc, LineForm form, GatewayOptions options, TimeProvider time, CancellationToken stopping)
    {
        (_context, _rpc, _form, _options, _stopping) = (context, rpc, form, options, stopping);
        _idle = new CancellationTokenSource(options.StreamIdle, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, _idle.Token);

        // The limits of a whole body do not fit a stream; its lines have one, and its silence.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    /// <summary>Cancelled when the stream has ended, for whatever reason; the call's own cancellation.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Runs the stream to its end.</summary>
    /// <exception cref="RpcException">The call failed and nothing has been written.</exception>
    public async Task RunAsync(AsyncDuplexStreamingCall<IMessage, IMessage> call)
    {
        // 1. Both directions, until the service's replies end; then whatever is still coming in is of no use.
        var upload = UploadAsync(call.RequestStream);
        var failure = await DownloadAsync(call.ResponseStream);
        var isIdle = _idle.IsCancellationRequested;
        await _end.CancelAsync();
        await upload;

        // 2. How it ended. Half of a body is no body, and a client that does not read gets no last line.
        if (_isBroken || _context.RequestAborted.IsCancellationRequested)
        {
            _context.Abort();
            return;
        }

        if (failure is null)
        {
            return;
        }

        failure = isIdle ? Refuse.StreamIdle(_options.StreamIdle) : _stopping.IsCancellationRequested ? Refuse.Stopping() : failure;
        if (!_hasWritten)
        {
            throw failure;
        }

        await WriteProblemAsync(null, failure, _context.RequestAborted);
    }

    public void Dispose()
    {
        _end.Dispose();
        _idle.Dispose();
        _writing.Dispose();
    }

    // Never throws: the replies say how the call ended.
    private async Task UploadAsync(IClientStreamWriter<IMessage> requests)
    {
        var lines = new LineReader(_context.Request.BodyReader, _options.JsonBodyLimit);
        IMessage? held = null;
        try
        {
            while (true)
            {
                if (held is not null && !lines.HasNext)
                {
                    await SendAsync(requests, held, isFollowed: false);
                    held = null;
                }

                if (await lines.ReadAsync(Moved, End) is not { } line)
                {
                    break;
                }

                IMessage message;
                try
                {
                    message = line.IsTooLong ? throw Refuse.LineTooLong(_options.JsonBodyLimit) : RequestReader.ReadLine(_rpc, _form, line.Bytes);
                }
                catch (RpcException refusal)
                {
                    await WriteProblemAsync(line.Number, refusal, End);
                    continue;
                }

                if (held is not null)
                {
                    await SendAsync(requests, held, isFollowed: true);
                }

                held = message;
            }

            await requests.CompleteAsync();
        }
        catch (Exception fault) when (fault is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The call has ended before the body.
        }
        catch (IOException)
        {
            _isBroken = true; // the client has gone in the middle of its body, or it is not chunked as HTTP has it
            await _end.CancelAsync();
        }
        finally
        {
            lines.Release();
        }
    }

    // Lines that came together leave together: a message that another one follows at once is not flushed by itself.
    private static Task SendAsync(IClientStreamWriter<IMessage> requests, IMessage message, bool isFollowed)
    {
        requests.WriteOptions = isFollowed ? _followed : null;
        return requests.WriteAsync(message); // waits while the service does not read
    }

    // Null when the service has said all it had to say.
    private async Task<RpcException?> DownloadAsync(IAsyncStreamReader<IMessage> replies)
    {
        try
        {
            var next = replies.MoveNext(End);
            while (true)
            {
                if (!next.IsCompleted)
                {
                    await FlushAsync(); // replies that come together leave together
                }

                if (!await next)
                {
                    break;
                }

                Moved();
                await WriteAsync(JsonWriter.Write(replies.Current), isLast: false, End);
                next = replies.MoveNext(End);
            }

            await WriteAsync(default, isLast: true, End);
            return null;
        }
        catch (RpcException fault)
        {
            return fault;
        }
        catch (OperationCanceledException)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "The stream has ended."));
        }
    }

    private void Moved() => _idle.CancelAfter(_options.StreamIdle);

    private Task WriteProblemAsync(long? line, RpcException refusal, CancellationToken cancellation) =>
        WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new LineProblem(line, Problem.From(refusal)), GatewayJson.Default.LineProblem), isLast: true, cancellation);

    private async Task WriteAsync(ReadOnlyMemory<byte> json, bool isLast, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var response = _context.Response;
            if (!_hasWritten)
            {
                _hasWritten = true;
                response.ContentType = MediaTypes.JsonLines;
                response.Headers.CacheControl = "no-store";
                response.Headers["X-Accel-Buffering"] = "no"; // proxies in front must not collect lines
            }

            if (!json.IsEmpty)
            {
                response.BodyWriter.Write(json.Span);
                response.BodyWriter.Write("\n"u8);
                _unflushed += json.Length + 1;
            }

            if (isLast || _unflushed >= FlushAfterBytes)
            {
                await FlushHeldAsync(cancellation);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task FlushAsync()
    {
        await _writing.WaitAsync(End);
        try
        {
            if (_unflushed > 0)
            {
                await FlushHeldAsync(End);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    // Waits while the client does not read.
    private async Task FlushHeldAsync(CancellationToken cancellation)
    {
        try
        {
            await _context.Response.BodyWriter.FlushAsync(cancellation);
            _unflushed = 0;
            Moved();
        }
        catch (OperationCanceledException)
        {
            _isBroken = true; // what was to be written has not left
            throw;
        }
    }
}
