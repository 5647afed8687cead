using ExternalAction.Testing;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace ExternalAction.Journal.Tests;

/// <summary>PostgreSQL only: two replicas on one journal, and a wire that is cut at the worst moments.</summary>
[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class ReplicaTests(PostgresServer server)
{
    [Fact]
    public async Task Two_replicas_that_both_write_share_one_dense_chain_and_one_ceiling()
    {
        await using var home = new PostgresHome(await server.CreateDatabaseAsync());
        var journals = await Task.WhenAll(home.OpenAsync(), home.OpenAsync());
        Assert.Equal(journals[0].JournalId, journals[1].JournalId);
        Assert.Equal(journals[0].SigningKeys.Select(key => key.Kid), journals[1].SigningKeys.Select(key => key.Kid));

        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(
            () => journals[i % 2].ExecuteAsync(Accounts.Deposit($"a{i % 5}", Accounts.Ceiling / 200), default))));
        Assert.Equal(200, results.Count(result => result.Reply is not null));
        Assert.Equal(100, results.Count(result => result.Rejection is not null));

        // One wrote last; the other learns of it by notification.
        var end = journals.Max(journal => journal.Position);
        await Task.WhenAll(journals.Select(journal => journal.WaitForPositionAsync(end, default)));
        Assert.Equal(journals[0].Current.State.Describe(), journals[1].Current.State.Describe());
        var chain = new ChainCheck();
        Assert.All(await journals[0].ReadRowsAsync(0, default), row => Assert.Null(chain.Next(row)));
        Assert.Equal(203, chain.Position);
    }

    [Fact]
    public async Task A_key_used_at_one_replica_is_known_at_the_other_at_once()
    {
        await using var home = new PostgresHome(await server.CreateDatabaseAsync());
        var (one, two) = (await home.OpenAsync(), await home.OpenAsync());
        var first = await one.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default);
        var again = await two.ExecuteAsync(Accounts.Deposit("x", 1, "k"), default);
        Assert.True(again.IsStored);
        Assert.Equal(first.Reply, again.Reply);
        Assert.Equal(1, two.Current.State.Total);
    }

    [Fact]
    public async Task A_replica_far_behind_catches_up_outside_the_transaction()
    {
        await using var home = new PostgresHome(await server.CreateDatabaseAsync());
        var behind = await home.OpenAsync(options => options with { PollInterval = TimeSpan.FromHours(1) });
        var ahead = await home.OpenAsync();

        // Stopped before it takes the lock, so that the other can write.
        using var gate = new ManualResetEventSlim();
        behind.Faults = at => gate.Wait();
        var waiting = Task.Run(() => behind.ExecuteAsync(Accounts.Deposit("x", 1), default));
        await ahead.ExecuteAsync(
            Accounts.Command("a", "Bulk", null, "", "x", (_, ctx) => Decision<AccountEvent, Refusal>.Accept(
                [.. Enumerable.Range(0, 7_000).Select(i => new NewEvent<AccountEvent>(new AccountEvent.Deposited("x", 1, ""), ctx.Now))])),
            default);
        gate.Set();
        await waiting;
        Assert.Equal(7_001, behind.Current.State.Total);
    }

    [Fact]
    public async Task A_transaction_of_several_pages_is_shown_whole_by_a_replica_that_catches_up()
    {
        await using var home = new PostgresHome(await server.CreateDatabaseAsync());
        var (reader, writer) = (await home.OpenAsync(), await home.OpenAsync());
        var seen = new HashSet<long>();
        var watching = Task.Run(async () =>
        {
            for (var now = reader.Current; now.State.Total < 7_000; now = reader.Current)
            {
                await reader.WaitForRowsAsync(now.Position, default);
                seen.Add(reader.Current.State.Total);
            }
        });
        await writer.ExecuteAsync(
            Accounts.Command("a", "Bulk", null, "", "x", (_, ctx) => Decision<AccountEvent, Refusal>.Accept(
                [.. Enumerable.Range(0, 7_000).Select(i => new NewEvent<AccountEvent>(new AccountEvent.Deposited("x", 1, ""), ctx.Now))])),
            default);
        await watching;
        Assert.Equal([7_000], seen);
    }

    [Fact]
    public async Task A_connection_cut_between_commit_and_its_reply_costs_the_callers_nothing()
    {
        await using var wire = new TcpProxy(server.Port);
        await using var home = new PostgresHome(Through(wire, await server.CreateDatabaseAsync()));
        var journal = await home.OpenAsync();
        for (var round = 0; round < 3; round++)
        {
            Task<CommandResult<Refusal, StringValue>>[] sent;
            await using (await JournalTests.HoldAsync(journal))
            {
                sent = [.. Enumerable.Range(0, 10).Select(i => journal.ExecuteAsync(Accounts.Deposit("x", 1, i < 5 ? $"{round}-{i}" : null), default))];
                wire.CutBeforeReply("COMMIT\0");
            }

            var results = await Task.WhenAll(sent);
            Assert.All(results, result => Assert.NotNull(result.Reply));
            Assert.Equal(round + 1, wire.Cuts);
        }

        Assert.Equal(30, journal.Current.State.Total);
        Assert.Equal(30, (await JournalTests.AllRowsAsync(journal)).Count);
    }

    [Fact]
    public async Task A_connection_cut_before_the_rows_arrive_costs_the_callers_nothing_either()
    {
        await using var wire = new TcpProxy(server.Port);
        await using var home = new PostgresHome(Through(wire, await server.CreateDatabaseAsync()));
        var journal = await home.OpenAsync();
        wire.CutBeforeRequest("cut-me-here");
        var result = await journal.ExecuteAsync(Accounts.Deposit("x", 1, note: "cut-me-here"), default);
        Assert.Equal(1, wire.Cuts);
        Assert.NotNull(result.Reply);
        Assert.Equal(1, journal.Current.State.Total);
        Assert.Single(await JournalTests.AllRowsAsync(journal));
    }

    [Fact]
    public async Task If_the_outcome_cannot_be_found_out_the_caller_is_told_so_and_a_retry_gets_the_stored_reply()
    {
        await using var wire = new TcpProxy(server.Port);
        await using var home = new PostgresHome(Through(wire, await server.CreateDatabaseAsync()));
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        wire.Refusing = true;
        wire.CutBeforeReply("COMMIT\0");
        var unknown = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 10, "k"), default));
        Assert.True(unknown.MayHaveHappened);
        Assert.Equal(1, journal.Current.State.Total);
        Assert.NotNull(journal.Problem);

        wire.Refusing = false;
        Assert.True((await journal.ExecuteAsync(Accounts.Deposit("x", 10, "k"), default)).IsStored);
        Assert.Equal(11, journal.Current.State.Total);
        Assert.Null(journal.Problem);
    }

    [Fact]
    public async Task A_server_that_is_killed_and_comes_back_loses_nothing_that_was_acknowledged()
    {
        await using var own = new PostgresServer();
        await own.InitializeAsync();
        await using var home = new PostgresHome(await own.CreateDatabaseAsync());
        var journal = await home.OpenAsync();
        using var ending = new CancellationTokenSource();
        var acknowledged = new int[8];
        var failed = 0;
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !ending.IsCancellationRequested;)
            {
                try
                {
                    await journal.ExecuteAsync(Accounts.Deposit($"c{caller}", 1, $"{caller}-{i}"), default);
                    acknowledged[caller] = ++i;
                }
                catch (JournalUnavailableException)
                {
                    Interlocked.Increment(ref failed);
                    await Task.Delay(50);
                }
            }
        })).ToList();
        await Task.Delay(300);
        await own.KillAsync();
        while (Volatile.Read(ref failed) == 0)
        {
            await Task.Delay(20);
        }

        await own.StartAsync();
        var before = acknowledged.Sum();
        while (acknowledged.Sum() < before + 50)
        {
            await Task.Delay(20);
        }

        await ending.CancelAsync();
        await Task.WhenAll(callers);
        for (var caller = 0; caller < 8; caller++)
        {
            // A caller's last command may have been under way, but it awaits its answer: exactly what was acknowledged.
            Assert.Equal(acknowledged[caller], journal.Current.State.BalanceOf($"c{caller}"));
        }
    }

    [Fact]
    public async Task A_relay_whose_session_ended_cannot_move_the_checkpoint_any_more()
    {
        await using var home = new PostgresHome(await server.CreateDatabaseAsync());
        var journal = await home.OpenAsync();
        await using var cutOff = (await journal.TryTakeRelayLeaseAsync("relay", default))!;
        await home.TamperAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'journal relay' AND datname = current_database()");
        await using var next = await TakeAsync(journal);
        await next.MoveCheckpointAsync(new RelayCheckpoint(5, EventPlace.Start), default);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => cutOff.MoveCheckpointAsync(new RelayCheckpoint(2, EventPlace.Start), default));
        Assert.Equal(5, (await journal.ReadCheckpointAsync("relay", default)).Position);
    }

    [Fact]
    public async Task A_journal_of_another_service_is_refused()
    {
        await using var home = new PostgresHome(await server.CreateDatabaseAsync());
        await (await home.OpenAsync()).StopAsync();
        await using var other = new Journal<AccountsState, AccountEvent>(
            Accounts.Definition with { Service = "other" }, home.Options, home.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<Journal<AccountsState, AccountEvent>>.Instance);
        Assert.Contains("'accounts'", (await Assert.ThrowsAsync<InvalidOperationException>(() => other.StartAsync(default))).Message, StringComparison.Ordinal);
    }

    private static async Task<RelayLease> TakeAsync(ServiceJournal journal)
    {
        while (true)
        {
            if (await journal.TryTakeRelayLeaseAsync("relay", default) is { } lease)
            {
                return lease;
            }

            await Task.Delay(20); // The ended session gives up its lock a moment later.
        }
    }

    private static string Through(TcpProxy wire, string connectionString)
        => new NpgsqlConnectionStringBuilder(connectionString) { Port = wire.Port }.ToString();
}
