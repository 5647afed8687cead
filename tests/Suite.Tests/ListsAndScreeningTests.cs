using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ExternalAction.Suite.Tests;

/// <summary>The real EU list through the gateway: in, out again, and screened, as an integrator does it.</summary>
public abstract class ListsAndScreening(SuiteFixture suite)
{
    private static readonly string _list = Path.Combine(AppContext.BaseDirectory, "Data", "eu_fsf_2026-05-01.xml.gz");

    [Fact]
    public async Task The_real_list_comes_in_goes_out_and_comes_in_again_without_a_change_and_its_people_are_found()
    {
        // 1. In, with progress; what other tests listed before it stays.
        var stream = await TextAsync(await PostAsync("/v1/lists/eu:import", "sanctions-officer", new ByteArrayContent(await File.ReadAllBytesAsync(_list)), "application/gzip", "text/event-stream"));
        var done = Events(stream).Single(e => (string?)e["phase"] == "DONE")["report"]!;
        Assert.Equal((5860, 0, 0, 0), ((int)done["added"]! + (int)done["unchanged"]!, (int)done["amended"]!, (int)done["removed"]!, (int)done["rejectedTotal"]!));
        var list = await JsonAsync(await GetAsync("/v1/lists/eu", "reader"));
        Assert.True((int)list["listings"]! >= 5860);
        Assert.True((int)list["names"]! >= 29826);

        // 2. The same again, and its own export, packed: nothing changes.
        var again = await JsonAsync(await PostAsync("/v1/lists/eu:import", "sanctions-officer", new ByteArrayContent(await File.ReadAllBytesAsync(_list)), "application/gzip"));
        Assert.Equal((0, 0, 0, 5860), Counts(again));
        var export = await GetAsync("/v1/lists/eu:export?format=fsf-xml", "reader");
        Assert.Equal("application/xml", export.Content.Headers.ContentType!.MediaType);
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await export.Content.CopyToAsync(gzip);
        }
        var own = await JsonAsync(await PostAsync("/v1/lists/eu:import", "sanctions-officer", new ByteArrayContent(packed.ToArray()), "application/gzip"));
        Assert.Equal((0, 0, 0), ((int)own["added"]!, (int)own["amended"]!, (int)own["removed"]!));
        Assert.Equal((string?)again["listVersion"], (string?)own["listVersion"]);
        Assert.Empty(own["notes"]!.AsArray());

        // A dry run of a file that names one of them says that it would be refused, and why.
        const string One = """<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2030-01-01T08:00:00.000+00:00" globalFileId="1"><sanctionEntity logicalId="13" euReferenceNumber="EU.27.28"><regulation regulationType="regulation" organisationType="council" publicationDate="2003-07-08" entryIntoForceDate="2003-07-07" numberTitle="1210/2003 (OJ L169)" programme="IRQ" logicalId="1"/><subjectType code="person" classificationCode="P"/><nameAlias wholeName="Saddam Hussein Al-Tikriti" strong="true" logicalId="17"/></sanctionEntity></export>""";
        var dry = await JsonAsync(await PostAsync("/v1/lists/eu:import?dryRun=true", "sanctions-officer", new StringContent(One), "application/xml"));
        Assert.StartsWith("TOO_MANY_REMOVALS: ", (string?)dry["refusal"]);
        Assert.Equal("", (string?)(await JsonAsync(await PostAsync("/v1/lists/eu:import?dryRun=true&force=true", "sanctions-officer", new StringContent(One), "application/xml")))["refusal"]);

        // 3. Its people are found, in another script and with reasons; somebody else is not, and is not cleared.
        var match = await ScreenAsync("""{"subjects":[{"id":"a","names":["Ramzan Akhmatovich Kadyrov"],"type":"PERSON","birthDate":"1976-10-05"},{"id":"b","names":["Рамзан Кадыров"],"type":"PERSON"},{"id":"c","names":["Patricia Lucas Wheeler"],"type":"PERSON"}],"profile":"payments"}""");
        var results = match["results"]!.AsArray();
        foreach (var found in results.Take(2))
        {
            var hit = found!["hits"]![0]!;
            Assert.Equal(("EU.226.40", "ALERT"), ((string?)hit["euReferenceNumber"], (string?)hit["band"]));
            Assert.NotEmpty(hit["evidence"]!.AsArray());
            Assert.NotEmpty(hit["legalBasis"]!.AsArray());
            Assert.Matches("^[01]\\.[0-9]{4}$", (string?)hit["score"]);
        }
        Assert.Empty(results[2]!["hits"]!.AsArray());
        Assert.Contains("not a clearance", (string?)results[2]!["statement"]);
        Assert.Equal((string?)again["listVersion"], (string?)results[0]!["listVersion"]);

