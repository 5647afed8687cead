namespace ExternalAction.Journal.Tests;

/// <summary>Reads: the past by position and by instant, one stream, following, waiting for a position.</summary>
public abstract class HistoryTests(Func<Task<JournalHome>> newHome) : JournalTests(newHome)
{
    [Fact]
    public async Task AsOf_folds_only_the_streams_asked_for_up_to_a_position_or_an_instant()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        var first = await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        home.Clock.Time += TimeSpan.FromHours(1);
        await journal.ExecuteAsync(Accounts.Deposit("y", 10), default);
        await journal.ExecuteAsync(Accounts.Deposit("x", 100), default);
        home.Clock.Time += TimeSpan.FromHours(1);
        await journal.ExecuteAsync(Accounts.Deposit("x", 1000), default);
        string[] x = ["account:x"], both = ["account:x", "account:y", "account:x"];

        Assert.Equal("1: x=1", (await journal.FoldAsync(x, AsOf.At(first.Position), default)).State.Describe());
        Assert.Equal("101: x=101", (await journal.FoldAsync(x, AsOf.At(home.Clock.Time.AddMinutes(-1)), default)).State.Describe());
        Assert.Equal("111: x=101, y=10", (await journal.FoldAsync(both, AsOf.At(home.Clock.Time.AddHours(-1)), default)).State.Describe());
        Assert.Equal("0: ", (await journal.FoldAsync(x, AsOf.At(first.Position - 1), default)).State.Describe());
        var latest = await journal.FoldAsync(x, AsOf.Latest, default);
        Assert.Equal(("1101: x=1101", journal.Position), (latest.State.Describe(), latest.Position));
    }

    [Fact]
    public async Task A_stream_is_read_from_a_position_with_dense_versions()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            await journal.ExecuteAsync(Accounts.Deposit("x", i + 1), default);
            await journal.ExecuteAsync(Accounts.Deposit("y", 1), default);
        }

        var rows = new List<JournalEvent<AccountEvent>>();
        await foreach (var row in journal.ReadStreamAsync("account:x", 0, default))
        {
            rows.Add(row);
        }

        Assert.Equal([1L, 2, 3, 4, 5], rows.Select(row => row.Version));
        Assert.All(rows, row => Assert.Equal(("account:x", "alice"), (row.Stream, row.Actor)));
        var rest = new List<long>();
        await foreach (var row in journal.ReadStreamAsync("account:x", rows[2].Position, default))
        {
            rest.Add(row.Version);
        }

        Assert.Equal([4L, 5], rest);
    }

    [Fact]
    public async Task Following_a_stream_gives_every_event_once_in_order_while_others_write()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        var seen = new List<long>();
        using var ending = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            await foreach (var row in journal.FollowAsync("account:x", 0, ending.Token))
            {
                seen.Add(((AccountEvent.Deposited)row.Event).Cents);
                if (seen.Count == 150)
                {
                    return;
                }
            }
        });
        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 2; i <= 150; i++)
                {
                    await journal.ExecuteAsync(Accounts.Deposit("x", i), default);
                }
            }),
            Task.Run(async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await journal.ExecuteAsync(Accounts.Deposit("y", 1), default);
                }
            }));
        await following.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(Enumerable.Range(1, 150).Select(i => (long)i), seen);

        var idle = Task.Run(async () =>
        {
            await foreach (var row in journal.FollowAsync("account:x", journal.Position, ending.Token))
            {
                Assert.Fail($"Nothing was written at {row.Position}.");
            }
        });
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => idle);
    }

    [Fact]
    public async Task A_reader_waits_for_the_position_it_wants_and_is_told_when_it_does_not_come()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync(options => options with { PositionWait = TimeSpan.FromMilliseconds(200) });
        await journal.WaitForPositionAsync(journal.Position, default);
        var late = await Assert.ThrowsAsync<PositionNotReachedException>(() => journal.WaitForPositionAsync(journal.Position + 1, default));
        Assert.Equal((journal.Position + 1, journal.Position), (late.Wanted, late.Reached));

        var waiting = journal.WaitForRowsAsync(journal.Position, default);
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        await waiting.WaitAsync(TimeSpan.FromMinutes(2));
    }
}

/// <summary>What the <c>asOf</c> parameter may look like.</summary>
public sealed class AsOfTests
{
    [Theory]
    [InlineData("position:0")]
    [InlineData("position:9223372036854775807")]
    [InlineData("2025-06-01T12:00:00Z")]
    [InlineData("2025-06-01T12:00:00.123456Z")]
    [InlineData("2025-06-01T14:00:00+02:00")]
    public void Positions_and_instants_with_a_zone_are_understood(string text) => Assert.True(AsOf.TryParse(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("position:")]
    [InlineData("position:-1")]
    [InlineData("position:+1")]
    [InlineData("position: 1")]
    [InlineData("position:9223372036854775808")]
    [InlineData("2025-06-01")]
    [InlineData("2025-06-01T12:00:00")]
    [InlineData("2025-02-30T12:00:00Z")]
    [InlineData("now")]
    public void Anything_else_is_not(string text) => Assert.False(AsOf.TryParse(text, out _));

    [Fact]
    public void The_same_instant_in_two_zones_is_one_point()
    {
        Assert.True(AsOf.TryParse("2025-06-01T14:00:00+02:00", out var there));
        Assert.True(AsOf.TryParse("2025-06-01T12:00:00Z", out var here));
        Assert.Equal(here, there);
    }
}
