using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Suite.Tests.Clients;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>What a compliance officer and an auditor have of a screening afterwards: its record, its seal and its repetition.</summary>
public abstract class ScreeningRecords(SuiteFixture suite)
{
    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task A_screening_leaves_a_record_that_is_sealed_proved_and_replayed_even_after_the_list_has_changed(string protocol)
    {
        // 1. Somebody is listed and found; one query is kept, the other is not.
        var council = suite.Over(protocol);
        var name = $"Zbigniew {Guid.NewGuid():N} Kowalski";
        var listing = await council.Listed(Proposal(name));
        var kept = await ScreenAsync(council, name, keep: true);
        var other = await ScreenAsync(council, name, keep: false);

        // 2. The records say what was asked and answered, and do not name the subject.
        var record = await RecordAsync(council, kept);
        Assert.Equal(("payments@1", "0.5000", "ALERT", true), ((string?)record["profile"], (string?)record["threshold"], (string?)record["band"], (bool)record["queryKept"]!));
        Assert.Equal((1, 10, false), ((int)record["hits"]!, (int)record["limit"]!, (bool)record["exhaustive"]!));
        Assert.StartsWith("eu-", (string?)record["listVersion"]);
        Assert.DoesNotContain("Kowalski", record.ToJsonString());
        var twin = await RecordAsync(council, other);
        Assert.Equal(((string?)record["queryHash"], (string?)record["resultHash"]), ((string?)twin["queryHash"], (string?)twin["resultHash"]));
        Assert.NotEqual((string?)record["recordHash"], (string?)twin["recordHash"]);

        // 3. After some seconds a row of the journal seals it; the proof holds by RFC 6962 alone.
        var seal = (await Until(() => RecordAsync(council, kept), r => Number(r["seal"]!["position"]) > 0))["seal"]!;
        Assert.True(Leads((string)record["recordHash"]!, (int)(seal["index"] ?? 0), (int)seal["records"]!, [.. seal["proof"]?.AsArray().Select(h => (string)h!) ?? []], (string)seal["root"]!));

        // An auditor finds the seal without any tool: the batch, its root, and the row as it is chained.
        var row = await SealedAsync(council, (string)seal["batch"]!);
        Assert.Equal((Number(seal["position"]), (string?)seal["root"], (int)seal["records"]!), (Number(row["row"]!["position"]), (string?)row["sealed"]!["root"], (int)row["sealed"]!["records"]!));
        Assert.Contains((string)seal["root"]!, (string?)row["row"]!["payload"]);
        var screened = DateTimeOffset.Parse((string)record["screenedAt"]!, CultureInfo.InvariantCulture);
        Assert.InRange(screened, DateTimeOffset.Parse((string)row["sealed"]!["from"]!, CultureInfo.InvariantCulture), DateTimeOffset.Parse((string)row["sealed"]!["until"]!, CultureInfo.InvariantCulture));

        // 4. Replayed: from the kept query, from the query sent again, and after the list has changed.
        Assert.True(await ReplaysAsync(council, kept));
        Assert.True(await ReplaysAsync(council, other, name));
        await council.Call("DelistListing", council.Officer(), new JsonObject { ["id"] = listing, ["reason"] = "DEATH", ["act"] = "(CFSP) 2026/999" });
        var gone = await RecordAsync(council, await ScreenAsync(council, name, keep: false));
        Assert.Equal(("NONE", 0), ((string?)gone["band"], (int)(gone["hits"] ?? 0)));
        Assert.NotEqual((string?)record["listVersion"], (string?)gone["listVersion"]);
        Assert.True(await ReplaysAsync(council, kept));
        Assert.True(await ReplaysAsync(council, other, name));
    }

