using ExternalAction.Testing;

namespace ExternalAction.Journal.Tests;

/// <summary>What a caller sees: order, durability, rejections, the state after a restart.</summary>
public abstract class ExecutionTests : JournalTests
{
    [Fact]
    public async Task A_command_is_durable_when_it_is_answered_and_replay_gives_the_same_state()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await journal.ExecuteAsync(Accounts.Deposit($"a{i % 7}", i + 1), default);
        }

        var live = journal.Current;
        var id = journal.JournalId;
        await journal.StopAsync();

        var replayed = await home.OpenAsync();
        Assert.Equal(live.State.Describe(), replayed.Current.State.Describe());
        Assert.Equal(live.Position, replayed.Position);
        Assert.Equal(live.RecordedAt, replayed.Current.RecordedAt);
        Assert.Equal(id, replayed.JournalId);
    }

    [Fact]
    public async Task Two_hundred_callers_at_once_give_a_dense_chain_in_which_every_reply_names_its_own_row()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var before = journal.Position;
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => journal.ExecuteAsync(Accounts.Deposit($"a{i % 10}", 1, note: $"{i}"), default))));

        Assert.Equal(Enumerable.Range((int)before + 1, 200).Select(p => (long)p), results.Select(r => r.Position).Order());
        Assert.Equal(200, journal.Current.State.Total);
        var rows = await journal.ReadRowsAsync(0, default);
        var chain = new ChainCheck();
        Assert.All(rows, row => Assert.Null(chain.Next(row)));
        Assert.Equal(journal.Position, chain.Position);
        Assert.All(results, result => Assert.EndsWith($"@{result.Position}#{rows[(int)result.Position - 1].Hash}", result.Reply!.Value));
    }

    [Fact]
    public async Task Later_commands_of_a_batch_see_the_events_of_earlier_ones()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();

        // A command that takes its time lets the others gather in the queue and become one batch.
        using var held = new ManualResetEventSlim();
        var first = Task.Run(() => journal.ExecuteAsync(
            Accounts.Command("alice", "Hold", null, "", "x", (_, _) =>
            {
                held.Wait();
                return Decision<AccountEvent, Refusal>.Nothing;
            }),
            default));
        var deposit = journal.ExecuteAsync(Accounts.Deposit("x", 100), default);
        var withdrawals = Enumerable.Range(0, 5).Select(_ => journal.ExecuteAsync(Accounts.Withdraw("x", 40), default)).ToList();
        held.Set();
        await first;
        await deposit;
        var results = await Task.WhenAll(withdrawals);

        Assert.Equal([null, null, "OVERDRAWN", "OVERDRAWN", "OVERDRAWN"], results.Select(r => r.Rejection?.Code));
        Assert.Equal(20, journal.Current.State.BalanceOf("x"));
    }

    [Fact]
    public async Task A_rejected_command_writes_nothing()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var before = journal.Position;
        var result = await journal.ExecuteAsync(Accounts.Withdraw("x", 1, "k"), default);
        Assert.Equal("OVERDRAWN", result.Rejection!.Code);
        Assert.Null(result.Reply);
        Assert.Equal(before, journal.Position);
        Assert.Equal(before, (await journal.ReadRowsAsync(0, default)).Count);
    }
}

public sealed class ExecutionOnSqlite : ExecutionTests
{
    protected override Task<JournalHome> NewHomeAsync() => Task.FromResult<JournalHome>(new SqliteHome());
}
