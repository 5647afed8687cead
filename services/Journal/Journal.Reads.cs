using System.Runtime.CompilerServices;

namespace ExternalAction.Journal;

/// <content>
/// The reads. The published state answers what holds now; rows answer what was, and feed streams. Rows come from the
/// store and only up to the published position, so that no reader sees an event before the state that contains it.
/// </content>
public sealed partial class Journal<TState, TEvent>
{
    /// <summary>The published state: immutable, without locks, replaced after each commit.</summary>
    /// <exception cref="JournalUnavailableException">The replay has not ended yet.</exception>
    public Snapshot<TState> Current
        => _ready ? _executor.Published.Snapshot : throw new JournalUnavailableException($"The journal of '{Service}' is not ready.");

    /// <inheritdoc/>
    public override Guid JournalId => _executor.Published.System.JournalId;

    /// <inheritdoc/>
    public override long Position => _executor.Published.Position;

    /// <inheritdoc/>
    public override IReadOnlyList<SigningKey> SigningKeys => _executor.Published.System.Keys;

    /// <inheritdoc/>
    public override long RejectedIntegrationEventCount => _executor.Published.System.RejectedCount;

    /// <inheritdoc/>
    public override IReadOnlyList<RejectedIntegrationEvent> RejectedIntegrationEvents => _executor.Published.System.LastRejected;

    /// <inheritdoc/>
    public override async Task WaitForPositionAsync(long position, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_options.PositionWait, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await WaitForRowsAsync(position - 1, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new PositionNotReachedException(position, Position);
        }
    }

    /// <inheritdoc/>
    public override async Task WaitForRowsAsync(long afterPosition, CancellationToken ct)
    {
        var published = _executor.Published;
        while (published.Position <= afterPosition)
        {
            published = await published.Next.WaitAsync(ct);
        }
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<JournalRow>> ReadRowsAsync(long afterPosition, CancellationToken ct)
        => await FromStore(_store.ReadRowsAsync(afterPosition, Position, StoreLimits.RowsPerRead, ct));

    /// <summary>A stream's events after a position (0: all), oldest first, up to the published position.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public IAsyncEnumerable<JournalEvent<TEvent>> ReadStreamAsync(string stream, long afterPosition, CancellationToken ct)
        => ReadUpToAsync([stream], afterPosition, AsOf.At(Position), ct);

    /// <summary>The service's events after a position (0: all), oldest first, up to a position.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public IAsyncEnumerable<JournalEvent<TEvent>> ReadAllAsync(long afterPosition, long upToPosition, CancellationToken ct)
        => ReadUpToAsync(null, afterPosition, AsOf.At(Math.Min(upToPosition, Position)), ct);

    /// <summary>A stream's rows as they are stored, after a position (0: all), oldest first, up to the published position.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async IAsyncEnumerable<JournalRow> ReadStreamRowsAsync(string stream, long afterPosition, [EnumeratorCancellation] CancellationToken ct)
    {
        var upTo = AsOf.At(Position);
        IReadOnlyList<JournalRow> rows;
        do
        {
            rows = await FromStore(_store.ReadStreamsAsync([stream], afterPosition, upTo, StoreLimits.RowsPerRead, ct));
            foreach (var row in rows)
            {
                afterPosition = row.Position;
                yield return row;
            }
        }
        while (rows.Count == StoreLimits.RowsPerRead);
    }

    /// <summary>
    /// The state as it was known at a point in the past, folded from some streams only: the one asked for and the reference
    /// data it names. Everything else in it is as in an empty journal.
    /// </summary>
    /// <returns>The state; its position is that of the last row folded, 0 if there was none.</returns>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async Task<Snapshot<TState>> FoldAsync(IReadOnlyCollection<string> streams, AsOf asOf, CancellationToken ct)
    {
        var snapshot = new Snapshot<TState>(_definition.Initial, 0, DateTimeOffset.UnixEpoch);
        var published = asOf.Position > Position ? asOf with { Position = Position } : asOf;
        await foreach (var row in ReadUpToAsync(streams, 0, published, ct))
        {
            snapshot = new Snapshot<TState>(_definition.Evolve(snapshot.State, row), row.Position, row.RecordedAt);
        }

        return snapshot;
    }

    /// <summary>The whole state as it was known at a point in the past, folded from every row up to it: as long as a replay.</summary>
    /// <param name="from">An earlier state to go on from; null for the beginning.</param>
    /// <param name="asOf">The point in the past.</param>
    /// <param name="ct">Calls it off.</param>
    /// <returns>The state, the given one itself if nothing came after it; its position is that of the last row folded, 0 if there was none.</returns>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async Task<Snapshot<TState>> FoldAllAsync(Snapshot<TState>? from, AsOf asOf, CancellationToken ct)
    {
        var snapshot = from ?? new Snapshot<TState>(_definition.Initial, 0, DateTimeOffset.UnixEpoch);
        await foreach (var row in ReadUpToAsync(null, snapshot.Position, asOf.Position > Position ? asOf with { Position = Position } : asOf, ct))
        {
            // recorded_at never runs backwards, so the first later row ends the past.
            if (AsOf.At(row.RecordedAt).RecordedAt > asOf.RecordedAt)
            {
                break;
            }

            snapshot = new Snapshot<TState>(_definition.Evolve(snapshot.State, row), row.Position, row.RecordedAt);
        }

        return snapshot;
    }

    /// <summary>
    /// Events after a position, then new ones as they are published, until cancelled. They are read from the store, page by
    /// page: a slow reader costs no memory and misses nothing.
    /// </summary>
    /// <param name="stream">The stream, or null for all events of the service.</param>
    /// <param name="afterPosition">The last position the reader has; 0 for everything.</param>
    /// <param name="ct">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="JournalUnavailableException">The store cannot be reached; resume after the last position received.</exception>
    public async IAsyncEnumerable<JournalEvent<TEvent>> FollowAsync(
        string? stream, long afterPosition, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            // 1. Everything up to what is published now.
            var upTo = Position;
            await foreach (var row in ReadUpToAsync(stream is null ? null : [stream], afterPosition, AsOf.At(upTo), ct))
            {
                afterPosition = row.Position;
                yield return row;
            }

            // 2. What was published while the reader was busy is read at once; no publication was held meanwhile.
            afterPosition = Math.Max(afterPosition, upTo);
            var published = _executor.Published;
            if (published.Position > upTo)
            {
                continue;
            }

            // 3. Then wait for one that touches the stream; other streams' rows wake nobody's database.
            do
            {
                published = await published.Next.WaitAsync(ct);
            }
            while (!published.Changed(stream));
        }
    }

