using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Relay;
using MassTransit;

namespace ExternalAction.Journal.Consumers;

/// <summary>
/// A consumer of one source's events, without the types of its service: how far it is and what keeps it. Health shows it,
/// and the embedded relay begins behind the slowest one.
/// </summary>
internal abstract class QueueConsumer(ServiceJournal journal, string source, string queue)
{
    private readonly Lock _gate = new();
    private (Guid JournalId, EventPlace Place) _reached;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Obstacle? _obstacle;
    private long _unreadable;

    /// <summary>The service whose events it consumes.</summary>
    public string Source => source;

    /// <summary>The queue it reads.</summary>
    public string Queue => queue;

    /// <summary>True once its own journal takes commands.</summary>
    public bool IsReady => journal.IsReady;

    /// <summary>What keeps it from going on, or null.</summary>
    public Obstacle? Obstacle
    {
        get => Volatile.Read(ref _obstacle);
        protected set => Volatile.Write(ref _obstacle, value);
    }

    /// <summary>Messages it could not read since the process began.</summary>
    public long UnreadableCount => Interlocked.Read(ref _unreadable);

    /// <summary>Completes when it has moved after this was asked for.</summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>The last event of a journal that this process knows to be consumed.</summary>
    public EventPlace ReachedIn(Guid journalId)
    {
        lock (_gate)
        {
            return _reached.JournalId == journalId ? _reached.Place : EventPlace.Start;
        }
    }

    /// <summary>The stored cursor, which is then also what <see cref="ReachedIn"/> knows.</summary>
    public async Task<EventPlace> LoadReachedAsync(Guid journalId, CancellationToken ct)
    {
        var place = await journal.ReadCursorAsync(source, journalId, ct);
        Reach(journalId, place);
        return ReachedIn(journalId);
    }

    /// <summary>Gives a message its effect; returns when it may be acknowledged.</summary>
    public Task HandleAsync(ConsumeContext<IntegrationEvent> context) => HandleAsync(context, [context.Message]);

    /// <summary>The same for events that travel together.</summary>
    public Task HandleAsync(ConsumeContext<IntegrationEvents> context) => HandleAsync(context, context.Message.Events ?? []);

    /// <summary>Gives a message its effect.</summary>
    /// <param name="context">The message.</param>
    /// <param name="envelopes">Its events.</param>
    protected abstract Task HandleAsync<T>(ConsumeContext<T> context, IReadOnlyList<IntegrationEvent> envelopes)
        where T : class;

    /// <summary>Notes that everything up to a place is consumed.</summary>
    protected void Reach(Guid journalId, EventPlace place)
    {
        lock (_gate)
        {
            if (_reached.JournalId == journalId && _reached.Place.CompareTo(place) >= 0)
            {
                return;
            }

            _reached = (journalId, place);
        }

        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Notes a message on its way to the error queue.</summary>
    protected void CountUnreadable() => Interlocked.Increment(ref _unreadable);
}

/// <summary>What keeps a consumer from going on.</summary>
/// <param name="Kind">Who has to act.</param>
/// <param name="Reason">In a sentence.</param>
/// <param name="Since">Since when.</param>
internal sealed record Obstacle(ObstacleKind Kind, string Reason, DateTimeOffset Since);

/// <summary>Kinds of obstacles.</summary>
internal enum ObstacleKind
{
    /// <summary>Store or queue of commands: it passes.</summary>
    Infrastructure,

    /// <summary>An event is missing: republish it.</summary>
    Gap,

    /// <summary>The service's own code fails on the event: correct it.</summary>
    Fault,
}
