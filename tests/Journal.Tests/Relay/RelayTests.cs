using System.Collections.Concurrent;
using System.Globalization;
using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Relay;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>
/// What holds on every transport: all events, in order, each exactly once in effect, whatever fails in between. The two
/// sealed classes below each run it without a broker and with one.
/// </summary>
public abstract class RelayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ea-relay-").FullName;

    protected string Folder => _folder;

    /// <summary>Configuration of the transport; each test its own.</summary>
    protected abstract IReadOnlyDictionary<string, string?> Transport { get; }

    [Fact]
    public async Task Every_event_arrives_in_order_and_has_its_effect_once()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        string[] kinds = ["vote", "pair", "quiet", "file", "vote"];
        var told = Enumerable.Range(1, 400).Select(number => new Happened(number, kinds[number % kinds.Length])).ToList();
        foreach (var happened in told)
        {
            await suite.Sender.TellAsync(happened.Number, happened.Kind);
        }

        var expected = Sender.Notes(told).ToList();
        Assert.Equal(expected, await suite.NotesAsync(expected.Count));
        var rows = new List<JournalEvent<Noted>>();
        await foreach (var row in suite.Listener.ReadStreamAsync("notes", 0, default))
        {
            rows.Add(row);
        }

        Assert.All(rows, row => Assert.Equal(("system:decisions", "alice"), (row.Actor, row.Event.Actor)));
        Assert.Equal(HealthStatus.Healthy, (await suite.HealthAsync("relay:decisions")).Status);
        Assert.Equal(HealthStatus.Healthy, (await suite.HealthAsync($"consumer:{Listener.Queue}")).Status);
        Assert.Equal(HealthStatus.Healthy, (await suite.HealthAsync("messaging")).Status);
    }

    [Fact]
    public async Task A_relay_that_dies_between_publishing_and_its_checkpoint_sends_again_and_nothing_happens_twice()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        var (events, messages) = (0, 0);
        suite.Relay.Faults = step =>
        {
            // Twice in the middle of it, twice when the broker has it; and never a checkpoint, so that each time all is sent again.
            if (step == RelayStep.MovingCheckpoint || (step == RelayStep.Sent && ++events is 7 or 14) || (step == RelayStep.Confirmed && ++messages <= 2))
            {
                throw new InvalidOperationException("crash on purpose");
            }
        };
        await suite.Sender.TellAllAsync(1, 30);
        await Suite.EventuallyAsync(() => Volatile.Read(ref messages) > 2 && Volatile.Read(ref events) > 14, () => $"{messages} messages, {events} events");

        var notes = await suite.NotesAsync(30);
        suite.Relay.Faults = null;
        await suite.Sender.TellAllAsync(31, 1);
        notes = await suite.NotesAsync(31);
        Assert.Equal(Sender.Notes(Enumerable.Range(1, 31).Select(n => new Happened(n, "vote"))), notes);
        Assert.True(suite.Log.At(Microsoft.Extensions.Logging.LogLevel.Warning).Count(line => line.Contains("crash on purpose", StringComparison.Ordinal)) >= 4, "it hardly crashed");
    }

    [Fact]
    public async Task What_the_domain_refuses_is_recorded_and_the_next_event_has_its_effect()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        await suite.Sender.TellAsync(1);
        await suite.Sender.TellAsync(2, "refused");
        await suite.Sender.TellAsync(3);

        Assert.Equal(["1:vote", "3:vote"], await suite.NotesAsync(2));
        var rejected = Assert.Single(suite.Listener.RejectedIntegrationEvents);
        Assert.Equal(("decisions", "decisions.vote-recorded.v1", "the listener does not want it"), (rejected.Source, rejected.Type, rejected.Reason));
        Assert.Equal(1, suite.Listener.RejectedIntegrationEventCount);
    }

    [Fact]
    public async Task An_event_on_which_the_consumer_fails_keeps_its_place_until_the_consumer_is_mended()
    {
        var broken = true;
        await using var suite = await Suite.StartAsync(Folder, settings: Transport, broken: () => broken);
        suite.Log.Expect("the listener has a bug");
        await suite.Sender.TellAsync(1);
        await suite.Sender.TellAsync(2, "faulty");
        await suite.Sender.TellAsync(3);

        await Suite.EventuallyAsync(() => suite.Consumer.Obstacle is not null, () => "no obstacle was met");
        Assert.Equal(["1:vote"], suite.Listener.Current.State.Notes);
        var health = await suite.HealthAsync($"consumer:{Listener.Queue}");
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("the listener has a bug", health.Description, StringComparison.Ordinal);

        broken = false;
        Assert.Equal(["1:vote", "2:faulty", "3:vote"], await suite.NotesAsync(3));
        Assert.Equal(HealthStatus.Healthy, (await suite.HealthAsync($"consumer:{Listener.Queue}")).Status);
    }

    [Fact]
    public async Task An_event_of_a_type_that_is_not_known_yet_has_no_effect_and_is_passed()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        await suite.Sender.TellAsync(1);
        await suite.NotesAsync(1);
        var cursor = suite.Consumer.ReachedIn(suite.Sender.JournalId);

        await suite.SendAsync(suite.Envelope(cursor.Position + 1, cursor, "decisions.from-the-future.v9", "{}"));
        await suite.SendAsync(suite.Envelope(cursor.Position + 2, new EventPlace(cursor.Position + 1, 0), Vote, VotePayload(7)));

        Assert.Equal(["1:vote", "7:vote"], await suite.NotesAsync(2));
        Assert.Contains(suite.Log.At(Microsoft.Extensions.Logging.LogLevel.Warning), line => line.Contains("decisions.from-the-future.v9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_event_is_waited_for_and_those_behind_it_follow_in_order()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        suite.Log.Expect("an event is missing");
        await suite.Sender.TellAsync(1);
        await suite.NotesAsync(1);
        var cursor = suite.Consumer.ReachedIn(suite.Sender.JournalId);
        EventPlace At(int step) => new(cursor.Position + step, 0);

        // 2 is missing; 3 and 4 come, and come again in the wrong order.
        foreach (var step in (int[])[3, 4, 4, 3])
        {
            await suite.SendAsync(suite.Envelope(At(step).Position, At(step - 1), Vote, VotePayload(step)));
        }

        await Suite.EventuallyAsync(() => suite.Log.At(Microsoft.Extensions.Logging.LogLevel.Error).Any(), () => "the gap was not reported");
        Assert.Equal(["1:vote"], suite.Listener.Current.State.Notes);
        Assert.Equal(HealthStatus.Degraded, (await suite.HealthAsync($"consumer:{Listener.Queue}")).Status);

        await suite.SendAsync(suite.Envelope(At(1).Position, cursor, Vote, VotePayload(1)));
        await suite.SendAsync(suite.Envelope(At(2).Position, At(1), Vote, VotePayload(2)));
        Assert.Equal(["1:vote", "1:vote", "2:vote", "3:vote", "4:vote"], await suite.NotesAsync(5));
        await suite.SendAsync(suite.Envelope(At(5).Position, At(4), Vote, VotePayload(5)));
        Assert.Equal("5:vote", (await suite.NotesAsync(6))[^1]);
        Assert.Equal(HealthStatus.Healthy, (await suite.HealthAsync($"consumer:{Listener.Queue}")).Status);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_turns_health_red()
    {
        await using var suite = await Suite.StartAsync(Folder, settings: Transport);
        suite.Log.Expect("cannot be read");
        suite.Log.Expect("could not be read");
        await suite.Sender.TellAsync(1);
        await suite.NotesAsync(1);
        var cursor = suite.Consumer.ReachedIn(suite.Sender.JournalId);

        await suite.SendAsync(suite.Envelope(cursor.Position + 1, cursor, Vote, """{"decisionId": 7}"""));

        await Suite.EventuallyAsync(() => suite.Consumer.UnreadableCount == 1, () => "it was read");
        HealthReportEntry health;
        do
        {
            health = await suite.HealthAsync($"consumer:{Listener.Queue}");
        }
        while (health.Status != HealthStatus.Unhealthy);
        Assert.Contains($"{Listener.Queue}_error", health.Description, StringComparison.Ordinal);
        Assert.Equal(["1:vote"], suite.Listener.Current.State.Notes);
    }

    [Fact]
    public async Task A_passing_subscription_sees_every_event_in_order_and_forgets_those_it_fails_on()
    {
        var seen = new ConcurrentQueue<string>();
        await using var suite = await Suite.StartAsync(Folder, listener: false, settings: Transport, more: builder =>
            builder.AddEphemeralSubscription("decisions", (_, envelope, _) =>
            {
                var place = $"{envelope.Type}@{envelope.PreviousPosition}->{envelope.Position}";
                seen.Enqueue(place);
                return envelope.Type.Contains("file-changed", StringComparison.Ordinal) ? throw new InvalidOperationException("fails on purpose") : Task.CompletedTask;
            }));
        await suite.Sender.TellAsync(1);
        await suite.Sender.TellAsync(2, "file");
        await suite.Sender.TellAsync(3);

        await Suite.EventuallyAsync(() => seen.Count == 3, () => $"{seen.Count} of 3 were seen");
        var first = suite.Sender.Position - 2;
        Assert.Equal(
            [$"decisions.vote-recorded.v1@0->{first}", $"decisions.file-changed.v1@{first}->{first + 1}", $"decisions.vote-recorded.v1@{first + 1}->{first + 2}"],
            seen);
    }

    [Fact]
    public async Task Who_keeps_copies_is_told_the_last_position_and_not_every_row()
    {
        var told = new ConcurrentQueue<long>();
        await using var suite = await Suite.StartAsync(Folder, listener: false, settings: Transport, more: builder =>
            builder.AddPositionSubscription("decisions", (_, position) => told.Enqueue(position)));
        await Task.WhenAll(Enumerable.Range(1, 500).Select(number => suite.Sender.TellAsync(number)));

        await Suite.EventuallyAsync(() => told.LastOrDefault() == suite.Sender.Position, () => $"told {told.LastOrDefault()} of {suite.Sender.Position}");
        Assert.Equal(told.Order().Distinct(), told);
        Assert.True(told.Count < 250, $"{told.Count} messages for 500 rows");
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected const string Vote = "decisions.vote-recorded.v1";

    protected static string VotePayload(int number) => EventTypes.Serialize(new VoteRecorded(number.ToString(CultureInfo.InvariantCulture), "FR", "vote", null));
}

/// <summary>Embedded: one process, nothing outside it.</summary>
public sealed class InMemoryRelayTests : RelayTests
{
    protected override IReadOnlyDictionary<string, string?> Transport { get; } = new Dictionary<string, string?>();

    [Fact]
    public async Task What_was_lost_with_the_process_is_sent_again_from_where_the_consumer_stood()
    {
        var broken = true;
        await using (var first = await Suite.StartAsync(Folder, broken: () => broken))
        {
            first.Log.Expect("the listener has a bug");
            await first.Sender.TellAllAsync(1, 10);
            await first.NotesAsync(10);
            await first.Sender.TellAsync(11, "faulty");
            await first.Sender.TellAllAsync(12, 20);
            await Suite.EventuallyAsync(() => first.Consumer.Obstacle is not null, () => "no obstacle was met");
        }

        broken = false;
        await using var second = await Suite.StartAsync(Folder, broken: () => broken);
        Assert.Equal(
            Sender.Notes([.. Numbers(1, 10), new Happened(11, "faulty"), .. Numbers(12, 20)]),
            await second.NotesAsync(31));
    }

    [Fact]
    public async Task A_consumer_that_is_new_gets_the_whole_history()
    {
        await using (var first = await Suite.StartAsync(Folder, listener: false))
        {
            await first.Sender.TellAllAsync(1, 50, "pair");
        }

        await using var second = await Suite.StartAsync(Folder);
        await second.Sender.TellAllAsync(51, 10, "pair");
        Assert.Equal(Sender.Notes(Numbers(1, 60, "pair")), await second.NotesAsync(120));
    }

    [Fact]
    public async Task The_relay_stays_at_most_256_events_ahead_of_the_slowest_consumer()
    {
        var broken = true;
        var published = 0;
        await using var suite = await Suite.StartAsync(Folder, broken: () => broken, more: builder =>
            builder.AddEphemeralSubscription("decisions", (_, _, _) => Task.FromResult(Interlocked.Increment(ref published))));
        suite.Log.Expect("the listener has a bug");
        await suite.Sender.TellAsync(1, "faulty");
        await suite.Sender.TellAllAsync(2, 600);

        await Suite.EventuallyAsync(() => Volatile.Read(ref published) >= Outstanding.Max, () => $"{published} were published");
        await Suite.EventuallyAsync(() => suite.Consumer.Obstacle is not null, () => "no obstacle was met");
        Assert.Equal(Outstanding.Max, Volatile.Read(ref published));

        broken = false;
        Assert.Equal(Sender.Notes([new Happened(1, "faulty"), .. Numbers(2, 600)]), await suite.NotesAsync(601));
    }

    private static IEnumerable<Happened> Numbers(int first, int count, string kind = "vote") => Enumerable.Range(first, count).Select(n => new Happened(n, kind));
}

/// <summary>Ids of messages.</summary>
public sealed class EventIdTests
{
    [Fact]
    public void Ids_are_those_of_RFC_9562_version_5()
        => Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), EventIds.NameBased(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));

    [Fact]
    public void An_event_has_the_same_id_each_time_and_another_than_its_neighbours()
    {
        var journal = Guid.NewGuid();
        Assert.Equal(EventIds.Of(journal, new EventPlace(7, 1)), EventIds.Of(journal, new EventPlace(7, 1)));
        Assert.Equal(4, new[] { new EventPlace(7, 1), new EventPlace(71, 0), new EventPlace(7, 0), new EventPlace(1, 7) }.Select(p => EventIds.Of(journal, p)).Distinct().Count());
    }
}