    /// <summary>
    /// Follows like <see cref="FollowAsync"/>, and says so when it is quiet, until the caller's token ends it.
    /// </summary>
    /// <param name="stream">The stream, or null for all events of the service.</param>
    /// <param name="afterPosition">The last position the reader has.</param>
    /// <param name="heartbeat">How long it may be quiet.</param>
    /// <param name="onEvent">What is done with an event; true ends the following.</param>
    /// <param name="onQuiet">What is done when it was quiet for that long.</param>
    /// <param name="ct">Ends it with <see cref="OperationCanceledException"/>.</param>
    public async Task FollowAsync(string? stream, long afterPosition, TimeSpan heartbeat, Func<JournalEvent<TEvent>, Task<bool>> onEvent, Func<Task> onQuiet, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var rows = FollowAsync(stream, afterPosition, ending.Token).GetAsyncEnumerator(ending.Token);
        var next = rows.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, Task.Delay(heartbeat, _clock, ct)) != next)
                {
                    ct.ThrowIfCancellationRequested();
                    await onQuiet();
                    continue;
                }

                if (!await next || await onEvent(rows.Current))
                {
                    return;
                }

                next = rows.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator may be disposed only when it is not moving.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public override async Task<EventPlace> ReadCursorAsync(string source, Guid sourceJournalId, CancellationToken ct)
        => await FromStore(_store.ReadCursorAsync(new CursorId(source, sourceJournalId), ct)) ?? EventPlace.Start;

    /// <inheritdoc/>
    public override async Task<RelayCheckpoint> ReadCheckpointAsync(string relay, CancellationToken ct)
        => await FromStore(_store.ReadCheckpointAsync(relay, ct)) ?? new RelayCheckpoint(0, EventPlace.Start);

    /// <inheritdoc/>
    public override Task<RelayLease?> TryTakeRelayLeaseAsync(string relay, CancellationToken ct)
        => FromStore(_store.TryTakeRelayLeaseAsync(relay, ct));

    /// <summary>Pages through rows of some streams (null: all) and gives the service's events among them.</summary>
    private async IAsyncEnumerable<JournalEvent<TEvent>> ReadUpToAsync(
        IReadOnlyCollection<string>? streams, long afterPosition, AsOf asOf, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var rows = await FromStore(streams is null
                ? _store.ReadRowsAsync(afterPosition, asOf.Position, StoreLimits.RowsPerRead, ct)
                : _store.ReadStreamsAsync(streams, afterPosition, asOf, StoreLimits.RowsPerRead, ct));
            foreach (var row in rows)
            {
                afterPosition = row.Position;
                if (Folding<TState, TEvent>.Decode(_definition, row) is { } decoded)
                {
                    yield return decoded;
                }
            }

            if (rows.Count < StoreLimits.RowsPerRead)
            {
                yield break;
            }
        }
    }

    private async Task<T> FromStore<T>(Task<T> read)
    {
        try
        {
            return await read;
        }
        catch (StoreUnavailableException failure)
        {
            throw new JournalUnavailableException($"The store of '{Service}' cannot be read.", inner: failure);
        }
    }
}
