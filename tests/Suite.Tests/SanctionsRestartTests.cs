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
        Assert.True(suite.App.ResourceNotifications.TryGetCurrentState("sanctions", out var state));
        using (var process = Process.GetProcessById((int)state!.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!))
        {
            process.Kill(entireProcessTree: true);
        }
        await council.Publish(decision, Refusals.Number());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var restarted = await suite.App.ResourceCommands.ExecuteCommandAsync("sanctions", KnownResourceCommands.RestartCommand, limit.Token);
        Assert.True(restarted.Success, restarted.ErrorMessage);
        await suite.App.ResourceNotifications.WaitForResourceHealthyAsync("sanctions", limit.Token);

        // 3. In force, once; the alert is the one it was.
        await Until(() => Patiently(() => council.Listing(id)), l => (string?)l["state"] == "IN_FORCE");
        Assert.Equal(["listing-proposed", "listing-linked", "listing-adopted", "listing-published"], await council.ListingRows(id));
        var (_, alerts) = (await council.Listed(Proposal(regime: "TEST")), (await Alerts())["alerts"]!.AsArray());
        Assert.Equal(alert, alerts.ToJsonString());
        Assert.Equal(("30", end, "False"), (alerts[0]!["daysBefore"]!.ToString(), (string?)alerts[0]!["expiryDate"], alerts[0]!["settled"]?.GetValue<bool>().ToString() ?? "False"));

        Task<JsonObject> Alerts() => council.Call("ListAlerts", council.Reader, new JsonObject { ["regime"] = "TEST", ["settled"] = true });
    }
}
