using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>
/// No room for the journal, with the real process and its real files: the kernel lets them grow no further (RLIMIT_FSIZE), which
/// fails the same writes that a full disk fails, and can be had on any machine.
/// </summary>
[Trait("Needs", "Servers")]
public sealed class FullDiskTests
{
    private const int Room = 100_000;
    private const string Nothing = "4096";

    [Fact]
    public async Task A_full_disk_is_said_clearly_loses_nothing_and_the_service_goes_on_when_there_is_room()
    {
        var suite = new EmbeddedSuite();
        try
        {
            await suite.InitializeAsync();
            var council = suite.Grpc;
            var id = await council.Create();
            await council.Open(id);
            var acknowledged = new Dictionary<string, string>();
            for (var i = 0; i < 20; i++)
            {
                acknowledged.Add($"vote {i}", Receipt(await council.Vote(id, "FR", declaration: $"vote {i}", key: $"{id}-{i}")));
            }

            // 1. No file of the process may become longer than the journal's log is now, and a little.
            var journal = Path.Combine(suite.Data, "decisions", "journal.db");
            await LimitAsync(suite, (new FileInfo(journal + "-wal").Length + Room).ToString(CultureInfo.InvariantCulture));

            // 2. Votes are acknowledged until one does not fit; that one and all after it are refused with a sentence that says why.
            string? first = null;
            for (var i = 20; first is null; i++)
            {
                Assert.True(i < 5_000, "The limit was never met.");
                try
                {
                    acknowledged.Add($"vote {i}", Receipt(await council.Vote(id, "FR", declaration: $"vote {i}", key: $"{id}-{i}")));
                }
                catch (ApiException refusal)
                {
                    first = $"vote {i}";
                    AssertNoRoom(refusal);
                }
            }
            await LimitAsync(suite, Nothing); // at the edge a smaller vote may still fit; now none does
            for (var i = 0; i < 5; i++)
            {
                AssertNoRoom(await Assert.ThrowsAsync<ApiException>(() => council.Vote(id, "FR", declaration: first, key: $"{id}-{first["vote ".Length..]}")));
            }
            AssertNoRoom(await Assert.ThrowsAsync<ApiException>(() => suite.Rest.Vote(id, "FR", declaration: "over REST", key: $"{id}-rest")));

            // 3. Reading goes on, and the outside learns of it.
            Assert.Equal(acknowledged.Keys.Order(), (await council.VoteRows(id)).Select(r => r.Key).Order());
            using var health = await suite.Http.GetAsync("/health");
            Assert.False(health.IsSuccessStatusCode);

            // 4. With room again the refused vote is taken under its key; everything acknowledged is there once, and the chain is whole.
            await LimitAsync(suite, "unlimited");
            acknowledged.Add(first, Receipt(await council.Vote(id, "FR", declaration: first, key: $"{id}-{first["vote ".Length..]}")));
            foreach (var (words, receipt) in acknowledged)
            {
                Assert.Equal(receipt, Receipt(await council.Vote(id, "FR", declaration: words, key: $"{id}-{words["vote ".Length..]}")));
            }
            var rows = await council.VoteRows(id);
            Assert.Equal(acknowledged.Keys.Order(), rows.Select(r => r.Key).Order());
            Assert.All(rows, row => Assert.Single(row));
            await Verifier.AssertSoundAsync("--sqlite", journal);
        }
        finally
        {
            await suite.DisposeAsync();
        }
    }

    private static string Receipt(System.Text.Json.Nodes.JsonObject reply) => (string)reply["receipt"]!;

    private static void AssertNoRoom(ApiException refusal)
    {
        Assert.Equal("UNAVAILABLE", refusal.Code);
        Assert.Contains("no room left", refusal.Detail, StringComparison.Ordinal);
    }

    private static async Task LimitAsync(EmbeddedSuite suite, string bytes)
    {
        Assert.True(suite.App.ResourceNotifications.TryGetCurrentState("suite", out var state));
        var pid = state.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;
        using var prlimit = Process.Start("prlimit", ["--pid", $"{pid}", $"--fsize={bytes}:unlimited"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
