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
    public static IReadOnlyList<string> Sqlite { get; } = [.. Tables(new("TEXT", "INTEGER", "BLOB", " STRICT", (table, why) =>
    [
        $"CREATE TRIGGER IF NOT EXISTS {table}_are_kept BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{why}'); END",
    ]))];

    /// <summary>Creates what is missing on PostgreSQL; replicas that start together take turns.</summary>
    public static IReadOnlyList<string> Postgres { get; } =
    [
        "SELECT pg_advisory_xact_lock(8102938457120937473)",
        $"CREATE SCHEMA IF NOT EXISTS {Name}",
        .. Tables(new("text COLLATE \"C\"", "bigint", "bytea", "", (table, why) =>
        [
            $"CREATE OR REPLACE FUNCTION {table}_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{why}'; END $$",
            $"CREATE OR REPLACE TRIGGER {table}_are_kept BEFORE UPDATE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_are_kept()",
        ])),
    ];

    private static IEnumerable<string> Tables(Types t) =>
    [
        // Which master key file the service uses; one row. The key itself is never here.
        $"CREATE TABLE IF NOT EXISTS master_keys (place {t.Number} PRIMARY KEY CHECK (place = 1), kid {t.Text} NOT NULL, created_at {t.Number} NOT NULL){t.End}",
        // Keys of single things, each encrypted under the master key. A row that is deleted takes what it encrypted with it.
        $"CREATE TABLE IF NOT EXISTS data_keys (id {t.Text} PRIMARY KEY, kid {t.Text} NOT NULL, wrapped {t.Bytes} NOT NULL, created_at {t.Number} NOT NULL){t.End}",

        // Records of screenings: appended and, when their time has come, deleted, but never changed.
        $"""
        CREATE TABLE IF NOT EXISTS screenings (
          id {t.Text} PRIMARY KEY, client {t.Text} NOT NULL, screened_at {t.Number} NOT NULL, expires_at {t.Number} NOT NULL,
          profile {t.Text} NOT NULL, engine {t.Text} NOT NULL, threshold {t.Text} NOT NULL, hits_limit {t.Number} NOT NULL, exhaustive {t.Number} NOT NULL,
          list_version {t.Text} NOT NULL, query_hash {t.Bytes} NOT NULL, result_hash {t.Bytes} NOT NULL, hits {t.Number} NOT NULL, band {t.Text} NOT NULL, excluded {t.Text} NOT NULL,
          record_hash {t.Bytes} NOT NULL, batch {t.Text} NOT NULL, place {t.Number} NOT NULL, query {t.Bytes}){t.End}
        """,
        "CREATE UNIQUE INDEX IF NOT EXISTS screenings_batch ON screenings (batch, place)",
        "CREATE INDEX IF NOT EXISTS screenings_client ON screenings (client, id)",
        "CREATE INDEX IF NOT EXISTS screenings_band ON screenings (band, id) WHERE band <> 'NONE'",
        .. t.Kept("screenings", "records of screenings are never changed"),

        // Their batches: who sealed where. expiring names the step of the retention that is deleting the batch.
        $"""
        CREATE TABLE IF NOT EXISTS screening_batches (
          id {t.Text} PRIMARY KEY, opened_at {t.Number} NOT NULL, expires_at {t.Number} NOT NULL, records {t.Number} NOT NULL, closed {t.Number} NOT NULL,
          position {t.Number}, expiring {t.Text}){t.End}
        """,
        "CREATE INDEX IF NOT EXISTS screening_batches_unsealed ON screening_batches (id) WHERE position IS NULL",
        "CREATE INDEX IF NOT EXISTS screening_batches_expiry ON screening_batches (expires_at)",
    ];

    private sealed record Types(string Text, string Number, string Bytes, string End, Func<string, string, IEnumerable<string>> Kept);
}
