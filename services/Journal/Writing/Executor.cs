using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal;

/// <summary>
/// The one place where a journal grows: a serial executor with group commit.
/// <code>
///  callers ──► queue (bounded) ──► 1 take ──► 2 lock, read, fold ──► 3 decide all ──► 4 commit once, publish, answer all
///                                     ▲                                                  │
///                                     └───────────── 5 what went wrong ◄─────────────────┘
/// </code>
/// <list type="number">
/// <item>Takes every waiting command as one batch; those whose callers gave up drop out here.</item>
/// <item>Opens the transaction: the lock first, then the rows another replica has appended since, the records of the
/// batch's keys and the cursors of its integration events. The rows are checked against the chain and folded.</item>
/// <item>Decides the commands in turn on a state that nobody else sees; later ones see the earlier ones.</item>
/// <item>Writes rows, records and cursors and commits once. Then the state is published with one reference write, and every
/// caller is answered, the rejected ones too: their rejection may rest on events of this very batch.</item>
/// <item>A failure before the commit drops the new state, nobody has seen it. A batch the store refuses for its data
/// is repeated one command at a time. A failure at the commit leaves a doubt: connect again, lock, and look whether the
/// batch's first row stands in the journal; if so everything does. Callers get UNAVAILABLE only if that fails too.</item>
/// </list>
/// This file holds the way of a batch, <c>Executor.Reading.cs</c> how the journal's end is reached before it.
/// </summary>
internal sealed partial class Executor<TState, TEvent>(
    JournalDefinition<TState, TEvent> definition, IJournalStore store, JournalOptions options, TimeProvider clock, ILogger logger)
    where TState : class
    where TEvent : class
{
    /// <summary>One try, and one more: a connection that broke while idle must not cost the first caller an error.</summary>
    private const int AttemptsMax = 2;

    // Null wakes the executor without a command: another replica may have appended.
    private readonly Channel<Pending<TState, TEvent>?> _queue = Channel.CreateBounded<Pending<TState, TEvent>?>(
        new BoundedChannelOptions(options.QueueLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private volatile Publication<TState> _published = new(
        new Snapshot<TState>(definition.Initial, 0, DateTimeOffset.UnixEpoch), null, SystemState.Initial, new HashSet<string>());

    private readonly Gathering _gathering = new();
    private BatchPlan<TState, TEvent>? _doubtful;

    /// <summary>What readers see.</summary>
    public Publication<TState> Published => _published;

    /// <summary>Why nothing more can be written, or null: a broken chain stops the journal for good.</summary>
    public ChainBrokenException? Broken { get; private set; }

    /// <summary>The last failure of the store, or null if it answered the last time.</summary>
    public Exception? StoreFailure { get; private set; }

    /// <summary>Called after each publication, before the callers are answered.</summary>
    public Action<SystemState>? OnPublished { get; init; }

    /// <summary>Tests throw here.</summary>
    public Action<WriteStep>? Faults { get; set; }

    /// <summary>Queues a command; false if the queue is full or closed.</summary>
    public bool TryEnqueue(Pending<TState, TEvent> pending) => _queue.Writer.TryWrite(pending);

    /// <summary>Asks for a look at what other replicas appended. A full queue will look anyway.</summary>
    public void Wake() => _queue.Writer.TryWrite(null);

    /// <summary>No more commands; those in the queue are still executed.</summary>
    public void Close() => _queue.Writer.TryComplete();

    /// <summary>Publishes the result of the replay; before <see cref="RunAsync"/>.</summary>
    public void Start(Folding<TState, TEvent> replayed) => Publish(replayed);

    /// <summary>A folding for the replay, which writes the streams' versions where the executor will look for them.</summary>
    public Folding<TState, TEvent> BeginFolding() => new(definition, _published, _versions);

    /// <summary>Runs until <see cref="Close"/> and the queue is empty.</summary>
    public async Task RunAsync()
    {
        var batch = new List<Pending<TState, TEvent>>();
        var count = () => _queue.Reader.Count;
        while (await _queue.Reader.WaitToReadAsync())
        {
            // 1. Everything that waits becomes one batch.
            var since = Stopwatch.GetTimestamp();
            await _gathering.WaitAsync(count);
            JournalMetrics.StepEnded(definition.Service, "gather", since);
            batch.Clear();
            while (batch.Count < options.QueueLimit && _queue.Reader.TryRead(out var pending))
            {
                if (pending is not null && pending.TryTake())
                {
                    batch.Add(pending);
                }
            }

            if (Broken is not null)
            {
                FailAll(batch, new JournalUnavailableException(Broken.Message, inner: Broken));
            }
            else if (batch.Count == 0)
            {
                await CatchUpQuietlyAsync();
            }
            else
            {
                await ExecuteAsync(batch);
            }
        }
    }

    private async Task ExecuteAsync(IReadOnlyList<Pending<TState, TEvent>> batch)
    {
        // 5. Whatever goes wrong in an attempt ends here, and nowhere else.
        Exception? failure = null;
        for (var attempt = 1; attempt <= AttemptsMax && batch.Count > 0; attempt++)
        {
            try
            {
                while (batch.Count > 0)
                {
                    batch = await AttemptAsync(batch);
                    attempt = 1;
                }
            }
            catch (StoreRefusedException refused) when (batch.Count == 1)
            {
                batch[0].Fail(new RowsRefusedException("The store refused the rows of this command.", refused));
                batch[0].Answer();
                return;
            }
            catch (StoreRefusedException refused)
            {
                LogRefused(definition.Service, batch.Count, refused);
                foreach (var single in batch)
                {
                    await ExecuteAsync([single]);
                }

                return;
            }
            catch (ChainBrokenException broken)
            {
                LogBroken(definition.Service, broken);
                Broken = broken;
                failure = broken;
                break;
            }
            catch (Exception other)
            {
                LogFailure(definition.Service, attempt, _doubtful is not null, other);
                (StoreFailure, failure) = (other, other);
            }
        }

        if (batch.Count > 0)
        {
            var mayHaveHappened = _doubtful is not null;
            _doubtful = null;
            FailAll(batch, new JournalUnavailableException(
                mayHaveHappened
                    ? "The connection to the store was lost during the commit; repeat the request with the same idempotency key."
                    : "The store is not available; nothing was written.",
                mayHaveHappened,
                failure));
        }
    }

    /// <summary>One transaction. Returns the commands that did not fit into it.</summary>
    private async Task<IReadOnlyList<Pending<TState, TEvent>>> AttemptAsync(IReadOnlyList<Pending<TState, TEvent>> batch)
    {
        Faults?.Invoke(WriteStep.Taken);
        var since = Stopwatch.GetTimestamp();

        // 2. Lock, read, fold.
        var read = await BeginAtEndAsync(batch);
        var open = true;
        try
        {
            var folding = FoldRead(read);
            Faults?.Invoke(WriteStep.Locked);
            if (_doubtful is { } doubtful)
            {
                // Behind the lock there is no doubt any more: the transaction that got no answer has ended.
                if (await StandsInJournalAsync(doubtful))
                {
                    open = false;
                    await store.RollbackAsync();
                    _doubtful = null;
                    PublishAndAnswer(folding, doubtful.Settled);
                    return doubtful.Left;
                }

                _doubtful = null;
            }

            since = JournalMetrics.StepEnded(definition.Service, "read", since);

            // 3. Decide.
            var fresh = folding;
            var plan = BatchPlan<TState, TEvent>.Make(() => Interlocked.Exchange(ref fresh, null) ?? FoldRead(read), batch, read, clock.GetUtcNow());
            Faults?.Invoke(WriteStep.Decided);

            since = JournalMetrics.StepEnded(definition.Service, "decide", since);

            // 4. Write and commit once, publish, answer.
            var write = plan.Write;
            open = false;
            if (write.IsEmpty)
            {
                await store.RollbackAsync();
            }
            else
            {
                await CommitAsync(plan, write);
                JournalMetrics.Committed(definition.Service, write.Rows.Count, plan.Settled.Count);
                since = JournalMetrics.StepEnded(definition.Service, "commit", since);
                Faults?.Invoke(WriteStep.Committed);
            }

            _doubtful = null;
            PublishAndAnswer(plan.After, plan.Settled);
            JournalMetrics.StepEnded(definition.Service, "publish", since);
            return plan.Left;
        }
        catch when (open)
        {
            // Before the commit: roll back, and the foldings are garbage. After it the transaction is gone already.
            await store.RollbackAsync();
            throw;
        }
    }

    private async Task CommitAsync(BatchPlan<TState, TEvent> plan, StoreWrite write)
    {
        _doubtful = plan;
        try
        {
            await store.CommitAsync(write, CancellationToken.None);
        }
        catch (Exception certain) when (certain is StoreRefusedException or StoreUnavailableException)
        {
            _doubtful = null;
            throw;
        }
    }

    private void Publish(Folding<TState, TEvent> folding)
    {
        var before = _published;
        if (folding.Position == before.Position)
        {
            return;
        }

        var publication = folding.Publish();
        _published = publication;
        OnPublished?.Invoke(publication.System);
        before.FollowedBy(publication);
    }

    private void PublishAndAnswer(Folding<TState, TEvent> folding, IReadOnlyList<Pending<TState, TEvent>> settled)
    {
        // The store has answered: whoever is told of success finds no failure reported beside it.
        StoreFailure = null;
        Publish(folding);
        _gathering.Answering(settled.Count, _queue.Reader.Count);
        foreach (var pending in settled)
        {
            pending.Answer();
        }
    }

    private static void FailAll(IReadOnlyList<Pending<TState, TEvent>> batch, Exception failure)
    {
        foreach (var pending in batch)
        {
            pending.Fail(failure);
            pending.Answer();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Journal {Service}: attempt {Attempt} of a batch failed (commit in doubt: {InDoubt})")]
    private partial void LogFailure(string service, int attempt, bool inDoubt, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "Journal {Service}: the store refused a batch of {Count}; it is repeated one command at a time")]
    private partial void LogRefused(string service, int count, Exception failure);

    [LoggerMessage(3, LogLevel.Critical, "Journal {Service}: the chain is broken; nothing more is written")]
    private partial void LogBroken(string service, Exception failure);
}
