using System.Globalization;
using ExternalAction.Journal.Consumers;
using ExternalAction.Journal.Relay;
using ExternalAction.Journal.Tool;
using ExternalAction.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>With a broker of their own, in which every test leaves nothing: queues are emptied before each.</summary>
[Trait("Needs", "Servers")]
public sealed class RabbitMqRelayTests(RabbitMqServer rabbit) : RelayTests, IClassFixture<RabbitMqServer>, IAsyncLifetime
{
    private const string Archive = "archive.decisions";

    protected override IReadOnlyDictionary<string, string?> Transport { get; } = new Dictionary<string, string?>
    {
        ["ConnectionStrings:messaging"] = rabbit.ConnectionString,
    };

    [Fact]
    public async Task A_consumer_that_starts_after_100_events_gets_them_all()
    {
        await using (var sender = await Suite.StartAsync(Folder, listener: false, settings: Transport))
        {
            await sender.Sender.TellAllAsync(1, 100);
            await Suite.EventuallyAsync(() => sender.Relay.Reached.LastEvent.Position == sender.Sender.Position, () => "not all was published");
        }

        await using var listener = await Suite.StartAsync(Folder, sender: false, settings: Transport);
        Assert.Equal(Sender.Notes(Numbers(1, 100)), await listener.NotesAsync(100));
    }

    [Fact]
    public async Task A_broker_that_is_killed_in_the_middle_loses_nothing()
    {
        await using var sender = await Suite.StartAsync(Path.Combine(Folder, "sender"), listener: false, settings: Transport);
        await using var listener = await Suite.StartAsync(Path.Combine(Folder, "listener"), sender: false, settings: Transport);
        var telling = sender.Sender.TellAllAsync(1, 3000);
        await listener.NotesAsync(500);
        await rabbit.KillAsync();
        await telling;
        Assert.Equal(3001, sender.Sender.Current.State.Count + 1);
        Assert.NotEqual(HealthStatus.Unhealthy, (await sender.HealthAsync("messaging")).Status);
        await rabbit.StartAsync();

        Assert.Equal(Sender.Notes(Numbers(1, 3000)), await listener.NotesAsync(3000));
    }

    [Fact]
    public async Task A_broker_that_is_killed_right_after_its_first_events_has_kept_queue_and_events()
    {
        await using (var sender = await Suite.StartAsync(Folder, listener: false, settings: Transport))
        {
            await sender.Sender.TellAllAsync(1, 20);
            await Suite.EventuallyAsync(() => sender.Relay.Reached.LastEvent != EventPlace.Start, () => "nothing was published");
            await rabbit.KillAsync();
            await rabbit.StartAsync();
            await Suite.EventuallyAsync(() => sender.Relay.Reached.LastEvent.Position == sender.Sender.Position, () => "not all was published");
        }

        await using var listener = await Suite.StartAsync(Folder, sender: false, settings: Transport);
        Assert.Equal(Sender.Notes(Numbers(1, 20)), await listener.NotesAsync(20));
    }

    [Fact]
    public async Task A_service_starts_without_its_broker_and_publishes_when_it_comes()
    {
        await rabbit.KillAsync();
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        await suite.Sender.TellAllAsync(1, 10);
        Assert.Equal(HealthStatus.Degraded, (await suite.HealthAsync("messaging")).Status);
        await rabbit.StartAsync();

        Assert.Equal(Sender.Notes(Numbers(1, 10)), await suite.NotesAsync(10));
    }

    [Fact]
    public async Task An_unreadable_body_goes_to_the_error_queue_and_health_is_green_again_when_people_have_emptied_it()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        suite.Log.Expect("could not be read");
        await using var connection = await suite.Services.GetRequiredService<Broker>().ConnectAsync("test", default);
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync(exchange: "", Listener.Queue, "this is no envelope"u8.ToArray());
        await suite.Sender.TellAsync(1);

        Assert.Equal(["1:vote"], await suite.NotesAsync(1));
        await UntilHealthAsync(suite, HealthStatus.Unhealthy);
        Assert.Equal(1u, await channel.QueuePurgeAsync(BusQueue.ErrorQueueOf(Listener.Queue)));
        await UntilHealthAsync(suite, HealthStatus.Healthy);
    }

    [Fact]
    public async Task Queues_of_a_deployment_receive_every_event_once_with_its_own_id()
    {
        await using (var suite = await Suite.StartAsync(Folder, listener: false, settings: With(("Relay:Queues:decisions:1", Archive))))
        {
            await suite.Sender.TellAllAsync(1, 20, "pair");
            await Suite.EventuallyAsync(() => suite.Relay.Reached.LastEvent.Position == suite.Sender.Position, () => "not all was published");
        }

        var ids = await IdsInAsync(Archive);
        Assert.Equal(40, ids.Count);
        Assert.Equal(40, ids.Distinct().Count());
    }

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

    public async Task InitializeAsync()
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbit.ConnectionString) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in (string[])[Listener.Queue, BusQueue.ErrorQueueOf(Listener.Queue), Archive])
        {
            await channel.QueueDeleteAsync(queue);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private Dictionary<string, string?> With(params IEnumerable<(string Name, string Value)> more)
        => new([.. Transport, .. more.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))]);

    private Task<int> RepublishAsync(long from, string queue) => JournalTool.RunAsync(
        ["republish", "--sqlite", Path.Combine(Folder, Sender.Service, "journal.db"), "--from", from.ToString(CultureInfo.InvariantCulture), "--to", queue],
        TextWriter.Null, TextWriter.Null, CancellationToken.None);

    /// <summary>Takes everything out of a queue; gives the messages' ids.</summary>
    private async Task<List<string?>> IdsInAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbit.ConnectionString) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var count = await channel.MessageCountAsync(queue);
        var ids = new List<string?>();
        var all = new TaskCompletionSource();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            ids.Add(message.BasicProperties.MessageId);
            if (ids.Count == count)
            {
                all.SetResult();
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        await all.Task;
        return ids;
    }

    private static async Task UntilHealthAsync(Suite suite, HealthStatus status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await suite.HealthAsync($"consumer:{Listener.Queue}")).Status != status)
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static IEnumerable<Happened> Numbers(int first, int count, string kind = "vote") => Enumerable.Range(first, count).Select(n => new Happened(n, kind));
}
