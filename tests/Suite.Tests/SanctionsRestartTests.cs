using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Suite.Tests.Clients;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>The Sanctions service is killed at the worst moment: what it had is there again, what it missed it catches up, and nothing is said twice.</summary>
[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class SanctionsRestartTests(DistributedSuite suite)
{
    [Fact]
    public async Task Killed_between_publication_and_listing_it_lists_once_finds_everything_and_repeats_no_alert()
    {
        // 1. A regime that is about to end raises one alert; a listing waits for its publication.
        var council = suite.Rest;
        var end = DateOnly.ParseExact(Council.Today, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(20).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await council.Call("ImportRegimes", council.Officer(), new JsonObject
        {
            ["source"] = "test",
            ["regimes"] = new JsonArray(new JsonObject { ["code"] = "TEST", ["title"] = "A regime of this test", ["expiryDate"] = end }),
        });
        var alert = (await Until(Alerts, a => a["alerts"]!.AsArray().Count > 0))["alerts"]!.ToJsonString();
        var id = await council.Propose(Proposal(regime: "TEST"));
        var decision = await council.CreateFor(id);
        await council.Adopt(decision);
        await council.Reaches(id, "ADOPTED");

        // 2. kill -9; the act is published while the service is down.
        Kill();
        await council.Publish(decision, Refusals.Number());
        await RestartAsync();

        // 3. In force, once; the alert is the one it was.
        await Until(() => Patiently(() => council.Listing(id)), l => (string?)l["state"] == "IN_FORCE");
        Assert.Equal(["listing-proposed", "listing-linked", "listing-adopted", "listing-published"], await council.ListingRows(id));
        var (_, alerts) = (await council.Listed(Proposal(regime: "TEST")), (await Alerts())["alerts"]!.AsArray());
        Assert.Equal(alert, alerts.ToJsonString());
        Assert.Equal(("30", end, "False"), (alerts[0]!["daysBefore"]!.ToString(), (string?)alerts[0]!["expiryDate"], alerts[0]!["settled"]?.GetValue<bool>().ToString() ?? "False"));

        Task<JsonObject> Alerts() => council.Call("ListAlerts", council.Reader, new JsonObject { ["regime"] = "TEST", ["settled"] = true });
    }

    [Fact]
    public async Task A_customer_stored_before_a_kill_is_told_of_once_after_it()
    {
        // 1. Two customers of one name; a listing of that name waits for its publication.
        var council = suite.Rest;
        var (client, name) = (Subjects.ClientAsync(council), Subjects.Name());
        var ids = new List<string>();
        foreach (var reference in (string[])["c1", "c2"])
        {
            ids.Add((string)(await council.Call("StoreSubject", client, Subjects.Customer(reference, name)))["id"]!);
        }
        var listing = await council.Propose(Proposal(name));
        var decision = await council.CreateFor(listing);
        await council.Adopt(decision);
        await council.Reaches(listing, "ADOPTED");

        // 2. Killed, published, and killed again as soon as the listing is in force, wherever the screening is by then.
        Kill();
        await council.Publish(decision, Refusals.Number());
        await RestartAsync();
        await Until(() => Patiently(() => council.Listing(listing)), l => (string?)l["state"] == "IN_FORCE");
        Kill();
        await RestartAsync();

        // 3. One alert each, and no more after another start.
        await Until(Alerts, a => a["alerts"]?.AsArray().Count >= 2);
        Kill();
        await RestartAsync();
        var alerts = (await Until(Alerts, a => a["alerts"] is not null))["alerts"]!.AsArray();
        Assert.Equal(ids.Order(), alerts.Select(a => (string)a!["subjectId"]!).Order());
        Assert.All(alerts, a => Assert.Equal(listing, (string?)a!["listingId"]));

        Task<JsonObject> Alerts() => Patiently(() => council.Call("ListClientAlerts", client, []));
    }

    /// <summary>kill -9.</summary>
    private void Kill()
    {
        Assert.True(suite.App.ResourceNotifications.TryGetCurrentState("sanctions", out var state));
        using var process = Process.GetProcessById((int)state!.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!);
        process.Kill(entireProcessTree: true);
    }

    private async Task RestartAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var restarted = await suite.App.ResourceCommands.ExecuteCommandAsync("sanctions", KnownResourceCommands.RestartCommand, limit.Token);
        Assert.True(restarted.Success, restarted.ErrorMessage);
        await suite.App.ResourceNotifications.WaitForResourceHealthyAsync("sanctions", limit.Token);
    }
}
