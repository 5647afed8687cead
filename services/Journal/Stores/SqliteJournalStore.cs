using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ExternalAction.Journal;

/// <summary>
/// A journal in one SQLite file, for one process. WAL lets readers go on while the writer writes; synchronous=FULL
/// makes a commit wait for the disk. A lock file refuses a second process: two executors on one file would each
/// believe that nobody else appends. This file holds the writing, <c>SqliteJournalStore.Reads.cs</c> the reads.
/// </summary>
internal sealed partial class SqliteJournalStore(string file) : IJournalStore
{
    /// <summary>Name of the database in a service's folder.</summary>
    public const string FileName = "journal.db";

    private readonly WriterThread _thread = new("journal writer");
    private readonly SemaphoreSlim _relay = new(1, 1);

    /// <summary>Held while a write transaction is open: a moved checkpoint must not end up inside the executor's.</summary>
    private readonly SemaphoreSlim _transaction = new(1, 1);
    private FileStream? _lock;
    private SqliteConnection? _writer;
    private SqliteWriter? _statements;

    private string ReaderConnectionString
        => new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ToString();

    public async Task OpenAsync(CancellationToken ct)
    {
        StoreRoom.SurviveLimit();
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        Directory.CreateDirectory(folder);
        try
        {
            _lock ??= new FileStream(Path.Combine(folder, "journal.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException inUse)
        {
            throw new JournalUnavailableException($"Another process is using the journal in '{folder}'.", inner: inUse);
        }

        await OnWriterAsync(() =>
        {
            _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            _writer.Open();
            Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;");
            Execute(SqliteSchema.Create);
            _statements = new SqliteWriter(_writer);
            return true;
        });
    }

    public async Task<LockedRead> BeginAsync(
        long afterPosition, IReadOnlyList<CommandId> commands, IReadOnlyList<CursorId> cursors, CancellationToken ct)
    {
        await _transaction.WaitAsync(ct);
        try
        {
            return await OnWriterAsync(() =>
            {
                Execute("BEGIN IMMEDIATE");
                return _statements!.Read(afterPosition, commands, cursors);
            });
        }
        catch
        {
            _transaction.Release();
            throw;
        }
    }

    public async Task CommitAsync(StoreWrite write, CancellationToken ct)
    {
        try
        {
            await _thread.RunAsync(() => WriteAndCommit(write));
        }
        finally
        {
            _transaction.Release();
        }
    }

    public async Task RollbackAsync()
    {
        await _thread.RunAsync(RollbackQuietly);
        _transaction.Release();
    }

    public Task SetCheckpointAsync(string relay, RelayCheckpoint checkpoint, CancellationToken ct)
        => ChangeCheckpointAsync(SqliteWriter.MoveCheckpointSql, ct, relay, checkpoint.Position, checkpoint.LastEvent.Position, checkpoint.LastEvent.Index);

    public async Task<bool> MoveCheckpointAsync(string relay, RelayCheckpoint from, RelayCheckpoint? to, CancellationToken ct)
    {
        const string there = "WHERE relay = $1 AND position = $2 AND last_position = $3 AND last_item = $4";
        object[] known = [relay, from.Position, from.LastEvent.Position, from.LastEvent.Index];
        return 1 == (to is null
            ? await ChangeCheckpointAsync($"DELETE FROM journal_checkpoints {there}", ct, known)
            : await ChangeCheckpointAsync(
                $"UPDATE journal_checkpoints SET position = $5, last_position = $6, last_item = $7 {there}",
                ct,
                [.. known, to.Position, to.LastEvent.Position, to.LastEvent.Index]));
    }

    /// <summary>On a connection of its own: the tool does this while the service runs, and SQLite lets one writer wait for the other.</summary>
    private async Task<int> ChangeCheckpointAsync(string sql, CancellationToken ct, params object[] values)
    {
        try
        {
            await using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            await connection.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i]);
            }

            return await command.ExecuteNonQueryAsync(ct);
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public async Task<RelayLease?> TryTakeRelayLeaseAsync(string relay, CancellationToken ct)
        => await _relay.WaitAsync(TimeSpan.Zero, ct) ? new Lease(this, relay) : null;

    public Task ListenAsync(Action appended, CancellationToken ct) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _thread.RunAsync(() =>
        {
            _statements?.Dispose();
            _writer?.Dispose();
            return true;
        });
        _thread.Dispose();
        using (var pooled = new SqliteConnection(ReaderConnectionString))
        {
            SqliteConnection.ClearPool(pooled);
        }

        _relay.Dispose();
        _transaction.Dispose();
        if (_lock is not null)
        {
            await _lock.DisposeAsync();
        }
    }

    /// <summary>Work on the writer's thread whose failure means: nothing was changed.</summary>
    private Task<T> OnWriterAsync<T>(Func<T> work) => _thread.RunAsync(() =>
    {
        try
        {
            return work();
        }
        catch (SqliteException failure)
        {
            RollbackQuietly();
            throw new StoreUnavailableException(failure.Message, failure);
        }
    });

    private void Execute(string sql)
    {
        using var command = _writer!.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private bool WriteAndCommit(StoreWrite write)
    {
        try
        {
            _statements!.Write(write);
        }
        catch (SqliteException failure)
        {
            RollbackQuietly();
            throw failure.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG
                ? new StoreRefusedException(failure.Message, failure)
                : new StoreUnavailableException(failure.Message, failure);
        }

        try
        {
            Execute("COMMIT");
            return true;
        }
        catch (SqliteException failure)
        {
            RollbackQuietly();
            throw new StoreOutcomeUnknownException(failure.Message, failure);
        }
    }

    private bool RollbackQuietly()
    {
        try
        {
            if (_writer is not null && raw.sqlite3_get_autocommit(_writer.Handle) == 0)
            {
                Execute("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // The error that led here is the one to report; a transaction that cannot be rolled back is gone already.
        }

        return true;
    }
}
