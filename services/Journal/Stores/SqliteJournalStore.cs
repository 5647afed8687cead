using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ExternalAction.Journal;

/// <summary>
/// A journal in one SQLite file, for one process. WAL lets readers go on while the writer writes; synchronous=FULL
/// makes a commit wait for the disk. A lock file refuses a second process: two executors on one file would each
/// believe that nobody else appends.
/// </summary>
internal sealed class SqliteJournalStore(string file) : IJournalStore
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

    public Task<List<JournalRow>> ReadRowsAsync(long afterPosition, long upToPosition, int rowsMax, CancellationToken ct)
        => ReadAsync(
            $"SELECT {SqliteRows.Columns} FROM journal_rows WHERE position > $after AND position <= $upTo ORDER BY position LIMIT $max",
            command =>
            {
                command.Parameters.AddWithValue("$after", afterPosition);
                command.Parameters.AddWithValue("$upTo", upToPosition);
                command.Parameters.AddWithValue("$max", rowsMax);
                return SqliteRows.Read(command);
            });

    public Task<List<JournalRow>> ReadStreamsAsync(
        IReadOnlyCollection<string> streams, long afterPosition, AsOf asOf, int rowsMax, CancellationToken ct)
    {
        var names = streams.Select((name, i) => (Parameter: $"$s{i}", name)).ToList();
        var list = string.Join(", ", names.Select(name => name.Parameter));
        return ReadAsync(
            $"""
            SELECT {SqliteRows.Columns} FROM journal_rows INDEXED BY journal_rows_stream
            WHERE stream IN ({list}) AND position > $after AND position <= $upTo AND recorded_at <= $recorded
            ORDER BY position LIMIT $max
            """,
            command =>
            {
                names.ForEach(name => command.Parameters.AddWithValue(name.Parameter, name.name));
                command.Parameters.AddWithValue("$after", afterPosition);
                command.Parameters.AddWithValue("$upTo", asOf.Position);
                command.Parameters.AddWithValue("$recorded", asOf.RecordedAt);
                command.Parameters.AddWithValue("$max", rowsMax);
                return SqliteRows.Read(command);
            });
    }

    public Task<long> ReadLastPositionAsync(CancellationToken ct)
        => ReadAsync("SELECT max(position) FROM journal_rows", command => command.ExecuteScalar() is long position ? position : 0);

    public Task<EventPlace?> ReadCursorAsync(CursorId cursor, CancellationToken ct)
        => ReadAsync<EventPlace?>("SELECT position, item FROM journal_cursors WHERE source = $source AND journal_id = $id", command =>
        {
            command.Parameters.AddWithValue("$source", cursor.Source);
            command.Parameters.AddWithValue("$id", cursor.JournalId.ToString());
            using var reader = command.ExecuteReader();
            return reader.Read() ? new EventPlace(reader.GetInt64(0), reader.GetInt32(1)) : null;
        });

    public Task<RelayCheckpoint?> ReadCheckpointAsync(string relay, CancellationToken ct)
        => ReadAsync("SELECT position, last_position, last_item FROM journal_checkpoints WHERE relay = $relay", command =>
        {
            command.Parameters.AddWithValue("$relay", relay);
            using var reader = command.ExecuteReader();
            return reader.Read()
                ? new RelayCheckpoint(reader.GetInt64(0), new EventPlace(reader.GetInt64(1), reader.GetInt32(2)))
                : null;
        });

    public Task<List<(string Relay, RelayCheckpoint Checkpoint)>> ReadCheckpointsAsync(string prefix, CancellationToken ct)
        => ReadAsync("SELECT relay, position, last_position, last_item FROM journal_checkpoints WHERE substr(relay, 1, length($prefix)) = $prefix ORDER BY relay", command =>
        {
            command.Parameters.AddWithValue("$prefix", prefix);
            using var reader = command.ExecuteReader();
            var found = new List<(string, RelayCheckpoint)>();
            while (reader.Read())
            {
                found.Add((reader.GetString(0), new RelayCheckpoint(reader.GetInt64(1), new EventPlace(reader.GetInt64(2), reader.GetInt32(3)))));
            }

            return found;
        });

    public async Task SetCheckpointAsync(string relay, RelayCheckpoint? checkpoint, CancellationToken ct)
    {
        // On a connection of its own: the tool does this while the service runs, and SQLite lets one writer wait for the other.
        try
        {
            await using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            await connection.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = checkpoint is null ? "DELETE FROM journal_checkpoints WHERE relay = $1" : SqliteWriter.MoveCheckpointSql;
            command.Parameters.AddWithValue("$1", relay);
            if (checkpoint is not null)
            {
                command.Parameters.AddWithValue("$2", checkpoint.Position);
                command.Parameters.AddWithValue("$3", checkpoint.LastEvent.Position);
                command.Parameters.AddWithValue("$4", checkpoint.LastEvent.Index);
            }

            await command.ExecuteNonQueryAsync(ct);
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

    /// <summary>A read on a connection of its own; quick enough for the caller's pool thread.</summary>
    private async Task<T> ReadAsync<T>(string sql, Func<SqliteCommand, T> read)
    {
        try
        {
            await using var connection = new SqliteConnection(ReaderConnectionString);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return read(command);
        }
        catch (SqliteException failure)
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

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

    /// <summary>Within one process a semaphore is lock enough: the lock file keeps other processes out.</summary>
    private sealed class Lease(SqliteJournalStore store, string relay) : RelayLease
    {
        private bool _disposed;

        public override async Task MoveCheckpointAsync(RelayCheckpoint checkpoint, CancellationToken ct)
        {
            try
            {
                await store._transaction.WaitAsync(ct);
                try
                {
                    await store.OnWriterAsync(() => store._statements!.MoveCheckpoint(relay, checkpoint));
                }
                finally
                {
                    store._transaction.Release();
                }
            }
            catch (StoreUnavailableException failure)
            {
                throw new JournalUnavailableException("The relay's checkpoint cannot be moved.", inner: failure);
            }
        }

        public override Task ConfirmAsync(CancellationToken ct) => Task.CompletedTask;

        public override ValueTask DisposeAsync()
        {
            if (!_disposed)
            {
                _disposed = true;
                store._relay.Release();
            }

            return ValueTask.CompletedTask;
        }
    }
}
