// The engine under both kinds of connection: two pipes and two loops that carry bytes between them and a transport.
//   receive loop: transport -> receiving pipe -> Input, read by the user
//   send loop:    Output, written by the user -> sending pipe -> transport
// Each loop ends its side of its pipe when the transport ends or fails, so the user hears of it from the pipe itself.
using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A pair of pipes over a transport. A derived class supplies the transport and starts the loops.</summary>
public abstract class DuplexPump : IMeasuredDuplexPipe, IDisposable
{
    private readonly Pipe _receiving;
    private readonly Pipe _sending;
    private long _bytesRead;
    private long _bytesSent;
    private volatile int _lastReceived = -1;

    private protected DuplexPump(PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions)
    {
        _sending = new Pipe(sendPipeOptions ?? PipeOptions.Default);
        _receiving = new Pipe(receivePipeOptions ?? PipeOptions.Default);
    }

    /// <summary>What arrives.</summary>
    public PipeReader Input => _receiving.Reader;

    /// <summary>What is to be sent.</summary>
    public PipeWriter Output => _sending.Writer;

    /// <summary>Bytes received so far.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Bytes sent so far.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>The size in bytes of the last receive; 0 after the end, -1 before the first.</summary>
    public int LastReceived => _lastReceived;

    long IMeasuredDuplexPipe.TotalBytesReceived => BytesRead;

    long IMeasuredDuplexPipe.TotalBytesSent => BytesSent;

    /// <summary>Closes the transport; both loops end.</summary>
    public abstract void Dispose();

    private protected void Start()
    {
        _ = ReceiveLoop();
        _ = SendLoop();
    }

    private protected abstract ValueTask<int> Receive(Memory<byte> buffer);

    private protected abstract ValueTask Send(ReadOnlyMemory<byte> bytes);

    private protected abstract ValueTask FlushTransport();

    /// <summary>Told once when receiving ends; returns the exception the reader shall see, null for a plain end.</summary>
    private protected virtual Exception? ReceivingEnded(Exception? fault) => fault;

    /// <summary>Told once when sending ends; returns the exception the writer shall see, null for a plain end.</summary>
    private protected virtual Exception? SendingEnded(Exception? fault) => fault;

    private async Task ReceiveLoop()
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                var count = await Receive(_receiving.Writer.GetMemory(1)).ConfigureAwait(false);
                _lastReceived = count;
                if (count <= 0) break;
                Interlocked.Add(ref _bytesRead, count);
                _receiving.Writer.Advance(count);
                var flushed = await _receiving.Writer.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted || flushed.IsCanceled) break;
            }
        }
        catch (Exception exception)
        {
            fault = exception;
        }
        await _receiving.Writer.CompleteAsync(ReceivingEnded(fault)).ConfigureAwait(false);
    }

    private async Task SendLoop()
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                var read = await _sending.Reader.ReadAsync().ConfigureAwait(false);
                foreach (var segment in read.Buffer)
                {
                    await Send(segment).ConfigureAwait(false);
                    Interlocked.Add(ref _bytesSent, segment.Length);
                }
                if (!read.Buffer.IsEmpty) await FlushTransport().ConfigureAwait(false);
                _sending.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled) break;
            }
        }
        catch (Exception exception)
        {
            fault = exception;
        }
        await _sending.Reader.CompleteAsync(SendingEnded(fault)).ConfigureAwait(false);
    }
}

/// <summary>A pair of pipes that counts its bytes.</summary>
public interface IMeasuredDuplexPipe : IDuplexPipe
{
    /// <summary>Bytes sent so far.</summary>
    long TotalBytesSent { get; }

    /// <summary>Bytes received so far.</summary>
    long TotalBytesReceived { get; }
}
