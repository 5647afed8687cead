using System.Runtime.ExceptionServices;
using Google.Protobuf;

namespace ExternalAction.Journal;

/// <summary>
/// A row that a command wants appended; position, version, times of recording and hashes come later. What will be folded is what was written, read
/// back: live state and replay cannot differ, and an event that could not be read again is refused here and not at the next start.
/// </summary>
/// <param name="ReadBack">The service's event in the payload; null if the row is the journal's own.</param>
internal readonly record struct ProposedRow<TEvent>(string Stream, string Type, byte[] Payload, long OccurredAt, TEvent? ReadBack)
    where TEvent : class;

/// <summary>
/// A command in the queue and in a batch. The plan of a batch prepares its answer (perhaps more than once, if the batch
/// has to be repeated); only <see cref="Answer"/>, after the commit, lets the caller see it.
/// </summary>
internal abstract class Pending<TState, TEvent>
    where TState : class
    where TEvent : class
{
    private const int Waiting = 0, Taken = 1, Expired = 2;
    private int _stage = Waiting;

    public required string Actor { get; init; }

    /// <summary>Null: a repetition is a new command.</summary>
    public CommandId? Id { get; init; }

    /// <summary>Meaningful with <see cref="Id"/> only.</summary>
    public Digest InputHash { get; init; }

    /// <summary>The integration event whose effect this is, or null.</summary>
    public ConsumedEvent? Consumed { get; init; }

    /// <summary>The executor takes it into a batch; false if the caller gave up first.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    /// <summary>The caller gives up; false if the executor has taken it, and then it will be answered.</summary>
    public bool TryExpire() => Interlocked.CompareExchange(ref _stage, Expired, Waiting) == Waiting;

    /// <summary>The rows to append, or null if the domain rejects the command.</summary>
    public abstract IReadOnlyList<ProposedRow<TEvent>>? Decide(TState state, SystemState system, DateTimeOffset now);

    /// <summary>Prepares the reply of an accepted command and returns its bytes if there is a key to store them under.</summary>
    public abstract byte[]? Accept(TState after, IReadOnlyList<JournalEvent<TEvent>> rows, long position);

    /// <summary>Prepares the rejection that <see cref="Decide"/> came to.</summary>
    public abstract void Reject(long position);

    /// <summary>Prepares the answer that the same command got before.</summary>
    public virtual void Repeat(CommandRecord record) => throw new NotSupportedException("Only commands with a key are repeated.");

    /// <summary>Prepares the answer to an integration event that had its effect before.</summary>
    public virtual void AlreadyConsumed() => throw new NotSupportedException("Only integration events are consumed.");

    /// <summary>Prepares a failure.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>Gives the caller what was prepared last.</summary>
    public abstract void Answer();
}

/// <summary>A command whose caller waits for a <typeparamref name="TResult"/>.</summary>
internal abstract class Pending<TState, TEvent, TResult> : Pending<TState, TEvent>
    where TState : class
    where TEvent : class
{
    /// <summary>From so many events on, as an import has, all cores write them and read them back.</summary>
    private const int ParallelRowsMin = 256;

    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;

    public Task<TResult> Answered => _answer.Task;

    protected TResult? Prepared { get; set; }

    public override void Fail(Exception failure) => _failure = failure;

    public override void Answer()
    {
        if (_failure is not null)
        {
            _answer.TrySetException(_failure);
        }
        else
        {
            _answer.TrySetResult(Prepared!);
        }
    }

    protected void Prepare(TResult result) => (Prepared, _failure) = (result, null);

    /// <summary>Events of the service → rows, through the codec.</summary>
    protected static ProposedRow<TEvent>[] Propose(JournalDefinition<TState, TEvent> definition, IReadOnlyList<NewEvent<TEvent>> events)
    {
        if (events.Count > StoreLimits.RowsPerTransaction)
        {
            throw new ArgumentException($"A command may append at most {StoreLimits.RowsPerTransaction} rows, not {events.Count}; split the import.", nameof(events));
        }

        var rows = new ProposedRow<TEvent>[events.Count];
        if (rows.Length < ParallelRowsMin)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = Propose(definition, events[i]);
            }
        }
        else
        {
            try
            {
                Parallel.For(0, rows.Length, i => rows[i] = Propose(definition, events[i]));
            }
            catch (AggregateException failures)
            {
                ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
            }
        }

        return rows;
    }

    private static ProposedRow<TEvent> Propose(JournalDefinition<TState, TEvent> definition, NewEvent<TEvent> proposed)
    {
        var stream = definition.StreamOf(proposed.Event);
        if (stream == SystemEvent.Stream)
        {
            throw new InvalidOperationException($"The stream '{SystemEvent.Stream}' is the journal's own.");
        }

        var (type, payload) = definition.Codec.Encode(proposed.Event);
        return new ProposedRow<TEvent>(stream, type, payload, JournalTime.ToMicroseconds(proposed.OccurredAt), definition.Codec.Decode(type, payload));
    }
}