    [Fact]
    public async Task A_client_sees_its_own_records_and_no_others_and_an_auditor_sees_all()
    {
        var council = suite.Rest;
        var (mine, theirs) = (Client("Bank A"), Client("Bank B"));
        var id = await ScreenAsync(council, "Anna Example", keep: true, mine);
        foreach (var (rpc, request) in new (string, JsonObject)[] { ("GetScreening", new() { ["id"] = id }), ("ReplayScreening", new() { ["id"] = id }) })
        {
            Assert.Equal("SCREENING_NOT_FOUND", (await Assert.ThrowsAsync<ApiException>(() => council.Call(rpc, theirs, (JsonObject)request.DeepClone()))).Code);
            await council.Call(rpc, council.Auditor, (JsonObject)request.DeepClone());
        }
        Assert.Empty(Ids(await council.Call("ListScreenings", theirs, [])));
        Assert.Equal([id], Ids(await council.Call("ListScreenings", mine, [])));
        var client = (string?)(await council.Call("GetScreening", mine, new JsonObject { ["id"] = id }))["client"];
        Assert.Equal([id], Ids(await council.Call("ListScreenings", council.Auditor, new JsonObject { ["client"] = client })));
        Assert.Equal("ROLE_MISSING", (await Assert.ThrowsAsync<ApiException>(() => council.Call("ListScreenings", theirs, new JsonObject { ["client"] = client }))).Code);

        // Pages, newest first; a token is good for its own list only.
        var second = await ScreenAsync(council, "Boris Example", keep: false, mine);
        var page = await council.Call("ListScreenings", mine, new JsonObject { ["pageSize"] = 1 });
        Assert.Equal([second], Ids(page));
        Assert.Equal([id], Ids(await council.Call("ListScreenings", mine, new JsonObject { ["pageSize"] = 1, ["pageToken"] = (string?)page["nextPageToken"] })));
        Assert.Equal("INVALID_PAGE_TOKEN", (await Assert.ThrowsAsync<ApiException>(() => council.Call("ListScreenings", council.Auditor, new JsonObject { ["pageToken"] = (string?)page["nextPageToken"] }))).Code);

        Task<string> Client(string bank) => council.IssueAsync(new JsonObject { ["role"] = "integrator", ["name"] = $"{bank} {Guid.NewGuid():N}" });
    }

    [Fact]
    public async Task Lines_of_a_batch_and_queries_of_OpenSanctions_clients_leave_records_that_can_be_replayed_too()
    {
        var council = suite.Rest;
        var token = await council.Integrator();
        var batch = await PostAsync("/v1/screenings:batch?profile=onboarding", token, """{"id":"1","names":["Anna Example"],"keepQuery":true}""" + "\n" + """{"id":"2"}""" + "\n", "application/x-ndjson");
        var lines = batch.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal("NOTHING_TO_SCREEN", (string?)lines[1]["error"]!["code"]);
        var id = (string)lines[0]["result"]!["screeningId"]!;
        Assert.Equal("onboarding@1", (string?)(await RecordAsync(council, id))["profile"]);
        Assert.True(await ReplaysAsync(council, id));

        const string Query = """{"schema":"Person","properties":{"name":["Anna Example"],"birthDate":["1970"],"address":["1 Main St","2 Main St"]}}""";
        var match = JsonNode.Parse(await PostAsync("/match/eu_fsf?limit=3", token, "{\"queries\":{\"q1\":" + Query + "}}", "application/json"))!;
        var matched = (string)match["responses"]!["q1"]!["screening_id"]!;
        Assert.Equal(3, (int)(await RecordAsync(council, matched))["limit"]!);
        Assert.True((bool)(await council.Call("ReplayScreening", council.Integrator(), new JsonObject { ["id"] = matched, ["datasetQuery"] = Query }))["same"]!);
        Assert.Equal("QUERY_MISMATCH", (await Assert.ThrowsAsync<ApiException>(
            () => council.Call("ReplayScreening", council.Integrator(), new JsonObject { ["id"] = matched, ["datasetQuery"] = Query.Replace("1970", "1971", StringComparison.Ordinal) }))).Code);
    }

    protected static async Task<string> ScreenAsync(Council council, string name, bool keep, Task<string>? token = null) => (string)(await council.Call("Match", token ?? council.Integrator(), new JsonObject
    {
        ["subjects"] = new JsonArray(Subject(name)),
        ["keepQuery"] = keep,
    }))["results"]![0]!["screeningId"]!;

    /// <summary>The row that seals a batch, looked for page by page.</summary>
    protected static async Task<JsonObject> SealedAsync(Council council, string batch)
    {
        var token = "";
        do
        {
            var page = await council.Call("ListScreeningSeals", council.Auditor, new JsonObject { ["pageSize"] = 3, ["pageToken"] = token });
            if (page["rows"]!.AsArray().FirstOrDefault(r => (string?)r!["sealed"]?["batch"] == batch) is { } found)
            {
                return found.AsObject();
            }
            token = (string?)page["nextPageToken"] ?? "";
        }
        while (token.Length > 0);
        throw new InvalidOperationException($"No row seals {batch}.");
    }

    protected static Task<JsonObject> RecordAsync(Council council, string id) => council.Call("GetScreening", council.Integrator(), new JsonObject { ["id"] = id });

    protected static async Task<bool> ReplaysAsync(Council council, string id, string? name = null)
    {
        var request = new JsonObject { ["id"] = id };
        if (name is not null)
        {
            request["subject"] = Subject(name);
        }
        var reply = await council.Call("ReplayScreening", council.Integrator(), request);
        Assert.Equal((bool?)reply["same"] ?? false, (string?)reply["resultHash"] == (string?)reply["recordedResultHash"]);
        return (bool?)reply["same"] ?? false;
    }

