using System.Text.Json.Nodes;
using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests;

/// <summary>What people do around a listing, in short words.</summary>
internal static class SanctionsSteps
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static Task<string> Officer(this Council c) => c.TokenAsync("sanctions-officer");

    public static Task<string> Integrator(this Council c) => c.TokenAsync("integrator");

    /// <summary>What a proposal says; a person, for the High Representative, unless the test changes it.</summary>
    public static JsonObject Proposal(string name = "Anna Example", string regime = "NIC", Action<JsonObject>? change = null)
    {
        var request = new JsonObject
        {
            ["regime"] = regime,
            ["type"] = "PERSON",
            ["content"] = new JsonObject
            {
                ["names"] = new JsonArray(new JsonObject { ["wholeName"] = name, ["language"] = "EN" }),
                ["statementOfReasons"] = "Signed the orders.",
                ["measures"] = new JsonArray("ASSET_FREEZE", "TRAVEL_BAN"),
            },
            ["evidence"] = new JsonArray("file 1"),
        };
        change?.Invoke(request);
        return request;
    }

    /// <summary>Proposes; gives the listing's id.</summary>
    public static async Task<string> Propose(this Council c, JsonObject? proposal = null, Task<string>? token = null) =>
        (string)(await c.Call("ProposeListing", token ?? c.Officer(), proposal ?? Proposal()))["id"]!;

    /// <summary>A decision that carries a listing and, perhaps, renews its regime.</summary>
    public static async Task<string> CreateFor(this Council c, string listing, string? regime = null, string procedure = "MEETING")
    {
        var links = new JsonArray(new JsonObject { ["kind"] = "SANCTIONS_LISTING", ["id"] = listing });
        if (regime is not null)
        {
            links.Add(new JsonObject { ["kind"] = "SANCTIONS_REGIME", ["id"] = regime });
        }
        return (string)(await c.Call("CreateDecision", c.Secretariat, new JsonObject
        {
            ["title"] = $"Restrictive measures {Guid.NewGuid():N}",
            ["documentNumber"] = "ST 1/25",
            ["legalBasis"] = "TEU-31-1",
            ["initiative"] = "HIGH_REPRESENTATIVE",
            ["procedure"] = procedure,
            ["date"] = "2025-06-01",
            ["links"] = links,
        }))["id"]!;
    }

    /// <summary>Adopted by a meeting, all 27 in favour.</summary>
    public static async Task Adopt(this Council c, string decision)
    {
        await c.Open(decision);
        await c.VoteAll(decision);
        Assert.Equal("ADOPTED", (string?)(await c.Close(decision))["state"]);
    }

    /// <summary>Adopted by silence: nobody objects for a moment.</summary>
    public static async Task AdoptBySilence(this Council c, string decision)
    {
        await c.OpenBriefly(decision);
        await Until(() => c.Call("GetDecision", c.Auditor, new JsonObject { ["id"] = decision }), f => (string?)f["state"] == "ADOPTED");
    }

    /// <summary>A listing that a decision put in force.</summary>
    public static async Task<string> Listed(this Council c, JsonObject? proposal = null)
    {
        var id = await c.Propose(proposal);
        var decision = await c.CreateFor(id);
        await c.Adopt(decision);
        await c.Publish(decision, Refusals.Number());
        await c.Reaches(id, "IN_FORCE");
        return id;
    }

    /// <summary>Waits until a listing stands where it must.</summary>
    public static Task<JsonObject> Reaches(this Council c, string id, string state) => Until(() => c.Listing(id), l => (string?)l["state"] == state);

    public static async Task<JsonObject> Listing(this Council c, string id, Task<string>? token = null) => await c.Call("GetListing", token ?? c.Auditor, new JsonObject { ["id"] = id });

    /// <summary>Imports a file as the UN's list.</summary>
    public static Task<JsonObject> Import(this Council c, string file, bool force = false, bool dryRun = false) =>
        c.Call("ImportList", c.Officer(), new JsonObject { ["list"] = "un", ["file"] = UnList.Field(file), ["force"] = force, ["dryRun"] = dryRun });

    /// <summary>The list's version now.</summary>
    public static async Task<string> ListVersion(this Council c) => (string)(await c.Call("ListChanges", c.Auditor, new JsonObject { ["list"] = "eu", ["pageSize"] = 1 }))["listVersion"]!;

    /// <summary>The names of the events of a listing.</summary>
    public static async Task<string[]> ListingRows(this Council c, string id) =>
        [.. (await c.Call("GetListingHistory", c.Auditor, new JsonObject { ["id"] = id }))["entries"]!.AsArray().Select(e => ((string)e!["type"]!)["sanctions.".Length..^3])];

    public static async Task<JsonObject> Until(Func<Task<JsonObject>> read, Func<JsonObject, bool> reached)
    {
        using var limit = new CancellationTokenSource(_patience);
        while (true)
        {
            var value = await read();
            if (reached(value))
            {
                return value;
            }
            Assert.False(limit.IsCancellationRequested, $"Still: {value.ToJsonString()}");
            await Task.Delay(100);
        }
    }

    /// <summary>The gateway may need a moment to find the service again.</summary>
    public static async Task<JsonObject> Patiently(Func<Task<JsonObject>> read)
    {
        try
        {
            return await read();
        }
        catch (ApiException refusal) when (refusal.Code is "UNAVAILABLE" or "DEADLINE_EXCEEDED")
        {
            return [];
        }
    }
}
