using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Journal.Tests;

/// <summary>Same key and input: the stored reply. Same key, other input: an error of its own. Rejections are not stored.</summary>
public abstract class IdempotencyTests(Func<Task<JournalHome>> newHome) : JournalTests(newHome)
{
    [Fact]
    public async Task A_repeated_key_gets_the_stored_reply_and_writes_nothing_also_after_a_restart()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var first = await journal.ExecuteAsync(Accounts.Deposit("x", 10, "k"), default);
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        var position = journal.Position;

        var again = await journal.ExecuteAsync(Accounts.Deposit("x", 10, "k"), default);
        Assert.False(first.IsStored);
        Assert.True(again.IsStored);
        Assert.Equal(first.Reply, again.Reply);
        Assert.Equal(first.Position, again.Position);
        Assert.Equal(position, journal.Position);

        await journal.StopAsync();
        journal = await home.OpenAsync();
        Assert.Equal(first.Reply, (await journal.ExecuteAsync(Accounts.Deposit("x", 10, "k"), default)).Reply);
        Assert.Equal(position, journal.Position);
    }

    [Fact]
    public async Task A_key_with_another_input_is_refused()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("x", 10, "k"), default);
        var reused = await Assert.ThrowsAsync<IdempotencyKeyReusedException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 11, "k"), default));
        Assert.Equal("k", reused.Key);
        Assert.Equal(10, journal.Current.State.Total);
    }

    [Fact]
    public async Task A_key_belongs_to_its_actor_and_rpc()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("x", 10, "k"), default);
        Assert.False((await journal.ExecuteAsync(Accounts.Deposit("x", 10, "k", actor: "bob"), default)).IsStored);
        Assert.False((await journal.ExecuteAsync(Accounts.Withdraw("x", 3, "k"), default)).IsStored);
        Assert.Equal(17, journal.Current.State.Total);
    }

    [Fact]
    public async Task A_command_without_events_is_stored_under_its_key_too()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var decisions = 0;
        var command = Accounts.Command("a", "Nothing", "k", "in", "x", (_, _) =>
        {
            decisions++;
            return Decision<AccountEvent, Refusal>.Nothing;
        });
        await journal.ExecuteAsync(command, default);
        await journal.ExecuteAsync(Accounts.Deposit("x", 10), default);
        var again = await journal.ExecuteAsync(command, default);
        Assert.True(again.IsStored);
        Assert.Equal(1, decisions);
        Assert.Equal("0@0#", again.Reply!.Value);
        await Assert.ThrowsAsync<IdempotencyKeyReusedException>(() => journal.ExecuteAsync(command with { Input = Accounts.Input("other") }, default));
    }

    [Fact]
    public async Task A_rejection_is_not_stored_and_the_key_may_be_used_again()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        Assert.Equal("OVERDRAWN", (await journal.ExecuteAsync(Accounts.Withdraw("x", 5, "k"), default)).Rejection!.Code);
        await journal.ExecuteAsync(Accounts.Deposit("x", 5), default);
        Assert.True((await journal.ExecuteAsync(Accounts.Withdraw("x", 5, "k"), default)).TryGetReply(out _, out _));
    }

    [Fact]
    public async Task One_key_sent_two_hundred_times_at_once_is_one_row_and_one_reply()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => journal.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default))));
        Assert.Single(results, result => !result.IsStored);
        Assert.Single(results.Select(result => result.Reply!.Value).Distinct());
        Assert.Equal(1, journal.Current.State.Total);
        Assert.Single(await AllRowsAsync(journal));
    }

    [Fact]
    public async Task One_key_with_two_inputs_in_one_batch_gives_one_reply_and_one_error()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        Task<CommandResult<Refusal, StringValue>> one, same, other;
        await using (await HoldAsync(journal))
        {
            one = journal.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default);
            same = journal.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default);
            other = journal.ExecuteAsync(Accounts.Deposit("x", 2, "k"), default);
        }

        Assert.Equal((await one).Reply, (await same).Reply);
        Assert.True((await same).IsStored);
        await Assert.ThrowsAsync<IdempotencyKeyReusedException>(() => other);
        Assert.Equal(1, journal.Current.State.Total);
    }

    [Fact]
    public async Task The_order_of_map_entries_does_not_make_another_input()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var there = new Struct { Fields = { ["a"] = Value.ForString("1"), ["b"] = Value.ForString("2"), ["c"] = Value.ForString("3") } };
        var back = new Struct { Fields = { ["c"] = Value.ForString("3"), ["b"] = Value.ForString("2"), ["a"] = Value.ForString("1") } };
        await journal.ExecuteAsync(Accounts.Deposit("x", 1, "k") with { Input = there }, default);
        Assert.True((await journal.ExecuteAsync(Accounts.Deposit("x", 1, "k") with { Input = back }, default)).IsStored);
    }
}
