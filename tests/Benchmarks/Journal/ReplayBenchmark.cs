using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using ExternalAction.Journal;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExternalAction.Benchmarks;

/// <summary>Opening a journal of 100,000 rows on SQLite: reading, hashing, parsing, folding.</summary>
[MemoryDiagnoser]
public partial class ReplayBenchmark
{
    private const int Rows = 100_000;
    private string _folder = "";

    // The in-process toolchain does not await a set-up that returns a task.
    [GlobalSetup]
    public void Write() => WriteAsync().GetAwaiter().GetResult();

    private async Task WriteAsync()
    {
        _folder = Directory.CreateTempSubdirectory("ea-replay-").FullName;
        await using var journal = Open();
        await journal.StartAsync(CancellationToken.None);
        for (var i = 0; i < Rows; i += 10_000)
        {
            await journal.ExecuteAsync(
                new Command<Tally, Counted, string, StringValue>
                {
                    Actor = "benchmark",
                    Rpc = "Fill",
                    Input = new StringValue(),
                    ReceivedAt = DateTimeOffset.UnixEpoch,
                    Decide = (_, ctx) => Decision<Counted, string>.Accept(
                        [.. Enumerable.Range(0, 10_000).Select(n => new NewEvent<Counted>(new Counted($"counter:{n % 500}", n, "a sentence of the usual length in a payload"), ctx.Now))]),
                    Reply = (_, _) => new StringValue(),
                },
                CancellationToken.None);
        }
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Benchmark(OperationsPerInvoke = Rows)]
    public async Task<long> Replay()
    {
        await using var journal = Open();
        await journal.StartAsync(CancellationToken.None);
        return journal.Position;
    }

    private Journal<Tally, Counted> Open() => new(
        new JournalDefinition<Tally, Counted>
        {
            Service = "replay",
            Initial = new Tally(0),
            Evolve = (state, row) => new Tally(state.Sum + row.Event.Amount),
            Codec = new EventCodec<Counted>().Add("counted.v1", CountedJson.Default.Counted),
            StreamOf = counted => counted.Counter,
        },
        new JournalOptions { Folder = _folder, KeysFolder = Path.Combine(_folder, "keys") },
        TimeProvider.System,
        NullLogger<Journal<Tally, Counted>>.Instance);

    internal sealed record Tally(long Sum);

    internal sealed record Counted(string Counter, long Amount, string Text);

    [JsonSerializable(typeof(Counted))]
    internal sealed partial class CountedJson : JsonSerializerContext;
}
