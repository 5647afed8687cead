using System.Collections.Immutable;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;

namespace ExternalAction.Sanctions.Queries;

/// <summary>
/// What was known at a point in the past. Who asks once asks again (the next page, the next list, the next record to replay), so the last states asked
/// for are kept for a while, and a later one is folded on from the nearest kept one instead of from the first row. One is folded at a
/// time: several callers who ask for the same share it.
/// </summary>
internal sealed class PastStates(Journal<SanctionsState, SanctionsEvent> journal, TimeProvider clock) : IDisposable
{
    /// <summary>More are not kept; a state with the whole list takes about 15 MB, its index as much again.</summary>
    internal const int MostKept = 2;

    /// <summary>What nobody asked for in this time is forgotten.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private ImmutableArray<Kept> _kept = [];

    /// <summary>
    /// The point at which a position was known. The rows of a transaction became known together, at the instant at which all of them were recorded:
    /// a position among them is the state behind the last, so that nobody sees half of an import, and a list's version names the list of that version.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async Task<AsOf> WholeAsync(AsOf asOf, CancellationToken cancellation)
    {
        if (asOf == AsOf.At(asOf.Position))
        {
            await foreach (var row in journal.ReadAllAsync(asOf.Position - 1, asOf.Position, cancellation))
            {
                return AsOf.At(row.RecordedAt);
            }
        }
        return asOf;
    }

    /// <summary>The whole state at a point in the past, see <see cref="WholeAsync"/>; its position is that of the last row folded, 0 if there was none.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    public async Task<Snapshot<SanctionsState>> AtAsync(AsOf asOf, CancellationToken cancellation)
    {
        asOf = await WholeAsync(asOf, cancellation);
        if (Nearest(asOf) is { } known && known.Snapshot.Position == asOf.Position)
        {
            return known.Asked(clock);
        }
        await _turn.WaitAsync(cancellation);
        try
        {
            // 1. The nearest one before it may be the very one, folded while this caller waited.
            var from = Nearest(asOf);

            // 2. The rows between.
            var snapshot = await journal.FoldAllAsync(from?.Snapshot, asOf, cancellation);
            if (from is not null && ReferenceEquals(from.Snapshot, snapshot))
            {
                return from.Asked(clock);
            }

            // 3. It takes the place of the one that was asked for longest ago.
            var kept = new Kept(snapshot);
            var others = _kept.OrderByDescending(k => k.LastAsked).Take(MostKept - 1);
            ImmutableInterlocked.InterlockedExchange(ref _kept, [kept, .. others]);
            return kept.Asked(clock);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets what nobody asked for any more; true if there was something.</summary>
    public bool Forget()
    {
        var before = _kept;
        var since = clock.GetUtcNow() - Life;
        var lasting = before.RemoveAll(k => k.LastAsked <= since);
        return lasting.Length < before.Length && ImmutableInterlocked.InterlockedCompareExchange(ref _kept, lasting, before) == before;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>The latest kept state that has nothing of what came after the point.</summary>
    private Kept? Nearest(AsOf asOf) =>
        _kept.Where(k => k.Snapshot.Position <= asOf.Position && AsOf.At(k.Snapshot.RecordedAt).RecordedAt <= asOf.RecordedAt).MaxBy(k => k.Snapshot.Position);

    private sealed class Kept(Snapshot<SanctionsState> snapshot)
    {
        private long _lastAsked;

        public Snapshot<SanctionsState> Snapshot => snapshot;

        public DateTimeOffset LastAsked => new(Interlocked.Read(ref _lastAsked), TimeSpan.Zero);

        public Snapshot<SanctionsState> Asked(TimeProvider clock)
        {
            Interlocked.Exchange(ref _lastAsked, clock.GetUtcNow().Ticks);
            return snapshot;
        }
    }
}
