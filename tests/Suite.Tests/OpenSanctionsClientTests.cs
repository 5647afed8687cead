using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ExternalAction.Suite.Tests.Clients;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>What clients of OpenSanctions send beside a query, and what they may not be left in the dark about.</summary>
public abstract class OpenSanctionsClient(SuiteFixture suite)
{
    [Fact]
    public async Task Results_are_chosen_by_the_parameters_that_OpenSanctions_has()
    {
        var name = $"Anselm {Word()}";
        var id = await suite.Rest.Listed(Proposal(name));
        var number = $"EU.{Random.Shared.Next(100_000, 999_999)}.7";
        await suite.Rest.Call("AmendListing", suite.Rest.Officer(), new JsonObject { ["id"] = id, ["euReferenceNumber"] = number });

        var found = Assert.Single(await Until(() => ResultsAsync("", name), r => r.Any(e => e!["referents"]!.AsArray().Count > 0)));
        Assert.Equal((id, number, "Person"), ((string?)found!["id"], (string?)found["referents"]![0], (string?)found["schema"]));
        Assert.Single(await ResultsAsync("algorithm=logic-v1&topics=sanction&topics=role.pep&include_dataset=eu_fsf&exclude_dataset=us_ofac_sdn&exclude_schema=Vessel&cutoff=0.5", name));
        Assert.Single(await ResultsAsync("changed_since=2020-01-01T00:00:00", name));

        Assert.Empty(await ResultsAsync($"exclude_entity_ids={id}", name));
        Assert.Empty(await ResultsAsync($"exclude_entity_ids=x&exclude_entity_ids={number}", name));
        Assert.Empty(await ResultsAsync("exclude_schema=Person", name));
        Assert.Empty(await ResultsAsync("changed_since=2099-01-01", name));
        Assert.Empty(await ResultsAsync("threshold=0.99&cutoff=0.99", $"Anselm {name[7..^1]}"));
        Assert.NotEmpty(await ResultsAsync("threshold=0.99&cutoff=0.3", $"Anselm {name[7..^1]}"));

        // What the parameters left out is recorded, so that a replay comes to the same.
        var query = new JsonObject { ["schema"] = "Person", ["properties"] = new JsonObject { ["name"] = new JsonArray(name) } };
        var answer = (await SendAsync("exclude_schema=Person&cutoff=0.3", new JsonObject { ["queries"] = new JsonObject { ["q"] = query } }.ToJsonString()))["responses"]!["q"]!;
        var replayed = await suite.Rest.Call("ReplayScreening", suite.Rest.Integrator(), new JsonObject { ["id"] = (string?)answer["screening_id"], ["datasetQuery"] = query.ToJsonString() });
        Assert.True((bool)replayed["same"]!);
        Assert.Contains(id, replayed["result"]!["excluded"]!.AsArray().Select(e => (string?)e));
    }

