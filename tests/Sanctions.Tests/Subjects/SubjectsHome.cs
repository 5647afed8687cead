using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.Sanctions.Private;
using ExternalAction.Sanctions.Queries;
using ExternalAction.Sanctions.Screening;
using ExternalAction.Sanctions.Tests.Listings;
using ExternalAction.Sanctions.Tests.Private;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Tests.Subjects;

/// <summary>
/// The real parts behind stored subjects: journal, vault, lists, and, when the test starts them, re-screening and key shredding. It can be
/// stopped and opened again on the same data.
/// </summary>
internal sealed class SubjectsHome : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly PrivateHome _home;
    private readonly List<BackgroundService> _running = [];

    private SubjectsHome(PrivateHome home) => _home = home;

    public Journal<SanctionsState, SanctionsEvent> Journal { get; private set; } = null!;

    public SealedSubjects Sealed { get; private set; } = null!;

    public Vault Vault { get; private set; } = null!;

    public PrivateDatabase Database { get; private set; } = null!;

    public StoredSubjects Subjects => Journal.Current.State.Subjects;

    public string Folder => _home.Options.Folder;

    private Commands Commands { get; set; } = null!;

    public ScreeningLists Lists { get; private set; } = null!;

    public static async Task<SubjectsHome> OpenAsync()
    {
        var home = new SubjectsHome(await PrivateHome.OnAsync(null));
        await home.StartAsync();
        await home.TakeAsync(Steps.RegimesAre(Steps.Belarus));
        return home;
    }

    /// <summary>Stops everything and opens it anew, without the background work.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A step that succeeds.</summary>
    public async Task TakeAsync(params Step[] steps)
    {
        foreach (var step in steps)
        {
            Assert.Null(await Commands.ExecuteAsync("system:test", Guid.NewGuid().ToString(), null, (s, m) => step.Decide(s, m), CancellationToken.None));
        }
    }

    /// <summary>Stores a person and screens it at once, as the rpc does.</summary>
    public async Task<string> StoreAsync(string reference, string name, string client = SubjectSteps.Bank)
    {
        var (id, state) = (Guid.NewGuid().ToString("N"), Journal.Current.State);
        var sent = new Proto.ScreeningSubject { Id = reference, Names = { name }, Type = Proto.SubjectType.Types.Value.Person };
        var key = await Sealed.KeyAsync(id, CancellationToken.None);
        var against = await Lists.AtLeastAsync(state, SanctionsState.Eu, CancellationToken.None);
        var options = new MatchOptions(ScreeningProfile.Onboarding);
        var command = new StoreSubject(
            new SubjectStored(
                id, client, Sealed.ReferenceHash(client, reference), Sealed.ContentHash(client, sent), OpenSubject.Seal(key, id, sent), "onboarding@1", options.EffectiveThreshold, [new ListVersion(against.List, against.Position)]),
            SubjectHits.Of(id, key, against.Index.Match(ScreeningsService.SubjectOf(sent, ""), options with { Limit = ScreeningResult.EveryHit }).Select(h => new ListedHit(against, h))), []);
        await TakeAsync(new Step((s, _) => Domain.Subjects.Store(s, command)));
        return id;
    }

    /// <summary>Starts re-screening, as one more replica would.</summary>
    public Task RescreenAsync() => RunAsync(new Rescreening(Journal, Commands, Lists, Sealed, Database, _home.Clock, NullLogger<Rescreening>.Instance));

    /// <summary>Starts the destruction of keys.</summary>
    public Task ShredAsync() => RunAsync(new KeyShredder(Journal, Sealed, _home.Clock, NullLogger<KeyShredder>.Instance));

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Waits until the EU list is compared up to where it is.</summary>
    public Task CaughtUpAsync() => UntilAsync(() => Task.FromResult(Subjects.Progress["eu"].Position == Journal.Current.State.Lists["eu"].Position));

    /// <summary>How many rows of a kind there are.</summary>
    public async Task<int> RowsAsync<T>() where T : SanctionsEvent => (await ReadAsync<T>()).Count;

    /// <summary>The rows of a kind.</summary>
    public async Task<List<T>> ReadAsync<T>() where T : SanctionsEvent
    {
        var found = new List<T>();
        await foreach (var row in Journal.ReadAllAsync(0, Journal.Position, CancellationToken.None))
        {
            if (row.Event is T one)
            {
                found.Add(one);
            }
        }
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _home.DisposeAsync();
    }

    private async Task StartAsync()
    {
        Journal = new Journal<SanctionsState, SanctionsEvent>(SanctionsJournal.Definition, _home.Options, _home.Clock, NullLogger<Journal<SanctionsState, SanctionsEvent>>.Instance);
        await Journal.StartAsync(CancellationToken.None);
        Database = _home.Database();
        Vault = _home.Vault(Database);
        await Vault.OpenAsync(CancellationToken.None);
        Sealed = new SealedSubjects(Vault);
        Commands = new Commands(Journal, _home.Clock);
        await RunAsync(Lists = new ScreeningLists(Journal, new PastStates(Journal, TimeProvider.System), NullLogger<ScreeningLists>.Instance));
    }

    private Task RunAsync(BackgroundService service)
    {
        _running.Add(service);
        return service.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        foreach (var service in _running)
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }
        _running.Clear();
        await Journal.StopAsync();
        await Journal.DisposeAsync();
    }
}
