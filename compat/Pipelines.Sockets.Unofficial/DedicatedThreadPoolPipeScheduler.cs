// Threads of their own for the callbacks of pipes, so that a busy thread pool does not delay them. When all of them are
// busy and the queue is full, the thread pool takes the rest.
using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A scheduler over a fixed number of threads.</summary>
public sealed class DedicatedThreadPoolPipeScheduler : PipeScheduler, IDisposable
{
    private readonly BlockingCollection<(Action<object?> Run, object? State)> _queue;
    private int _available;
    private long _byQueue;
    private long _byPool;

    /// <summary>Starts the threads; beyond <paramref name="useThreadPoolQueueLength"/> waiting callbacks the thread pool helps.</summary>
    public DedicatedThreadPoolPipeScheduler(string? name = null, int workerCount = 5, int useThreadPoolQueueLength = 10,
        ThreadPriority priority = ThreadPriority.Normal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workerCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(useThreadPoolQueueLength);
        WorkerCount = workerCount;
        _queue = new(useThreadPoolQueueLength);
        for (var i = 0; i < workerCount; i++)
            new Thread(Work) { Name = name ?? GetType().Name, Priority = priority, IsBackground = true }.Start();
    }

    /// <summary>How many threads there are.</summary>
    public int WorkerCount { get; }

    /// <summary>How many threads wait for work.</summary>
    public int AvailableCount => Volatile.Read(ref _available);

    /// <summary>How many callbacks the threads took.</summary>
    public long TotalServicedByQueue => Interlocked.Read(ref _byQueue);

    /// <summary>How many callbacks the thread pool took.</summary>
    public long TotalServicedByPool => Interlocked.Read(ref _byPool);

    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state)
    {
        if (TryQueue(action, state)) return;
        Interlocked.Increment(ref _byPool);
        System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
    }

    /// <summary>Ends the threads once the queue is empty; later callbacks go to the thread pool.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private bool TryQueue(Action<object?> action, object? state)
    {
        try
        {
            return !_queue.IsAddingCompleted && _queue.TryAdd((action, state));
        }
        catch (InvalidOperationException)
        {
            return false; // disposed between the two
        }
    }

    private void Work()
    {
        Interlocked.Increment(ref _available);
        foreach (var (run, state) in _queue.GetConsumingEnumerable())
        {
            Interlocked.Decrement(ref _available);
            Interlocked.Increment(ref _byQueue);
            run(state);
            Interlocked.Increment(ref _available);
        }
        Interlocked.Decrement(ref _available);
    }
}
