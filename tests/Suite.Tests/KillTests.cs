using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Contracts.Events;
using ExternalAction.Suite.Tests.Clients;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace ExternalAction.Suite.Tests;

/// <summary>
/// Bad weather, with real processes: delegations keep voting while the service, the database, the broker and the cache are
/// killed and brought back. Nothing acknowledged may be lost or doubled, and nobody repairs anything by hand.
/// </summary>
[Trait("Needs", "Servers")]
public sealed class KillTests
{
    private const int Votes = 5_000;
    private const int Voters = 16;
    private const string ArchiveQueue = "archive.kill-test";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_acknowledged_vote_is_there_once_and_every_event_arrives_in_order_after_three_kills_of_everything()
    {
        await using var suite = await StartAsync(replicas: 1);
        var council = new Council(new RestApi(suite.Http), suite.Http);
        var id = await council.Create();
        await council.Open(id);

        using var over = new CancellationTokenSource(_patience);
        var voting = VoteAsync(council, id, TimeSpan.FromMilliseconds(120), over.Token);
        var kills = 0;
        for (var round = 0; round < 3; round++)
        {
            foreach (var victim in (string[])["decisions", "postgres", "messaging", "cache"])
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(200, 2_500)), over.Token);
                await suite.KillAsync(victim);
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100, 800)), over.Token);
                await suite.RestartAsync(victim, over.Token);
                kills++;
            }
        }
        var (acknowledged, failures) = await voting;

        Assert.Equal(12, kills);
        Assert.True(failures > 0, "No attempt failed: the kills did not meet the votes.");
        await suite.AssertWholeAsync(council, id, acknowledged, over.Token);
    }

    [Fact]
    public async Task With_two_replicas_and_one_killed_every_acknowledged_vote_is_there_once()
    {
        await using var suite = await StartAsync(replicas: 2);
        var council = new Council(new RestApi(suite.Http), suite.Http);
        var id = await council.Create();
        await council.Open(id);

        using var over = new CancellationTokenSource(_patience);
        var voting = VoteAsync(council, id, TimeSpan.FromMilliseconds(10), over.Token);
        await Task.Delay(TimeSpan.FromSeconds(1), over.Token);
        await suite.KillAsync("decisions-1");
        await Task.Delay(TimeSpan.FromSeconds(2), over.Token);
        await suite.RestartAsync("decisions-1", over.Token);
        var (acknowledged, _) = await voting;
        await suite.AssertWholeAsync(council, id, acknowledged, over.Token);
    }

    private static async Task<RunningSuite> StartAsync(int replicas)
    {
        var data = DataFolders.Create();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--mode", "distributed", "--data", data, "--replicas", $"{replicas}"]);
        var decisions = builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "decisions");
        builder.CreateResourceBuilder(decisions).WithEnvironment("Relay__Queues__decisions__0", ArchiveQueue);
        var app = await builder.BuildAsync();
        await app.StartAsync();
        using var limit = new CancellationTokenSource(_patience);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", limit.Token);
        return new RunningSuite(app, data);
    }

    /// <summary>Sixteen delegates share the votes; each repeats a vote under its key until it is acknowledged.</summary>
    private static async Task<(ConcurrentDictionary<int, string> Acknowledged, int Failures)> VoteAsync(Council council, string id, TimeSpan pause, CancellationToken over)
    {
        foreach (var member in Council.MemberStates)
        {
            await council.Delegation(member);
        }
        var acknowledged = new ConcurrentDictionary<int, string>();
        var next = 0;
        var failures = 0;
        await Task.WhenAll(Enumerable.Range(0, Voters).Select(async _ =>
        {
            for (var vote = Interlocked.Increment(ref next); vote <= Votes; vote = Interlocked.Increment(ref next))
            {
                while (true)
                {
                    try
                    {
                        var member = Council.MemberStates[vote % 27];
                        var reply = await council.Vote(id, member, vote % 2 == 0 ? "FOR" : "ABSTAIN", $"vote {vote}", key: $"{id}-{vote}");
                        Assert.True(acknowledged.TryAdd(vote, (string)reply["vote"]!["positionInJournal"]!));
                        break;
                    }
                    catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException or ApiException { Status: "503" or "502" or "504" or "429" or "500" })
                    {
                        Interlocked.Increment(ref failures);
                        await Task.Delay(100, over);
                    }
                }
                await Task.Delay(pause, over);
            }
        }));
        return (acknowledged, failures);
    }

    private sealed class RunningSuite(DistributedApplication app, string data) : IAsyncDisposable
    {
        public HttpClient Http { get; } = app.CreateHttpClient("gateway", "http");

        /// <summary>kill -9, of everything the resource has started.</summary>
        public Task KillAsync(string resource)
        {
            Assert.True(app.ResourceNotifications.TryGetCurrentState(resource, out var state), $"{resource} is not there.");
            var pid = (int)state.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
            return Task.CompletedTask;
        }

        /// <summary>Brings it back by the runner's own command, and waits until it is healthy.</summary>
        public async Task RestartAsync(string resource, CancellationToken over)
        {
            var result = await app.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.RestartCommand, over);
            Assert.True(result.Success, result.ErrorMessage);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource.Split('-')[0], over);
        }

        /// <summary>Rows, chain and events: each acknowledged vote once, dense and whole, in order.</summary>
        public async Task AssertWholeAsync(Council council, string id, ConcurrentDictionary<int, string> acknowledged, CancellationToken over)
        {
            // 1. Every vote was acknowledged, and stands in the file's history exactly once, where its receipt says.
            Assert.Equal(Votes, acknowledged.Count);
            var rows = await HistoryAsync(council, id);
            var votes = rows.Where(r => (string?)r["type"] == "decisions.vote-cast.v1")
                .ToLookup(r => (string)JsonNode.Parse((string)r["payload"]!)!["declaration"]!, r => (string)r["position"]!);
            Assert.Equal(Votes, votes.Count);
            foreach (var (vote, position) in acknowledged)
            {
                Assert.Equal([position], votes[$"vote {vote}"]);
            }

            // 2. The chain verifies offline, against the signed head.
            var database = await app.GetConnectionStringAsync("decisions-db", over);
            Assert.Equal(0, await VerifyAsync(database!));

            // 3. Every event is in the archive's queue, in order; repeated ones are allowed, missing ones are not.
            var positions = await ArchivedAsync((await app.GetConnectionStringAsync("messaging", over))!, votes.SelectMany(v => v).Max(p => long.Parse(p, System.Globalization.CultureInfo.InvariantCulture)), over);
            Assert.Equal(Votes, positions);
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await app.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }

        private static async Task<List<JsonObject>> HistoryAsync(Council council, string id)
        {
            var rows = new List<JsonObject>();
            var token = "";
            do
            {
                var page = await council.Call("GetHistory", council.Auditor, new JsonObject { ["id"] = id, ["pageSize"] = 500, ["pageToken"] = token });
                rows.AddRange(page["entries"]!.AsArray().Select(e => e!.AsObject()));
                token = (string)page["nextPageToken"]!;
            }
            while (token.Length > 0);
            return rows;
        }

        private static async Task<int> VerifyAsync(string database)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
            foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Journal.Tool.dll"), "verify", "--postgres", database])
            {
                start.ArgumentList.Add(argument);
            }
            using var tool = Process.Start(start)!;
            await tool.StandardOutput.ReadToEndAsync();
            await tool.WaitForExitAsync();
            return tool.ExitCode;
        }

        /// <summary>Reads the archive until the event of the last row is there; gives how many votes it holds.</summary>
        private static async Task<int> ArchivedAsync(string broker, long last, CancellationToken over)
        {
            await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync(over);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: over);
            var arrived = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += async (_, message) => await arrived.Writer.WriteAsync(message.Body.ToArray(), over);
            await channel.BasicConsumeAsync(ArchiveQueue, autoAck: true, consumer, over);
            var (seen, votes) = ((Position: 0L, Index: 0), 0);
            while (seen.Position < last)
            {
                var body = await arrived.Reader.ReadAsync(over);
                var envelope = JsonNode.Parse(body)!["message"]!.Deserialize<IntegrationEvent>(JsonSerializerOptions.Web)!;
                var place = (envelope.Position, envelope.Index);
                if (place.CompareTo(seen) <= 0)
                {
                    continue; // told twice: allowed on the wire
                }
                Assert.Equal(seen, (envelope.PreviousPosition, envelope.PreviousIndex));
                seen = place;
                votes += envelope.Type == "decisions.vote-recorded.v1" ? 1 : 0;
            }
            return votes;
        }
    }
}
