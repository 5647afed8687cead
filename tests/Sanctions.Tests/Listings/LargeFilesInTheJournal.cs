using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.Sanctions.Queries;
using ExternalAction.Sanctions.Tests.Private;
using ExternalAction.ServiceDefaults;
using ExternalAction.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

public sealed class LargeFilesInTheJournalOnSqlite() : LargeFilesInTheJournal(null);

[Collection(OnePostgres.Name), Trait("Needs", "Servers")]
public sealed class LargeFilesInTheJournalOnPostgres(PostgresServer server) : LargeFilesInTheJournal(server);

/// <summary>A file written in parts, in a real journal: what is read of it at every position, now and as of then.</summary>
public abstract class LargeFilesInTheJournal(PostgresServer? server)
{
    private const string Before = "eu-1 eu-2 eu-3";
    private const string After = "eu-1 eu-2 eu-4 eu-5 eu-6 eu-7 eu-8";

    [Fact]
    public async Task At_any_position_the_list_is_the_old_one_or_the_new_one_whole()
    {
        await using var home = await Home.OpenAsync(server);
        var completed = await home.ImportInPartsAsync();
        for (var position = home.First; position <= home.Journal.Position; position++)
        {
            var past = await home.Journal.FoldAllAsync(null, AsOf.At(position), default);
            Assert.Equal(position < completed ? Before : After, Ids(past.State));
            Assert.Equal(position < completed ? $"eu-{home.First}" : $"eu-{completed}", past.State.VersionOf("eu"));

            // One listing alone, as a read of it asks for it.
            foreach (var id in After.Split(' ').Append("eu-3"))
            {
                var alone = await home.Journal.FoldAsync([SanctionsState.StreamOfListing(id), .. SanctionsState.StreamsOfImports], AsOf.At(position), default);
                Assert.Equal(past.State.Listings.GetValueOrDefault(id), alone.State.Listings.GetValueOrDefault(id));
            }
        }
    }

    [Fact]
    public async Task Whoever_has_read_up_to_any_position_is_told_every_change_behind_it_exactly_once()
    {
        await using var home = await Home.OpenAsync(server);
        var completed = await home.ImportInPartsAsync();
        for (var position = home.First; position <= home.Journal.Position; position++)
        {
            var told = await home.ChangesAsync(position);
            var imported = told.Where(c => c.Happened is EntryAdded or EntryAmended or EntryRemoved).ToList();
            Assert.Equal(position < completed ? "eu-4 eu-5 eu-6 eu-7 eu-8 eu-2 eu-3" : "", string.Join(' ', imported.Select(c => c.Happened.Id)));
            Assert.Equal(position < home.Notified ? 1 : 0, told.Count(c => c.Happened is ListingNotified));
            Assert.Equal(told.Select(c => c.Position).Order(), told.Select(c => c.Position));
        }
    }

    [Fact]
    public async Task A_page_that_ends_anywhere_goes_on_there_and_who_was_cut_off_misses_nothing()
    {
        await using var home = await Home.OpenAsync(server);
        var completed = await home.ImportInPartsAsync();
        var all = await home.ChangesAsync(0);
        for (var last = 0; last < all.Count; last++)
        {
            Assert.Equal(all.Skip(last + 1), await home.ChangesAsync(all[last].Cursor));

            // By the position of the last change received, the import comes again from its first row, or not at all.
            var again = all[last].Position == completed - 1 ? all.FindIndex(c => c.Position == completed - 1) : last + 1;
            Assert.Equal(all.Skip(again), await home.ChangesAsync(all[last].Position));
        }
        var nowhere = await Assert.ThrowsAsync<global::Grpc.Core.RpcException>(() => home.ChangesAsync(-home.First));
        Assert.Equal(global::Grpc.Core.StatusCode.InvalidArgument, nowhere.StatusCode);
    }

