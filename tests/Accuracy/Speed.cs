using System.Diagnostics;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Accuracy;

/// <summary>How long the list takes to index and one match to run, over every treated query (of five rounds the median one), and the memory of the index.</summary>
internal static class Speed
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 5;

    internal static void Print()
    {
        long before = GC.GetTotalMemory(true);
        List<ScreenedEntity> entities = ListData.Read();
        long read = GC.GetTotalMemory(true);
        var watch = Stopwatch.StartNew();
        ScreeningIndex index = ScreeningIndex.Build(entities);
        Console.WriteLine($"index of {index.EntityCount} entities, {index.NameCount} names: {watch.ElapsedMilliseconds} ms, {(GC.GetTotalMemory(true) - read) / 1048576.0:0.0} MB beside the entities' own {(read - before) / 1048576.0:0.0} MB");
        ScreeningQuery[] queries = [.. ListLevel.Positives().Select(p => new ScreeningQuery([p.Text], p.Person ? SubjectType.Person : SubjectType.Enterprise))];

        // The first rounds let the runtime compile what is hot. In every round the index is a new one, which has not seen a word yet.
        ScreeningQuery[] invented = [.. ListLevel.Negatives().Select(n => new ScreeningQuery([n], SubjectType.Person))];
        var rounds = new List<(double[] Microseconds, long Bytes)[]>();
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            index = ScreeningIndex.Build(entities);
            rounds.Add([Run(index, queries, ScreeningProfile.Payments), Run(index, queries, ScreeningProfile.Payments), Run(index, invented, ScreeningProfile.Payments)]);
        }

        foreach ((int at, string what) in new[] { "words never seen", "words seen before", "invented people" }.Index())
        {
            Show(what, rounds[WarmUpRounds..].Select(r => r[at]).OrderBy(r => r.Microseconds.Average()).ElementAt(Rounds / 2));
        }

        Console.WriteLine($"memory after collection: {GC.GetTotalMemory(true) / 1048576} MB");
        GC.KeepAlive(index);
        GC.KeepAlive(entities);
    }

    private static (double[] Microseconds, long Bytes) Run(ScreeningIndex index, ScreeningQuery[] queries, ScreeningProfile profile)
    {
        var options = new MatchOptions(profile);
        var times = new double[queries.Length];
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < queries.Length; i++)
        {
            long from = Stopwatch.GetTimestamp();
            index.Match(queries[i], options);
            times[i] = Stopwatch.GetElapsedTime(from).TotalMicroseconds;
        }

        return (times, (GC.GetAllocatedBytesForCurrentThread() - bytes) / queries.Length);
    }

    private static void Show(string what, (double[] Microseconds, long Bytes) run)
    {
        double[] times = [.. run.Microseconds.Order()];
        Console.WriteLine($"one match ({what}): p50 {times[times.Length / 2]:0} us, p99 {times[times.Length * 99 / 100]:0} us, max {times[^1]:0} us, mean {times.Average():0} us, {1e6 / times.Average():0} a second and core, {run.Bytes / 1024.0:0.0} kB allocated");
    }
}
