using ExternalAction.Journal.Relay;
using ExternalAction.Journal.Tool;

namespace ExternalAction.Journal.Tests;

/// <summary>Integration events: exactly once in effect, in order; refused ones are kept; and the relay's bookkeeping.</summary>
public abstract class ConsumerTests(Func<Task<JournalHome>> newHome) : JournalTests(newHome)
{
    private static readonly Guid Source = Guid.Parse("0190a5c4-3f6e-7c11-8a54-6b7f1d2e3c4b");

    [Fact]
    public async Task An_event_that_comes_twice_has_its_effect_once_also_after_a_restart()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        Assert.Equal(Consumption.Done, await Consume(journal, new(5, 0), EventPlace.Start));
        Assert.Equal(Consumption.AlreadyDone, await Consume(journal, new(5, 0), EventPlace.Start));
        Assert.Equal(Consumption.Done, await Consume(journal, new(5, 1), new(5, 0)));
        await journal.StopAsync();
        journal = await home.OpenAsync();
        Assert.Equal(Consumption.AlreadyDone, await Consume(journal, new(5, 1), new(5, 0)));
        Assert.Equal(new EventPlace(5, 1), await journal.ReadCursorAsync("decisions", Source, default));
        Assert.Equal(EventPlace.Start, await journal.ReadCursorAsync("decisions", Guid.NewGuid(), default));
        Assert.Equal(2, journal.Current.State.Total);
        Assert.All(await AllRowsAsync(journal), row => Assert.Equal("system:decisions", row.Actor));
    }

    [Fact]
    public async Task An_event_whose_predecessor_is_missing_waits()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await Consume(journal, new(5, 0), EventPlace.Start);
        var gap = await Assert.ThrowsAsync<ConsumerGapException>(() => Consume(journal, new(9, 0), new(7, 0)));
        Assert.Equal(new EventPlace(5, 0), gap.Cursor);
        Assert.Equal(1, journal.Current.State.Total);
        await Consume(journal, new(7, 0), new(5, 0));
        await Consume(journal, new(9, 0), new(7, 0));
        Assert.Equal(3, journal.Current.State.Total);
    }

    [Fact]
    public async Task An_event_that_the_domain_rejects_is_recorded_and_the_cursor_moves_on()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        Assert.Equal(Consumption.Rejected, await Consume(journal, new(5, 2), EventPlace.Start, cents: Accounts.Ceiling + 1));
        Assert.Equal(Consumption.AlreadyDone, await Consume(journal, new(5, 2), EventPlace.Start));
        Assert.Equal(0, journal.Current.State.Total);
        await journal.StopAsync();
        journal = await home.OpenAsync();
        Assert.Equal(1, journal.RejectedIntegrationEventCount);
        var rejected = Assert.Single(journal.RejectedIntegrationEvents);
        Assert.Equal(("decisions", Source, new EventPlace(5, 2), "decision-adopted.v1", "too much: CEILING"), (rejected.Source, rejected.SourceJournalId, rejected.Place, rejected.Type, rejected.Reason));
    }

    [Fact]
    public async Task An_effect_without_events_moves_the_cursor_too()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var consumed = new ConsumedEvent("decisions", Source, new(3, 0), EventPlace.Start, "decision-opened.v1");
        Assert.Equal(Consumption.Done, await journal.ConsumeAsync<Refusal>(consumed, (_, _) => Decision<AccountEvent, Refusal>.Nothing, refusal => refusal.Code, default));
        Assert.Equal(new EventPlace(3, 0), await journal.ReadCursorAsync("decisions", Source, default));
    }

    [Fact]
    public async Task Only_one_relay_has_the_lease_and_the_checkpoint_moves_with_it()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        Assert.Equal(new RelayCheckpoint(0, EventPlace.Start), await journal.ReadCheckpointAsync("relay", default));
        await using (var lease = await journal.TryTakeRelayLeaseAsync("relay", default))
        {
            Assert.NotNull(lease);
            Assert.Null(await journal.TryTakeRelayLeaseAsync("relay", default));
            await lease.MoveCheckpointAsync(new RelayCheckpoint(7, new(6, 1)), default);
            await lease.MoveCheckpointAsync(new RelayCheckpoint(9, new(6, 1)), default);
            await lease.ConfirmAsync(default);
        }

        Assert.Equal(new RelayCheckpoint(9, new(6, 1)), await journal.ReadCheckpointAsync("relay", default));
        await using var next = await journal.TryTakeRelayLeaseAsync("relay", default);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_republication_asked_for_anew_is_neither_moved_nor_ended_by_the_one_before()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var name = Republication.NamePrefix + "archive";
        async Task AskAsync() => Assert.Equal(0, await JournalTool.RunAsync(
            ["republish", .. home.ToolArguments, "--from", "1", "--to", "archive"], TextWriter.Null, TextWriter.Null, default));

        await AskAsync();
        var asked = Assert.Single(await journal.ReadRepublicationsAsync(default)).Checkpoint;
        var reached = new RelayCheckpoint(2, new(2, 1));
        Assert.True(await journal.MoveRepublicationAsync(name, asked, reached, default));
        Assert.False(await journal.MoveRepublicationAsync(name, asked, reached, default));
        Assert.Equal((name, reached), Assert.Single(await journal.ReadRepublicationsAsync(default)));

        await AskAsync();
        Assert.False(await journal.MoveRepublicationAsync(name, reached, new RelayCheckpoint(3, new(3, 0)), default));
        Assert.False(await journal.MoveRepublicationAsync(name, reached, null, default));
        Assert.Equal((name, asked), Assert.Single(await journal.ReadRepublicationsAsync(default)));

        Assert.True(await journal.MoveRepublicationAsync(name, asked, null, default));
        Assert.Empty(await journal.ReadRepublicationsAsync(default));
    }

    private static Task<Consumption> Consume(Journal<AccountsState, AccountEvent> journal, EventPlace place, EventPlace previous, long cents = 1)
        => journal.ConsumeAsync<Refusal>(
            new ConsumedEvent("decisions", Source, place, previous, "decision-adopted.v1"),
            Accounts.Deposit("x", cents).Decide,
            refusal => $"too much: {refusal.Code}",
            default);
}
