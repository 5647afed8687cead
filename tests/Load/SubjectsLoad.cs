using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace ExternalAction.Load;

/// <summary>
/// Stored subjects in the distributed suite, with the whole EU list: how fast they are stored through the gateway, each screened, recorded and
/// encrypted; and how long re-screening takes, with 10,000 and with 100,000 of them, after a change of one listing and after one of every
/// listing's names, which raises every alert anew. The time is taken between two rows of the journal: the import, and the end of the
/// re-screening. Meanwhile somebody screens names one after the other, so that it is seen what is left to requests.
/// </summary>
internal static class SubjectsLoad
{
    private const string WholeName = " wholeName=\"";
    private const int Callers = 64;
    private const int MatchesAlone = 500;
    private static readonly int[] _counts = [10_000, 100_000];

    public static async Task RunAsync()
    {
        await using var suite = await SanctionsUnderLoad.StartAsync();
        var client = suite.Client;
        var people = (await File.ReadAllLinesAsync(SanctionsUnderLoad.InventedPeople)).Skip(1).Select(line => line.Split(',')).ToList();
        var xml = await UncompressedAsync(await SanctionsUnderLoad.ListFileAsync());
        await ImportAsync(client, xml);
        Print($"alone, one caller: {await MatchAsync(client, people, () => false)}");

        var stored = 0;
        foreach (var count in _counts)
        {
            // 1. Subjects: given names of some with family names of others.
            var clock = Stopwatch.StartNew();
            var before = ProcessorTimes.Take();
            await Parallel.ForEachAsync(Enumerable.Range(stored, count - stored), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) =>
                await client.PostAsync("/v1/subjects", "integrator", new JsonObject
                {
                    ["subject"] = new JsonObject { ["id"] = $"c{i}", ["names"] = new JsonArray(NameOf(people, i)), ["type"] = "PERSON" },
                    ["lists"] = new JsonArray("eu"),
                }.ToJsonString()));
            Print($"{count - stored} subjects stored by {Callers} callers: {(count - stored) / clock.Elapsed.TotalSeconds:0} per second, {ProcessorTimes.Since(before, count - stored)}");
            stored = count;

            // 2. One listing is renamed; 3. all are.
            xml = Renamed(xml, 1);
            await RescreenAsync(client, xml, people, count, "one listing changed");
            xml = Renamed(xml, int.MaxValue);
            await RescreenAsync(client, xml, people, count, "all listings changed");
            Print($"resident memory of the Sanctions service with {count} subjects: {ProcessorTimes.ResidentMegabytes("sanctions"):0} MB");
        }
    }

    private static async Task RescreenAsync(SanctionsClient client, string xml, List<string[]> people, int count, string what)
    {
        var before = ProcessorTimes.Take();
        await ImportAsync(client, xml);
        var list = await client.GetAsync("/v1/lists/eu", "auditor");
        JsonNode? done = null;
        var finding = Task.Run(async () =>
        {
            while ((done = await FindAsync(client, (string)list["listVersion"]!)) is null)
            {
                await Task.Delay(50);
            }
        });
        var matches = await MatchAsync(client, people, () => !finding.IsCompleted);
        await finding;
        var seconds = (At(done!["row"]!["recordedAt"]) - At(list["importedAt"])).TotalSeconds;
        Print($"{count} subjects, {what} ({done["listings"]}): {seconds:0.00} s, {done["alerts"]} alerts, {count / seconds:0} subjects per second; {ProcessorTimes.Since(before, count)} with the import");
        Print($"  meanwhile, one caller: {matches}");
    }

    /// <summary>The record of the re-screening at a version.</summary>
    private static async Task<JsonNode?> FindAsync(SanctionsClient client, string version) =>
        (await client.GetAsync("/v1/subjects:rescreenings?pageSize=500", "auditor"))["rescreenings"]?.AsArray().FirstOrDefault(r => (string?)r!["listVersion"] == version);

    private static async Task ImportAsync(SanctionsClient client, string xml)
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(xml));
        }
        await client.SendAsync("/v1/lists/eu:import", "sanctions-officer", compressed.ToArray(), "application/gzip");
    }

    /// <summary>Screens names one after the other, a fixed number of them or as long as something lasts; says how long one takes.</summary>
    private static async Task<string> MatchAsync(SanctionsClient client, List<string[]> people, Func<bool> lasts)
    {
        var taken = new List<double>();
        for (var i = 0; taken.Count < MatchesAlone || lasts(); i++)
        {
            var clock = Stopwatch.StartNew();
            await client.PostAsync("/v1/screenings:match", "integrator", new JsonObject { ["subjects"] = new JsonArray(new JsonObject { ["names"] = new JsonArray(NameOf(people, i * 7)), ["type"] = "PERSON" }) }.ToJsonString());
            taken.Add(clock.Elapsed.TotalMilliseconds);
        }
        taken.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"a match takes p50 {taken[taken.Count / 2]:0.0} ms, p99 {taken[taken.Count * 99 / 100]:0.0} ms ({taken.Count} of them)");
    }

    private static string NameOf(List<string[]> people, int i) => $"{people[i % people.Count][1]} {people[((i / people.Count * 17) + i) % people.Count][3]}";

    /// <summary>The list with the first so many whole names in other letters: capitals become small ones, and small ones capitals.</summary>
    private static string Renamed(string xml, int names)
    {
        var renamed = new StringBuilder(xml);
        for (var at = Next(0); at > 0 && names > 0; at = Next(at), names--)
        {
            for (var isEntity = false; xml[at] != '"'; at++)
            {
                isEntity = xml[at] == '&' || (isEntity && xml[at] != ';');
                renamed[at] = isEntity ? xml[at] : char.IsUpper(xml[at]) ? char.ToLowerInvariant(xml[at]) : char.ToUpperInvariant(xml[at]);
            }
        }
        return renamed.ToString();

        int Next(int from) => xml.IndexOf(WholeName, from, StringComparison.Ordinal) is >= 0 and var found ? found + WholeName.Length : -1;
    }

    private static async Task<string> UncompressedAsync(byte[] file)
    {
        await using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static DateTimeOffset At(JsonNode? time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
