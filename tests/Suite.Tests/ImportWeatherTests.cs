using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
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
        var answers = new ConcurrentQueue<Answer>();
        var asked = Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskAsync(council, answers, over.Token))).ToList();

        // Six turns; where screening is slow, as many more as it takes to have heard enough of both lists.
        var begun = Stopwatch.GetTimestamp();
        for (var turn = 1; (turn <= 6 || !HeardEnough()) && !asked.Exists(a => a.IsFaulted); turn++)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(3), $"Only {answers.Count} answers in {turn} turns.");
            await council.Import(UnList.File("2030-02-01", turn % 2 == 0 ? 1_000 : 5_000, 400), force: true);
        }
        await over.CancelAsync();
        await Task.WhenAll(asked);
        Assert.All(answers, a => Assert.True(a.First != a.Second, $"{a.Version}: both or none"));
        Assert.All(answers.GroupBy(a => a.Version), v => Assert.Single(v.Select(a => a.First).Distinct()));

        bool HeardEnough() => answers.Count > 20 && answers.Any(a => a.First) && answers.Any(a => a.Second);
    }

    [Fact]
    public async Task A_position_inside_an_import_shows_all_of_it_wherever_it_is_asked()
    {
        var council = suite.Rest;
        await council.Import(UnList.File("2030-02-03", 50_000, 10), force: true);
        var since = (string)(await council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "un" }))["listVersion"]!;
        await council.Import(UnList.File("2030-02-03", 70_000, 30), force: true);
        var changes = (await council.Call("ListChanges", council.Auditor, new JsonObject { ["list"] = "un", ["since"] = since, ["pageSize"] = 1_000 }))["changes"]!.AsArray();
        Assert.Equal(40, changes.Count);

        var asOf = $"position:{(string)changes[0]!["position"]!}";
        var all = await council.Call("ListListings", council.Auditor, new JsonObject { ["list"] = "un", ["state"] = "IN_FORCE", ["asOf"] = asOf, ["pageSize"] = 1 });
        Assert.Equal(30, (int)all["total"]!);
        var last = changes.Last(c => (string?)c!["kind"] == "ADDED")!;
        Assert.Equal("IN_FORCE", (string?)(await council.Call("GetListing", council.Auditor, new JsonObject { ["id"] = (string)last["listingId"]!, ["asOf"] = asOf }))["state"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/lists/un:export?format=jsonl&asOf={asOf}") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await council.Reader) } };
        using var reply = await suite.Http.SendAsync(request);
        Assert.Equal(30, (await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
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

    [Fact]
    public async Task An_import_too_large_for_one_transaction_is_seen_whole_or_not_at_all_and_each_change_is_told_once()
    {
        var council = suite.Rest;
        await council.Import(UnList.File("2030-02-03", 1_000, 20), force: true);
        var old = await ListAsync(council);
        using var over = new CancellationTokenSource();
        var answers = new ConcurrentQueue<Answer>();
        var asked = Enumerable.Range(0, 2).Select(_ => Task.Run(() => AskAsync(council, answers, over.Token))).ToList();
        var read = Task.Run(() => ReadAsync(council, over.Token));

        // 1. 25,000 in, all of them at one position.
        var report = await council.Import(UnList.File("2030-02-04", 5_000, 25_000), force: true);
        Assert.Equal((25_000, 20), ((int)report["added"]!, (int)report["removed"]!));
        await over.CancelAsync();
        await Task.WhenAll(asked);
        Assert.All(answers, a => Assert.True(a.First != a.Second, $"{a.Version}: both or none"));
        var seen = await read;
        Assert.All(seen, l => Assert.Contains(((string)l["listVersion"]!, (int)l["listings"]!), new[] { ((string)old["listVersion"]!, 20), ((string)report["listVersion"]!, 25_000) }));

        // 2. Each change is told once, to who read before it and to who read in the middle of it.
        var middle = $"position:{long.Parse((string)old["position"]!, CultureInfo.InvariantCulture) + 12_345}";
        foreach (var since in new[] { (string)old["listVersion"]!, middle })
        {
            var changes = await ChangesAsync(council, since);
            Assert.Equal(25_020, changes.Count);
            Assert.Equal(25_020, changes.Select(c => (string?)c["listingId"]).Distinct().Count());
            Assert.Equal((string?)report["listVersion"], $"un-{changes[^1]["position"]}");
        }

        // 3. In the middle the old list was in force; a listing's history has its row, and the list goes out as it came in.
        Assert.Equal(20, await LinesAsync($"&asOf={middle}"));
        Assert.Equal(25_000, await LinesAsync(""));
        Assert.Equal(["entry-staged"], await council.ListingRows("un-17345"));

        // 4. The same again changes nothing; most of it goes in the same way as it came.
        Assert.Equal(25_000, (int)(await council.Import(UnList.File("2030-02-04", 5_000, 25_000)))["unchanged"]!);
        Assert.Equal(24_000, (int)(await council.Import(UnList.File("2030-02-05", 5_000, 1_000), force: true))["removed"]!);
        Assert.Equal(1_000, (int)(await ListAsync(council))["listings"]!);
    }

    private async Task<int> LinesAsync(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/lists/un:export?format=jsonl{query}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await suite.Rest.TokenAsync("reader"));
        using var response = await suite.Http.SendAsync(request);
        return (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    private static Task<JsonObject> ListAsync(Council council) => council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "un" });

    private static async Task<List<JsonObject>> ReadAsync(Council council, CancellationToken over)
    {
        var seen = new List<JsonObject>();
        while (!over.IsCancellationRequested)
        {
            seen.Add(await ListAsync(council));
        }
        return seen;
    }

    private static async Task<List<JsonObject>> ChangesAsync(Council council, string since)
    {
        var changes = new List<JsonObject>();
        for (string? page = ""; page is not null;)
        {
            var reply = await council.Call("ListChanges", council.Auditor, new JsonObject { ["list"] = "un", ["since"] = since, ["pageSize"] = 1_000, ["pageToken"] = page });
            changes.AddRange(reply["changes"]!.AsArray().Select(c => c!.AsObject()));
            page = (string?)reply["nextPageToken"] is { Length: > 0 } next ? next : null;
        }
        return changes;
    }

    private static async Task AskAsync(Council council, ConcurrentQueue<Answer> answers, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var results = (await council.Call("Match", council.Integrator(), new JsonObject
            {
                ["lists"] = new JsonArray("un"),
                ["threshold"] = "0.90",
                ["subjects"] = new JsonArray(Subject(1_007), Subject(5_007)),
            }))["results"]!.AsArray();
            Assert.Equal((string?)results[0]!["listVersion"], (string?)results[1]!["listVersion"]);
            answers.Enqueue(new Answer((string)results[0]!["listVersion"]!, Found(results[0]!, 1_007), Found(results[1]!, 5_007)));
        }

        static JsonObject Subject(int number) => new() { ["id"] = $"{number}", ["type"] = "PERSON", ["names"] = new JsonArray(UnList.Name(number)) };

        static bool Found(JsonNode result, int number) => result["hits"]!.AsArray().Any(h => (string?)h!["matchedName"] == UnList.Name(number));
    }

    /// <summary>Of which version, and whether the person of the first list and the one of the second were found.</summary>
    private sealed record Answer(string Version, bool First, bool Second);
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
            Kill();
            await ((Task)interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await RestartAsync();

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

    [Fact]
    public async Task Killed_between_the_parts_of_a_large_import_the_list_is_the_old_one_whole_and_the_repeated_import_ends_well()
    {
        var council = _suite.Rest;
        await council.Import(UnList.File("2030-03-02", 200_000, 50), force: true);
        var before = await council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "un" });

        // 1. kill -9 as soon as some parts are written, and not all.
        var file = UnList.Packed(UnList.File("2030-03-03", 200_000, 25_000));
        await UntilPartlyWrittenAsync(file);
        Kill();
        await RestartAsync();

        // 2. The old list, under its old version, here and in an export; the rows are in the journal and in nobody's way.
        var list = await Until(() => Patiently(() => council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "un" })), l => l.Count > 0);
        Assert.Equal(((string?)before["listVersion"], 50), ((string?)list["listVersion"], (int)list["listings"]!));
        Assert.Equal(50, await ExportedAsync());
        var missing = await Assert.ThrowsAsync<ApiException>(() => council.Listing("un-201000"));
        Assert.Equal("LISTING_NOT_FOUND", missing.Code);

        // 3. Repeated, it is done.
        var report = await UntilSentAsync(file, Guid.NewGuid().ToString("N"));
        Assert.Equal((24_950, 50), ((int)report["added"]!, (int)report["unchanged"]!));
        Assert.Equal(25_000, await ExportedAsync());
        Assert.Equal(["entry-staged"], await council.ListingRows("un-201000"));
        await council.Import(UnList.File("2030-03-04", 200_000, 50), force: true);
    }

    private void Kill()
    {
        Assert.True(_suite.App.ResourceNotifications.TryGetCurrentState("sanctions", out var state));
        using var process = Process.GetProcessById((int)state!.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!);
        process.Kill(entireProcessTree: true);
    }

    private async Task RestartAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var restarted = await _suite.App.ResourceCommands.ExecuteCommandAsync("sanctions", KnownResourceCommands.RestartCommand, limit.Token);
        Assert.True(restarted.Success, restarted.ErrorMessage);
        await _suite.App.ResourceNotifications.WaitForResourceHealthyAsync("sanctions", limit.Token);
    }

    /// <summary>Imports with progress, and comes back when the progress says that a part is written and another is not.</summary>
    private async Task UntilPartlyWrittenAsync(byte[] file)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/lists/un:import?force=true") { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _suite.Rest.TokenAsync("sanctions-officer"));
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await _suite.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal) && JsonNode.Parse(line["data: ".Length..])!.AsObject() is var step
                && (string?)step["phase"] == "WRITING" && (int)step["rowsDone"]! is > 0 and var done && done < (int)step["rowsTotal"]!)
            {
                return;
            }
        }
        Assert.Fail("The import was over before it could be interrupted.");
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
