using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ExternalAction.Journal;

/// <summary>
/// A journal in a PostgreSQL database that replicas share. The writer has a connection of its own and gives it up after
/// any failure: a new one costs milliseconds, and what state an old one is in is not worth guessing.
/// </summary>
internal sealed partial class PostgresJournalStore(string connectionString, ILogger logger) : IJournalStore
{
    private readonly NpgsqlDataSource _readers = PostgresConnections.Readers(connectionString);

    /// <summary>Tells own announcements from those of other replicas.</summary>
    private readonly string _instance = Guid.NewGuid().ToString("N");

    private NpgsqlConnection? _writer;

    public async Task OpenAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = PostgresConnections.Own(connectionString, "schema");
            await connection.OpenAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using (var locking = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({PostgresConnections.WriterLock})", connection))
            {
                await locking.ExecuteNonQueryAsync(ct);
            }

            await using (var asking = new NpgsqlCommand("SELECT to_regclass('journal_rows') IS NULL", connection))
            {
                if (await asking.ExecuteScalarAsync(ct) is true)
                {
                    await using var creating = new NpgsqlCommand(PostgresSchema.Create, connection);
                    await creating.ExecuteNonQueryAsync(ct);
                }
            }

            await transaction.CommitAsync(ct);
        }
        catch (Exception failure) when (PostgresConnections.IsStoreFailure(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public async Task<LockedRead> BeginAsync(
        long afterPosition, IReadOnlyList<CommandId> commands, IReadOnlyList<CursorId> cursors, CancellationToken ct)
    {
        try
        {
            if (_writer is null)
            {
                _writer = PostgresConnections.Own(connectionString, "writer");
                await _writer.OpenAsync(ct);
            }

            return await PostgresWriter.BeginAsync(_writer, afterPosition, commands, cursors, ct);
        }
        catch (Exception failure)
        {
            await GiveUpWriterAsync();
            throw PostgresConnections.IsStoreFailure(failure) ? new StoreUnavailableException(failure.Message, failure) : failure;
        }
    }

    public async Task CommitAsync(StoreWrite write, CancellationToken ct)
    {
        try
        {
            await PostgresWriter.CommitAsync(_writer!, write, _instance, ct);
        }
        catch (PostgresException refusal) when (refusal.InvariantSeverity == "ERROR")
        {
            // An error of a statement, COMMIT included, has aborted the transaction: the outcome is certain.
            await GiveUpWriterAsync();
            throw IsAboutData(refusal)
                ? new StoreRefusedException(refusal.MessageText, refusal)
                : new StoreUnavailableException(refusal.MessageText, refusal);
        }
        catch (Exception failure)
        {
            // COMMIT travelled with the rows, so it may have been executed whatever broke; FATAL errors included.
            await GiveUpWriterAsync();
            throw new StoreOutcomeUnknownException(failure.Message, failure);
        }
    }

    public async Task RollbackAsync()
    {
        if (_writer is null)
        {
            return;
        }

        try
        {
            await using var command = new NpgsqlCommand("ROLLBACK", _writer);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception failure) when (PostgresConnections.IsStoreFailure(failure))
        {
            await GiveUpWriterAsync();
        }
    }

    public Task<List<JournalRow>> ReadRowsAsync(long afterPosition, long upToPosition, int rowsMax, CancellationToken ct) => ReadAsync(
        $"SELECT {PostgresRows.Columns} FROM journal_rows WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3",
        reader => PostgresRows.ReadAsync(reader, ct),
        ct,
        afterPosition, upToPosition, (long)rowsMax);

    // One index scan for each stream, then merged: left to itself, the planner may read the whole journal for a rare stream.
    public Task<List<JournalRow>> ReadStreamsAsync(
        IReadOnlyCollection<string> streams, long afterPosition, AsOf asOf, int rowsMax, CancellationToken ct) => ReadAsync(
        $"""
        SELECT r.* FROM unnest($1) AS asked (name) CROSS JOIN LATERAL (
          SELECT {PostgresRows.Columns} FROM journal_rows
          WHERE stream = asked.name AND position > $2 AND position <= $3 AND recorded_at <= $4
          ORDER BY position LIMIT $5) r
        ORDER BY r.position LIMIT $5
        """,
        reader => PostgresRows.ReadAsync(reader, ct),
        ct,
        streams.Distinct(StringComparer.Ordinal).ToArray(), afterPosition, asOf.Position, asOf.RecordedAt, (long)rowsMax);

    public Task<long> ReadLastPositionAsync(CancellationToken ct) => ReadAsync(
        "SELECT coalesce(max(position), 0) FROM journal_rows",
        async reader => await reader.ReadAsync(ct) ? reader.GetInt64(0) : 0,
        ct);

    public Task<EventPlace?> ReadCursorAsync(CursorId cursor, CancellationToken ct) => ReadAsync<EventPlace?>(
        "SELECT position, item FROM journal_cursors WHERE source = $1 AND journal_id = $2",
        async reader => await reader.ReadAsync(ct) ? new EventPlace(reader.GetInt64(0), reader.GetInt32(1)) : null,
        ct,
        cursor.Source, cursor.JournalId);

    public Task<RelayCheckpoint?> ReadCheckpointAsync(string relay, CancellationToken ct) => ReadAsync(
        "SELECT position, last_position, last_item FROM journal_checkpoints WHERE relay = $1",
        async reader => await reader.ReadAsync(ct)
            ? new RelayCheckpoint(reader.GetInt64(0), new EventPlace(reader.GetInt64(1), reader.GetInt32(2)))
            : null,
        ct,
        relay);

    public Task<List<(string Relay, RelayCheckpoint Checkpoint)>> ReadCheckpointsAsync(string prefix, CancellationToken ct) => ReadAsync(
        "SELECT relay, position, last_position, last_item FROM journal_checkpoints WHERE starts_with(relay, $1) ORDER BY relay",
        async reader =>
        {
            var found = new List<(string, RelayCheckpoint)>();
            while (await reader.ReadAsync(ct))
            {
                found.Add((reader.GetString(0), new RelayCheckpoint(reader.GetInt64(1), new EventPlace(reader.GetInt64(2), reader.GetInt32(3)))));
            }

            return found;
        },
        ct,
        prefix);

    public Task SetCheckpointAsync(string relay, RelayCheckpoint checkpoint, CancellationToken ct) => ReadAsync(
        PostgresRelayLease.MoveCheckpoint,
        _ => Task.FromResult(true),
        ct,
        relay, checkpoint.Position, checkpoint.LastEvent.Position, checkpoint.LastEvent.Index);

    public Task<bool> MoveCheckpointAsync(string relay, RelayCheckpoint from, RelayCheckpoint? to, CancellationToken ct)
    {
        const string there = "WHERE relay = $1 AND position = $2 AND last_position = $3 AND last_item = $4 RETURNING true";
        object[] known = [relay, from.Position, from.LastEvent.Position, from.LastEvent.Index];
        return to is null
            ? ReadAsync($"DELETE FROM journal_checkpoints {there}", reader => reader.ReadAsync(ct), ct, known)
            : ReadAsync(
                $"UPDATE journal_checkpoints SET position = $5, last_position = $6, last_item = $7 {there}",
                reader => reader.ReadAsync(ct),
                ct,
                [.. known, to.Position, to.LastEvent.Position, to.LastEvent.Index]);
    }

    public async Task<RelayLease?> TryTakeRelayLeaseAsync(string relay, CancellationToken ct)
    {
        try
        {
            return await PostgresRelayLease.TryTakeAsync(connectionString, relay, ct);
        }
        catch (Exception failure) when (PostgresConnections.IsStoreFailure(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public async Task ListenAsync(Action appended, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = PostgresConnections.Own(connectionString, "listener");
                connection.Notification += (_, notification) =>
                {
                    if (notification.Payload != _instance)
                    {
                        appended();
                    }
                };
                await connection.OpenAsync(ct);
                await using (var command = new NpgsqlCommand($"LISTEN {PostgresConnections.Channel}", connection))
                {
                    await command.ExecuteNonQueryAsync(ct);
                }

                appended(); // What was committed before LISTEN took effect is not announced.
                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (PostgresConnections.IsStoreFailure(failure))
            {
                // Polling goes on meanwhile.
                LogListenerLost(failure.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await GiveUpWriterAsync();
        await _readers.DisposeAsync();
    }

    /// <summary>Values and rows that no later attempt would make acceptable: data (22), constraints (23), limits (54).</summary>
    private static bool IsAboutData(PostgresException refusal) => refusal.SqlState[..2] is "22" or "23" or "54";

    private async Task<T> ReadAsync<T>(string sql, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct, params object[] parameters)
    {
        try
        {
            await using var command = _readers.CreateCommand(sql);
            foreach (var value in parameters)
            {
                command.Parameters.Add(value is string[] texts
                    ? new NpgsqlParameter<string[]> { TypedValue = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
                    : new NpgsqlParameter { Value = value });
            }

            await using var reader = await command.ExecuteReaderAsync(ct);
            return await read(reader);
        }
        catch (Exception failure) when (PostgresConnections.IsStoreFailure(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    private async Task GiveUpWriterAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            try
            {
                await writer.DisposeAsync();
            }
            catch (Exception failure) when (PostgresConnections.IsStoreFailure(failure))
            {
                // Broken already; the server ends the session when it notices.
            }
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Journal: the notification channel is lost ({Reason}); polling until it is back")]
    private partial void LogListenerLost(string reason);
}
