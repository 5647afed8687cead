using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Queries;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Sanctions.Screening;

/// <summary>One version of a list, ready to be screened against.</summary>
/// <param name="List">eu or un.</param>
/// <param name="Version">The version of what it says.</param>
/// <param name="Position">The journal position the version names.</param>
/// <param name="Listings">Its listings in force.</param>
/// <param name="Index">Their names.</param>
internal sealed record ScreeningList(string List, string Version, long Position, ImmutableDictionary<string, Listing> Listings, ScreeningIndex Index)
{
    /// <summary>The version of a list in a state, made from nothing.</summary>
    public static ScreeningList Of(SanctionsState state, string list)
    {
        var listings = state.InForce(list).ToImmutableDictionary(l => l.Id, StringComparer.Ordinal);
        return new ScreeningList(list, state.VersionOf(list), state.Lists[list].Position, listings, ScreeningIndex.Build(Entities(listings.Values)));
    }

    /// <summary>The next version: what changed is put in its place, everything else is kept.</summary>
    public ScreeningList Next(SanctionsState state)
    {
        // 1. What is new or another than it was, found in one pass; what is gone, only where the numbers say that something is.
        var changed = new List<KeyValuePair<string, Listing>>();
        var (count, known) = (0, 0);
        foreach (var listing in state.InForce(List))
        {
            count++;
            var before = Listings.GetValueOrDefault(listing.Id);
            known += before is null ? 0 : 1;
            if (!ReferenceEquals(before, listing))
            {
                changed.Add(new(listing.Id, listing));
            }
        }
        ImmutableArray<string> gone = known == Listings.Count ? [] : [.. Listings.Keys.Where(id => !state.Listings.TryGetValue(id, out var now) || !now.IsInForce)];

        // 2. Of the changed, those whose entry is the same are indexed already.
        var entities = Entities(changed.Where(c => !Listings.TryGetValue(c.Key, out var before) || !ReferenceEquals(before.Kept, c.Value.Kept)).Select(c => c.Value));
        var listings = changed.Count > count / 2 ? state.InForce(List).ToImmutableDictionary(l => l.Id, StringComparer.Ordinal) : Listings.RemoveRange(gone).SetItems(changed);
        return new ScreeningList(List, state.VersionOf(List), state.Lists[List].Position, listings, Index.With(new ScreeningDelta(entities, gone)));
    }

    /// <summary>The subjects of listings, unpacked on all cores.</summary>
    private static ImmutableArray<ScreenedEntity> Entities(IEnumerable<Listing> listings)
    {
        Listing[] all = [.. listings];
        var entities = new ScreenedEntity[all.Length];
        Parallel.For(0, all.Length, i => entities[i] = ScreenedEntities.Of(all[i]));
        return [.. entities];
    }
}

/// <summary>
/// The lists as they are screened, one immutable value each, replaced whenever the journal changes what a list says. A
/// screening takes one value and keeps it: it never sees half an import.
/// </summary>
internal sealed partial class ScreeningLists(Journal<SanctionsState, SanctionsEvent> journal, PastStates pastStates, ILogger<ScreeningLists> logger) : BackgroundService
{
    private readonly ConditionalWeakTable<SanctionsState, ConcurrentDictionary<string, Lazy<Task<ScreeningList>>>> _past = [];
    private volatile ImmutableDictionary<string, ScreeningList>? _now;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once every list was indexed.</summary>
    public bool IsReady => _now is not null;

    /// <summary>A list, at the version of this state or a later one.</summary>
    public async Task<ScreeningList> AtLeastAsync(SanctionsState state, string list, CancellationToken cancellation)
    {
        while (true)
        {
            var moved = Volatile.Read(ref _moved).Task;
            if (_now is { } now && now[list].Position >= state.Lists[list].Position)
            {
                return now[list];
            }
            await moved.WaitAsync(cancellation);
        }
    }

    /// <summary>A list as it was: the present one if it has not changed since, else made once for as long as somebody keeps that state.</summary>
    public Task<ScreeningList> PastAsync(SanctionsState past, string list) => Present(list, past.Lists[list].Position) is { } present
        ? Task.FromResult(present)
        : _past.GetValue(past, _ => new(StringComparer.Ordinal)).GetOrAdd(list, _ => new Lazy<Task<ScreeningList>>(() => Task.Run(() => ScreeningList.Of(past, list)))).Value;

    /// <summary>Lists at the versions that a screening names, for example <c>eu-10451,un-7</c>: the present ones where they are it, else as they were.</summary>
    public async Task<IReadOnlyList<ScreeningList>> AtAsync(string versions, CancellationToken cancellation)
    {
        var found = new List<ScreeningList>();
        SanctionsState? past = null;
        foreach (var version in versions.Split(','))
        {
            var list = version[..version.IndexOf('-', StringComparison.Ordinal)];
            var position = long.Parse(version.AsSpan(list.Length + 1), CultureInfo.InvariantCulture);
            if (Present(list, position) is { } present)
            {
                found.Add(present);
                continue;
            }
            if (past?.Lists[list].Position != position)
            {
                past = (await pastStates.AtAsync(AsOf.At(position), cancellation)).State;
            }
            found.Add(await PastAsync(past, list));
        }
        return found;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!journal.IsReady)
        {
            await Task.Delay(20, stoppingToken);
        }
        while (true)
        {
            var seen = journal.Current;
            var before = _now;
            var next = before ?? ImmutableDictionary<string, ScreeningList>.Empty;
            foreach (var list in seen.State.Lists.Keys)
            {
                if (before is null)
                {
                    next = next.SetItem(list, ScreeningList.Of(seen.State, list));
                }
                else if (seen.State.Lists[list].Position != before[list].Position)
                {
                    next = next.SetItem(list, before[list].Next(seen.State));
                    LogIndexed(logger, list, next[list].Version, next[list].Index.EntityCount);
                }
            }
            if (!ReferenceEquals(before, next))
            {
                _now = next;
                if (before is null)
                {
                    var import = next.Values.All(list => list.Listings.IsEmpty);
                    _ = Task.Run(() => Rehearsal.RunAsync(import, stoppingToken), stoppingToken);
                }
                (before, next) = (null, ImmutableDictionary<string, ScreeningList>.Empty);
                Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }
            await journal.WaitForRowsAsync(seen.Position, stoppingToken);
        }
    }

    private ScreeningList? Present(string list, long position) => _now?[list] is { } now && now.Position == position ? now : null;

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "List {List} is screened at version {Version}: {Entities} subjects")]
    private static partial void LogIndexed(ILogger logger, string list, string version, int entities);
}

/// <summary>Healthy once the lists can be screened.</summary>
internal sealed class ScreeningCheck(ScreeningLists lists) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lists.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The lists are not indexed yet."));
}
