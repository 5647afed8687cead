using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Aspire.Hosting.Testing;
using ExternalAction.Contracts.Events;
using ExternalAction.Suite.Tests.Clients;
using ExternalAction.Suite.Tests.Weather;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using static ExternalAction.Suite.Tests.SanctionsSteps;

namespace ExternalAction.Suite.Tests;

/// <summary>What a client leaves here: its customers, screened by themselves, and the hits it has cleared.</summary>
public abstract class Subjects(SuiteFixture suite)
{
    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task A_customer_left_here_is_told_of_when_a_decision_lists_him_and_forgotten_when_he_is_deleted(string protocol)
    {
        // 1. Stored, once however often it is sent; there is nobody like him yet.
        var council = suite.Over(protocol);
        var client = ClientAsync(council);
        var (name, reference) = (Name(), $"customer {Guid.NewGuid():N}");
        var stored = await council.Call("StoreSubject", client, Customer(reference, name), "store-1");
        var id = (string)stored["id"]!;
        Assert.Equal((reference, name, "onboarding@1", "0.4000", 0), ((string?)stored["subject"]!["id"], (string?)stored["subject"]!["names"]![0], (string?)stored["profile"], (string?)stored["threshold"], (int)stored["alerts"]!));
        Assert.Equal(stored.ToJsonString(), (await council.Call("StoreSubject", client, Customer(reference, name), "store-1")).ToJsonString());
        Assert.Equal(id, (string?)(await council.Call("StoreSubject", client, Customer(reference, name)))["id"]);
        Assert.Single((await council.Call("ListSubjects", client, []))["subjects"]!.AsArray());

        // Storing was a screening, and left a record like any other: one, however often he was sent. It is replayed with him sent again.
        var record = Assert.Single((await council.Call("ListScreenings", client, []))["screenings"]!.AsArray())!;
        Assert.Equal(((string?)stored["screeningId"], "onboarding@1", 0, "NONE", (string?)stored["screenedVersion"]), ((string?)record["id"], (string?)record["profile"], Number(record["hits"]), (string?)record["band"], (string?)record["listVersion"]));
        Assert.True(await ReplaysAsync(council, client, reference, name, (string)record["id"]!));

        // 2. A decision lists him: the alert comes by itself, once.
        await using var events = await EventsAsync();
        var listing = await council.Listed(Proposal(name));
        var alerts = await Until(() => council.Call("ListSubjectAlerts", client, Id(id)), a => a["alerts"]!.AsArray().Count > 0);
        var alert = Assert.Single(alerts["alerts"]!.AsArray())!;
        Assert.Equal((id, reference, listing, name, name, "eu", "NIC", "ALERT"), (
            (string?)alert["subjectId"], (string?)alert["subjectReference"], (string?)alert["listingId"], (string?)alert["caption"], (string?)alert["matchedName"], (string?)alert["list"], (string?)alert["regime"], (string?)alert["band"]));
        Assert.Matches("^0\\.[0-9]{4}$", (string?)alert["score"]);
        await events.ToldAsync(id, listing, (string)alert["score"]!, name, reference);
        var now = await Until(() => council.Call("GetSubject", client, Id(id)), s => (int)s["alerts"]! == 1);
        Assert.Equal(name, (string?)now["subject"]!["names"]![0]);
        Assert.Contains((string?)alert["listVersion"], ((string)(await Until(() => council.Call("GetSubject", client, Id(id)), s => ((string)s["screenedVersion"]!).Contains((string)alert["listVersion"]!, StringComparison.Ordinal)))["screenedVersion"]!).Split(','));

        // 3. Who asks with the last position misses none and sees none twice.
        var all = await council.Call("ListClientAlerts", client, []);
        Assert.Equal(alert.ToJsonString(), Assert.Single(all["alerts"]!.AsArray())!.ToJsonString());
        Assert.Empty((await council.Call("ListClientAlerts", client, new JsonObject { ["afterPosition"] = (string)alert["position"]! }))["alerts"]!.AsArray());

        // An auditor reads on which version and with which score it was raised, and in which re-screening, but not of whom.
        var audited = Assert.Single((await council.Call("ListClientAlerts", council.Auditor, new JsonObject { ["client"] = (string)record["client"]! }))["alerts"]!.AsArray())!;
        Assert.Equal(((string?)alert["id"], (string?)alert["listVersion"], (string?)alert["score"], (string?)alert["band"]), ((string?)audited["id"], (string?)audited["listVersion"], (string?)audited["score"], (string?)audited["band"]));
        Assert.Equal(("", ""), ((string?)audited["subjectReference"] ?? "", (string?)audited["matchedName"] ?? ""));
        var rescreening = await RescreeningAsync(council, (string)alert["listVersion"]!);
        Assert.True(Number(rescreening["subjects"]) > 0 && Number(rescreening["listings"]) > 0 && Number(rescreening["alerts"]) > 0);
        Assert.Equal("sanctions.subjects-rescreened.v1", (string?)rescreening["row"]!["type"]);

        // 4. To everybody else he does not exist.
        var other = ClientAsync(council);
        foreach (var rpc in (string[])["GetSubject", "DeleteSubject", "ListSubjectAlerts"])
        {
            foreach (var stranger in new[] { other, council.Officer() })
            {
                Assert.Equal(await RefusedAsync(council, rpc, stranger, "nosuchsubject"), await RefusedAsync(council, rpc, stranger, id));
            }
        }
        Assert.Empty((await council.Call("ListSubjects", other, []))["subjects"]!.AsArray());
        Assert.Empty((await council.Call("ListClientAlerts", other, []))["alerts"]!.AsArray());
        Assert.Equal("ROLE_MISSING", (await Assert.ThrowsAsync<ApiException>(() => council.Call("ListClientAlerts", other, new JsonObject { ["client"] = (string)record["client"]! }))).Code);

        // 5. Deleted, and deleted again; he is gone, and stored anew he is another.
        var deleted = await council.Call("DeleteSubject", client, Id(id));
        Assert.Equal(deleted.ToJsonString(), (await council.Call("DeleteSubject", client, Id(id))).ToJsonString());
        Assert.Equal("SUBJECT_NOT_FOUND", (await RefusedAsync(council, "GetSubject", client, id)).Code);
        Assert.Equal("SUBJECT_NOT_FOUND", (await RefusedAsync(council, "ListSubjectAlerts", client, id)).Code);
        Assert.Empty((await council.Call("ListClientAlerts", client, []))["alerts"]!.AsArray());
        var again = await council.Call("StoreSubject", client, Customer(reference, name));
        Assert.NotEqual(id, (string?)again["id"]);
        Assert.Equal(1, (int)again["alerts"]!);
        var second = await council.Call("GetScreening", client, Id((string)again["screeningId"]!));
        Assert.Equal((1, "ALERT"), (Number(second["hits"]), (string?)second["band"]));
        Assert.True(await ReplaysAsync(council, client, reference, name, (string)second["id"]!));
    }

