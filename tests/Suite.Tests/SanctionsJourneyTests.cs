using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using ExternalAction.Suite.Tests.Clients;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>From a listing proposed to measures in force: what people do, and what nobody has to do.</summary>
public abstract class SanctionsJourneyTests(SuiteFixture suite)
{
    [Theory, InlineData("REST", "MEETING", "MDA"), InlineData("gRPC", "SILENCE", "GTM")]
    public async Task A_person_proposed_decided_and_published_is_listed_and_the_regime_renewed_without_a_further_step(string protocol, string procedure, string regime)
    {
        // 1. Lithuania proposes; the public knows of nothing.
        var council = suite.Over(protocol);
        var before = await council.ListVersion();
        var id = await council.Propose(Proposal("Boris Beispiel", regime), council.Delegation("LT"));
        Assert.Equal("LISTING_NOT_FOUND", (await Assert.ThrowsAsync<ApiException>(() => council.Listing(id, council.Reader))).Code);
        Assert.Equal("LISTING_NOT_FOUND", (await Assert.ThrowsAsync<ApiException>(() => council.Listing(id, council.Integrator()))).Code);
        Assert.Equal(["file 1"], (await council.Listing(id, council.Officer()))["evidence"]!.AsArray().Select(e => (string)e!));

        // 2. A decision carries it, and renews the regime.
        var decision = await council.CreateFor(id, regime, procedure);
        if (procedure == "MEETING")
        {
            await council.Adopt(decision);
        }
        else
        {
            await council.AdoptBySilence(decision);
        }
        await council.Reaches(id, "ADOPTED");
        Assert.Equal(before, await council.ListVersion());

        // 3. Published: in force, renewed, on the list, told to all, with nobody's help.
        var expiry = DateOnly.ParseExact(Council.Today, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var number = Refusals.Number();
        await council.Publish(decision, number, expiry: expiry);
        await council.Reaches(id, "IN_FORCE");
        var renewed = await Until(() => council.Call("GetRegime", council.Reader, new JsonObject { ["code"] = regime }), r => (string?)r["expiryDate"] == expiry);
        Assert.Equal((decision, number, 1), ((string?)renewed["renewedBy"], (string?)renewed["renewedByAct"], (int)renewed["listings"]!));
        var shown = await Until(() => council.Listing(id, council.Reader), l => (string?)l["state"] == "IN_FORCE");
        Assert.Equal(("Boris Beispiel", "LT", "Signed the orders."), ((string?)shown["caption"], (string?)shown["proposedBy"], (string?)shown["content"]!["statementOfReasons"]));
        Assert.True(shown["evidence"] is null or JsonArray { Count: 0 });
        Assert.StartsWith(number, (string?)shown["acts"]![0]!["number"], StringComparison.Ordinal);
        Assert.NotEqual(before, await council.ListVersion());
        var changes = (await council.Call("ListChanges", council.Integrator(), new JsonObject { ["list"] = "eu", ["since"] = before }))["changes"]!.AsArray();
        Assert.Equal("ADDED", (string?)Assert.Single(changes, c => (string?)c!["listingId"] == id)!["kind"]);

        // 4. Who changed what, and what was known when.
        var rows = (await council.Call("GetListingHistory", council.Delegation("LT"), new JsonObject { ["id"] = id }))["entries"]!.AsArray();
        Assert.Equal(["listing-proposed", "listing-linked", "listing-adopted", "listing-published"], await council.ListingRows(id));
        Assert.All(rows.Skip(1), r => Assert.Equal("system:decisions", (string?)r!["actor"]));
        var then = await council.Call("GetListing", council.Auditor, new JsonObject { ["id"] = id, ["asOf"] = $"position:{(string)rows[2]!["position"]!}" });
        Assert.Equal("ADOPTED", (string?)then["state"]);
        var dates = await council.Call("GetRegimesCalendar", council.Reader, new JsonObject { ["from"] = expiry, ["to"] = expiry });
        Assert.Superset(new HashSet<string> { "REGIME_EXPIRY", "LISTING_EXPIRY", "REVIEW_DUE" }, dates["entries"]!.AsArray().Where(d => (string?)d!["regime"] == regime).Select(d => (string)d!["kind"]!).ToHashSet());
    }

    [Fact]
    public async Task A_client_that_watches_the_list_and_reconnects_misses_no_change()
    {
        var council = suite.Rest;
        var start = (string)(await council.Call("GetList", council.Auditor, new JsonObject { ["list"] = "eu" }))["position"]!;
        var id = await council.Listed();
        await council.Call("NotifyListing", council.Officer(), new JsonObject { ["id"] = id, ["method"] = "NOTICE", ["reference"] = "OJ C, C/2026/1" });
        await council.Call("DelistListing", council.Officer(), new JsonObject { ["id"] = id, ["reason"] = "DEATH", ["act"] = "(CFSP) 2026/1", ["text"] = "Died." });

        var first = await NextAsync(id, start);
        Assert.Equal("ADDED", (string?)first.Change["kind"]);
        var second = await NextAsync(id, first.EventId);
        Assert.Equal("REMOVED", (string?)second.Change["kind"]);
        Assert.True(long.Parse(second.EventId, CultureInfo.InvariantCulture) > long.Parse(first.EventId, CultureInfo.InvariantCulture));

        // What was decided stays to be read as it was.
        Assert.Equal("DELISTED", (string?)(await Until(() => council.Listing(id, council.Reader), l => (string?)l["state"] == "DELISTED"))["state"]);
        var then = await council.Call("GetListing", council.Reader, new JsonObject { ["id"] = id, ["asOf"] = $"position:{first.EventId}" });
        Assert.Equal("IN_FORCE", (string?)then["state"]);
    }

    /// <summary>Connects behind an event and reads the first change of a listing.</summary>
    private async Task<(string EventId, JsonObject Change)> NextAsync(string id, string lastEventId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var request = new HttpRequestMessage(HttpMethod.Get, lastEventId == "0" ? "/v1/lists/eu/changes:watch?afterPosition=1" : "/v1/lists/eu/changes:watch");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await suite.Rest.Integrator());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId != "0")
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        using var response = await suite.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        response.EnsureSuccessStatusCode();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(limit.Token)).EnumerateAsync(limit.Token))
        {
            if (item.Data.Length > 0 && JsonNode.Parse(item.Data)!.AsObject() is var change && (string?)change["listingId"] == id)
            {
                return (item.EventId!, change);
            }
        }
        throw new InvalidOperationException("The stream ended.");
    }
}

[Collection("embedded")]
public sealed class EmbeddedSanctionsJourneyTests(EmbeddedSuite suite) : SanctionsJourneyTests(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class DistributedSanctionsJourneyTests(DistributedSuite suite) : SanctionsJourneyTests(suite);
