using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

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
    private static readonly string _data = Path.Combine(AppContext.BaseDirectory, "Data");

    public static async Task RunAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var folder = Directory.CreateTempSubdirectory("screening-load-");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        }

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--mode", "distributed", "--data", folder.FullName], limit.Token);
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "gateway"))
            .WithEnvironment("Gateway__RateLimit__PerSecond", "1000000").WithEnvironment("Gateway__RateLimit__Burst", "1000000")
            .WithEnvironment("Logging__LogLevel__ExternalAction.Gateway.Access", "Warning");
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", limit.Token);
        using var http = app.CreateHttpClient("gateway", "http");
        http.Timeout = TimeSpan.FromMinutes(5);
        var client = new Client(http);

        // 1. The list.
        var clock = Stopwatch.StartNew();
        await client.SendAsync("/v1/lists/eu:import", "sanctions-officer", await File.ReadAllBytesAsync(Path.Combine(_data, "eu_fsf_2026-05-01.xml.gz"), limit.Token), "application/gzip");
        Print($"import of the whole list through the gateway: {clock.Elapsed.TotalSeconds:0.00} s");
        clock.Restart();
        await client.SendAsync("/v1/lists/eu:import", "sanctions-officer", await File.ReadAllBytesAsync(Path.Combine(_data, "eu_fsf_2026-05-01.xml.gz"), limit.Token), "application/gzip");
        Print($"import of the same list again: {clock.Elapsed.TotalSeconds:0.00} s");

        // 2. Batches: invented people, others in every round (given names of some with family names of others), and names like no
        // other. The first rounds are not counted: a service that has just started compiles its code while it works.
        var people = (await File.ReadAllLinesAsync(Path.Combine(_data, "queries", "negatives_2000.csv"), limit.Token)).Skip(1).Select(line => line.Split(',')).ToList();
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
        await app.StopAsync(limit.Token);
        folder.Delete(recursive: true);
    }

    private static async Task<double> RateAsync(Client client, List<byte[]> requests)
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

    /// <summary>Calls over REST, with a development token for each role.</summary>
    private sealed class Client(HttpClient http)
    {
        private readonly ConcurrentDictionary<string, string> _tokens = [];

        public async Task<string> SendAsync(string path, string role, byte[] body, string type)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role));
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path}: {text}");
        }

        /// <summary>A listing is proposed, and a decision that lists it lies under silence.</summary>
        public async Task<(string Decision, string Name)> DecideAsync(int i)
        {
            var name = $"Zorblax{(char)('a' + (i % 26))}{(char)('a' + (i / 26))} Quentharion";
            var listing = await PostAsync("/v1/listings:propose", "high-representative", $$"""{"regime":"CYB","type":"PERSON","content":{"names":[{"wholeName":"{{name}}"}],"statementOfReasons":"Load."} }""");
            var decision = await PostAsync("/v1/decisions", "secretariat", $$"""{"title":"Load {{i}}","documentNumber":"ST {{i}}/26","legalBasis":"TEU-31-1","initiative":"HIGH_REPRESENTATIVE","procedure":"SILENCE","links":[{"kind":"SANCTIONS_LISTING","id":"{{listing["id"]}}"}]}""");
            var id = (string)decision["id"]!;
            await PostAsync($"/v1/decisions/{id}:open", "secretariat", $$"""{"deadline":"{{TimeProvider.System.GetUtcNow().AddSeconds(1):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}""");
            return (id, name);
        }

        /// <summary>The decision is published once it is adopted; milliseconds from the request to publish until a screening finds the name.</summary>
        public async Task<double> PublishAndFindAsync(int i, string id, string name)
        {
            while ((string?)(await GetAsync($"/v1/decisions/{id}", "secretariat"))["state"] != "ADOPTED")
            {
                await Task.Delay(200);
            }
            var today = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var clock = Stopwatch.StartNew();
            await PostAsync($"/v1/decisions/{id}:publish", "secretariat", $$"""{"actNumber":"(CFSP) 2026/{{50_000 + i}}","publicationDate":"{{today}}","effectDate":"{{today}}"}""");
            while ((await PostAsync("/v1/screenings:match", "integrator", $$"""{"subjects":[{"names":["{{name}}"],"type":"PERSON"}],"limit":100}"""))["results"]![0]!["hits"]!.AsArray().All(hit => (string?)hit!["caption"] != name))
            {
            }
            return clock.Elapsed.TotalMilliseconds;
        }

        private async Task<JsonNode> PostAsync(string path, string role, string json) => JsonNode.Parse(await SendAsync(path, role, Encoding.UTF8.GetBytes(json), "application/json"))!;

        private async Task<JsonNode> GetAsync(string path, string role)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role));
            using var response = await http.SendAsync(request);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        }

        private async Task<string> TokenAsync(string role)
        {
            if (!_tokens.TryGetValue(role, out var token))
            {
                using var response = await http.PostAsync("/dev/tokens", new StringContent($$"""{"role":"{{role}}","name":"Load"}""", Encoding.UTF8, "application/json"));
                _tokens[role] = token = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["token"]!;
            }
            return token;
        }
    }
}
