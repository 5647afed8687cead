using Npgsql;
using NpgsqlTypes;

namespace ExternalAction.Journal;

/// <summary>Rows between .NET and PostgreSQL: one row at a time when reading, arrays of columns when writing.</summary>
internal static class PostgresRows
{
    public const string Columns = "position, stream, version, type, payload, actor, occurred_at, recorded_at, previous_hash, hash";

    public const string Insert = $"""
        INSERT INTO journal_rows ({Columns})
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    public static async Task<List<JournalRow>> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var rows = new List<JournalRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new JournalRow
            {
                Position = reader.GetInt64(0),
                Stream = reader.GetString(1),
                Version = reader.GetInt64(2),
                Type = reader.GetString(3),
                Payload = reader.GetFieldValue<byte[]>(4),
                Actor = reader.GetString(5),
                OccurredAt = reader.GetInt64(6),
                RecordedAt = reader.GetInt64(7),
                PreviousHash = reader.IsDBNull(8) ? null : Hash(reader, 8),
                Hash = Hash(reader, 9),
            });
        }

        return rows;
    }

    /// <summary>The statement that inserts all rows at once: one round trip and one plan, however many there are.</summary>
    public static NpgsqlBatchCommand InsertCommand(IReadOnlyList<JournalRow> rows) => new(Insert)
    {
        Parameters =
        {
            Array(rows, row => row.Position, NpgsqlDbType.Bigint),
            Array(rows, row => row.Stream, NpgsqlDbType.Text),
            Array(rows, row => row.Version, NpgsqlDbType.Bigint),
            Array(rows, row => row.Type, NpgsqlDbType.Text),
            Array(rows, row => row.Payload.ToArray(), NpgsqlDbType.Text), // bytes as text: they are UTF-8 already
            Array(rows, row => row.Actor, NpgsqlDbType.Text),
            Array(rows, row => row.OccurredAt, NpgsqlDbType.Bigint),
            Array(rows, row => row.RecordedAt, NpgsqlDbType.Bigint),
            Array(rows, row => row.PreviousHash?.ToArray(), NpgsqlDbType.Bytea),
            Array(rows, row => row.Hash.ToArray(), NpgsqlDbType.Bytea),
        },
    };

    /// <summary>A column of some items as one array parameter.</summary>
    public static NpgsqlParameter<TValue[]> Array<TItem, TValue>(IReadOnlyList<TItem> items, Func<TItem, TValue> value, NpgsqlDbType type)
    {
        var values = new TValue[items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(items[i]);
        }

        return new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    private static Digest Hash(NpgsqlDataReader reader, int column)
    {
        Span<byte> bytes = stackalloc byte[Digest.LengthBytes];
        var value = reader.GetFieldValue<byte[]>(column);
        if (value.Length != Digest.LengthBytes)
        {
            return default; // No row has this hash, so the chain check names the row.
        }

        value.CopyTo(bytes);
        return new Digest(bytes);
    }
}
