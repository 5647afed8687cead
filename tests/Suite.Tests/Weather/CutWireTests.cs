using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>The worst moment for a connection to break: PostgreSQL has committed, and its answer is lost.</summary>
[Collection("weather"), Trait("Needs", "Servers")]
public sealed class CutWireTests(WeatherSuite suite)
{
    // What PostgreSQL answers to a COMMIT.
    private const string Committed = "COMMIT\0";

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task A_connection_cut_between_commit_and_its_reply_costs_the_caller_nothing(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await AnOpenFileAsync(council);
        for (var round = 0; round < 3; round++)
        {
            var (cuts, key, words) = (suite.Wire.Cuts, Guid.NewGuid().ToString(), $"round {round}");
            suite.Wire.CutBeforeReply(Committed);
            var first = await council.Vote(id, "FR", declaration: words, key: key);
            Assert.Equal(cuts + 1, suite.Wire.Cuts);
            await AssertOnceAsync(council, id, words, key, (string)first["receipt"]!);
        }
    }

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task If_the_database_cannot_be_asked_either_the_caller_repeats_and_gets_what_was_stored(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await AnOpenFileAsync(council);
        var (cuts, key) = (suite.Wire.Cuts, Guid.NewGuid().ToString());
        suite.Wire.CutBeforeReply(Committed);
        suite.Wire.Refusing = true;
        try
        {
            var unknown = await Assert.ThrowsAsync<ApiException>(() => council.Vote(id, "FR", declaration: "once", key: key));
            Assert.Equal("UNAVAILABLE", unknown.Code);
            Assert.Equal(cuts + 1, suite.Wire.Cuts);
        }
        finally
        {
            suite.Wire.Refusing = false;
        }
        var stored = await council.Vote(id, "FR", declaration: "once", key: key);
        await AssertOnceAsync(council, id, "once", key, (string)stored["receipt"]!);
    }

    private static async Task<string> AnOpenFileAsync(Council council)
    {
        var id = await council.Create();
        await council.Open(id);
        await council.Delegation("FR");
        return id;
    }

    private static async Task AssertOnceAsync(Council council, string id, string words, string key, string receipt)
    {
        var again = await council.Vote(id, "FR", declaration: words, key: key);
        Assert.Equal(receipt, (string?)again["receipt"]);
        Assert.Equal([(string)again["vote"]!["positionInJournal"]!], (await council.VoteRows(id))[words]);
    }
}
