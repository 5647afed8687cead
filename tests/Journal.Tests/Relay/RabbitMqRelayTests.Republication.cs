using System.Globalization;
using ExternalAction.Journal.Consumers;
using ExternalAction.Journal.Relay;
using ExternalAction.Journal.Tool;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>The past sent to one queue again.</summary>
public sealed partial class RabbitMqRelayTests
{
    [Fact]
    public async Task A_new_consumer_gets_the_past_by_republishing_and_then_goes_on()
    {
        // 1. Nobody listens yet.
        await using (var alone = await Suite.StartAsync(Folder, listener: false, settings: With(("Relay:Queues:decisions:0", Archive))))
        {
            await alone.Sender.TellAllAsync(1, 60, "pair");
            await Suite.EventuallyAsync(() => alone.Relay.Reached.LastEvent.Position == alone.Sender.Position, () => "not all was published");
        }

        // 2. The listener comes and misses the past.
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        suite.Log.Expect("an event is missing");
        await suite.Sender.TellAllAsync(61, 3, "pair");
        await Suite.EventuallyAsync(() => suite.Consumer.Obstacle is { Kind: ObstacleKind.Gap }, () => "the gap was not met");
        Assert.Empty(suite.Listener.Current.State.Notes);

        // 3. The tool asks for it, first from too late a position.
        var late = suite.Sender.Position - 20;
        Assert.Equal(JournalTool.Success, await RepublishAsync(late, Listener.Queue));
        await Suite.EventuallyAsync(() => suite.Log.At(LogLevel.Information).Any(line => line.Contains("were republished", StringComparison.Ordinal)), () => "nothing was republished");
        Assert.Equal(JournalTool.Success, await RepublishAsync(1, Listener.Queue));
        await suite.NotesAsync(126);
        await suite.Sender.TellAsync(64);
        Assert.Equal(Sender.Notes([.. Numbers(1, 63, "pair"), new Happened(64, "vote")]), await suite.NotesAsync(127));
    }

    [Fact]
    public async Task A_republication_that_is_asked_for_while_another_ends_is_carried_out_too()
    {
        await using (var alone = await Suite.StartAsync(Folder, listener: false, settings: With(("Relay:Queues:decisions:0", Archive))))
        {
            await alone.Sender.TellAllAsync(1, 30);
            await Suite.EventuallyAsync(() => alone.Relay.Reached.LastEvent.Position == alone.Sender.Position, () => "not all was published");
        }

        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        suite.Log.Expect("an event is missing");

        // The tool's second request comes between the relay's last event of the first one and its note that this is done.
        suite.Log.Once("were republished", () =>
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, Sender.Service, "journal.db")};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE journal_checkpoints SET position = 0, last_position = 0, last_item = 0 WHERE relay LIKE 'republish:%'";
            Assert.Equal(1, command.ExecuteNonQuery());
        });
        Assert.Equal(JournalTool.Success, await RepublishAsync(suite.Sender.Position - 5, Listener.Queue));
        await suite.NotesAsync(30);
    }

    [Fact]
    public async Task The_tool_refuses_what_the_relay_could_not_do_and_the_relay_passes_over_queues_it_does_not_serve()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        await suite.Sender.TellAsync(1);
        Assert.Equal(JournalTool.Usage, await RepublishAsync(suite.Sender.Position + 1, Listener.Queue));
        Assert.Equal(JournalTool.Success, await RepublishAsync(1, "nobody.decisions"));
        await Suite.EventuallyAsync(() => suite.Log.At(LogLevel.Warning).Any(line => line.Contains("nobody.decisions", StringComparison.Ordinal)), () => "nothing was said");

        await suite.Sender.TellAsync(2);
        Assert.Equal(["1:vote", "2:vote"], await suite.NotesAsync(2));
    }

    private Task<int> RepublishAsync(long from, string queue) => JournalTool.RunAsync(
        ["republish", "--sqlite", Path.Combine(Folder, Sender.Service, "journal.db"), "--from", from.ToString(CultureInfo.InvariantCulture), "--to", queue],
        TextWriter.Null, TextWriter.Null, CancellationToken.None);
}