    [Theory, InlineData("REST"), InlineData("gRPC")]
    public async Task A_cleared_hit_is_left_out_for_that_customer_until_the_names_change(string protocol)
    {
        var council = suite.Over(protocol);
        var client = ClientAsync(council);
        var name = Name();
        var listing = await council.Listed(Proposal(name));
        var hit = Assert.Single((await MatchAsync("c1"))["hits"]!.AsArray())!;

        // 1. Cleared for one customer of one client.
        var wanted = new JsonObject { ["subject"] = "c1", ["listingId"] = listing, ["aliasVersion"] = (string)hit["aliasVersion"]!, ["reason"] = "Born elsewhere." };
        var exclusion = await council.Call("ExcludeHit", client, wanted);
        Assert.Equal(("c1", listing, true), ((string?)exclusion["subject"], (string?)exclusion["listingId"], (bool)exclusion["inEffect"]!));
        Assert.Equal(exclusion.ToJsonString(), (await council.Call("ExcludeHit", client, wanted)).ToJsonString());
        Assert.Equal((0, listing), await Until(() => MatchAsync("c1"), r => r["excluded"]!.AsArray().Count == 1) is var left ? (left["hits"]!.AsArray().Count, (string?)left["excluded"]![0]) : default);
        Assert.Single((await MatchAsync("c2"))["hits"]!.AsArray());
        Assert.Single((await MatchAsync("c1", ClientAsync(council)))["hits"]!.AsArray());
        Assert.Equal("EXCLUSION_NOT_FOUND", (await RefusedAsync(council, "WithdrawExclusion", ClientAsync(council), (string)exclusion["id"]!)).Code);
        var stored = await council.Call("StoreSubject", client, Customer("c1", name));
        Assert.Equal(0, (int)stored["alerts"]!);
        var record = await council.Call("GetScreening", client, Id((string)stored["screeningId"]!));
        Assert.Equal((0, listing), (Number(record["hits"]), (string?)record["excluded"]![0]));

        // 2. Taken back, it is shown again, and told of the stored customer.
        Assert.False((bool)(await council.Call("WithdrawExclusion", client, Id((string)exclusion["id"]!)))["inEffect"]!);
        await Until(() => MatchAsync("c1"), r => r["hits"]!.AsArray().Count == 1);
        Assert.Equal(listing, (string?)Assert.Single((await council.Call("ListClientAlerts", client, []))["alerts"]!.AsArray())!["listingId"]);

        // 3. Cleared again, it ends by itself with the names that were looked at.
        await council.Call("ExcludeHit", client, wanted);
        await Until(() => MatchAsync("c1"), r => r["excluded"]!.AsArray().Count == 1);
        await council.Call("AmendListing", council.Officer(), new JsonObject
        {
            ["id"] = listing,
            ["content"] = new JsonObject { ["names"] = new JsonArray(new JsonObject { ["wholeName"] = name }, new JsonObject { ["wholeName"] = $"{name} Junior" }) },
            ["act"] = new JsonObject { ["number"] = Refusals.Number(), ["publicationDate"] = Council.Today, ["effectDate"] = Council.Today },
        });
        var shown = await Until(() => MatchAsync("c1"), r => r["hits"]!.AsArray().Count == 1);
        Assert.NotEqual((string?)hit["aliasVersion"], (string?)shown["hits"]![0]!["aliasVersion"]);
        var recorded = (await council.Call("ListExclusions", client, new JsonObject { ["subject"] = "c1" }))["exclusions"]!.AsArray();
        Assert.Equal([false, false], recorded.Select(e => (bool)e!["inEffect"]!));
        Assert.Equal("ALIAS_VERSION_PASSED", (await Assert.ThrowsAsync<ApiException>(() => council.Call("ExcludeHit", client, (JsonObject)wanted.DeepClone()))).Code);

        async Task<JsonObject> MatchAsync(string reference, Task<string>? caller = null) => (await council.Call("Match", caller ?? client, new JsonObject
        {
            ["subjects"] = new JsonArray(new JsonObject { ["id"] = reference, ["names"] = new JsonArray(name), ["type"] = "PERSON" }),
        }))["results"]![0]!.AsObject();
    }

