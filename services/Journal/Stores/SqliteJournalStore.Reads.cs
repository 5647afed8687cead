using Microsoft.Data.Sqlite;

namespace ExternalAction.Journal;

/// <content>The reads, each on a pooled connection of its own, beside the writer.</content>
internal sealed partial class SqliteJournalStore
{
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
}
