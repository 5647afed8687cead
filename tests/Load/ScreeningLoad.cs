using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ExternalAction.Load;

/// <summary>
/// Sanctions in the distributed suite, with the whole EU list: how long an import takes, how many subjects a batch through the
/// gateway screens a second, how long after the publication of a decision the name it lists is found, and the memory of the
/// service. The reference of the batch is the same batch of names that nothing on the list resembles at all.
/// </summary>
internal static class ScreeningLoad
{
    private const int Publications = 40;
    private const int Rounds = 5;
    private const int WarmUpRounds = 6;
    private const int LinesPerRequest = 250;
    private const int RequestsAtOnce = 4;

    public static async Task RunAsync()
    {
        await using var suite = await SanctionsUnderLoad.StartAsync();
        var client = suite.Client;

        // 1. The list.
        var file = await SanctionsUnderLoad.ListFileAsync();
        var clock = Stopwatch.StartNew();
        await client.SendAsync("/v1/lists/eu:import", "sanctions-officer", file, "application/gzip");
        Print($"import of the whole list through the gateway: {clock.Elapsed.TotalSeconds:0.00} s");
        clock.Restart();
        await client.SendAsync("/v1/lists/eu:import", "sanctions-officer", file, "application/gzip");
        Print($"import of the same list again: {clock.Elapsed.TotalSeconds:0.00} s");

        // 2. Batches: invented people, others in every round (given names of some with family names of others), and names like no
        // other. The first rounds are not counted: a service that has just started compiles its code while it works.
        var people = (await File.ReadAllLinesAsync(SanctionsUnderLoad.InventedPeople)).Skip(1).Select(line => line.Split(',')).ToList();
        List<double> real = [], reference = [];
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            var names = Lines([.. people.Select((p, i) => $"{p[1]} {people[(i + (round * 17) + people.Count) % people.Count][3]}")]);
            var nothing = Lines([.. Enumerable.Range(0, people.Count).Select(i => $"Qqxv{i} Zzwk{i + (round * 17)}")]);
            reference.Add(await RateAsync(client, nothing));
            var before = ProcessorTimes.Take();
            real.Add(await RateAsync(client, names));
            Print($"  {real[^1]:0} per second, {ProcessorTimes.Since(before, people.Count)}");
        }
        (real, reference) = (real[WarmUpRounds..], reference[WarmUpRounds..]);
        Print($"batch through the gateway, 2,000 people: {Median(real):0} subjects per second ({Environment.ProcessorCount} cores); names like no other {Median(reference):0} per second, {Median(real) / Median(reference):0.00} x");

        // 3. Publication to hit.
        var decisions = new List<(string Decision, string Name)>();
        for (var i = 0; i < Publications; i++)
        {
            decisions.Add(await client.DecideAsync(i));
        }
        var delays = new List<double>();
        foreach (var (i, (decision, name)) in decisions.Index())
        {
            delays.Add(await client.PublishAndFindAsync(i, decision, name));
        }
        delays.Sort();
        Print($"decision published → name found, {Publications} times: p50 {delays[Publications / 2]:0} ms, p99 {delays[^1]:0} ms");

        // 4. Memory.
        Print($"resident memory of the Sanctions service, after two imports and all of this: {ProcessorTimes.ResidentMegabytes("sanctions"):0} MB");
    }

    private static async Task<double> RateAsync(SanctionsClient client, List<byte[]> requests)
    {
        // A client of HTTP/1.1 that writes all before it reads anything sends batches of a few hundred (docs/api.md); it sends four at once.
        var clock = Stopwatch.StartNew();
        var count = 0;
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce }, async (lines, _) =>
        {
            var answers = await client.SendAsync("/v1/screenings:batch", "integrator", lines, "application/x-ndjson");
            Interlocked.Add(ref count, answers.Split('\n').Count(line => line.Contains("\"result\"", StringComparison.Ordinal)));
        });
        return count == 2_000 ? count / clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{count} answers to 2,000 subjects.");
    }

    private static List<byte[]> Lines(List<string> names) =>
    [
        .. names.Select((name, i) => new JsonObject { ["id"] = $"{i}", ["names"] = new JsonArray(name), ["type"] = "PERSON" }.ToJsonString()).Chunk(LinesPerRequest)
            .Select(lines => Encoding.UTF8.GetBytes(string.Join('\n', lines))),
    ];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
