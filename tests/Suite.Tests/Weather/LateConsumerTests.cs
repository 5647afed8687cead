using System.Globalization;
using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>A consumer is deployed after its source: whatever happened meanwhile waits for it.</summary>
[Collection("weather"), Trait("Needs", "Servers")]
public sealed class LateConsumerTests(WeatherSuite suite)
{
    private const int Events = 100;

    [Fact]
    public async Task A_consumer_that_starts_after_a_hundred_events_gets_all_of_them_in_order()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var broker = (await suite.App.GetConnectionStringAsync("messaging", limit.Token))!;

        // 1. A hundred votes, and nobody who listens.
        var council = suite.Rest;
        var id = await council.Create();
        await council.Open(id);
        for (var i = 0; i < Events; i++)
        {
            await council.Vote(id, Clients.Council.MemberStates[i % 27], declaration: $"vote {i}");
        }
        while (await EventArchive.WaitingAsync(broker, WeatherSuite.LateQueue, limit.Token) < Events)
        {
            await Task.Delay(200, limit.Token);
        }

        // 2. It starts, and reads from the first event of the journal to the last vote.
        var rows = await council.VoteRows(id);
        var last = rows.SelectMany(r => r).Max(p => long.Parse(p, CultureInfo.InvariantCulture));
        var events = await EventArchive.ReadAsync(broker, WeatherSuite.LateQueue, last, limit.Token);
        var votes = events.Where(e => e.Type == "decisions.vote-recorded.v1" && (string?)JsonNode.Parse(e.Payload)!["decisionId"] == id).ToList();
        Assert.Equal(Enumerable.Range(0, Events).Select(i => Clients.Council.MemberStates[i % 27]), votes.Select(e => (string)JsonNode.Parse(e.Payload)!["memberState"]!));
        Assert.Equal(Enumerable.Range(0, Events).Select(i => Assert.Single(rows[$"vote {i}"])), votes.Select(e => e.Position.ToString(CultureInfo.InvariantCulture)));
    }
}
