using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Journal.Tests;

/// <summary>Throws at each numbered step of the write path. Whatever happens, a command happened once or not at all.</summary>
public abstract class FaultTests(Func<Task<JournalHome>> newHome) : JournalTests(newHome)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task One_fault_at_a_step_costs_nothing_and_doubles_nothing(int step)
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var thrown = 0;
        journal.Faults = at =>
        {
            if (at == StepOf(step) && thrown++ == 0)
            {
                throw new IOException($"fault at {at}");
            }
        };
        var results = await Task.WhenAll(
            journal.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default),
            journal.ExecuteAsync(Accounts.Deposit("x", 2), default),
            journal.ExecuteAsync(Accounts.Withdraw("y", 5), default));
        Assert.True(thrown > 0);
        Assert.Equal([false, false, true], results.Select(result => result.Reply is null));
        Assert.Equal(3, journal.Current.State.Total);
        Assert.Equal(2, (await AllRowsAsync(journal)).Count);
        await AssertReplayAgreesAsync(home, journal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_lasting_fault_before_the_commit_is_unavailable_and_leaves_no_trace(int step)
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        journal.Faults = at =>
        {
            if (at == StepOf(step))
            {
                throw new IOException($"fault at {at}");
            }
        };
        var before = journal.Current;
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default))).MayHaveHappened);
        Assert.Same(before, journal.Current);
        Assert.NotNull(journal.Problem);

        journal.Faults = null;
        Assert.False((await journal.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default)).IsStored);
        Assert.Null(journal.Problem);
        Assert.Equal(2, journal.Current.State.Total);
        await AssertReplayAgreesAsync(home, journal);
    }

    [Fact]
    public async Task A_fault_after_the_commit_is_found_out_and_the_callers_get_their_replies()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        journal.Faults = at =>
        {
            if (at == WriteStep.Committed)
            {
                throw new IOException("fault after the commit");
            }
        };
        var withoutKey = await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        Assert.EndsWith($"@{withoutKey.Position}#{(await AllRowsAsync(journal))[^1].Hash}", withoutKey.Reply!.Value);

        // A command without events has no row to recognise it by; its key answers for it.
        var nothing = await journal.ExecuteAsync(Accounts.Command("a", "Nothing", "k", "", "x", (_, _) => Decision<AccountEvent, Refusal>.Nothing), default);
        Assert.True(nothing.IsStored);

        journal.Faults = null;
        Assert.Equal(1, journal.Current.State.Total);
        await AssertReplayAgreesAsync(home, journal);
    }

    [Fact]
    public async Task Random_faults_under_load_lose_and_double_nothing()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var random = new Random(7);
        journal.Faults = at =>
        {
            if (random.Next(6) == 0)
            {
                throw new IOException($"fault at {at}");
            }
        };
        var unavailable = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                CommandResult<Refusal, StringValue>? done = null;
                while (done is null)
                {
                    try
                    {
                        done = await journal.ExecuteAsync(Accounts.Deposit($"c{caller}", 1, $"{caller}-{i}"), default);
                    }
                    catch (JournalUnavailableException)
                    {
                        Interlocked.Increment(ref unavailable);
                    }
                }
            }
        })));
        Assert.True(unavailable > 0);
        Assert.Equal(320, journal.Current.State.Total);
        Assert.Equal(320, (await AllRowsAsync(journal)).Count);
        journal.Faults = null;
        await AssertReplayAgreesAsync(home, journal);
    }

    private static WriteStep StepOf(int step) => (WriteStep)(step - 1);

    private static async Task AssertReplayAgreesAsync(JournalHome home, Journal<AccountsState, AccountEvent> journal)
    {
        var live = journal.Current;
        await journal.StopAsync();
        var replayed = await home.OpenAsync();
        Assert.Equal(live.State.Describe(), replayed.Current.State.Describe());
        Assert.Equal(live.Position, replayed.Position);
    }
}
