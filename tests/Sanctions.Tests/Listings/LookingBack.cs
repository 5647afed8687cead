using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.Sanctions.Queries;
using ExternalAction.Sanctions.Tests.Private;
using Microsoft.Extensions.Logging.Abstractions;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>Past states are what folding every row makes of them, in whatever order they are asked for, and are kept for a while only.</summary>
public sealed class LookingBack : IAsyncLifetime, IDisposable
{
    private const int Rows = 40;
    private PrivateHome _home = null!;
    private Journal<SanctionsState, SanctionsEvent> _journal = null!;
    private PastStates _past = null!;
    private DateTimeOffset _begun;

    [Fact]
    public async Task A_past_state_is_what_every_row_up_to_it_makes_in_whatever_order_states_are_asked_for()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var asOf = random.Next(2) == 0 ? AsOf.At(random.Next((int)_journal.Position + 3)) : AsOf.At(_begun.AddSeconds(random.Next(-2, Rows + 2)));

            var folded = await _journal.FoldAllAsync(null, await _past.WholeAsync(asOf, default), default);
            var past = await _past.AtAsync(asOf, default);

            Assert.Equal((folded.Position, folded.RecordedAt), (past.Position, past.RecordedAt));
            Assert.Equal(folded.State.Lists.Values, past.State.Lists.Values);
            Assert.Equal(folded.State.ByAge, past.State.ByAge);
            Assert.All(folded.State.Listings, listing => Assert.Equal(listing.Value, past.State.Listings[listing.Key]));
        }
    }

    [Fact]
    public async Task A_position_inside_an_import_shows_all_of_it_and_the_one_before_it_nothing()
    {
        var before = _journal.Position;
        _home.Clock.Time += TimeSpan.FromSeconds(1);
        await TakeAsync(FileArrives("2026-05-09", added: [.. Entries(5).Select(e => e with { Key = $"9{e.Key}" })], hash: "five"));
        Assert.Equal(Rows, (await _past.AtAsync(AsOf.At(before), default)).State.Listings.Count);
        for (var position = before + 1; position <= before + 6; position++)
        {
            var past = await _past.AtAsync(AsOf.At(position), default);
            Assert.Equal((before + 6, Rows + 5, "five"), (past.Position, past.State.Listings.Count, past.State.Lists["eu"].Import!.FileHash));
        }

        // What a list version names is the list of that version.
        var version = _journal.Current.State.Lists["eu"].Position;
        Assert.InRange(version, before + 1, before + 6);
        Assert.Equal(version, (await _past.AtAsync(AsOf.At(version), default)).State.Lists["eu"].Position);
        Assert.Equal((await _past.AtAsync(AsOf.At(version), default)).RecordedAt, (await _past.AtAsync(AsOf.At(before + 6), default)).RecordedAt);
    }

    [Fact]
    public async Task Whoever_asks_again_or_at_the_same_time_is_given_the_same_state()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _past.AtAsync(AsOf.At(20), default))));
        Assert.Single(all.Distinct(ReferenceEqualityComparer.Instance));
        Assert.Same(all[0], await _past.AtAsync(AsOf.At(all[0].RecordedAt), default));
    }

    [Fact]
    public async Task States_that_nobody_asks_for_any_more_are_forgotten()
    {
        var older = await _past.AtAsync(AsOf.At(20), default);
        _home.Clock.Time += PastStates.Life / 2;
        var newer = await _past.AtAsync(AsOf.At(30), default);
        Assert.False(_past.Forget());

        _home.Clock.Time += PastStates.Life / 2;
        Assert.True(_past.Forget());

        Assert.Same(newer, await _past.AtAsync(AsOf.At(30), default));
        Assert.NotSame(older, await _past.AtAsync(AsOf.At(20), default));
    }

    [Fact]
    public async Task The_state_that_was_asked_for_longest_ago_makes_room()
    {
        var first = await AskAsync(10);
        var second = await AskAsync(20);
        Assert.Same(first, await AskAsync(10));
        await AskAsync(30);

        Assert.Same(first, await AskAsync(10));
        Assert.NotSame(second, await AskAsync(20));
    }

    [Fact]
    public async Task A_caller_who_leaves_takes_nothing_from_the_next()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _past.AtAsync(AsOf.At(20), gone.Token));

        Assert.Equal(20, (await _past.AtAsync(AsOf.At(20), default)).Position);
    }

    [Fact]
    public async Task What_was_recorded_since_does_not_reach_into_a_past_that_is_kept()
    {
        var asOf = AsOf.At(_home.Clock.Time.AddSeconds(10));
        var before = await _past.AtAsync(asOf, default);
        _home.Clock.Time += TimeSpan.FromSeconds(5);
        await AddAsync(Rows);
        _home.Clock.Time += TimeSpan.FromSeconds(6);
        await AddAsync(Rows + 1);

        var after = await _past.AtAsync(asOf, default);

        Assert.Equal(before.State.Listings.Count + 1, after.State.Listings.Count);
        Assert.Equal((await _journal.FoldAllAsync(null, asOf, default)).Position, after.Position);
    }

    /// <summary>Opens a journal in which a subject is added every second.</summary>
    public async Task InitializeAsync()
    {
        _home = await PrivateHome.OnAsync(null);
        _journal = new Journal<SanctionsState, SanctionsEvent>(SanctionsJournal.Definition, _home.Options, _home.Clock, NullLogger<Journal<SanctionsState, SanctionsEvent>>.Instance);
        await _journal.StartAsync(default);
        _past = new PastStates(_journal, _home.Clock);
        _begun = _home.Clock.Time;
        await TakeAsync(RegimesAre(Belarus));
        for (var i = 0; i < Rows; i++)
        {
            _home.Clock.Time += TimeSpan.FromSeconds(1);
            await AddAsync(i);
        }
    }

    public void Dispose() => _past.Dispose();

    public async Task DisposeAsync()
    {
        await _journal.StopAsync();
        await _journal.DisposeAsync();
        await _home.DisposeAsync();
    }

    /// <summary>Asks a moment later than the one before.</summary>
    private Task<Snapshot<SanctionsState>> AskAsync(long position)
    {
        _home.Clock.Time += TimeSpan.FromSeconds(1);
        return _past.AtAsync(AsOf.At(position), default);
    }

    private Task AddAsync(int i) => TakeAsync(FileArrives(added: [Entry($"{i}", $"Name {i}")], hash: $"{i}"));

    private async Task TakeAsync(Step step) =>
        Assert.Null(await new Commands(_journal, _home.Clock).ExecuteAsync("system:test", Guid.NewGuid().ToString(), null, (s, m) => step.Decide(s, m), default));
}
