using Microsoft.Data.Sqlite;

namespace ExternalAction.Journal;

/// <summary>The prepared statements of SQLite's one write connection; used by the writer's thread only.</summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>Parameters: name, position, place and index of the last event.</summary>
    public const string MoveCheckpointSql =
        "INSERT INTO journal_checkpoints (relay, position, last_position, last_item) VALUES ($1, $2, $3, $4) "
        + "ON CONFLICT DO UPDATE SET position = excluded.position, last_position = excluded.last_position, last_item = excluded.last_item";

    private readonly SqliteCommand _readRows, _readCommand, _readCursor, _insertRow, _insertCommand, _moveCursor, _moveCheckpoint;

    public SqliteWriter(SqliteConnection connection)
    {
        _readRows = Prepare($"SELECT {SqliteRows.Columns} FROM journal_rows WHERE position > $1 ORDER BY position LIMIT {StoreLimits.RowsPerRead}", 1);
        _readCommand = Prepare("SELECT input_hash, first_position, last_position, reply FROM journal_commands WHERE actor = $1 AND rpc = $2 AND key = $3", 3);
        _readCursor = Prepare("SELECT position, item FROM journal_cursors WHERE source = $1 AND journal_id = $2", 2);
        // The payload arrives as bytes and is stored as the text it is: a cast changes the type, not the bytes.
        _insertRow = Prepare($"INSERT INTO journal_rows ({SqliteRows.Columns}) VALUES ($1, $2, $3, $4, CAST($5 AS TEXT), $6, $7, $8, $9, $10)", 10);
        _insertCommand = Prepare("INSERT INTO journal_commands (actor, rpc, key, input_hash, first_position, last_position, reply) VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        _moveCursor = Prepare("INSERT INTO journal_cursors (source, journal_id, position, item) VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET position = excluded.position, item = excluded.item", 4);
        _moveCheckpoint = Prepare(MoveCheckpointSql, 4);

        SqliteCommand Prepare(string sql, int parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= parameters; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = FormattableString.Invariant($"${i}"), Value = DBNull.Value });
            }

            command.Prepare();
            return command;
        }
    }

    /// <summary>What stands behind the lock; the caller has begun the transaction.</summary>
    public LockedRead Read(long afterPosition, IReadOnlyList<CommandId> commands, IReadOnlyList<CursorId> cursors)
    {
        var rows = SqliteRows.Read(With(_readRows, afterPosition));

        var found = new Dictionary<CommandId, CommandRecord>();
        foreach (var id in commands)
        {
            using var reader = With(_readCommand, id.Actor, id.Rpc, id.Key).ExecuteReader();
            if (reader.Read())
            {
                found[id] = new CommandRecord(
                    id, new Digest(reader.GetFieldValue<byte[]>(0)), reader.GetInt64(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3));
            }
        }

        var places = new Dictionary<CursorId, EventPlace>();
        foreach (var id in cursors)
        {
            using var reader = With(_readCursor, id.Source, id.JournalId.ToString()).ExecuteReader();
            if (reader.Read())
            {
                places[id] = new EventPlace(reader.GetInt64(0), reader.GetInt32(1));
            }
        }

        return new LockedRead(rows, found, places);
    }

    /// <summary>Writes everything; the caller commits.</summary>
    public void Write(StoreWrite write)
    {
        foreach (var row in write.Rows)
        {
            With(
                _insertRow, row.Position, row.Stream, row.Version, row.Type, row.Payload.ToArray(), row.Actor, row.OccurredAt, row.RecordedAt,
                row.PreviousHash?.ToArray(), row.Hash.ToArray()).ExecuteNonQuery();
        }

        foreach (var command in write.Commands)
        {
            With(
                _insertCommand, command.Id.Actor, command.Id.Rpc, command.Id.Key, command.InputHash.ToArray(),
                command.FirstPosition, command.LastPosition, command.Reply).ExecuteNonQuery();
        }

        foreach (var (id, place) in write.Cursors)
        {
            With(_moveCursor, id.Source, id.JournalId.ToString(), place.Position, place.Index).ExecuteNonQuery();
        }
    }

    public int MoveCheckpoint(string relay, RelayCheckpoint checkpoint)
        => With(_moveCheckpoint, relay, checkpoint.Position, checkpoint.LastEvent.Position, checkpoint.LastEvent.Index).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_readRows, _readCommand, _readCursor, _insertRow, _insertCommand, _moveCursor, _moveCheckpoint])
        {
            command.Dispose();
        }
    }

    private static SqliteCommand With(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
