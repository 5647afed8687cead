using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Suite.Tests.Clients;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>Lists in bad weather: screened while they change, imported twice at once, and killed in the middle.</summary>
public abstract class ImportWeather(SuiteFixture suite)
{
    [Fact]
    public async Task A_screening_during_imports_sees_one_version_and_never_half_of_one()
    {
        // Two lists that have nobody in common take turns; whoever asks for one person of each finds exactly one of them.
        var council = suite.Rest;
        await council.Import(UnList.File("2030-02-01", 1_000, 400), force: true);
        using var over = new CancellationTokenSource();
        var asked = Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskAsync(council, over.Token))).ToList();
        for (var turn = 1; turn <= 6; turn++)
        {
            await council.Import(UnList.File("2030-02-01", turn % 2 == 0 ? 1_000 : 5_000, 400), force: true);
        }
        await over.CancelAsync();
        var answers = (await Task.WhenAll(asked)).SelectMany(a => a).ToList();
        Assert.True(answers.Count > 20, $"Only {answers.Count} answers.");
        Assert.All(answers, a => Assert.True(a.First != a.Second, $"{a.Version}: both or none"));
        Assert.Single(answers.GroupBy(a => a.Version).Select(v => v.Select(a => a.First).Distinct().Count()).Distinct());
    }

    [Fact]
    public async Task Of_imports_at_once_each_is_done_whole_or_refused()
    {
        var council = suite.Rest;
        await council.Import(UnList.File("2030-02-02", 20_000, 10), force: true);
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 6).Select(async n =>
        {
            try
            {
                return (N: n, Report: (JsonObject?)await council.Import(UnList.File("2030-02-02", 20_000, 200 * n), force: true));
            }
            catch (ApiException refusal) when (refusal.Code == "IMPORT_IN_PROGRESS")
            {
                return (n, null);
            }
        }));
        var listings = (int)(await council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "un" }))["listings"]!;
        Assert.Contains(listings, outcomes.Where(o => o.Report is not null).Select(o => 200 * o.N));
        Assert.All(outcomes.Where(o => o.Report is not null), o => Assert.Equal(200 * o.N, (int)o.Report!["added"]! + (int)o.Report["unchanged"]!));
    }

    private static async Task<List<(string Version, bool First, bool Second)>> AskAsync(Council council, CancellationToken over)
    {
        var answers = new List<(string, bool, bool)>();
        while (!over.IsCancellationRequested)
        {
            var results = (await council.Call("Match", council.Integrator(), new JsonObject
            {
                ["lists"] = new JsonArray("un"),
                ["threshold"] = "0.90",
                ["subjects"] = new JsonArray(Subject(1_007), Subject(5_007)),
            }))["results"]!.AsArray();
            Assert.Equal((string?)results[0]!["listVersion"], (string?)results[1]!["listVersion"]);
            answers.Add(((string)results[0]!["listVersion"]!, Found(results[0]!, 1_007), Found(results[1]!, 5_007)));
        }
        return answers;

        static JsonObject Subject(int number) => new() { ["id"] = $"{number}", ["type"] = "PERSON", ["names"] = new JsonArray(UnList.Name(number)) };

        static bool Found(JsonNode result, int number) => result["hits"]!.AsArray().Any(h => (string?)h!["matchedName"] == UnList.Name(number));
    }
}

[Collection("embedded")]
public sealed class ImportWeatherEmbeddedTests(EmbeddedSuite suite) : ImportWeather(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class ImportWeatherDistributedTests(DistributedSuite suite) : ImportWeather(suite)
{
    private readonly DistributedSuite _suite = suite;

    [Fact]
    public async Task Killed_in_the_middle_of_an_import_the_list_is_the_old_one_or_the_new_one_whole_and_the_repeated_import_ends_well()
    {
        var council = _suite.Rest;
        await council.Import(UnList.File("2030-03-01", 100_000, 50), force: true);
        var before = 50;
        foreach (var (delay, count) in new[] { (60, 3_000), (250, 6_000), (700, 9_000) })
        {
            // 1. kill -9, so long after the file was sent.
            var file = UnList.Packed(UnList.File("2030-03-01", 100_000, count));
            var key = Guid.NewGuid().ToString("N");
            var interrupted = SendAsync(file, key);
            await Task.Delay(delay);
            Assert.True(_suite.App.ResourceNotifications.TryGetCurrentState("sanctions", out var state));
            using (var process = Process.GetProcessById((int)state!.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!))
            {
                process.Kill(entireProcessTree: true);
            }
            await ((Task)interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var restarted = await _suite.App.ResourceCommands.ExecuteCommandAsync("sanctions", KnownResourceCommands.RestartCommand, limit.Token);
            Assert.True(restarted.Success, restarted.ErrorMessage);
            await _suite.App.ResourceNotifications.WaitForResourceHealthyAsync("sanctions", limit.Token);

            // 2. The old list or the new one; what it says and what is screened agree.
            var list = await Until(() => Patiently(() => council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "un" })), l => l.Count > 0);
            Assert.Contains((int)list["listings"]!, new[] { before, count });
            var exported = await ExportedAsync();
            Assert.Equal((int)list["listings"]!, exported);

            // 3. The client repeats its import under the same key.
            var report = await UntilSentAsync(file, key);
            Assert.Equal(count, (int)report["added"]! + (int)report["unchanged"]! + (int)report["amended"]!);
            Assert.Equal(count, (int)(await council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "un" }))["listings"]!);
            before = count;
        }
    }

    private async Task<int> ExportedAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/lists/un:export?format=jsonl");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _suite.Rest.TokenAsync("reader"));
        using var response = await _suite.Http.SendAsync(request);
        return (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    private async Task<JsonObject> UntilSentAsync(byte[] file, string key) => await Until(() => Patiently(() => SendAsync(file, key)), r => r.Count > 0);

    private async Task<JsonObject> SendAsync(byte[] file, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/lists/un:import?force=true") { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _suite.Rest.TokenAsync("sanctions-officer"));
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await RestApi.SendAsync(_suite.Http, request);
    }
}