    [Fact]
    public async Task A_stop_between_the_parts_leaves_the_old_list_and_the_replay_is_the_state_that_was()
    {
        await using var home = await Home.OpenAsync(server);
        var file = await home.StageAsync("stopped", upTo: 4);
        await home.RestartAsync();
        Assert.Equal((Before, 4), (Ids(home.State), home.State.Lists["eu"].Staged!.Rows.Count));
        Assert.Equal("eu-1 eu-2 eu-3", string.Join(' ', (await home.ChangesAsync(0)).Select(c => c.Happened.Id)));

        // Repeated under another id, as every attempt is; what was staged before never counts.
        await home.StageAsync("repeated");
        await home.TakeAsync(IsCompleted(file, "repeated"));
        Assert.Equal(After, Ids(home.State));
        var live = home.State.Listings.ToDictionary();
        await home.RestartAsync();
        Assert.Equal(live, home.State.Listings.ToDictionary());
        Assert.Equal(7, (await home.ChangesAsync(home.First)).Count);

        // The listing's history tells what took effect, and nothing of the attempt before.
        var (rows, _) = await JournalAnswers.HistoryAsync(home.Journal, SanctionsState.StreamOfListing("eu-4"), 0, "", default);
        var (shown, _) = await JournalAnswers.HistoryAsync(home.Journal, SanctionsState.StreamOfListing("eu-4"), 0, "", default, await ListingsService.TookEffectAsync(home.Journal, default));
        Assert.Equal((2, 1), (rows.Count, shown.Count));
        Assert.Contains("repeated", shown[0].Payload, StringComparison.Ordinal);
    }

    private static string Ids(SanctionsState state) => string.Join(' ', state.InForce("eu").Select(l => l.Id).Order(StringComparer.Ordinal));

    /// <summary>A journal in which three subjects are on the list; the file has five more, one told otherwise, and one fewer.</summary>
    private sealed class Home : IAsyncDisposable
    {
        private readonly PrivateHome _home;
        private Commands _commands = null!;

        private Home(PrivateHome home) => _home = home;

        public Journal<SanctionsState, SanctionsEvent> Journal { get; private set; } = null!;

        public SanctionsState State => Journal.Current.State;

        /// <summary>The position of the old list.</summary>
        public long First { get; private set; }

        /// <summary>The position of the row that came between two parts.</summary>
        public long Notified { get; private set; }

        public static async Task<Home> OpenAsync(PostgresServer? server)
        {
            var home = new Home(await PrivateHome.OnAsync(server));
            await home.StartAsync();
            await home.TakeAsync(RegimesAre(Belarus), FileArrives(added: Entries(3)));
            home.First = home.State.Lists["eu"].Position;
            return home;
        }

        public async Task<long> ImportInPartsAsync()
        {
            await StageAsync("abandoned", upTo: 3);
            var file = await StageAsync("i1", upTo: 4);
            await TakeAsync(IsNotified(id: "eu-1"));
            Notified = Journal.Position;
            await TakeAsync(IsStaged(file, from: 4, count: 3), IsCompleted(file));
            return Journal.Position - 1;
        }

        /// <summary>Stages two rows at a time.</summary>
        public async Task<ImportList> StageAsync(string import, int upTo = 7)
        {
            var added = Enumerable.Range(4, 5).Select(i => Entry($"{i}", $"Name {i}")).ToArray();
            var file = AFile("2026-05-02", added, [("eu-2", Entry("2", "Name Two"))], ["eu-3"], force: true) with { Version = State.Lists["eu"].Position };
            for (var from = 0; from < upTo; from += 2)
            {
                await TakeAsync(IsStaged(file, import, from, Math.Min(2, upTo - from)));
            }
            return file;
        }

        public async Task TakeAsync(params Step[] steps)
        {
            foreach (var step in steps)
            {
                Assert.Null(await _commands.ExecuteAsync("system:test", Guid.NewGuid().ToString(), null, (s, m) => step.Decide(s, m), default));
            }
        }

        public async Task<List<ListingChange>> ChangesAsync(long cursor)
        {
            var changes = new List<ListingChange>();
            await foreach (var change in ListChanges.ReadAsync(Journal, cursor, Journal.Position, default))
            {
                changes.Add(change);
            }
            return changes;
        }

        public async Task RestartAsync()
        {
            await StopAsync();
            await StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await _home.DisposeAsync();
        }

        private async Task StartAsync()
        {
            Journal = new Journal<SanctionsState, SanctionsEvent>(SanctionsJournal.Definition, _home.Options, _home.Clock, NullLogger<Journal<SanctionsState, SanctionsEvent>>.Instance);
            await Journal.StartAsync(default);
            _commands = new Commands(Journal, _home.Clock);
        }

        private async Task StopAsync()
        {
            await Journal.StopAsync();
            await Journal.DisposeAsync();
        }
    }
}
