namespace ExternalAction.Journal;

/// <summary>
/// What the journal needs from a database, implemented on SQLite and on PostgreSQL. One write transaction is open at a
/// time; it begins by taking the journal's lock, so whoever holds it reads the true end. Reads run beside it and see
/// committed rows only; since rows are committed in order of position, every read sees a prefix of the journal.
/// </summary>
internal interface IJournalStore : IAsyncDisposable
{
    /// <summary>Connects, creates missing tables, and on SQLite takes the folder's lock file.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    Task OpenAsync(CancellationToken ct);

    /// <summary>
    /// Opens the write transaction: takes the lock as a statement of its own and only then reads the rows after a position
    /// (at most <see cref="StoreLimits.RowsPerRead"/>), the records of these commands and the cursors of these sources.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed; the transaction is gone.</exception>
    Task<LockedRead> BeginAsync(long afterPosition, IReadOnlyList<CommandId> commands, IReadOnlyList<CursorId> cursors, CancellationToken ct);

    /// <summary>Writes everything and commits, in one go; then the transaction is gone, whatever came of it.</summary>
    /// <exception cref="StoreRefusedException">The database refused the data. Nothing was changed.</exception>
    /// <exception cref="StoreUnavailableException">It failed before the commit. Nothing was changed.</exception>
    /// <exception cref="StoreOutcomeUnknownException">It failed at the commit: perhaps everything was changed.</exception>
    Task CommitAsync(StoreWrite write, CancellationToken ct);

    /// <summary>Ends the write transaction without a change. Never throws.</summary>
    Task RollbackAsync();

    /// <summary>Rows after a position up to another (included), in order, at most <paramref name="rowsMax"/>.</summary>
    Task<List<JournalRow>> ReadRowsAsync(long afterPosition, long upToPosition, int rowsMax, CancellationToken ct);

    /// <summary>Rows of some streams in order of position, at most <paramref name="rowsMax"/>.</summary>
    Task<List<JournalRow>> ReadStreamsAsync(IReadOnlyCollection<string> streams, long afterPosition, AsOf asOf, int rowsMax, CancellationToken ct);

    /// <summary>The last position; 0 for an empty journal.</summary>
    Task<long> ReadLastPositionAsync(CancellationToken ct);

    /// <summary>What has been consumed from a source, or null if nothing has.</summary>
    Task<EventPlace?> ReadCursorAsync(CursorId cursor, CancellationToken ct);

    /// <summary>How far a relay has got, or null if it has not begun.</summary>
    Task<RelayCheckpoint?> ReadCheckpointAsync(string relay, CancellationToken ct);

    /// <summary>The checkpoints whose names begin so: the republications that people asked for.</summary>
    Task<List<(string Relay, RelayCheckpoint Checkpoint)>> ReadCheckpointsAsync(string prefix, CancellationToken ct);

    /// <summary>Sets a checkpoint that no lease guards, wherever it stands; also from a process that does not hold the journal.</summary>
    Task SetCheckpointAsync(string relay, RelayCheckpoint checkpoint, CancellationToken ct);

    /// <summary>Moves such a checkpoint, or removes it (null), if it still stands where it is known to; false if somebody else has set it since.</summary>
    Task<bool> MoveCheckpointAsync(string relay, RelayCheckpoint from, RelayCheckpoint? to, CancellationToken ct);

    /// <summary>Takes the right to be the one relay of this name; null if another process has it.</summary>
    Task<RelayLease?> TryTakeRelayLeaseAsync(string relay, CancellationToken ct);

    /// <summary>
    /// Calls back whenever another process may have appended, until cancelled; may also call without a reason. Returns at
    /// once where no other process can write.
    /// </summary>
    Task ListenAsync(Action appended, CancellationToken ct);
}

/// <summary>Limits that both stores keep.</summary>
internal static class StoreLimits
{
    /// <summary>Rows in one transaction.</summary>
    public const int RowsPerTransaction = 10_000;

    /// <summary>Rows that one read inside the write transaction returns; who is further behind catches up outside it.</summary>
    public const int RowsPerRead = 2_000;

    /// <summary>Characters in a stream's name, an actor, an rpc or a key.</summary>
    public const int NameLength = 200;
}

/// <summary>What makes a repeated command the same command.</summary>
internal readonly record struct CommandId(string Actor, string Rpc, string Key);

/// <summary>What is kept of a command: enough to give the same answer again.</summary>
/// <param name="FirstPosition">Its first row; LastPosition + 1 if it had none.</param>
/// <param name="LastPosition">Its last row, or the state it was decided on.</param>
internal sealed record CommandRecord(CommandId Id, Digest InputHash, long FirstPosition, long LastPosition, byte[] Reply);

/// <summary>One cursor is kept for each journal that is consumed.</summary>
internal readonly record struct CursorId(string Source, Guid JournalId);

/// <summary>What stands behind the lock.</summary>
internal sealed record LockedRead(
    IReadOnlyList<JournalRow> Rows,
    IReadOnlyDictionary<CommandId, CommandRecord> Commands,
    IReadOnlyDictionary<CursorId, EventPlace> Cursors);

/// <summary>Everything a batch changes.</summary>
internal sealed record StoreWrite(
    IReadOnlyList<JournalRow> Rows,
    IReadOnlyList<CommandRecord> Commands,
    IReadOnlyDictionary<CursorId, EventPlace> Cursors)
{
    public bool IsEmpty => Rows.Count == 0 && Commands.Count == 0 && Cursors.Count == 0;
}

/// <summary>How far a relay has got.</summary>
/// <param name="Position">Every row up to here is done with.</param>
/// <param name="LastEvent">The last integration event that was published and confirmed.</param>
public sealed record RelayCheckpoint(long Position, EventPlace LastEvent);

/// <summary>The right to be a journal's one relay. It ends with <see cref="DisposeAsync"/> or with the connection that holds it.</summary>
public abstract class RelayLease : IAsyncDisposable
{
    /// <summary>Moves the checkpoint; fails if the lease was lost, so that a relay that was cut off cannot move it back.</summary>
    /// <exception cref="JournalUnavailableException">The lease is lost or the store is down.</exception>
    public abstract Task MoveCheckpointAsync(RelayCheckpoint checkpoint, CancellationToken ct);

    /// <summary>Asks the store whether the lease is still held; call it while idle.</summary>
    /// <exception cref="JournalUnavailableException">The lease is lost or the store is down.</exception>
    public abstract Task ConfirmAsync(CancellationToken ct);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>The store cannot be reached or did not answer in time; nothing was changed.</summary>
internal sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);

/// <summary>The store refused the data itself; nothing was changed.</summary>
internal sealed class StoreRefusedException(string message, Exception inner) : Exception(message, inner);

/// <summary>The commit was sent and no answer came back: it may have happened.</summary>
internal sealed class StoreOutcomeUnknownException(string message, Exception inner) : Exception(message, inner);
