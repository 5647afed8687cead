using System.Diagnostics;
using System.Text.Json.Nodes;
using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests;

/// <summary>
/// How to reach every error code of the Decisions service, written once and run over REST and over gRPC. The list is checked
/// against the contract: a code nobody can reach is a code to delete.
/// </summary>
public static class Refusals
{
    private static readonly DateTimeOffset _later = TimeProvider.System.GetUtcNow().AddDays(1);

    /// <summary>Code → what provokes it.</summary>
    public static IReadOnlyDictionary<string, Func<Council, Task>> All { get; } = new Dictionary<string, Func<Council, Task>>
    {
        ["DECISION_NOT_FOUND"] = c => c.Call("GetDecision", c.Auditor, new JsonObject { ["id"] = "nosuchfile" }),
        ["UNKNOWN_MEMBER_STATE"] = async c => await c.Create(outside: "XX"),
        ["UNKNOWN_LEGAL_BASIS"] = async c => await c.Create("TEU-99"),
        ["INITIATIVE_NOT_ALLOWED"] = async c => await c.Create("TEU-31-2-B", "MEMBER_STATE"),
        ["QUALIFIED_MAJORITY_EXCLUDED"] = async c => await c.Create("TEU-31-2-C", military: true),
        ["NO_POPULATION_TABLE"] = async c => await c.Create(date: "2020-01-31"),
        ["WRONG_STATE"] = async c => await c.Publish(await c.Create(), Number()),
        ["VOTE_CLOSED"] = async c => await c.Vote(await c.Adopted(), "FR"),
        ["VOTE_NOT_OPEN"] = async c => await c.Vote(await c.Create(), "FR"),
        ["NOT_PARTICIPATING"] = async c => await c.Vote(await Opened(c, outside: "DK"), "DK"),
        ["NOT_YOUR_MEMBER_STATE"] = async c => await c.Vote(await Opened(c), "FR", caller: "DE"),
        ["SECOND_PROXY"] = async c => await c.Open(await c.Create(), ["CY", "LU"], ("CY", "MT"), ("LU", "MT")),
        ["INVALID_PROXY"] = async c => await c.Open(await c.Create(), [], ("CY", "CY")),
        ["NO_PROXY"] = async c => await c.Vote(await Opened(c), "SK", onBehalfOf: "HU"),
        ["DECLARATION_REQUIRED"] = async c => await c.Vote(await Opened(c), "IE", "CONSTRUCTIVE_ABSTENTION"),
        ["CONSTRUCTIVE_ABSTENTION_EXCLUDED"] = async c => await c.Vote(await Opened(c, "TEU-31-2-C"), "IE", "CONSTRUCTIVE_ABSTENTION", "words"),
        ["MEMBER_ABSENT"] = async c =>
        {
            var id = await c.Create();
            await c.Open(id, ["HU"]);
            await c.Vote(id, "HU");
        },
        ["VOTES_MISSING"] = async c => await c.Close(await Opened(c)),
        ["DEADLINE_IN_PAST"] = async c => await c.Open(await c.Create(procedure: "SILENCE"), _later.AddDays(-2)),
        ["DEADLINE_REQUIRED"] = async c => await c.Open(await c.Create(procedure: "WRITTEN")),
        ["DEADLINE_PASSED"] = async c =>
        {
            var id = await c.Create(procedure: "SILENCE");
            var left = await c.OpenBriefly(id) - TimeProvider.System.GetUtcNow();
            await Task.Delay(TimeSpan.FromSeconds(0.2) + (left > TimeSpan.Zero ? left : TimeSpan.Zero));
            await c.Call("ExtendDeadline", c.Secretariat, new JsonObject { ["id"] = id, ["deadline"] = _later.UtcDateTime.ToString("O") });
        },
        ["DEADLINE_NOT_LATER"] = async c =>
        {
            var id = await c.Create(procedure: "SILENCE");
            await c.Open(id, _later);
            await c.Call("ExtendDeadline", c.Secretariat, new JsonObject { ["id"] = id, ["deadline"] = _later.AddHours(-1).UtcDateTime.ToString("O") });
        },
        ["DEADLINE_NOT_REACHED"] = async c =>
        {
            var id = await c.Create(procedure: "SILENCE");
            await c.Open(id, _later);
            await c.Close(id);
        },
        ["BRAKE_NOT_AVAILABLE"] = async c => await c.Call("InvokeBrake", c.Delegation("HU"), new JsonObject { ["id"] = await c.Create(), ["memberState"] = "HU", ["reasons"] = "vital" }),
        ["REASONS_REQUIRED"] = async c => await c.Call("InvokeBrake", c.Delegation("HU"), new JsonObject { ["id"] = await c.Create("TEU-31-2-C"), ["memberState"] = "HU", ["reasons"] = " " }),
        ["INVALID_ACT_NUMBER"] = async c => await c.Publish(await c.Adopted(), "number one"),
        ["ACT_NUMBER_TAKEN"] = async c =>
        {
            var number = Number();
            await c.Publish(await c.Adopted(), number);
            await c.Publish(await c.Adopted(), number);
        },
        ["INVALID_DATES"] = async c => await c.Publish(await c.Adopted(), Number(), publication: "2020-02-02"),
        ["INVALID_AMENDING_ACT"] = async c =>
        {
            var id = await c.Adopted();
            await c.Publish(id, Number());
            await c.Call("AmendAct", c.Secretariat, new JsonObject { ["id"] = id, ["by"] = await c.Create() });
        },
        ["TOO_MANY_MEMBERS"] = c => c.Call("AnalyseVote", c.Reader, new JsonObject { ["rule"] = "UNANIMITY", ["members"] = Members(31) }),
        ["INVALID_RECORD"] = c => c.Call("ImportPopulations", c.Secretariat, new JsonObject { ["validFrom"] = "2031-01-01", ["source"] = "test", ["records"] = new JsonArray(new JsonObject { ["memberState"] = "FR", ["population"] = "1" }) }),
        ["DUPLICATE_RECORD"] = c => c.Call("SimulateVote", c.Reader, new JsonObject
        {
            ["rule"] = "UNANIMITY",
            ["members"] = new JsonArray(new JsonObject { ["code"] = "A", ["population"] = "1" }, new JsonObject { ["code"] = "A", ["population"] = "1" }),
        }),
        ["ANALYSIS_BUSY"] = async c =>
        {
            var request = new JsonObject { ["rule"] = "QUALIFIED_MAJORITY", ["members"] = Members(30) };
            // An analysis takes milliseconds: it may take several rounds until a third meets two others, and more on one core.
            await c.Reader;
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(2);)
            {
                await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => c.Call("AnalyseVote", c.Reader, (JsonObject)request.DeepClone())));
            }
        },
        ["INVALID_ADVANCE"] = async c =>
        {
            var id = await c.Create();
            await c.Call("AdvanceDecision", c.Secretariat, new JsonObject { ["id"] = id, ["to"] = "COREPER" });
            await c.Call("AdvanceDecision", c.Secretariat, new JsonObject { ["id"] = id, ["to"] = "PSC" });
        },
        ["NO_PARTICIPANTS"] = async c => await c.Create(outside: Council.MemberStates),
        ["POSITION_NOT_CASTABLE"] = async c => await c.Vote(await Opened(c), "FR", "ABSENT"),
    };

    /// <summary>An act number no other test uses.</summary>
    public static string Number() => $"(CFSP) {2000 + Random.Shared.Next(90)}/{Random.Shared.Next(1, 99_999)}";

    private static async Task<string> Opened(Council c, string basis = "TEU-31-1", params string[] outside)
    {
        var id = await c.Create(basis, outside: outside);
        await c.Open(id);
        return id;
    }

    private static JsonArray Members(int count) => new([.. Enumerable.Range(1, count).Select(i => new JsonObject { ["code"] = $"M{i}", ["population"] = $"{i * 977}" })]);
}
