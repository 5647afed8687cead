// A socket operation that can be awaited. The one field is the whole state: null while the operation runs unawaited, the
// continuation while it is awaited, a marker once it is done. Whoever exchanges the continuation out runs it, once.
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial;

/// <summary>The arguments of a socket operation, awaitable.</summary>
public class SocketAwaitableEventArgs : SocketAsyncEventArgs, ICriticalNotifyCompletion
{
    private static readonly Action Done = () => { };

    private readonly PipeScheduler? _scheduler;
    private Action? _continuation;

    /// <summary>Continuations run where the scheduler puts them; with null, where the operation completes.</summary>
    public SocketAwaitableEventArgs(PipeScheduler? ioScheduler = null) => _scheduler = ReferenceEquals(ioScheduler, PipeScheduler.Inline) ? null : ioScheduler;

    /// <summary>Whether the operation is done.</summary>
    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), Done);

    /// <summary>The awaiter is this object.</summary>
    public SocketAwaitableEventArgs GetAwaiter() => this;

    /// <summary>The bytes transferred; also readies the object for its next operation.</summary>
    /// <exception cref="SocketException">The operation failed or was aborted.</exception>
    public int GetResult()
    {
        Volatile.Write(ref _continuation, null);
        return SocketError == SocketError.Success ? BytesTransferred : throw new SocketException((int)SocketError);
    }

    /// <summary>Ends the wait with an error.</summary>
    public void Abort(SocketError error = SocketError.OperationAborted)
    {
        if (error == SocketError.Success) throw new ArgumentException("An abort needs an error.", nameof(error));
        SocketError = error;
        Complete();
    }

    /// <summary>Says that the operation is done; a caller whose operation completed at once calls it itself.</summary>
    public void Complete()
    {
        var continuation = Interlocked.Exchange(ref _continuation, Done);
        if (continuation is null || ReferenceEquals(continuation, Done)) return;
        if (_scheduler is null) continuation();
        else _scheduler.Schedule(static state => ((Action)state!)(), continuation);
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _continuation, continuation, null), Done))
            ThreadPool.UnsafeQueueUserWorkItem(static run => run(), continuation, preferLocal: true);
    }

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => OnCompleted(continuation);

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();
}
