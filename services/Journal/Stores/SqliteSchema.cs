namespace ExternalAction.Journal;

/// <summary>The tables on SQLite. The triggers refuse what an append-only table never needs, so that an accident is loud.</summary>
internal static class SqliteSchema
{
    public const string Create = """
        CREATE TABLE IF NOT EXISTS journal_rows (
          position      INTEGER PRIMARY KEY,
          stream        TEXT    NOT NULL CHECK (length(stream) BETWEEN 1 AND 200),
          version       INTEGER NOT NULL,
          type          TEXT    NOT NULL,
          payload       TEXT    NOT NULL,
          actor         TEXT    NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
          occurred_at   INTEGER NOT NULL,
          recorded_at   INTEGER NOT NULL,
          previous_hash BLOB,
          hash          BLOB    NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX IF NOT EXISTS journal_rows_stream ON journal_rows (stream, position);
        CREATE TRIGGER IF NOT EXISTS journal_rows_no_update BEFORE UPDATE ON journal_rows BEGIN SELECT RAISE(ABORT, 'journal rows are never changed'); END;
        CREATE TRIGGER IF NOT EXISTS journal_rows_no_delete BEFORE DELETE ON journal_rows BEGIN SELECT RAISE(ABORT, 'journal rows are never deleted'); END;
        CREATE TABLE IF NOT EXISTS journal_commands (
          actor          TEXT    NOT NULL,
          rpc            TEXT    NOT NULL,
          key            TEXT    NOT NULL,
          input_hash     BLOB    NOT NULL,
          first_position INTEGER NOT NULL,
          last_position  INTEGER NOT NULL,
          reply          BLOB    NOT NULL,
          PRIMARY KEY (key, actor, rpc)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS journal_cursors (
          source     TEXT    NOT NULL,
          journal_id TEXT    NOT NULL,
          position   INTEGER NOT NULL,
          item       INTEGER NOT NULL,
          PRIMARY KEY (source, journal_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS journal_checkpoints (
          relay         TEXT    NOT NULL PRIMARY KEY,
          position      INTEGER NOT NULL,
          last_position INTEGER NOT NULL,
          last_item     INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;
}