/// <summary>A command of a caller, with a reply.</summary>
internal sealed class PendingCommand<TState, TEvent, TRejection, TReply>(
    JournalDefinition<TState, TEvent> definition, Command<TState, TEvent, TRejection, TReply> command)
    : Pending<TState, TEvent, CommandResult<TRejection, TReply>>
    where TState : class
    where TEvent : class
    where TRejection : class
    where TReply : class, IMessage<TReply>, new()
{
    private TRejection? _rejection;

    public override IReadOnlyList<ProposedRow<TEvent>>? Decide(TState state, SystemState system, DateTimeOffset now)
    {
        var decision = command.Decide(state, new DecideContext(now, command.ReceivedAt));
        _rejection = decision.Rejection;
        return _rejection is null ? Propose(definition, decision.Events) : null;
    }

    public override byte[]? Accept(TState after, IReadOnlyList<JournalEvent<TEvent>> rows, long position)
    {
        var reply = command.Reply(after, rows);
        Prepare(new CommandResult<TRejection, TReply>(reply, null, position, IsStored: false));
        return Id is null ? null : reply.ToByteArray();
    }

    public override void Reject(long position)
        => Prepare(new CommandResult<TRejection, TReply>(null, _rejection, position, IsStored: false));

    public override void Repeat(CommandRecord record)
    {
        var reply = new TReply();
        reply.MergeFrom(record.Reply);
        Prepare(new CommandResult<TRejection, TReply>(reply, null, record.LastPosition, IsStored: true));
    }
}

/// <summary>The effect of an integration event; a rejection becomes a row of the journal's own.</summary>
internal sealed class PendingConsumption<TState, TEvent, TRejection>(
    JournalDefinition<TState, TEvent> definition,
    ConsumedEvent consumed,
    DateTimeOffset receivedAt,
    Func<TState, DecideContext, Decision<TEvent, TRejection>> decide,
    Func<TRejection, string> describe)
    : Pending<TState, TEvent, Consumption>
    where TState : class
    where TEvent : class
    where TRejection : class
{
    private Consumption _outcome;

    public override IReadOnlyList<ProposedRow<TEvent>>? Decide(TState state, SystemState system, DateTimeOffset now)
    {
        var decision = decide(state, new DecideContext(now, receivedAt));
        if (decision.Rejection is null)
        {
            _outcome = Consumption.Done;
            return Propose(definition, decision.Events);
        }

        _outcome = Consumption.Rejected;
        var (type, payload) = SystemEventCodec.Encode(new SystemEvent.IntegrationEventRejected(
            consumed.Source, consumed.JournalId, consumed.Place.Position, consumed.Place.Index, consumed.Type, describe(decision.Rejection)));
        return [new ProposedRow<TEvent>(SystemEvent.Stream, type, payload, JournalTime.ToMicroseconds(now), null)];
    }

    public override byte[]? Accept(TState after, IReadOnlyList<JournalEvent<TEvent>> rows, long position)
    {
        Prepare(_outcome);
        return null;
    }

    public override void Reject(long position) => throw new InvalidOperationException("A rejected integration event is a row.");

    public override void AlreadyConsumed() => Prepare(Consumption.AlreadyDone);
}

/// <summary>A command of the journal itself: genesis and keys. Answers with the position after it.</summary>
internal sealed class PendingSystemCommand<TState, TEvent>(Func<SystemState, IReadOnlyList<SystemEvent>> decide)
    : Pending<TState, TEvent, long>
    where TState : class
    where TEvent : class
{
    public override IReadOnlyList<ProposedRow<TEvent>> Decide(TState state, SystemState system, DateTimeOffset now)
        => [.. decide(system).Select(value =>
        {
            var (type, payload) = SystemEventCodec.Encode(value);
            return new ProposedRow<TEvent>(SystemEvent.Stream, type, payload, JournalTime.ToMicroseconds(now), null);
        })];

    public override byte[]? Accept(TState after, IReadOnlyList<JournalEvent<TEvent>> rows, long position)
    {
        Prepare(position);
        return null;
    }

    public override void Reject(long position) => throw new InvalidOperationException("System commands are not rejected.");
}
