using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ExternalAction.Suite.Tests.Clients;

/// <summary>
/// The people around a Council file, each with their token: what the tests say is who does what, over whichever protocol
/// the client speaks.
/// </summary>
public sealed class Council(Api api, HttpClient http)
{
    public static readonly string[] MemberStates =
        ["BE", "BG", "CZ", "DK", "DE", "EE", "IE", "EL", "ES", "FR", "HR", "IT", "CY", "LV", "LT", "LU", "HU", "MT", "NL", "AT", "PL", "PT", "RO", "SI", "SK", "FI", "SE"];

    private static readonly ConcurrentDictionary<(string, string, string?), Task<string>> _tokens = new();

    public Task<string> Secretariat => TokenAsync("secretariat");
    public Task<string> HighRepresentative => TokenAsync("high-representative");
    public Task<string> Auditor => TokenAsync("auditor");
    public Task<string> Reader => TokenAsync("reader");

    public Task<string> Delegation(string memberState) => TokenAsync("delegation", memberState);

    /// <summary>A development token; one each is kept.</summary>
    public Task<string> TokenAsync(string role, string? memberState = null) => _tokens.GetOrAdd((http.BaseAddress!.ToString(), role, memberState), key =>
    {
        var body = new JsonObject { ["role"] = key.Item2, ["name"] = $"Test {key.Item2}" };
        if (key.Item3 is { } state)
        {
            body["memberState"] = state;
        }
        return IssueAsync(body);
    });

    /// <summary>A development token of its own.</summary>
    public async Task<string> IssueAsync(JsonObject wanted)
    {
        using var response = await http.PostAsJsonAsync("/dev/tokens", wanted);
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["token"]!;
    }

    /// <summary>Any rpc as any caller.</summary>
    public async Task<JsonObject> Call(string rpc, Task<string>? token, JsonObject request, string? key = null, long? minPosition = null) =>
        await api.CallAsync(rpc, request, new CallOptions(token is null ? null : await token, key, minPosition));

    /// <summary>Opens a file; gives its id.</summary>
    public async Task<string> Create(string basis = "TEU-31-1", string initiative = "HIGH_REPRESENTATIVE", string procedure = "MEETING", bool military = false, string date = "2025-06-01", params string[] outside)
    {
        var file = await Call("CreateDecision", Secretariat, new JsonObject
        {
            ["title"] = $"Test file {Guid.NewGuid():N}",
            ["documentNumber"] = "ST 1/25",
            ["legalBasis"] = basis,
            ["initiative"] = initiative,
            ["procedure"] = procedure,
            ["militaryOrDefence"] = military,
            ["date"] = date,
            ["notParticipating"] = new JsonArray([.. outside.Select(o => new JsonObject { ["memberState"] = o, ["reason"] = "does not join" })]),
        });
        return (string)file["id"]!;
    }

    /// <summary>Opens the vote at a meeting.</summary>
    public Task<JsonObject> Open(string id, string[]? absent = null, params (string From, string To)[] proxies) => Call("OpenVote", Secretariat, new JsonObject
    {
        ["id"] = id,
        ["attendance"] = new JsonObject([.. (absent ?? []).Select(a => KeyValuePair.Create<string, JsonNode?>(a, "ABSENT"))]),
        ["proxies"] = new JsonArray([.. proxies.Select(p => new JsonObject { ["from"] = p.From, ["to"] = p.To })]),
    });

    /// <summary>Opens a written or silence period.</summary>
    public Task<JsonObject> Open(string id, DateTimeOffset deadline) => Call("OpenVote", Secretariat, new JsonObject { ["id"] = id, ["deadline"] = deadline.UtcDateTime.ToString("O") });

    /// <summary>Opens a period that is over in a moment; gives its deadline. On a slow machine it may be over before the service hears of it: then the next is longer.</summary>
    public async Task<DateTimeOffset> OpenBriefly(string id)
    {
        for (var seconds = 1; ; seconds *= 2)
        {
            try
            {
                var deadline = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
                await Open(id, deadline);
                return deadline;
            }
            catch (ApiException refusal) when (refusal.Code == "DEADLINE_IN_PAST" && seconds < 64)
            {
                // The next one is longer.
            }
        }
    }

    /// <summary>A delegation's vote.</summary>
    public Task<JsonObject> Vote(string id, string member, string position = "FOR", string declaration = "", string? onBehalfOf = null, string? key = null, string? caller = null)
    {
        var request = new JsonObject { ["id"] = id, ["memberState"] = member, ["position"] = position, ["declaration"] = declaration };
        if (onBehalfOf is not null)
        {
            request["onBehalfOf"] = onBehalfOf;
        }
        return Call("RecordVote", Delegation(caller ?? member), request, key);
    }

    /// <summary>Everybody votes: as named, the others in favour.</summary>
    public async Task VoteAll(string id, IReadOnlyDictionary<string, string>? votes = null, params string[] except)
    {
        foreach (var member in MemberStates.Except(except))
        {
            var position = votes?.GetValueOrDefault(member) ?? "FOR";
            await Vote(id, member, position, position == "CONSTRUCTIVE_ABSTENTION" ? $"{member} does not take part in this." : "");
        }
    }

    /// <summary>Closes the vote.</summary>
    public Task<JsonObject> Close(string id) => Call("CloseVote", Secretariat, new JsonObject { ["id"] = id });

    /// <summary>An adopted file, by votes of all 27 in favour.</summary>
    public async Task<string> Adopted()
    {
        var id = await Create();
        await Open(id);
        await VoteAll(id);
        Assert.Equal("ADOPTED", (string?)(await Close(id))["state"]);
        return id;
    }

    /// <summary>Publishes an adopted file under a number of its own.</summary>
    public Task<JsonObject> Publish(string id, string number, string? publication = null, string? effect = null, string? expiry = null) => Call("PublishAct", Secretariat, new JsonObject
    {
        ["id"] = id,
        ["actNumber"] = number,
        ["publicationDate"] = publication ?? Today,
        ["effectDate"] = effect ?? Today,
        ["expiryDate"] = expiry ?? "",
    });

    /// <summary>All rows of a file.</summary>
    public async Task<List<JsonObject>> History(string id)
    {
        var rows = new List<JsonObject>();
        var token = "";
        do
        {
            var page = await Call("GetHistory", Auditor, new JsonObject { ["id"] = id, ["pageSize"] = 500, ["pageToken"] = token });
            rows.AddRange(page["entries"]!.AsArray().Select(e => e!.AsObject()));
            token = (string)page["nextPageToken"]!;
        }
        while (token.Length > 0);
        return rows;
    }

    /// <summary>The rows of a file's votes, by their declaration.</summary>
    public async Task<ILookup<string, string>> VoteRows(string id) => (await History(id)).Where(r => (string?)r["type"] == "decisions.vote-cast.v1")
        .ToLookup(r => (string?)JsonNode.Parse((string)r["payload"]!)!["declaration"] ?? "", r => (string)r["position"]!);

    /// <summary>The day it is in Brussels.</summary>
    public static string Today => TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels")).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
