namespace ExternalAction.Journal;

/// <summary>
/// Step 3 of the write path: decides a batch's commands one after the other on a state that only this batch sees, and
/// collects what has to be written. Nothing here touches the store, so a plan can be dropped and made again.
/// </summary>
internal sealed class BatchPlan<TState, TEvent>
    where TState : class
    where TEvent : class
{
    /// <summary>From so many replies on they are built on all cores; fewer are done before another core has woken up.</summary>
    private const int ParallelRepliesMin = 8;

    private readonly Folding<TState, TEvent> _folding;
    private readonly LockedRead _read;
    private readonly long _now;
    private readonly IReadOnlyDictionary<Pending<TState, TEvent>, Exception> _excluded;

    private readonly List<JournalRow> _rows = [];
    private readonly List<CommandRecord> _records = [];
    private readonly Dictionary<CursorId, EventPlace> _cursors = [];
    private readonly Dictionary<CommandId, Pending<TState, TEvent>> _keys = [];
    private readonly List<AcceptedCommand<TState, TEvent>> _accepted = [];
    private readonly List<(Pending<TState, TEvent> Pending, CommandId Id)> _duplicates = [];
    private readonly List<Pending<TState, TEvent>> _settled = [];
    private readonly List<Pending<TState, TEvent>> _left = [];

    private BatchPlan(
        Folding<TState, TEvent> folding, LockedRead read, DateTimeOffset clock, IReadOnlyDictionary<Pending<TState, TEvent>, Exception> excluded)
    {
        (_folding, _read, _excluded) = (folding, read, excluded);
        // A clock that was set back does not take the journal with it.
        _now = Math.Max(JournalTime.ToMicroseconds(clock), folding.RecordedAt);
    }

    /// <summary>What the store has to write.</summary>
    public StoreWrite Write => new(_rows, _records, _cursors);

    /// <summary>The state after the batch.</summary>
    public Folding<TState, TEvent> After => _folding;

    /// <summary>Commands whose answer is prepared.</summary>
    public IReadOnlyList<Pending<TState, TEvent>> Settled => _settled;

    /// <summary>Commands that did not fit into one transaction any more.</summary>
    public IReadOnlyList<Pending<TState, TEvent>> Left => _left;

    /// <summary>
    /// Plans a batch. A reply that cannot be built rejects its command alone: the plan is made again without that command,
    /// because later ones may have been decided on its events.
    /// </summary>
    /// <param name="fold">Gives a fresh folding at the journal's end.</param>
    /// <param name="batch">The commands in order.</param>
    /// <param name="read">What the store said behind the lock.</param>
    /// <param name="clock">Now.</param>
    public static BatchPlan<TState, TEvent> Make(
        Func<Folding<TState, TEvent>> fold, IReadOnlyList<Pending<TState, TEvent>> batch, LockedRead read, DateTimeOffset clock)
    {
        var excluded = new Dictionary<Pending<TState, TEvent>, Exception>();
        while (true)
        {
            var plan = new BatchPlan<TState, TEvent>(fold(), read, clock, excluded);
            plan.DecideAll(batch);
            if (plan.BuildReplies() is not { } failed)
            {
                return plan;
            }

            excluded.Add(failed.Pending, failed.Failure);
        }
    }

    private void DecideAll(IReadOnlyList<Pending<TState, TEvent>> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (!TrySettleWithoutDeciding(batch[i]) && !TryDecide(batch[i]))
            {
                _left.AddRange(batch.Skip(i));
                return;
            }
        }
    }

    /// <summary>Repetitions, integration events out of turn and excluded commands need no decision.</summary>
    private bool TrySettleWithoutDeciding(Pending<TState, TEvent> pending)
    {
        if (_excluded.TryGetValue(pending, out var failure))
        {
            return Settle(pending, failure);
        }

        if (pending.Consumed is { } consumed)
        {
            var id = new CursorId(consumed.Source, consumed.JournalId);
            var cursor = _cursors.TryGetValue(id, out var moved) ? moved : _read.Cursors.GetValueOrDefault(id);
            if (consumed.Place.CompareTo(cursor) <= 0)
            {
                pending.AlreadyConsumed();
                _settled.Add(pending);
                return true;
            }

            return consumed.Previous.CompareTo(cursor) > 0 && Settle(pending, new ConsumerGapException(consumed, cursor));
        }

        if (pending.Id is not { } key)
        {
            return false;
        }

        if (_read.Commands.TryGetValue(key, out var record))
        {
            if (record.InputHash != pending.InputHash)
            {
                return Settle(pending, new IdempotencyKeyReusedException(key.Rpc, key.Key));
            }

            Repeat(pending, record);
            return true;
        }

        // The same key twice in one batch: the second is answered like the first, once the first has its reply.
        if (_keys.TryGetValue(key, out var first))
        {
            if (first.InputHash != pending.InputHash)
            {
                return Settle(pending, new IdempotencyKeyReusedException(key.Rpc, key.Key));
            }

            _duplicates.Add((pending, key));
            return true;
        }

        return false;
    }

    /// <summary>False if the command's rows do not fit into this transaction.</summary>
    private bool TryDecide(Pending<TState, TEvent> pending)
    {
        var mark = _folding.Remember();
        var rowsBefore = _rows.Count;
        var versionsBefore = new List<KeyValuePair<string, long>>();
        try
        {
            var proposed = pending.Decide(_folding.State, _folding.System, JournalTime.FromMicroseconds(_now));
            if (proposed is null)
            {
                pending.Reject(_folding.Position);
                _settled.Add(pending);
                return true;
            }

            if (rowsBefore > 0 && rowsBefore + proposed.Count > StoreLimits.RowsPerTransaction)
            {
                return false;
            }

            var events = new List<JournalEvent<TEvent>>(proposed.Count);
            foreach (var row in proposed)
            {
                versionsBefore.Add(new(row.Stream, _folding.VersionOf(row.Stream)));
                Append(row, pending.Actor, events);
            }

            _accepted.Add(new AcceptedCommand<TState, TEvent>(pending, _folding.State, events, mark.Position + 1, _folding.Position));
        }
        catch (Exception failure)
        {
            // Decide, Evolve or the codec failed: this command alone, and without a trace.
            _rows.RemoveRange(rowsBefore, _rows.Count - rowsBefore);
            versionsBefore.Reverse();
            _folding.Return(mark, versionsBefore);
            return Settle(pending, failure);
        }

        if (pending.Id is { } key)
        {
            _keys[key] = pending;
        }

        if (pending.Consumed is { } consumed)
        {
            _cursors[new CursorId(consumed.Source, consumed.JournalId)] = consumed.Place;
        }

        return true;
    }

    private void Append(ProposedRow<TEvent> proposed, string actor, List<JournalEvent<TEvent>> events)
    {
        var row = new JournalRow
        {
            Position = _folding.Position + 1,
            Stream = proposed.Stream,
            Version = _folding.VersionOf(proposed.Stream) + 1,
            Type = proposed.Type,
            Payload = proposed.Payload,
            Actor = actor,
            OccurredAt = proposed.OccurredAt,
            RecordedAt = _now,
            PreviousHash = _folding.Hash,
        }.Sealed();

        var decoded = proposed.ReadBack is { } readBack ? Folding<TState, TEvent>.Event(row, readBack) : null;
        _folding.Apply(row, decoded);
        _rows.Add(row);
        if (decoded is not null)
        {
            events.Add(decoded);
        }
    }

    private (Pending<TState, TEvent> Pending, Exception Failure)? BuildReplies()
    {
        // Replies rest on immutable states and finished rows, and signing receipts is the dearest part of a batch: all cores help.
        if (_accepted.Count < ParallelRepliesMin)
        {
            _accepted.ForEach(accepted => accepted.BuildReply());
        }
        else
        {
            Parallel.ForEach(_accepted, accepted => accepted.BuildReply());
        }

        var replies = new Dictionary<CommandId, CommandRecord>();
        foreach (var accepted in _accepted)
        {
            if (accepted.Failure is { } failure)
            {
                return (accepted.Pending, failure);
            }

            if (accepted.Record is { } record)
            {
                _records.Add(record);
                replies.Add(record.Id, record);
            }

            _settled.Add(accepted.Pending);
        }

        foreach (var (pending, key) in _duplicates)
        {
            Repeat(pending, replies[key]);
        }

        return null;
    }

    private void Repeat(Pending<TState, TEvent> pending, CommandRecord record)
    {
        try
        {
            pending.Repeat(record);
            _settled.Add(pending);
        }
        catch (Exception unreadable)
        {
            Settle(pending, unreadable); // The reply's message changed in a way it must not; this command alone.
        }
    }

    private bool Settle(Pending<TState, TEvent> pending, Exception failure)
    {
        pending.Fail(failure);
        _settled.Add(pending);
        return true;
    }
}
