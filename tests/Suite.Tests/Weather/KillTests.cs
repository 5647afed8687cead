using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests.Weather;

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
        var voting = Voting.Start(council, id, TimeSpan.FromMilliseconds(120), over.Token);
        for (var round = 0; round < 3; round++)
        {
            foreach (var victim in (string[])["decisions", "postgres", "messaging", "cache"])
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(200, 2_500)), over.Token);
                await suite.KillAsync(victim);
                // It stays dead until the voters have noticed: without service or database an attempt fails; without broker or cache votes go on.
                await (victim is "decisions" or "postgres" ? voting.FailsAsync() : voting.GoesOnAsync());
                await suite.RestartAsync(victim, over.Token);
            }
        }
        await suite.AssertWholeAsync(council, id, await voting.EndAsync(), over.Token);
    }

    [Fact]
    public async Task With_two_replicas_and_one_killed_every_acknowledged_vote_is_there_once()
    {
        await using var suite = await StartAsync(replicas: 2);
        var council = new Council(new RestApi(suite.Http), suite.Http);
        var id = await council.Create();
        await council.Open(id);

        using var over = new CancellationTokenSource(_patience);
        var voting = Voting.Start(council, id, TimeSpan.FromMilliseconds(10), over.Token);
        await Task.Delay(TimeSpan.FromSeconds(1), over.Token);
        await suite.KillAsync("decisions-1");
        await voting.GoesOnAsync();
        await suite.RestartAsync("decisions-1", over.Token);
        await suite.AssertWholeAsync(council, id, await voting.EndAsync(), over.Token);
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

    /// <summary>Sixteen delegates share the votes; each repeats a vote under its key until it is acknowledged. They vote on until told to end, and five thousand times at least.</summary>
    private sealed class Voting
    {
        private readonly ConcurrentDictionary<int, string> _acknowledged = new();
        private readonly CancellationToken _over;
        private Task _voters = Task.CompletedTask;
        private volatile bool _mayEnd;
        private int _next;
        private long _failedBeganAt;

        private Voting(CancellationToken over) => _over = over;

        public static Voting Start(Council council, string id, TimeSpan pause, CancellationToken over)
        {
            var voting = new Voting(over);
            voting._voters = Task.WhenAll(Enumerable.Range(0, Voters).Select(_ => voting.VoteAsync(council, id, pause)));
            return voting;
        }

        /// <summary>Waits until an attempt has failed that begins after this.</summary>
        public Task FailsAsync()
        {
            var now = Stopwatch.GetTimestamp();
            return UntilAsync(() => Volatile.Read(ref _failedBeganAt) > now);
        }

        /// <summary>Waits until more votes are acknowledged than were under way.</summary>
        public Task GoesOnAsync()
        {
            var before = _acknowledged.Count;
            return UntilAsync(() => _acknowledged.Count > before + Voters);
        }

        /// <summary>Lets the voters finish; gives vote → journal position.</summary>
        public async Task<ConcurrentDictionary<int, string>> EndAsync()
        {
            _mayEnd = true;
            await _voters;
            Assert.True(_acknowledged.Count >= Votes, $"Only {_acknowledged.Count} votes.");
            return _acknowledged;
        }

        private async Task UntilAsync(Func<bool> reached)
        {
            while (!reached())
            {
                Assert.False(_voters.IsCompleted, "The voters have ended.");
                await Task.Delay(20, _over);
            }
        }

        private async Task VoteAsync(Council council, string id, TimeSpan pause)
        {
            for (var vote = Interlocked.Increment(ref _next); vote <= Votes || !_mayEnd; vote = Interlocked.Increment(ref _next))
            {
                while (true)
                {
                    var beganAt = Stopwatch.GetTimestamp();
                    try
                    {
                        var reply = await council.Vote(id, Council.MemberStates[vote % 27], vote % 2 == 0 ? "FOR" : "ABSTAIN", $"vote {vote}", key: $"{id}-{vote}");
                        Assert.True(_acknowledged.TryAdd(vote, (string)reply["vote"]!["positionInJournal"]!));
                        break;
                    }
                    catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException or ApiException { Status: "503" or "502" or "504" or "429" or "500" })
                    {
                        Volatile.Write(ref _failedBeganAt, beganAt);
                        await Task.Delay(100, _over);
                    }
                }
                await Task.Delay(pause, _over);
            }
        }
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
            // 1. Every vote stands in the file's history exactly once, where its receipt says.
            var votes = await council.VoteRows(id);
            Assert.Equal(acknowledged.Count, votes.Count);
            foreach (var (vote, position) in acknowledged)
            {
                Assert.Equal([position], votes[$"vote {vote}"]);
            }

            // 2. The chain verifies offline.
            var database = await app.GetConnectionStringAsync("decisions-db", over);
            await Verifier.AssertSoundAsync("--postgres", database!);

            // 3. Every event is in the archive's queue, in order; repeated ones are allowed, missing ones are not.
            var last = votes.SelectMany(v => v).Max(p => long.Parse(p, CultureInfo.InvariantCulture));
            var events = await EventArchive.ReadAsync((await app.GetConnectionStringAsync("messaging", over))!, ArchiveQueue, last, over);
            Assert.Equal(acknowledged.Count, events.Count(e => e.Type == "decisions.vote-recorded.v1"));
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await app.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }
}
