namespace ExternalAction.Journal;

/// <summary>
/// The tables on PostgreSQL, the same as on SQLite. Created once, under the journal's lock. Names are compared byte by byte
/// (collation C), and of a command's three names the key comes first in the index: it alone tells most of them apart.
/// </summary>
internal static class PostgresSchema
{
    public const string Create = """
        CREATE TABLE journal_rows (
          position      bigint PRIMARY KEY,
          stream        text COLLATE "C" NOT NULL CHECK (length(stream) BETWEEN 1 AND 200),
          version       bigint NOT NULL,
          type          text   NOT NULL,
          payload       text   NOT NULL,
          actor         text   NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
          occurred_at   bigint NOT NULL,
          recorded_at   bigint NOT NULL,
          previous_hash bytea,
          hash          bytea  NOT NULL
        );
        CREATE UNIQUE INDEX journal_rows_stream ON journal_rows (stream, position);
        CREATE FUNCTION journal_rows_are_kept() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'journal rows are never changed or deleted'; END $$;
        CREATE TRIGGER journal_rows_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_rows
          FOR EACH STATEMENT EXECUTE FUNCTION journal_rows_are_kept();
        CREATE TABLE journal_commands (
          actor          text COLLATE "C" NOT NULL,
          rpc            text COLLATE "C" NOT NULL,
          key            text COLLATE "C" NOT NULL,
          input_hash     bytea  NOT NULL,
          first_position bigint NOT NULL,
          last_position  bigint NOT NULL,
          reply          bytea  NOT NULL,
          PRIMARY KEY (key, actor, rpc)
        );
        CREATE TABLE journal_cursors (
          source     text COLLATE "C" NOT NULL,
          journal_id uuid    NOT NULL,
          position   bigint  NOT NULL,
          item       integer NOT NULL,
          PRIMARY KEY (source, journal_id)
        );
        CREATE TABLE journal_checkpoints (
          relay         text COLLATE "C" NOT NULL PRIMARY KEY,
          position      bigint  NOT NULL,
          last_position bigint  NOT NULL,
          last_item     integer NOT NULL
        );
        """;
}
