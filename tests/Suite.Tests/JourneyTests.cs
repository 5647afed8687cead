using System.Text.Json.Nodes;
using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests;

/// <summary>What users do, from one end to the other, in both modes and over both protocols.</summary>
public abstract class JourneyTests(SuiteFixture suite)
{
    private static readonly Dictionary<string, string> _threeAbstain = new()
    {
        ["IE"] = "CONSTRUCTIVE_ABSTENTION",
        ["AT"] = "CONSTRUCTIVE_ABSTENTION",
        ["MT"] = "CONSTRUCTIVE_ABSTENTION",
    };

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task Lethal_equipment_with_three_constructive_abstentions_is_adopted_published_and_read(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await council.Create("TEU-41-2", military: true);
        await Assert.ThrowsAsync<ApiException>(() => council.Call("GetDecision", council.Reader, new JsonObject { ["id"] = id }));
        await council.Open(id);
        await council.VoteAll(id, _threeAbstain);
        var running = await council.Call("GetTally", council.Auditor, new JsonObject { ["id"] = id });
        Assert.True((bool)running["running"]!);

        var closed = await council.Close(id);
        Assert.Equal("ADOPTED", (string?)closed["state"]);
        Assert.Equal("UNANIMITY_REACHED", (string?)closed["reasonCode"]);
        Assert.Equal(["IE", "MT", "AT"], closed["outcome"]!["notObliged"]!.AsArray().Select(n => (string)n!));
        Assert.Equal("0.0332", (string?)closed["outcome"]!["constructive"]!["populationShare"]);

        await council.Publish(id, Refusals.Number());
        var read = await council.Call("GetDecision", council.Reader, new JsonObject { ["id"] = id });
        Assert.Equal("IN_FORCE", (string?)read["state"]);
        Assert.Equal(27, read["votes"]!.AsArray().Count);
        Assert.Null(read["voting"]);
    }

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task A_silence_procedure_is_adopted_at_its_deadline_by_itself(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await council.Create(procedure: "SILENCE");
        await council.OpenBriefly(id);
        var file = await Until(() => council.Call("GetDecision", council.Auditor, new JsonObject { ["id"] = id }), f => (string?)f["state"] == "ADOPTED");
        Assert.Equal("SILENCE_LAPSED", (string?)file["reasonCode"]);
        Assert.Equal((string?)file["voting"]!["deadline"], (string?)file["voting"]!["closedAt"]);
    }

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task A_brake_leads_over_a_failed_mediation_to_the_European_Council(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await council.Create("TEU-31-2-C");
        await council.Call("InvokeBrake", council.Delegation("HU"), new JsonObject { ["id"] = id, ["memberState"] = "HU", ["reasons"] = "vital reasons" });
        await council.Call("RecordMediation", council.HighRepresentative, new JsonObject { ["id"] = id, ["outcome"] = "FAILED", ["text"] = "no common ground" });
        var referred = await council.Call("ReferDecision", council.Secretariat, new JsonObject { ["id"] = id });
        var voteId = (string)referred["referral"]!["voteId"]!;
        await council.VoteAll(voteId, new Dictionary<string, string> { ["HU"] = "AGAINST", ["SK"] = "AGAINST" });
        Assert.Equal("QUALIFIED_MAJORITY_REACHED", (string?)(await council.Close(voteId))["reasonCode"]);

        var origin = await council.Call("GetDecision", council.Auditor, new JsonObject { ["id"] = id });
        Assert.Equal("REFERRED", (string?)origin["state"]);
        var european = await council.Call("GetDecision", council.Auditor, new JsonObject { ["id"] = (string)origin["referral"]!["europeanCouncilId"]! });
        Assert.Equal(("EUROPEAN_COUNCIL", "UNANIMITY"), ((string)european["institution"]!, (string)european["rule"]!));
    }

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task A_repeated_request_with_the_same_key_gets_the_stored_receipt_and_a_changed_one_is_refused(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await council.Create();
        await council.Open(id);
        var key = Guid.NewGuid().ToString();
        var first = await council.Vote(id, "FR", key: key);
        var second = await council.Vote(id, "FR", key: key);
        Assert.Equal((string?)first["receipt"], (string?)second["receipt"]);
        Assert.Single((await council.VoteRows(id))[""]);
        var refusal = await Assert.ThrowsAsync<ApiException>(() => council.Vote(id, "FR", "AGAINST", key: key));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", refusal.Code);
        Assert.Single((await council.VoteRows(id))[""]);
    }

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task Two_hundred_concurrent_votes_of_one_state_are_two_hundred_rows_and_the_last_position_wins(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await council.Create();
        await council.Open(id);
        await council.Delegation("FR");
        var positions = new[] { "FOR", "AGAINST", "ABSTAIN" };
        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => council.Vote(id, "FR", positions[i % 3], key: $"{id}-{i}")));
        Assert.Equal(200, (await council.VoteRows(id))[""].Count());
        var last = replies.MaxBy(r => long.Parse((string)r["vote"]!["positionInJournal"]!, System.Globalization.CultureInfo.InvariantCulture))!;
        var file = await council.Call("GetDecision", council.Auditor, new JsonObject { ["id"] = id });
        var vote = Assert.Single(file["votes"]!.AsArray())!;
        Assert.Equal((string?)last["vote"]!["position"], (string?)vote["position"]);
        Assert.InRange((int)vote["changes"]!, 1, 199);
    }

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task Two_hundred_concurrent_votes_under_one_key_are_one_row(string protocol)
    {
        var council = suite.Over(protocol);
        var id = await council.Create();
        await council.Open(id);
        await council.Delegation("FR");
        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => council.Vote(id, "FR", key: $"{id}-one")));
        Assert.Single(replies.Select(r => (string?)r["receipt"]).Distinct());
        Assert.Single((await council.VoteRows(id))[""]);
    }

    [Fact]
    public async Task A_past_is_read_as_it_was()
    {
        var council = suite.Rest;
        var id = await council.Create();
        await council.Open(id);
        var vote = await council.Vote(id, "FR");
        await council.Vote(id, "FR", "AGAINST");
        var then = await council.Call("GetDecision", council.Auditor, new JsonObject { ["id"] = id, ["asOf"] = $"position:{(string)vote["vote"]!["positionInJournal"]!}" });
        Assert.Equal("FOR", (string?)then["votes"]![0]!["position"]);
    }

    private static async Task<JsonObject> Until(Func<Task<JsonObject>> read, Func<JsonObject, bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var value = await read();
            if (reached(value))
            {
                return value;
            }
            await Task.Delay(200, limit.Token);
        }
    }
}

[Collection("embedded")]
public sealed class EmbeddedJourneyTests(EmbeddedSuite suite) : JourneyTests(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class DistributedJourneyTests(DistributedSuite suite) : JourneyTests(suite);