        // 4. As it was before the import, nobody of the file was on it.
        var before = await ScreenAsync("""{"subjects":[{"id":"a","names":["Ramzan Akhmatovich Kadyrov"],"type":"PERSON"}],"asOf":"position:4"}""");
        Assert.Empty(before["results"]![0]!["hits"]!.AsArray());
    }

    [Fact]
    public async Task A_client_of_OpenSanctions_switches_by_address()
    {
        await ImportSampleAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/match/eu_fsf?limit=3&threshold=0.7");
        request.Headers.TryAddWithoutValidation("Authorization", $"ApiKey {await suite.Rest.TokenAsync("integrator")}");
        request.Content = new StringContent("""{"weights":{},"config":{},"queries":{"q1":{"schema":"Person","properties":{"name":["Saddam Hussein Al-Tikriti"],"birthDate":["1937-04-28"]}},"q2":{"schema":"Person","properties":{"name":["Nobody Atall"]}}}}""", Encoding.UTF8, "application/json");
        var reply = await JsonAsync(await suite.Http.SendAsync(request));

        var first = reply["responses"]!["q1"]!;
        Assert.Equal(200, (int)first["status"]!);
        var best = first["results"]![0]!;
        Assert.Equal(("Person", true), ((string?)best["schema"], (bool)best["match"]!));
        Assert.InRange((double)best["score"]!, 0.7, 1);
        Assert.Equal("eu_fsf", (string?)best["datasets"]![0]);
        Assert.NotNull(best["first_seen"]);
        Assert.NotNull(best["explanations"]!["name_match"]!["detail"]);
        Assert.Equal(0, (int)reply["responses"]!["q2"]!["total"]!["value"]!);
        Assert.Equal(3, (int)reply["limit"]!);
    }

    [Fact]
    public async Task A_batch_is_answered_line_by_line_in_order_and_a_bad_line_stops_nothing()
    {
        await ImportSampleAsync();
        var lines = new StringBuilder();
        for (var i = 0; i < 50; i++)
        {
            lines.Append(i switch { 7 => "{\"id\":\"7\"}", 8 => "{\"id\":\"8\",\"birth\":1}", _ => $$"""{"id":"{{i}}","names":["Saddam Hussein Al-Tikriti"],"type":"PERSON"}""" }).Append('\n');
        }
        var text = await TextAsync(await PostAsync("/v1/screenings:batch?profile=payments", "integrator", new StringContent(lines.ToString()), "application/x-ndjson", "application/x-ndjson"));
        var answers = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();

        Assert.Equal(50, answers.Count);
        Assert.Equal(Enumerable.Range(0, 50).Where(i => i != 8).Select(i => $"{i}"), answers.Where(a => a["id"] is not null).Select(a => (string?)a["id"]));
        Assert.Equal("NOTHING_TO_SCREEN", (string?)answers.Single(a => (string?)a["id"] == "7")["error"]!["code"]);
        Assert.Equal((9, "UNKNOWN_FIELD"), ((int)answers.Single(a => a["line"] is not null)["line"]!, (string?)answers.Single(a => a["line"] is not null)["error"]!["code"]));
        Assert.All(answers.Where(a => a["result"] is not null), a => Assert.NotEmpty(a["result"]!["hits"]!.AsArray()));
    }

    [Theory]
    [InlineData("not a list at all", "NOT_A_LIST")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><export xmlns=\"http://eu.europa.ec/fpi/fsd/export\">&b;</export>", "NOT_A_LIST")]
    [InlineData("<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" generationDate=\"2026-05-02T00:00:00\" globalFileId=\"1\"><sanctionEntity logicalId=\"1\">", "NOT_A_LIST")]
    public async Task What_is_not_the_list_changes_nothing(string file, string code)
    {
        var before = await JsonAsync(await GetAsync("/v1/lists/eu", "reader"));
        var response = await PostAsync("/v1/lists/eu:import", "sanctions-officer", new StringContent(file), "application/xml");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]);
        Assert.Equal((string?)before["listVersion"], (string?)(await JsonAsync(await GetAsync("/v1/lists/eu", "reader")))["listVersion"]);
    }

    private async Task ImportSampleAsync()
    {
        // The sample is a part of the real list: imported into the UN's place it would be refused, beside the real list it would
        // remove most of it. So it is only imported where nothing is yet.
        var list = await JsonAsync(await GetAsync("/v1/lists/eu", "reader"));
        if ((int)list["listings"]! < 5860)
        {
            (await PostAsync("/v1/lists/eu:import", "sanctions-officer", new ByteArrayContent(await File.ReadAllBytesAsync(_list)), "application/gzip")).EnsureSuccessStatusCode();
        }
    }

    private async Task<JsonNode> ScreenAsync(string request) => await JsonAsync(await PostAsync("/v1/screenings:match", "integrator", new StringContent(request), "application/json"));

    private async Task<HttpResponseMessage> GetAsync(string path, string role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await suite.Rest.TokenAsync(role));
        return await suite.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string role, HttpContent content, string type, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await suite.Rest.TokenAsync(role));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }
        return await suite.Http.SendAsync(request);
    }

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) => JsonNode.Parse(await TextAsync(response))!;

    private static IEnumerable<JsonNode> Events(string stream) =>
        stream.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l["data: ".Length..])!);

    private static (int Added, int Amended, int Removed, int Unchanged) Counts(JsonNode report) =>
        ((int)report["added"]!, (int)report["amended"]!, (int)report["removed"]!, (int)report["unchanged"]!);
}

[Collection("embedded")]
public sealed class ListsAndScreeningEmbeddedTests(EmbeddedSuite suite) : ListsAndScreening(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class ListsAndScreeningDistributedTests(DistributedSuite suite) : ListsAndScreening(suite);
