using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ExternalAction.Suite.Tests.Clients;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>How to reach every error code of the Sanctions service that its rpcs can give, over REST and over gRPC.</summary>
public static class SanctionsRefusals
{
    private static readonly ConcurrentDictionary<string, Task<string>> _listed = new();

    /// <summary>Code → what provokes it.</summary>
    public static IReadOnlyDictionary<string, Func<Council, Task>> All { get; } = new Dictionary<string, Func<Council, Task>>
    {
        ["LISTING_NOT_FOUND"] = c => c.Listing("nosuchlisting"),
        ["UNKNOWN_REGIME"] = c => c.Propose(Proposal(regime: "XXX")),
        ["REGIME_NOT_FOUND"] = c => c.Call("GetRegime", c.Reader, new JsonObject { ["code"] = "XXX" }),
        ["LIST_NOT_FOUND"] = c => c.Call("GetList", c.Reader, new JsonObject { ["list"] = "uk" }),
        ["WRONG_LISTING_STATE"] = async c => await c.Call("NotifyListing", c.Officer(), new JsonObject { ["id"] = await c.Propose(), ["method"] = "DIRECT" }),
        ["NOT_YOUR_MEMBER_STATE"] = c => c.Propose(Proposal(change: p => p["proposedBy"] = "PL"), c.Delegation("LT")),
        ["STATEMENT_OF_REASONS_REQUIRED"] = c => c.Propose(Proposal(change: p => p["content"]!["statementOfReasons"] = "")),
        ["NAME_REQUIRED"] = c => c.Propose(Proposal(change: p => p["content"]!["names"]![0]!["weak"] = true)),
        ["MEASURE_NOT_APPLICABLE"] = c => c.Propose(Proposal(change: p => p["content"]!["measures"] = new JsonArray("VESSEL_BAN"))),
        ["INVALID_DATES"] = c => c.Propose(Proposal(change: p => p["content"]!["birthDates"] = new JsonArray(new JsonObject { ["year"] = 1970, ["month"] = 2, ["day"] = 30 }))),
        ["ACT_REQUIRED"] = async c => await c.Call("DelistListing", c.Officer(), new JsonObject { ["id"] = await Listed(c), ["reason"] = "DEATH" }),
        ["DEROGATION_INCOMPLETE"] = async c => await c.Call(
            "DerogateListing", c.Officer(), new JsonObject { ["id"] = await Listed(c), ["derogation"] = new JsonObject { ["ground"] = "BASIC_NEEDS", ["authority"] = "Bundesbank" } }),
        ["REFERENCE_NUMBER_TAKEN"] = async c =>
        {
            var number = $"EU.{Random.Shared.Next()}.1";
            await c.Call("AmendListing", c.Officer(), new JsonObject { ["id"] = await c.Propose(), ["euReferenceNumber"] = number });
            await c.Call("AmendListing", c.Officer(), new JsonObject { ["id"] = await Listed(c), ["euReferenceNumber"] = number });
        },
        ["DECISION_CLOSED"] = async c =>
        {
            var listing = await c.Propose();
            var decision = await c.CreateFor(listing);
            await c.Adopt(decision);
            await c.Reaches(listing, "ADOPTED");
            await c.Propose(Proposal(change: p => p["decisionId"] = decision));
        },
        ["NOT_A_LIST"] = c => c.Call("ImportList", c.Officer(), new JsonObject { ["list"] = "eu", ["file"] = "bm90IGEgbGlzdA==" }),
        ["UNKNOWN_FORMAT"] = c => c.Call("ExportList", c.Reader, new JsonObject { ["list"] = "eu", ["format"] = "pdf" }),
        ["UNKNOWN_PROFILE"] = c => c.Call("Match", c.Integrator(), Query("Anna", "strict")),
        ["NOTHING_TO_SCREEN"] = c => c.Call("Match", c.Integrator(), Query(null, "payments")),
        ["LIST_TOO_LARGE"] = c => c.Import(UnList.File("2030-01-01", 1, 1).Replace("<INDIVIDUALS>", "<INDIVIDUALS>" + new string(' ', 170_000_000), StringComparison.Ordinal)),
        ["OLDER_LIST"] = async c =>
        {
            await c.Import(UnList.File("2030-01-01", 1, 20), force: true);
            await c.Import(UnList.File("2029-12-31", 1, 20));
        },
        ["TOO_MANY_REMOVALS"] = async c =>
        {
            await c.Import(UnList.File("2030-01-01", 1, 20), force: true);
            await c.Import(UnList.File("2030-01-01", 1, 17));
        },
        ["IMPORT_IN_PROGRESS"] = async c =>
        {
            var file = UnList.File("2030-01-01", 1, 4_000);
            for (var round = 0; round < 20; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => c.Import(file, dryRun: true)));
            }
        },
        ["SCREENING_NOT_FOUND"] = async c => await c.Call("GetScreening", c.Integrator(), new JsonObject { ["id"] = await Screened(c, c.IssueAsync(new JsonObject { ["role"] = "integrator", ["name"] = "Somebody else" })) }),
        ["QUERY_MISMATCH"] = async c => await c.Call("ReplayScreening", c.Integrator(), new JsonObject { ["id"] = await Screened(c), ["subject"] = new JsonObject { ["names"] = new JsonArray("Boris") } }),
        ["QUERY_REQUIRED"] = async c => await c.Call("ReplayScreening", c.Integrator(), new JsonObject { ["id"] = await Screened(c) }),
        ["SUBJECT_NOT_FOUND"] = c => c.Call("DeleteSubject", c.Integrator(), new JsonObject { ["id"] = "nosuchsubject" }),
        ["EXCLUSION_NOT_FOUND"] = c => c.Call("WithdrawExclusion", c.Integrator(), new JsonObject { ["id"] = "nosuchexclusion" }),
        ["ALIAS_VERSION_PASSED"] = async c => await c.Call(
            "ExcludeHit", c.Integrator(), new JsonObject { ["subject"] = "c1", ["listingId"] = await Listed(c), ["aliasVersion"] = "1", ["reason"] = "Another person." }),
        ["INVALID_RECORD"] = c => c.Call("ImportRegimes", c.Officer(), new JsonObject
        {
            ["source"] = "test",
            ["regimes"] = new JsonArray(new JsonObject { ["code"] = "NIC", ["title"] = "t" }, new JsonObject { ["code"] = "NIC", ["title"] = "t" }),
        }),
    };

    /// <summary>Codes that take somebody who tampers with the store: tests of the service (Records/RecordsOfScreenings) reach them.</summary>
    public static IReadOnlyList<string> ReachedBehindTheService { get; } = ["SCREENING_ALTERED"];

    /// <summary>Codes that take a hundred thousand requests: the domain's tests (Listings/EveryRefusal) reach them.</summary>
    public static IReadOnlyList<string> ReachedInTheDomain { get; } = ["TOO_MANY_SUBJECTS", "TOO_MANY_EXCLUSIONS"];

    private static JsonObject Query(string? name, string profile) => new()
    {
        ["profile"] = profile,
        ["subjects"] = new JsonArray(new JsonObject { ["id"] = "a", ["type"] = "PERSON", ["names"] = name is null ? [] : new JsonArray(name) }),
    };

    /// <summary>A screening of Anna; gives its id.</summary>
    private static async Task<string> Screened(Council c, Task<string>? token = null) =>
        (string)(await c.Call("Match", token ?? c.Integrator(), Query("Anna", "payments")))["results"]![0]!["screeningId"]!;

    /// <summary>One listing in force for each suite is enough: what is refused changes nothing.</summary>
    private static async Task<string> Listed(Council c) => await _listed.GetOrAdd(await c.Officer(), _ => c.Listed());
}
