using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExternalAction.Journal.Tool;

/// <summary>Where a verb reads its rows: a SQLite file, a PostgreSQL database or an export. Nothing is ever written there.</summary>
internal static class JournalSource
{
    private const int RowsPerPage = 2_000;

    /// <summary>The options that name a source.</summary>
    public static readonly string[] Options = ["--sqlite", "--postgres", "--export"];

    public const string Help = """
          --sqlite FILE       a journal in SQLite; the service may be running
          --postgres STRING   a journal in PostgreSQL, by its connection string
          --export FILE       rows that 'export' wrote
        """;

    /// <summary>True if the command line names a source.</summary>
    public static bool IsGiven(Arguments arguments) => Options.Any(option => arguments.Find(option) is not null);

    /// <summary>All rows from a position on, in order.</summary>
    public static IAsyncEnumerable<JournalRow> ReadAsync(Arguments arguments, long fromPosition, CancellationToken ct)
    {
        if (Options.Count(option => arguments.Find(option) is not null) != 1)
        {
            throw new UsageException($"Name the journal by one of {string.Join(", ", Options)}.");
        }

        if (arguments.Find("--sqlite") is { } file)
        {
            return File.Exists(file)
                ? FromStoreAsync(new SqliteJournalStore(file), fromPosition, ct)
                : throw new FileNotFoundException($"There is no file '{file}'.", file);
        }

        return arguments.Find("--postgres") is { } connectionString
            ? FromStoreAsync(new PostgresJournalStore(connectionString, NullLogger.Instance), fromPosition, ct)
            : FromExportAsync(arguments.Get("--export"), fromPosition, ct);
    }

    private static async IAsyncEnumerable<JournalRow> FromStoreAsync(
        IJournalStore store, long fromPosition, [EnumeratorCancellation] CancellationToken ct)
    {
        await using (store)
        {
            var after = fromPosition - 1;
            while (true)
            {
                var rows = await store.ReadRowsAsync(after, long.MaxValue, RowsPerPage, ct);
                foreach (var row in rows)
                {
                    yield return row;
                }

                if (rows.Count < RowsPerPage)
                {
                    yield break;
                }

                after = rows[^1].Position;
            }
        }
    }

    private static async IAsyncEnumerable<JournalRow> FromExportAsync(
        string file, long fromPosition, [EnumeratorCancellation] CancellationToken ct)
    {
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(file, ct))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            JournalRow row;
            try
            {
                row = RowExport.Read(line);
            }
            catch (InvalidDataException malformed)
            {
                throw new InvalidDataException($"{file}, line {number}: {malformed.Message}", malformed);
            }

            if (row.Position >= fromPosition)
            {
                yield return row;
            }
        }
    }
}