    protected static long Number(JsonNode? number) => number is null ? 0 : long.Parse(number.ToString(), CultureInfo.InvariantCulture);

    private static JsonObject Subject(string name) => new() { ["id"] = Guid.NewGuid().ToString("N"), ["names"] = new JsonArray(name), ["type"] = "PERSON" };

    private static IEnumerable<string> Ids(JsonObject page) => page["screenings"]?.AsArray().Select(s => (string)s!["id"]!) ?? [];

    /// <summary>From a leaf to the root, as anybody can compute it: RFC 9162, 2.1.3.2.</summary>
    private static bool Leads(string leaf, int index, int count, string[] proof, string root)
    {
        var (node, last, hash) = (index, count - 1, Convert.FromHexString(leaf));
        foreach (var sibling in proof.Select(Convert.FromHexString))
        {
            if (node % 2 == 1 || node == last)
            {
                hash = SHA256.HashData([1, .. sibling, .. hash]);
                for (; node % 2 == 0 && node != 0; node /= 2, last /= 2)
                {
                }
            }
            else
            {
                hash = SHA256.HashData([1, .. hash, .. sibling]);
            }
            (node, last) = (node / 2, last / 2);
        }
        return last == 0 && Convert.ToHexStringLower(hash) == root;
    }

    private async Task<string> PostAsync(string path, string token, string body, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await suite.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }
}

[Collection("embedded")]
public sealed class ScreeningRecordsEmbeddedTests(EmbeddedSuite suite) : ScreeningRecords(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class ScreeningRecordsDistributedTests(DistributedSuite suite) : ScreeningRecords(suite)
{
    [Fact]
    public async Task Killed_right_after_an_answer_the_service_has_its_record_and_seals_it_after_the_start()
    {
        // 1. An answer, and kill -9 at once: the batch is open, nothing of it is in the journal.
        var council = suite.Rest;
        var id = await ScreenAsync(council, "Anna Example", keep: true);
        using (var process = Sanctions())
        {
            process.Kill(entireProcessTree: true);
        }
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var restarted = await suite.App.ResourceCommands.ExecuteCommandAsync("sanctions", KnownResourceCommands.RestartCommand, limit.Token);
        Assert.True(restarted.Success, restarted.ErrorMessage);
        await suite.App.ResourceNotifications.WaitForResourceHealthyAsync("sanctions", limit.Token);

        // 2. It is there, is sealed, and its query can still be read.
        var record = await Until(() => Patiently(() => RecordAsync(council, id)), r => r["seal"] is { } seal && Number(seal["position"]) > 0);
        Assert.Equal(id, (string?)record["id"]);
        Assert.True(await ReplaysAsync(council, id));
    }

    [Fact]
    public async Task Stopped_right_after_an_answer_the_service_has_sealed_its_record_before_it_starts_again()
    {
        var council = suite.Rest;
        var id = await ScreenAsync(council, "Anna Example", keep: false);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var restarted = await suite.App.ResourceCommands.ExecuteCommandAsync("sanctions", KnownResourceCommands.RestartCommand, limit.Token);
        Assert.True(restarted.Success, restarted.ErrorMessage);
        await suite.App.ResourceNotifications.WaitForResourceHealthyAsync("sanctions", limit.Token);
        var record = await Until(() => Patiently(() => RecordAsync(council, id)), r => r["id"] is not null);
        var row = await SealedAsync(council, (string)record["seal"]!["batch"]!);
        var recorded = DateTimeOffset.Parse((string)row["row"]!["recordedAt"]!, CultureInfo.InvariantCulture);
        using var next = Sanctions(); // the process that stopped has sealed it, not this one, however long the stop took
        Assert.InRange(recorded, DateTimeOffset.Parse((string)record["screenedAt"]!, CultureInfo.InvariantCulture), new DateTimeOffset(next.StartTime));
    }

    private Process Sanctions()
    {
        Assert.True(suite.App.ResourceNotifications.TryGetCurrentState("sanctions", out var state));
        return Process.GetProcessById((int)state.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!);
    }

    /// <summary>The gateway may need a moment to find the service again.</summary>
    private static async Task<JsonObject> Patiently(Func<Task<JsonObject>> read)
    {
        try
        {
            return await read();
        }
        catch (ApiException refusal) when (refusal.Code is "UNAVAILABLE" or "DEADLINE_EXCEEDED")
        {
            return [];
        }
    }
}
