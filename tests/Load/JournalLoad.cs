using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExternalAction.Journal;
using ExternalAction.Journal.Tests;
using ExternalAction.Testing;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExternalAction.Load;

/// <summary>
/// The journal in process on PostgreSQL with 64 callers, against pgbench in the same run (they take turns, so that
/// neither has the better moment of the machine), and the replay of what was written. Ends by itself after about two minutes.
/// </summary>
internal static class JournalLoad
{
    private const int Callers = 64;
    private const int RoundSeconds = 4;
    private const int Rounds = 3;
    private const int ReplayRows = 400_000;
    private const string Note = "the Council, on a proposal of the High Representative, has decided as follows";

    /// <summary>Throughput and replay.</summary>
    public static Task RunAsync() => RunAsync(throughput: true);

    /// <summary>The replay alone.</summary>
    public static Task RunReplayAsync() => RunAsync(throughput: false);

    private static async Task RunAsync(bool throughput)
    {
        await using var server = new PostgresServer();
        await server.InitializeAsync();
        var folder = Directory.CreateTempSubdirectory("ea-load-").FullName;
        try
        {
            var payload = Encoding.UTF8.GetString(Accounts.Definition.Codec.Encode(new AccountEvent.Deposited("500", 1, Note)).Payload);
            Print($"{Callers} callers, {Environment.ProcessorCount} cores, payload {payload.Length} bytes, fsync on, {Rounds} rounds of {RoundSeconds} s each");

            using var steps = new JournalSteps();

            // 1. Throughput, in turns.
            List<double> reference = [], plain = [], keyed = [], signed = [];
            for (var round = 1; throughput && round <= Rounds; round++)
            {
                reference.Add(await PgBench.RunAsync(server.Binaries, await server.CreateDatabaseAsync(), Callers, RoundSeconds, payload));
                plain.Add(await ThroughputAsync(await OptionsAsync(server, folder), keys: false, receipts: false));
                Print($"  without keys: {steps.TakeReport()}");
                keyed.Add(await ThroughputAsync(await OptionsAsync(server, folder), keys: true, receipts: false));
                Print($"  with keys:    {steps.TakeReport()}");
                signed.Add(await ThroughputAsync(await OptionsAsync(server, folder), keys: true, receipts: true));
                Print($"  receipts:     {steps.TakeReport()}");
            }

            if (throughput)
            {
                Print($"pgbench, single-row inserts:           {Median(reference),9:N0} rows/s");
                Print($"journal, without keys:                 {Median(plain),9:N0} rows/s   {Median(plain) / Median(reference):0.00} x pgbench");
                Print($"journal, idempotency keys:             {Median(keyed),9:N0} rows/s   {Median(keyed) / Median(reference):0.00} x pgbench");
                Print($"journal, keys and a signed receipt:    {Median(signed),9:N0} rows/s   {Median(signed) / Median(reference):0.00} x pgbench");
            }

            // 2. Replay with chain verification and JSON parsing.
            await ReplayAsync("PostgreSQL", await OptionsAsync(server, folder));
            await ReplayAsync("SQLite", new JournalOptions { Folder = Path.Combine(folder, "sqlite"), KeysFolder = Path.Combine(folder, "keys") });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JournalOptions> OptionsAsync(PostgresServer server, string folder) => new()
    {
        Store = JournalStoreKind.Postgres,
        Folder = Path.Combine(folder, "head"),
        KeysFolder = Path.Combine(folder, "keys"),
        ConnectionString = await server.CreateDatabaseAsync(),
    };

    private static async Task<double> ThroughputAsync(JournalOptions options, bool keys, bool receipts)
    {
        await using var journal = Open(options);
        await journal.StartAsync(CancellationToken.None);
        await RunCallersAsync(journal, keys, receipts, TimeSpan.FromSeconds(1)); // warm up
        var before = journal.Position;
        var watch = Stopwatch.StartNew();
        await RunCallersAsync(journal, keys, receipts, TimeSpan.FromSeconds(RoundSeconds));
        return (journal.Position - before) / watch.Elapsed.TotalSeconds;
    }

    private static Task RunCallersAsync(Journal<AccountsState, AccountEvent> journal, bool keys, bool receipts, TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        return Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; watch.Elapsed < time; i++)
            {
                var command = Accounts.Deposit(
                    (i * Callers % 1000 + caller).ToString(CultureInfo.InvariantCulture), 0, keys ? Guid.NewGuid().ToString() : null, note: Note);
                if (receipts)
                {
                    command = command with { Reply = (_, rows) => new StringValue { Value = journal.SignReceipt(rows[0], [new("account", "x")]) } };
                }

                await journal.ExecuteAsync(command, CancellationToken.None);
            }
        })));
    }

    private static async Task ReplayAsync(string name, JournalOptions options)
    {
        await using (var journal = Open(options))
        {
            await journal.StartAsync(CancellationToken.None);
            while (journal.Position < ReplayRows)
            {
                await journal.ExecuteAsync(
                    Accounts.Command("alice", "Bulk", null, "", "x", (_, ctx) => Decision<AccountEvent, Refusal>.Accept(
                        [.. Enumerable.Range(0, 10_000).Select(i => new NewEvent<AccountEvent>(new AccountEvent.Deposited($"{i % 1000}", 1, Note), ctx.Now))])),
                    CancellationToken.None);
            }
        }

        List<double> rates = [], costs = [];
        for (var round = 0; round < Rounds; round++)
        {
            await using var journal = Open(options);
            var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            await journal.StartAsync(CancellationToken.None);
            rates.Add(journal.Position / watch.Elapsed.TotalSeconds);
            costs.Add((Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / journal.Position);
        }

        Print($"replay from {name + ":",-26} {Median(rates),9:N0} rows/s   {Median(costs):0.0} µs of processor time per row (start of the journal included)");
    }

    private static Journal<AccountsState, AccountEvent> Open(JournalOptions options)
        => new(Accounts.Definition, options, TimeProvider.System, NullLogger<Journal<AccountsState, AccountEvent>>.Instance);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