    [Theory]
    [InlineData("algorithm=foo", "algorithm")]
    [InlineData("topics=role.pep", "topics")]
    [InlineData("include_dataset=us_ofac_sdn", "includeDataset")]
    [InlineData("exclude_dataset=eu_fsf", "excludeDataset")]
    [InlineData("changed_since=yesterday", "changedSince")]
    [InlineData("cutoff=high", "cutoff")]
    public async Task A_parameter_that_leaves_nobody_to_compare_with_or_means_nothing_is_refused(string query, string field)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => ResultsAsync(query, "Anna Example"));
        Assert.Equal(("INVALID_FIELD", field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task A_hit_that_was_excluded_for_a_subject_is_left_out_of_queries_with_its_id()
    {
        var name = $"Ottokar {Word()}";
        var id = await suite.Rest.Listed(Proposal(name));
        await Until(() => ResultsAsync("", name), r => r.Count == 1);
        var hit = (await suite.Rest.Call("Match", suite.Rest.Integrator(), new JsonObject { ["subjects"] = new JsonArray(new JsonObject { ["names"] = new JsonArray(name) }) }))["results"]![0]!["hits"]![0]!;
        await suite.Rest.Call("ExcludeHit", suite.Rest.Integrator(), new JsonObject { ["subject"] = $"c-{name}", ["listingId"] = id, ["aliasVersion"] = (string?)hit["aliasVersion"], ["reason"] = "Born elsewhere." });
        await Until(() => ResultsAsync("", name, $"c-{name}"), r => r.Count == 0);
        Assert.Single(await ResultsAsync("", name));
        Assert.Single(await ResultsAsync("", name, "somebody else"));
    }

    [Theory]
    [InlineData("???")]
    [InlineData("!!!")]
    [InlineData("😀")]
    [InlineData("\u200B")]
    public async Task A_name_of_signs_only_is_nothing_to_screen(string name)
    {
        await SomebodyIsListedAsync();
        Assert.Equal("NOTHING_TO_SCREEN", (await Assert.ThrowsAsync<ApiException>(() => ResultsAsync("", name))).Code);
        var subject = new JsonObject { ["names"] = new JsonArray(name) };
        Assert.Equal("NOTHING_TO_SCREEN", (await Assert.ThrowsAsync<ApiException>(() => suite.Rest.Call("Match", suite.Rest.Integrator(), new JsonObject { ["subjects"] = new JsonArray(subject.DeepClone()) }))).Code);
        subject["id"] = "signs";
        Assert.Equal("NOTHING_TO_SCREEN", (await Assert.ThrowsAsync<ApiException>(() => suite.Rest.Call("StoreSubject", suite.Rest.Integrator(), new JsonObject { ["subject"] = subject }))).Code);
    }

    [Fact]
    public async Task The_echo_shows_what_was_understood_and_a_query_that_is_null_is_passed_over()
    {
        await SomebodyIsListedAsync();
        var reply = await SendAsync("", """{"queries":{"a":null,"b":{"schema":"Person","properties":{"name":["Anna Example"],"birthDate":["1970-02-30"],"nationality":["Ruritania","de"]}}}}""");
        var (key, answer) = Assert.Single(reply["responses"]!.AsObject());
        var echo = answer!["query"]!["properties"]!.AsObject();
        Assert.Equal(("b", """["de"]"""), (key, echo["nationality"]!.ToJsonString()));
        Assert.False(echo.ContainsKey("birthDate"));
    }

    [Fact]
    public async Task Nobody_to_compare_with_is_said_and_no_answer()
    {
        // At the first position nobody was listed yet.
        var past = await suite.Rest.Call("Match", suite.Rest.Integrator(), new JsonObject
        {
            ["subjects"] = new JsonArray(new JsonObject { ["names"] = new JsonArray("Anna Example") }),
            ["asOf"] = "position:1",
        });
        Assert.Contains("names nobody", (string?)past["results"]![0]!["statement"], StringComparison.Ordinal);

        // A file may name nobody: then its dataset is as good as not there.
        await suite.Rest.Import(UnList.File("2031-01-01", 1, 0), force: true);
        var refusal = await Assert.ThrowsAsync<ApiException>(() => SendAsync("", """{"queries":{"a":{"schema":"Person","properties":{"name":["Anna Example"]}}}}""", "un_sc"));
        Assert.Equal(("LIST_NOT_FOUND", "dataset"), (refusal.Code, refusal.Field));
    }

    private async Task SomebodyIsListedAsync()
    {
        if ((int)(await suite.Rest.Call("GetList", suite.Rest.Auditor, new JsonObject { ["list"] = "eu" }))["listings"]! == 0)
        {
            await suite.Rest.Listed();
        }
    }

    private async Task<JsonArray> ResultsAsync(string query, string name, string? id = null)
    {
        var asked = new JsonObject { ["schema"] = "Person", ["properties"] = new JsonObject { ["name"] = new JsonArray(name) } };
        if (id is not null)
        {
            asked["id"] = id;
        }
        return (await SendAsync(query, new JsonObject { ["queries"] = new JsonObject { ["q"] = asked } }.ToJsonString()))["responses"]!["q"]!["results"]!.AsArray();
    }

    private async Task<JsonObject> SendAsync(string query, string body, string dataset = "eu_fsf")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/match/{dataset}?{query}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", $"ApiKey {await suite.Rest.Integrator()}");
        return await RestApi.SendAsync(suite.Http, request);
    }

    private static async Task<JsonArray> Until(Func<Task<JsonArray>> read, Func<JsonArray, bool> reached)
    {
        var value = await SanctionsSteps.Until(async () => new JsonObject { ["value"] = (await read()).DeepClone() }, v => reached(v["value"]!.AsArray()));
        return value["value"]!.AsArray();
    }

    /// <summary>A family name that nobody else has.</summary>
    private static string Word() => string.Create(CultureInfo.InvariantCulture, $"{string.Concat(Enumerable.Range(0, 4).Select(_ => $"{"bdgklmnprstvz"[Random.Shared.Next(13)]}{"aeiou"[Random.Shared.Next(5)]}"))}rsky");
}

[Collection("embedded")]
public sealed class OpenSanctionsClientEmbeddedTests(EmbeddedSuite suite) : OpenSanctionsClient(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class OpenSanctionsClientDistributedTests(DistributedSuite suite) : OpenSanctionsClient(suite);
