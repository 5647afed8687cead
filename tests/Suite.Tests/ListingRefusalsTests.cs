using System.Text;
using System.Text.Json.Nodes;
using ExternalAction.Suite.Tests.Clients;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>What a proposal, an amendment or a file may not say, and what nobody is to learn too early: as its user meets it.</summary>
public abstract class ListingRefusals(SuiteFixture suite)
{
    public static TheoryData<string, string, string> Texts => new()
    {
        { "names", "Anna\u0001Example", "content.names[0].wholeName" },
        { "names", "Anna\u0000Example", "content.names[0].wholeName" },
        { "names", "---", "content.names[0].wholeName" },
        { "names", "\u200B\u200D", "content.names[0].wholeName" },
        { "statementOfReasons", "Signed\u0007 the orders.", "content.statementOfReasons" },
        { "remarks", "Moved\uFFFE.", "content.remarks[0]" },
    };

    [Theory, MemberData(nameof(Texts))]
    public async Task What_no_file_can_hold_or_nobody_can_read_is_refused_with_its_field(string part, string text, string field)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => suite.Rest.Propose(Proposal(change: p => p["content"]![part] = part switch
        {
            "names" => new JsonArray(new JsonObject { ["wholeName"] = text }),
            "remarks" => new JsonArray(text),
            _ => text,
        })));
        Assert.Equal(("INVALID_FIELD", field), (refusal.Code, refusal.Field));
    }

    [Theory]
    [InlineData("ZZ")]
    [InlineData("US")]
    public async Task Only_member_states_and_the_High_Representative_propose(string proposer)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => suite.Rest.Propose(Proposal(change: p => p["proposedBy"] = proposer)));
        Assert.Equal(("INVALID_FIELD", "proposedBy"), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task An_act_that_changes_nothing_and_a_kind_that_its_number_tells_are_refused()
    {
        var council = suite.Rest;
        var id = await council.Listed();
        var act = new JsonObject { ["number"] = "(CFSP) 2025/900", ["publicationDate"] = "2025-06-02", ["effectDate"] = "2025-06-02" };
        var empty = await Assert.ThrowsAsync<ApiException>(() => council.Call("AmendListing", council.Officer(), new JsonObject { ["id"] = id, ["act"] = act.DeepClone() }));
        Assert.Equal("content", empty.Field);
        act["kind"] = "decision";
        var kind = await Assert.ThrowsAsync<ApiException>(() => council.Call(
            "AmendListing", council.Officer(), new JsonObject { ["id"] = id, ["act"] = act, ["content"] = new JsonObject { ["remarks"] = new JsonArray("Moved.") } }));
        Assert.Equal(("INVALID_FIELD", "act.kind"), (kind.Code, kind.Field));
    }

    [Fact]
    public async Task The_feed_tells_of_a_listing_from_the_day_it_takes_effect_and_an_export_only_of_frozen_assets()
    {
        var council = suite.Rest;
        var before = await council.ListVersion();

        // 1. Published, in force in twenty years: the public may read it, the list does not name it.
        var waiting = await council.Propose(Proposal($"Waiting {Guid.NewGuid():N}"));
        var decision = await council.CreateFor(waiting);
        await council.Adopt(decision);
        await council.Publish(decision, Refusals.Number(), effect: "2046-01-01");
        await council.Reaches(waiting, "PUBLISHED");

        // 2. In force, and banned from travelling only.
        var traveller = await council.Listed(Proposal($"Traveller {Guid.NewGuid():N}", change: p => p["content"]!["measures"] = new JsonArray("TRAVEL_BAN")));
        var frozen = await council.Listed(Proposal($"Frozen {Guid.NewGuid():N}"));

        var told = (await council.Call("ListChanges", council.Auditor, new JsonObject { ["list"] = "eu", ["since"] = before, ["pageSize"] = 1_000 }))["changes"]!.AsArray().Select(c => (string?)c!["listingId"]).ToList();
        Assert.DoesNotContain(waiting, told);
        Assert.Contains(traveller, told);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/lists/eu:export?format=jsonl") { Headers = { { "Authorization", $"Bearer {await council.Reader}" } } };
        using var reply = await suite.Http.SendAsync(request);
        var exported = await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        Assert.Contains(await NameOf(council, frozen), exported);
        Assert.DoesNotContain(await NameOf(council, waiting), exported);
        Assert.DoesNotContain(await NameOf(council, traveller), exported);
    }

    [Fact]
    public async Task What_the_reader_of_a_file_passed_over_stands_in_the_report()
    {
        var file = UnList.File("2030-01-01", 1, 20).Replace("</INDIVIDUALS>", "</INDIVIDUALS><VESSELS/>", StringComparison.Ordinal);
        var report = await suite.Rest.Import(file, force: true, dryRun: true);
        Assert.Contains("VESSELS", (string?)Assert.Single(report["notes"]!.AsArray()), StringComparison.Ordinal);
    }

    private static async Task<string> NameOf(Council council, string id) => (string)(await council.Listing(id))["caption"]!;
}

[Collection("embedded")]
public sealed class ListingRefusalsEmbeddedTests(EmbeddedSuite suite) : ListingRefusals(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class ListingRefusalsDistributedTests(DistributedSuite suite) : ListingRefusals(suite);
