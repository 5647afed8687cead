namespace ExternalAction.Sanctions.Private;

/// <summary>
/// The tables of the private store, the same on both databases but for the names of their types. Times are microseconds since
/// 1970, yes and no are 1 and 0. A table that changes after a release gets its change as a further statement at the end.
/// </summary>
internal static class PrivateSchema
{
    /// <summary>The schema on PostgreSQL.</summary>
    public const string Name = "private";

    /// <summary>Creates what is missing on SQLite.</summary>
    public static IReadOnlyList<string> Sqlite { get; } = [.. Tables(new("TEXT", "INTEGER", "BLOB", " STRICT"))];

    /// <summary>Creates what is missing on PostgreSQL; replicas that start together take turns.</summary>
    public static IReadOnlyList<string> Postgres { get; } =
    [
        "SELECT pg_advisory_xact_lock(8102938457120937473)",
        $"CREATE SCHEMA IF NOT EXISTS {Name}",
        .. Tables(new("text COLLATE \"C\"", "bigint", "bytea", "")),
    ];

    private static IEnumerable<string> Tables(Types t) =>
    [
        // Which master key file the service uses; one row. The key itself is never here.
        $"CREATE TABLE IF NOT EXISTS master_keys (place {t.Number} PRIMARY KEY CHECK (place = 1), kid {t.Text} NOT NULL, created_at {t.Number} NOT NULL){t.End}",
        // Keys of single things, each encrypted under the master key. A row that is deleted takes what it encrypted with it.
        $"CREATE TABLE IF NOT EXISTS data_keys (id {t.Text} PRIMARY KEY, kid {t.Text} NOT NULL, wrapped {t.Bytes} NOT NULL, created_at {t.Number} NOT NULL){t.End}",
    ];

    private sealed record Types(string Text, string Number, string Bytes, string End);
}
