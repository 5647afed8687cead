using ExternalAction.Testing;

namespace ExternalAction.Journal.Tests;

/// <summary>What a caller sees: order, durability, rejections, the state after a restart.</summary>
public abstract class ExecutionTests(Func<Task<JournalHome>> newHome) : JournalTests(newHome)
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

        Task<CommandResult<Refusal, Google.Protobuf.WellKnownTypes.StringValue>>[] sent;
        await using (await HoldAsync(journal))
        {
            sent = [journal.ExecuteAsync(Accounts.Deposit("x", 100), default),
                .. Enumerable.Range(0, 5).Select(_ => journal.ExecuteAsync(Accounts.Withdraw("x", 40), default))];
        }

        var results = (await Task.WhenAll(sent))[1..];
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

    [Fact]
    public async Task An_exception_in_decide_evolve_codec_or_reply_rejects_that_command_alone()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var good = Accounts.Deposit("x", 1);
        List<Task> failing;
        List<Task<CommandResult<Refusal, Google.Protobuf.WellKnownTypes.StringValue>>> passing;
        await using (await HoldAsync(journal))
        {
            passing = [journal.ExecuteAsync(good, default)];
            failing =
            [
                journal.ExecuteAsync(Accounts.Command("a", "Decide", "k1", "", "x", (_, _) => throw new InvalidOperationException("decide")), default),
                journal.ExecuteAsync(Accounts.Command("a", "Evolve", "k2", "", "x", (_, ctx) => Decision<AccountEvent, Refusal>.Accept(
                    new NewEvent<AccountEvent>(new AccountEvent.Deposited("x", 500, ""), ctx.Now),
                    new NewEvent<AccountEvent>(new AccountEvent.Poisoned("x"), ctx.Now))), default),
                journal.ExecuteAsync(Accounts.Command("a", "Codec", "k3", "", "x", (_, ctx) => Decision<AccountEvent, Refusal>.Accept(
                    new NewEvent<AccountEvent>(new Unknown("x"), ctx.Now))), default),
                journal.ExecuteAsync(Accounts.Deposit("x", 7000, "k4") with { Reply = (_, _) => throw new InvalidOperationException("reply") }, default),
            ];
            passing.Add(journal.ExecuteAsync(good, default));
        }

        foreach (var task in failing)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => task);
        }

        await Task.WhenAll(passing);
        Assert.Equal(2, journal.Current.State.BalanceOf("x"));
        Assert.Equal([1L, 2L], (await Rows(journal)).Select(row => row.Version));

        // Nothing was kept under the failed keys: the same request may be made again.
        await journal.ExecuteAsync(Accounts.Deposit("x", 7000, "k4"), default);
        Assert.Equal(7002, journal.Current.State.BalanceOf("x"));
    }

    [Fact]
    public async Task Rows_that_the_store_refuses_fail_their_command_alone_and_the_rest_of_the_batch_is_kept()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        Task<CommandResult<Refusal, Google.Protobuf.WellKnownTypes.StringValue>>[] sent;
        await using (await HoldAsync(journal))
        {
            sent =
            [
                journal.ExecuteAsync(Accounts.Deposit("x", 1), default),
                journal.ExecuteAsync(Accounts.Deposit(new string('y', 300), 1, "k"), default),
                journal.ExecuteAsync(Accounts.Deposit("x", 2), default),
            ];
        }

        await sent[0];
        await Assert.ThrowsAsync<RowsRefusedException>(() => sent[1]);
        await sent[2];
        Assert.Equal(3, journal.Current.State.Total);
        Assert.Equal(2, (await Rows(journal)).Count);
    }

    [Fact]
    public async Task A_bulk_of_ten_thousand_rows_becomes_visible_at_once_and_one_more_row_is_refused()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var before = journal.Position;
        await journal.ExecuteAsync(Bulk(10_000), default);
        Assert.Equal(before + 10_000, journal.Position);
        await Assert.ThrowsAsync<ArgumentException>(() => journal.ExecuteAsync(Bulk(10_001), default));

        // Two that do not fit into one transaction take two.
        Task[] both;
        await using (await HoldAsync(journal))
        {
            both = [journal.ExecuteAsync(Bulk(6_000), default), journal.ExecuteAsync(Bulk(6_000), default)];
        }

        await Task.WhenAll(both);
        Assert.Equal(22_000, journal.Current.State.Total);
        Assert.Equal(22_000, (await Rows(journal)).Count);
    }

    [Fact]
    public async Task Recorded_at_never_runs_backwards_when_the_clock_does()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        var late = home.Clock.Time;
        home.Clock.Time = late.AddDays(-1);
        DateTimeOffset seen = default;
        await journal.ExecuteAsync(Accounts.Command("a", "Look", null, "", "x", (_, ctx) =>
        {
            seen = ctx.Now;
            return Decision<AccountEvent, Refusal>.Accept(new NewEvent<AccountEvent>(new AccountEvent.Deposited("x", 1, ""), ctx.Now.AddYears(-1)));
        }), default);

        Assert.Equal(late, seen);
        var rows = await Rows(journal);
        Assert.Equal(rows[0].RecordedAt, rows[1].RecordedAt);
        Assert.Equal(late.AddYears(-1), rows[1].OccurredAt);
        await journal.StopAsync();
        Assert.Equal(late, (await home.OpenAsync()).Current.RecordedAt);
    }

    [Fact]
    public async Task Payloads_are_kept_byte_for_byte()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("Zürich", 1, note: "£ € 😀 \u0000 \" \\ \n <>"), default);
        var rows = await journal.ReadRowsAsync(0, default);
        Assert.Equal(Accounts.Definition.Codec.Encode(new AccountEvent.Deposited("Zürich", 1, "£ € 😀 \u0000 \" \\ \n <>")).Payload, rows[^1].Payload.ToArray());
        Assert.Equal(rows[^1].ComputeHash(), rows[^1].Hash);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_a_command_whose_turn_does_not_come_is_given_up_and_never_happens()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync(options => options with { QueueLimit = 8, QueueWait = TimeSpan.FromSeconds(2) });
        await using (await HoldAsync(journal))
        {
            // The journal's own look at what other replicas wrote may take a place too.
            var waiting = new List<Task>();
            while (journal.ExecuteAsync(Accounts.Deposit("x", 1), default) is { IsCompleted: false } task)
            {
                waiting.Add(task);
            }

            Assert.InRange(waiting.Count, 1, 8);
            await Assert.ThrowsAsync<JournalOverloadedException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 1), default));
            foreach (var task in waiting)
            {
                Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => task)).MayHaveHappened);
            }
        }

        // Those given up keep their places until the executor comes to them.
        while (await Record.ExceptionAsync(() => journal.ExecuteAsync(Accounts.Deposit("x", 5), default)) is { } refused)
        {
            Assert.IsType<JournalOverloadedException>(refused);
            await Task.Delay(5);
        }

        Assert.Equal(5, journal.Current.State.Total);
    }

    [Fact]
    public async Task A_caller_who_cancels_before_his_turn_leaves_no_trace()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        using var cancelling = new CancellationTokenSource();
        Task cancelled;
        await using (await HoldAsync(journal))
        {
            cancelled = journal.ExecuteAsync(Accounts.Deposit("x", 1), cancelling.Token);
            await cancelling.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        }

        await journal.ExecuteAsync(Accounts.Deposit("x", 5), default);
        Assert.Equal(5, journal.Current.State.Total);
    }

    [Fact]
    public async Task Commands_that_wait_at_the_stop_are_still_executed_and_later_ones_are_refused()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        Task waiting;
        Task stopping;
        await using (await HoldAsync(journal))
        {
            waiting = journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
            stopping = journal.StopAsync();
            await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 1), default));
        }

        await waiting;
        await stopping;
        Assert.Equal(1, (await home.OpenAsync()).Current.State.Total);
    }

    private static Command<AccountsState, AccountEvent, Refusal, Google.Protobuf.WellKnownTypes.StringValue> Bulk(int rows)
        => Accounts.Command("a", "Bulk", null, "", "x", (_, ctx) => Decision<AccountEvent, Refusal>.Accept(
            [.. Enumerable.Range(0, rows).Select(i => new NewEvent<AccountEvent>(new AccountEvent.Deposited($"a{i % 100}", 1, ""), ctx.Now))]));

    private static ValueTask<List<JournalEvent<AccountEvent>>> Rows(Journal<AccountsState, AccountEvent> journal)
        => AllRowsAsync(journal);

    private sealed record Unknown(string Account) : AccountEvent(Account);
}
