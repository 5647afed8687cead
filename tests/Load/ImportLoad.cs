using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace ExternalAction.Load;

/// <summary>
/// A list several times the size of the real one, imported in the distributed suite: how long it takes, how long other commands and
/// screenings wait meanwhile, and the memory of the service; and how long a read of the past takes in such a journal.
/// </summary>
internal static partial class ImportLoad
{
    private const int Subjects = 25_000;
    private const int Reads = 5;

    public static async Task RunAsync()
    {
        await using var suite = await SanctionsUnderLoad.StartAsync();
        var client = suite.Client;
        var real = await RealAsync();

        // 1. The real list, and three thousand subjects of it told otherwise: the past is read in a journal of some nine thousand rows.
        await ImportAsync(client, real);
        var names = 0;
        await ImportAsync(client, Whole().Replace(real, name => names++ % 2 == 0 && names < 6_000 ? name.Value + "New " : name.Value));
        await ReadPastAsync(client);

        // 2. A larger list instead, while others write and screen.
        var large = Larger(real);
        using var over = new CancellationTokenSource();
        var writing = Task.Run(() => RepeatAsync(i => client.PostAsync("/v1/listings:propose", "high-representative",
            $$"""{"regime":"CYB","type":"PERSON","content":{"names":[{"wholeName":"Load {{i}}"}],"statementOfReasons":"Load."} }"""), over.Token));
        var screening = Task.Run(() => RepeatAsync(i => client.PostAsync("/v1/screenings:match", "integrator", $$"""{"subjects":[{"names":["Nobody Atall {{i}}"],"type":"PERSON"}]}"""), over.Token));
        await Task.Delay(2_000);
        var before = ProcessorTimes.Take();
        var took = await ImportAsync(client, large);
        await over.CancelAsync();
        Print($"import of {Subjects} subjects in place of the real list: {took.Total:0.0} s, {(Subjects + 5_860) / took.Total:0} rows per second from the file to the list ({ProcessorTimes.Since(before, Subjects + 5_860)} a row)");
        Print($"  meanwhile a proposal took {await writing}, a screening {await screening}");
        Print($"  memory of the service: peak {ProcessorTimes.PeakMegabytes("sanctions"):0} MB, afterwards {ProcessorTimes.ResidentMegabytes("sanctions"):0} MB");
        await ReadPastAsync(client);
    }

    /// <summary>Seconds from the file to the list.</summary>
    private static async Task<(double Total, string Report)> ImportAsync(SanctionsClient client, string file)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(file));
        }
        var clock = Stopwatch.StartNew();
        var report = await client.SendAsync("/v1/lists/eu:import?force=true", "sanctions-officer", packed.ToArray(), "application/gzip");
        Print($"imported in {clock.Elapsed.TotalSeconds:0.0} s: {report[..Math.Min(report.Length, 110)]}");
        return (clock.Elapsed.TotalSeconds, report);
    }

    /// <summary>The listings as they are, and as they were at positions before, which are folded from the first row. No request is repeated: the gateway would know the answer.</summary>
    private static async Task ReadPastAsync(SanctionsClient client)
    {
        var position = long.Parse((string)(await client.GetAsync("/v1/lists/eu", "auditor"))["position"]!, CultureInfo.InvariantCulture);
        var (now, past) = (new List<double>(), new List<double>());
        for (var i = 0; i < Reads; i++)
        {
            now.Add(await TimedAsync(client, $"/v1/listings?pageSize={i + 1}"));
            past.Add(await TimedAsync(client, $"/v1/listings?pageSize=1&asOf=position:{position - 1 - i}"));
        }
        Print($"listings as of position {position - Reads} and later: {past.Order().ElementAt(Reads / 2):0} ms; as they are: {now.Order().ElementAt(Reads / 2):0} ms (medians of {Reads})");
    }

    private static async Task<double> TimedAsync(SanctionsClient client, string path)
    {
        var clock = Stopwatch.StartNew();
        await client.GetAsync(path, "auditor");
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<string> RepeatAsync(Func<int, Task> call, CancellationToken over)
    {
        var times = new List<double>();
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var clock = Stopwatch.StartNew();
            await call(i);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[times.Count / 2]:0} ms, p99 {times[times.Count * 99 / 100]:0} ms, at most {times[^1]:0} ms ({times.Count} times)");
    }

    private static async Task<string> RealAsync()
    {
        await using var file = new GZipStream(new MemoryStream(await SanctionsUnderLoad.ListFileAsync()), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The real entities over and over, each time under other numbers.</summary>
    private static string Larger(string real)
    {
        var begin = real.IndexOf("<sanctionEntity", StringComparison.Ordinal);
        var end = real.LastIndexOf("</sanctionEntity>", StringComparison.Ordinal) + "</sanctionEntity>".Length;
        var entities = Entity().Matches(real[begin..end]).Select(m => m.Value).ToList();
        var large = new StringBuilder(real[..begin]);
        for (var i = 0; i < Subjects; i++)
        {
            large.Append(Number().Replace(entities[i % entities.Count], string.Create(CultureInfo.InvariantCulture, $"${{head}}logicalId=\"{1_000_000 + i}\""), 1));
        }
        return large.Append(real[end..]).ToString();
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex("<sanctionEntity.*?</sanctionEntity>", RegexOptions.Singleline, 60_000)]
    private static partial Regex Entity();

    [GeneratedRegex("(?<head><sanctionEntity[^>]*?)logicalId=\"[0-9]+\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Number();

    [GeneratedRegex(" wholeName=\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Whole();
}
