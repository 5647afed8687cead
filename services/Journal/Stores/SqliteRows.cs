using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ExternalAction.Journal;

/// <summary>
/// Reads journal rows from SQLite. It takes columns from the statement itself, without the copies a data reader makes:
/// replay reads every row there is, and the verifier too.
/// </summary>
internal static class SqliteRows
{
    public const string Columns = "position, stream, version, type, payload, actor, occurred_at, recorded_at, previous_hash, hash";

    public static List<JournalRow> Read(SqliteCommand command)
    {
        var rows = new List<JournalRow>();
        var texts = new TextCache();
        using var reader = command.ExecuteReader();
        var row = reader.Handle!;
        while (reader.Read())
        {
            rows.Add(new JournalRow
            {
                Position = raw.sqlite3_column_int64(row, 0),
                Stream = texts.Get(raw.sqlite3_column_blob(row, 1)),
                Version = raw.sqlite3_column_int64(row, 2),
                Type = texts.Get(raw.sqlite3_column_blob(row, 3)),
                Payload = raw.sqlite3_column_blob(row, 4).ToArray(),
                Actor = texts.Get(raw.sqlite3_column_blob(row, 5)),
                OccurredAt = raw.sqlite3_column_int64(row, 6),
                RecordedAt = raw.sqlite3_column_int64(row, 7),
                PreviousHash = raw.sqlite3_column_type(row, 8) == raw.SQLITE_NULL ? null : Hash(row, 8),
                Hash = Hash(row, 9),
            });
        }

        return rows;
    }

    private static Digest Hash(sqlite3_stmt row, int column)
    {
        var bytes = raw.sqlite3_column_blob(row, column);
        return bytes.Length == Digest.LengthBytes ? new Digest(bytes) : default;
    }
}
