using BenchmarkDotNet.Attributes;
using ExternalAction.Journal;

namespace ExternalAction.Benchmarks;

/// <summary>The hash of one row: paid once when it is written and once at every replay.</summary>
[MemoryDiagnoser]
public class RowHashBenchmark
{
    private readonly JournalRow _row = new()
    {
        Position = 123_456,
        Stream = "decision:0190a5c4-3f6e-7c11-8a54-6b7f1d2e3c4b",
        Version = 17,
        Type = "vote-recorded.v1",
        Payload = """{"decision":"0190a5c4-3f6e-7c11-8a54-6b7f1d2e3c4b","memberState":"IE","position":"CONSTRUCTIVE_ABSTENTION","declaration":"Ireland abstains."}"""u8.ToArray(),
        Actor = "delegation-ie",
        OccurredAt = 1_748_779_200_000_000,
        RecordedAt = 1_748_779_200_000_000,
        PreviousHash = default(Digest),
    };

    [Benchmark]
    public Digest ComputeHash() => _row.ComputeHash();
}
