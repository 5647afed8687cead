using System.Globalization;
using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Consumers;
using ExternalAction.Journal.Relay;
using ExternalAction.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>With a broker of their own, in which every test leaves nothing: queues are emptied before each.</summary>
[Trait("Needs", "Servers")]
public sealed partial class RabbitMqRelayTests(RabbitMqServer rabbit) : RelayTests, IClassFixture<RabbitMqServer>, IAsyncLifetime
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
    public async Task Queues_of_a_deployment_receive_every_event_once_under_the_id_of_the_first_in_its_message()
    {
        await using (var suite = await Suite.StartAsync(Folder, listener: false, settings: With(("Relay:Queues:decisions:1", Archive))))
        {
            await suite.Sender.TellAllAsync(1, 20, "pair");
            await Suite.EventuallyAsync(() => suite.Relay.Reached.LastEvent.Position == suite.Sender.Position, () => "not all was published");
        }

        var messages = await QueueContent.TakeAsync(rabbit.ConnectionString, Archive);
        Assert.All(messages, message => Assert.Equal(EventIds.Of(message.Events[0].JournalId, PlaceOf(message.Events[0])).ToString(), message.Id));
        var events = messages.SelectMany(message => message.Events).ToList();
        Assert.Equal(40, events.Count);
        Assert.Equal(events.Select(PlaceOf).Prepend(EventPlace.Start).Take(40), events.Select(e => new EventPlace(e.PreviousPosition, e.PreviousIndex)));
    }

    [Fact]
    public async Task What_has_gathered_travels_in_few_messages_and_a_lone_event_as_ever()
    {
        await using (var first = await Suite.StartAsync(Folder, listener: false, settings: With(("Relay:Queues:decisions:0", Archive))))
        {
            await first.Sender.TellAsync(1);
            await Suite.EventuallyAsync(() => first.Relay.Reached.LastEvent.Position == first.Sender.Position, () => "not all was published");
        }

        // Nobody publishes while these are told.
        await rabbit.KillAsync();
        await using (var second = await Suite.StartAsync(Folder, listener: false, settings: With(("Relay:Queues:decisions:0", Archive))))
        {
            await second.Sender.TellAllAsync(2, 300);
            await rabbit.StartAsync();
            await Suite.EventuallyAsync(() => second.Relay.Reached.LastEvent.Position == second.Sender.Position, () => "not all was published");
        }

        var messages = await QueueContent.TakeAsync(rabbit.ConnectionString, Archive);
        Assert.Single(messages[0].Events);
        Assert.InRange(messages.Count, 4, 6); // 128 at most in one
        Assert.Equal(301, messages.SelectMany(message => message.Events).Select(PlaceOf).Distinct().Count());
    }

    [Fact]
    public async Task Events_of_one_message_have_their_effect_in_order_whatever_becomes_of_each()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        var run = await RunAsync(suite, "vote", "file", "future", "vote", "refused", "file", "vote", "file", "file");

        await suite.SendAsync(run);
        Assert.Equal(["1:vote", "2:vote", "5:vote", "8:vote"], await suite.NotesAsync(4));
        await ReachedAsync(suite, run[^1]);
        Assert.Equal(PlaceOf(run[4]), Assert.Single(suite.Listener.RejectedIntegrationEvents).Place);
        Assert.Equal(HealthStatus.Healthy, (await suite.HealthAsync($"consumer:{Listener.Queue}")).Status);
    }

    [Fact]
    public async Task Events_of_one_message_share_transactions()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        await suite.SendAsync(await RunAsync(suite, [.. Enumerable.Repeat("vote", 60)]));
        await suite.NotesAsync(61);
        var rows = new List<JournalEvent<Noted>>();
        await foreach (var row in suite.Listener.ReadStreamAsync("notes", 1, default))
        {
            rows.Add(row);
        }

        // All rows of a transaction are recorded at one moment; the first event may have one of its own.
        Assert.InRange(rows.Select(row => row.RecordedAt).Distinct().Count(), 1, 20);
    }

    [Fact]
    public async Task Events_that_come_again_in_other_company_have_their_effect_once()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        var run = await RunAsync(suite, "vote", "file", "file", "vote", "file", "vote", "file");

        await suite.SendAsync(run[..2]);
        await ReachedAsync(suite, run[1]);
        await suite.SendAsync(run[..5]); // the cursor stands within a run without effect
        await suite.SendAsync(run[1..6]);
        await suite.SendAsync(run);
        await ReachedAsync(suite, run[^1]);
        Assert.Equal(["1:vote", "2:vote", "5:vote", "7:vote"], suite.Listener.Current.State.Notes);
    }

    [Fact]
    public async Task An_event_on_which_the_consumer_fails_holds_up_those_behind_it_in_its_message_and_none_before_it()
    {
        var broken = true;
        await using var suite = await Suite.StartAsync(Folder, settings: Transport, broken: () => broken);
        suite.Log.Expect("the listener has a bug");
        var run = await RunAsync(suite, "vote", "faulty", "vote", "file", "vote");

        await suite.SendAsync(run);
        await Suite.EventuallyAsync(() => suite.Consumer.Obstacle is { Kind: ObstacleKind.Fault }, () => "no obstacle was met");
        Assert.Equal(["1:vote", "2:vote"], suite.Listener.Current.State.Notes);
        broken = false;
        Assert.Equal(["1:vote", "2:vote", "3:faulty", "4:vote", "6:vote"], await suite.NotesAsync(5));
    }

    [Fact]
    public async Task A_hole_within_a_message_is_waited_for_even_among_events_without_effect()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        suite.Log.Expect("an event is missing");
        var run = await RunAsync(suite, "vote", "file", "vote", "file", "vote");

        await suite.SendAsync([run[0], run[1], run[3], run[4]]);
        await Suite.EventuallyAsync(() => suite.Consumer.Obstacle is { Kind: ObstacleKind.Gap }, () => "the gap was not met");
        Assert.Equal(["1:vote", "2:vote"], suite.Listener.Current.State.Notes);
        await suite.SendAsync(run[2]);
        Assert.Equal(["1:vote", "2:vote", "4:vote", "6:vote"], await suite.NotesAsync(4));
    }

    [Fact]
    public async Task An_unreadable_event_sends_its_message_to_the_error_queue_after_those_before_it_had_their_effect()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        suite.Log.Expect("could not be read");
        var run = await RunAsync(suite, "vote", "vote", "vote");
        suite.Log.Expect($"cannot be read at position {run[1].Position} ");

        await suite.SendAsync([run[0], run[1] with { Payload = """{"decisionId": 7}""" }, run[2]]);
        await Suite.EventuallyAsync(() => suite.Consumer.UnreadableCount == 1, () => "it was read");
        Assert.Equal(["1:vote", "2:vote"], await suite.NotesAsync(2));
        await suite.SendAsync(run); // people have found out why, and republish
        Assert.Equal(["1:vote", "2:vote", "3:vote", "4:vote"], await suite.NotesAsync(4));
        await UntilHealthAsync(suite, HealthStatus.Unhealthy);
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

    /// <summary>Tells 1, and makes the envelopes of 2, 3 and so on: <c>future</c> is a type that nobody knows, <c>file</c> one without effect.</summary>
    private static async Task<IntegrationEvent[]> RunAsync(Suite suite, params string[] kinds)
    {
        await suite.Sender.TellAsync(1);
        await suite.NotesAsync(1);
        var last = suite.Consumer.ReachedIn(suite.Sender.JournalId);
        var run = new List<IntegrationEvent>();
        foreach (var kind in kinds)
        {
            var number = (run.Count + 2).ToString(CultureInfo.InvariantCulture);
            run.Add(kind switch
            {
                "future" => suite.Envelope(last.Position + 1, last, "decisions.from-the-future.v9", "{}"),
                "file" => suite.Envelope(last.Position + 1, last, "decisions.file-changed.v1", "nobody reads this"),
                _ => suite.Envelope(last.Position + 1, last, Vote, EventTypes.Serialize(new VoteRecorded(number, "FR", kind, null))),
            });
            last = PlaceOf(run[^1]);
        }

        return [.. run];
    }

    private static Task ReachedAsync(Suite suite, IntegrationEvent envelope)
        => Suite.EventuallyAsync(() => suite.Consumer.ReachedIn(envelope.JournalId) == PlaceOf(envelope), () => $"{suite.Consumer.ReachedIn(envelope.JournalId)} was reached; {suite.Consumer.Obstacle}");

    private static EventPlace PlaceOf(IntegrationEvent envelope) => new(envelope.Position, envelope.Index);

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
