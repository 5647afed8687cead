using Npgsql;
using NpgsqlTypes;

namespace ExternalAction.Journal;

/// <summary>
/// The write transaction on PostgreSQL, in two round trips. Statements of a batch travel together, but the server runs
/// them one after the other, and at READ COMMITTED each sees what was committed when it began: the reads that follow the
/// lock in the same batch therefore see everything the last holder of the lock has written.
/// </summary>
internal static class PostgresWriter
{
    /// <summary>First trip: begin, lock as a statement of its own, then read.</summary>
    public static async Task<LockedRead> BeginAsync(
        NpgsqlConnection connection, long afterPosition, IReadOnlyList<CommandId> commands, IReadOnlyList<CursorId> cursors, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"),
                new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock({PostgresConnections.WriterLock})"),
                new NpgsqlBatchCommand($"SELECT {PostgresRows.Columns} FROM journal_rows WHERE position > $1 ORDER BY position LIMIT {StoreLimits.RowsPerRead}")
                {
                    Parameters = { new NpgsqlParameter<long> { TypedValue = afterPosition } },
                },
            },
        };
        if (commands.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "SELECT actor, rpc, key, input_hash, first_position, last_position, reply FROM journal_commands JOIN unnest($1, $2, $3) AS asked (actor, rpc, key) USING (actor, rpc, key)")
            {
                Parameters =
                {
                    PostgresRows.Array(commands, id => id.Actor, NpgsqlDbType.Text),
                    PostgresRows.Array(commands, id => id.Rpc, NpgsqlDbType.Text),
                    PostgresRows.Array(commands, id => id.Key, NpgsqlDbType.Text),
                },
            });
        }

        if (cursors.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "SELECT source, journal_id, position, item FROM journal_cursors JOIN unnest($1, $2) AS asked (source, journal_id) USING (source, journal_id)")
            {
                Parameters =
                {
                    PostgresRows.Array(cursors, id => id.Source, NpgsqlDbType.Text),
                    PostgresRows.Array(cursors, id => id.JournalId, NpgsqlDbType.Uuid),
                },
            });
        }

        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct); // past the lock
        var rows = await PostgresRows.ReadAsync(reader, ct);
        var records = new Dictionary<CommandId, CommandRecord>();
        if (commands.Count > 0)
        {
            await reader.NextResultAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var id = new CommandId(reader.GetString(0), reader.GetString(1), reader.GetString(2));
                records[id] = new CommandRecord(
                    id, new Digest(reader.GetFieldValue<byte[]>(3)), reader.GetInt64(4), reader.GetInt64(5), reader.GetFieldValue<byte[]>(6));
            }
        }

        var places = new Dictionary<CursorId, EventPlace>();
        if (cursors.Count > 0)
        {
            await reader.NextResultAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                places[new CursorId(reader.GetString(0), reader.GetGuid(1))] = new EventPlace(reader.GetInt64(2), reader.GetInt32(3));
            }
        }

        return new LockedRead(rows, records, places);
    }

    /// <summary>Second trip: write, announce, commit.</summary>
    public static async Task CommitAsync(NpgsqlConnection connection, StoreWrite write, string instance, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (write.Rows.Count > 0)
        {
            batch.BatchCommands.Add(PostgresRows.InsertCommand(write.Rows));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_notify('{PostgresConnections.Channel}', $1)")
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = instance } },
            });
        }

        if (write.Commands.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "INSERT INTO journal_commands (actor, rpc, key, input_hash, first_position, last_position, reply) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)")
            {
                Parameters =
                {
                    PostgresRows.Array(write.Commands, record => record.Id.Actor, NpgsqlDbType.Text),
                    PostgresRows.Array(write.Commands, record => record.Id.Rpc, NpgsqlDbType.Text),
                    PostgresRows.Array(write.Commands, record => record.Id.Key, NpgsqlDbType.Text),
                    PostgresRows.Array(write.Commands, record => record.InputHash.ToArray(), NpgsqlDbType.Bytea),
                    PostgresRows.Array(write.Commands, record => record.FirstPosition, NpgsqlDbType.Bigint),
                    PostgresRows.Array(write.Commands, record => record.LastPosition, NpgsqlDbType.Bigint),
                    PostgresRows.Array(write.Commands, record => record.Reply, NpgsqlDbType.Bytea),
                },
            });
        }

        if (write.Cursors.Count > 0)
        {
            var cursors = write.Cursors.ToList();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "INSERT INTO journal_cursors (source, journal_id, position, item) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT (source, journal_id) DO UPDATE SET position = excluded.position, item = excluded.item")
            {
                Parameters =
                {
                    PostgresRows.Array(cursors, cursor => cursor.Key.Source, NpgsqlDbType.Text),
                    PostgresRows.Array(cursors, cursor => cursor.Key.JournalId, NpgsqlDbType.Uuid),
                    PostgresRows.Array(cursors, cursor => cursor.Value.Position, NpgsqlDbType.Bigint),
                    PostgresRows.Array(cursors, cursor => cursor.Value.Index, NpgsqlDbType.Integer),
                },
            });
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
        batch.BatchCommands.Clear(); // the connection remembers what it sent last, and with it every row of an import
    }
}
