using ExternalAction.Journal.Relay;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExternalAction.Journal.Tool;

/// <summary>
/// <c>republish</c>: asks the running relay to send a stretch of the past to one queue again. Only the service knows what
/// its events mean to others, so the tool leaves a request in the journal's database and the relay carries it out.
/// </summary>
internal static class RepublishVerb
{
    public static Verb Verb { get; } = new(
        "republish",
        "sends past events to one queue again",
        """
        republish: asks the service's relay to send its events from a position on to one queue, once more and in order. The
        relay does so within seconds while the service runs, and else when it starts; its log says when it is done. Consumers
        pass what they have, so --from 1 is always right. The queue must be one of the relay's: in the list of Contracts or in
        Relay:Queues. Without a broker (embedded) nothing needs to be republished.
          --sqlite FILE       the journal in SQLite; the service may be running
          --postgres STRING   the journal in PostgreSQL, by its connection string
          --from N            the first position
          --to QUEUE          the queue
        """,
        ["--sqlite", "--postgres", "--from", "--to"],
        RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        var from = arguments.FindPosition("--from") ?? throw new UsageException("The option --from is missing.");
        var queue = arguments.Get("--to");
        if (queue.Length is 0 or > 200)
        {
            throw new UsageException("--to must be a queue's name, 1 to 200 characters.");
        }

        await using var store = Open(arguments);
        var last = await store.ReadLastPositionAsync(ct);
        if (from > last)
        {
            throw new UsageException($"--from is {from}, but the journal ends at {last}.");
        }

        await Republication.RequestAsync(store, queue, from, ct);
        output.WriteLine($"The relay will send what follows from position {from} on to {queue}.");
        return JournalTool.Success;
    }

    private static IJournalStore Open(Arguments arguments) => (arguments.Find("--sqlite"), arguments.Find("--postgres")) switch
    {
        ({ } file, null) => File.Exists(file) ? new SqliteJournalStore(file) : throw new FileNotFoundException($"There is no file '{file}'.", file),
        (null, { } connectionString) => new PostgresJournalStore(connectionString, NullLogger.Instance),
        _ => throw new UsageException("Name the journal by --sqlite or --postgres."),
    };
}