    [Fact]
    public async Task Many_customers_are_listed_page_by_page_in_the_order_they_came()
    {
        var council = suite.Rest;
        var client = ClientAsync(council);
        for (var i = 0; i < 5; i++)
        {
            await council.Call("StoreSubject", client, Customer($"c{i}", Name()));
        }
        var seen = new List<string>();
        var token = "";
        do
        {
            var page = await council.Call("ListSubjects", client, new JsonObject { ["pageSize"] = 2, ["pageToken"] = token });
            seen.AddRange(page["subjects"]!.AsArray().Select(s => (string)s!["subject"]!["id"]!));
            token = (string)page["nextPageToken"]!;
        }
        while (token.Length > 0);
        Assert.Equal(["c0", "c1", "c2", "c3", "c4"], seen);
        var strange = await council.Call("ListSubjects", client, new JsonObject { ["pageSize"] = 2 });
        Assert.Equal("INVALID_PAGE_TOKEN", (await Assert.ThrowsAsync<ApiException>(async () => await council.Call("ListSubjects", ClientAsync(council), new JsonObject { ["pageToken"] = (string)strange["nextPageToken"]! }))).Code);
    }

    private static async Task<bool> ReplaysAsync(Council council, Task<string> client, string reference, string name, string screening) => (bool?)(await council.Call("ReplayScreening", client, new JsonObject
    {
        ["id"] = screening,
        ["subject"] = Customer(reference, name)["subject"]!.DeepClone(),
    }))["same"] ?? false;

    /// <summary>The re-screening at a version of the list, or at the next that was compared.</summary>
    private static async Task<JsonObject> RescreeningAsync(Council council, string version)
    {
        var position = long.Parse(version.Split('-')[1], CultureInfo.InvariantCulture);
        return await Until(async () =>
        {
            var token = "";
            do
            {
                var page = await council.Call("ListRescreenings", council.Auditor, new JsonObject { ["list"] = version.Split('-')[0], ["pageSize"] = 2, ["pageToken"] = token });
                if (page["rescreenings"]?.AsArray().FirstOrDefault(r => long.Parse(((string)r!["listVersion"]!).Split('-')[1], CultureInfo.InvariantCulture) >= position) is { } found)
                {
                    return found.AsObject();
                }
                token = (string?)page["nextPageToken"] ?? "";
            }
            while (token.Length > 0);
            return [];
        }, found => found.Count > 0);
    }

    private static int Number(JsonNode? number) => number is null ? 0 : int.Parse(number.ToString(), CultureInfo.InvariantCulture);

    /// <summary>What others hear of Sanctions, where there is a wire to listen at.</summary>
    protected virtual Task<Heard> EventsAsync() => Task.FromResult(new Heard(null, null));

    /// <summary>A client of its own.</summary>
    internal static Task<string> ClientAsync(Council council) => council.IssueAsync(new JsonObject { ["role"] = "integrator", ["name"] = $"Bank {Guid.NewGuid():N}" });

    internal static JsonObject Customer(string reference, string name) => new()
    {
        ["subject"] = new JsonObject { ["id"] = reference, ["names"] = new JsonArray(name), ["type"] = "PERSON" },
    };

    internal static JsonObject Id(string id) => new() { ["id"] = id };

    /// <summary>A name that nobody has: two words of four syllables.</summary>
    internal static string Name() => string.Join(' ', Enumerable.Range(0, 2).Select(_ => Capital(string.Concat(Enumerable.Range(0, 4).Select(_ => $"{"bdfgklmnprstvz"[Random.Shared.Next(14)]}{"aeiou"[Random.Shared.Next(5)]}")))));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static async Task<(string Code, string Detail, string? Field)> RefusedAsync(Council council, string rpc, Task<string> token, string id)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => council.Call(rpc, token, Id(id)));
        return (refusal.Code, refusal.Detail.Replace(id, "…", StringComparison.Ordinal), refusal.Field);
    }

    /// <summary>The events of Sanctions as a stranger hears them.</summary>
    protected sealed class Heard(IConnection? connection, ChannelReader<IntegrationEvent>? events) : IAsyncDisposable
    {
        /// <summary>Waits for the event of a match; it does not say who the subject is.</summary>
        public async Task ToldAsync(string subject, string listing, string score, params string[] personal)
        {
            if (events is null)
            {
                return;
            }
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (true)
            {
                var told = await events.ReadAsync(limit.Token);
                if (told.Type != "sanctions.subject-matched.v1" || JsonNode.Parse(told.Payload)! is not { } payload || (string?)payload["subjectId"] != subject)
                {
                    continue;
                }
                Assert.Equal((listing, score, "ALERT"), ((string?)payload["listingId"], (string?)payload["score"], (string?)payload["band"]));
                Assert.Equal(["subjectId", "client", "listingId", "listVersion", "score", "band"], payload.AsObject().Select(p => p.Key));
                Assert.All(personal, words => Assert.DoesNotContain(words, told.Payload, StringComparison.Ordinal));
                return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }
}

[Collection("embedded")]
public sealed class EmbeddedSubjectsTests(EmbeddedSuite suite) : Subjects(suite);

[Collection("distributed"), Trait("Needs", "Servers")]
public sealed class DistributedSubjectsTests(DistributedSuite suite) : Subjects(suite)
{
    /// <inheritdoc/>
    protected override async Task<Heard> EventsAsync()
    {
        var connection = await new ConnectionFactory { Uri = new Uri((await suite.App.GetConnectionStringAsync("messaging"))!) }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, "externalaction.sanctions", "");
        var arrived = Channel.CreateUnbounded<IntegrationEvent>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            EventArchive.EventsIn(message.Body).ForEach(told => arrived.Writer.TryWrite(told));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return new Heard(connection, arrived.Reader);
    }
}
