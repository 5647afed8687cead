namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// Counts the winning coalitions of a double-majority game by size. A coalition wins with at least <c>members</c> members and
/// <c>population</c> inhabitants, or with at least <c>deemed</c> members whatever their population.
/// </summary>
internal sealed class CoalitionCounts
{
    private readonly HalfCoalitions _small;
    private readonly HalfCoalitions _large;

    /// <summary>Counts at once; a few milliseconds for 27 members.</summary>
    /// <param name="populations">1 to 30 populations in rising order.</param>
    /// <param name="members">Fewest members of a winning coalition.</param>
    /// <param name="population">Least population, unless deemed.</param>
    /// <param name="deemed">Number of members, not below <paramref name="members"/>, from which population does not matter; above the number of all: never.</param>
    /// <param name="cancellation">Looked at between the sizes of the halves.</param>
    public CoalitionCounts(ReadOnlySpan<long> populations, int members, long population, int deemed, CancellationToken cancellation)
    {
        // The smaller members make one half, so the smallest member of a mixed coalition is always found there.
        var n = populations.Length;
        _small = new HalfCoalitions(populations[..(n / 2)]);
        cancellation.ThrowIfCancellationRequested();
        _large = new HalfCoalitions(populations[(n / 2)..]);

        Winning = new long[n + 1];
        WinningWith = [.. Enumerable.Range(0, n + 1).Select(_ => new long[n])];
        for (var size = members; size <= n; size++)
        {
            cancellation.ThrowIfCancellationRequested();
            CountSize(size, size >= deemed ? 0 : population);
            if (size >= deemed)
            {
                AddedByClause += Winning[size] - Reaching(size, population);
            }
            MinimalWinning += Winning[size] - (size == members ? 0 : StillWinning(size, size > deemed ? 0 : population));
        }
    }

    /// <summary>By size: winning coalitions.</summary>
    public long[] Winning { get; }

    /// <summary>By size and member (in the order given): winning coalitions with that member.</summary>
    public long[][] WinningWith { get; }

    /// <summary>Winning coalitions that do not reach the population.</summary>
    public long AddedByClause { get; }

    /// <summary>Winning coalitions in which everyone is needed.</summary>
    public long MinimalWinning { get; }

    /// <summary>Fills the counts of one size; from <c>deemed</c> on the population asked for is 0, which every coalition reaches.</summary>
    private void CountSize(int size, long population)
    {
        foreach (var (small, large) in Splits(size))
        {
            Winning[size] += HalfCoalitions.Pairs(_small.Populations[small], _large.Populations[large], population);
            _small.AddWinsOfMembers(small, _large.Populations[large], population, WinningWith[size].AsSpan(0, _small.Members));
            _large.AddWinsOfMembers(large, _small.Populations[small], population, WinningWith[size].AsSpan(_small.Members));
        }
    }

    private long Reaching(int size, long population) =>
        Splits(size).Sum(split => HalfCoalitions.Pairs(_small.Populations[split.Small], _large.Populations[split.Large], population));

    /// <summary>Coalitions of a size that reach the population even after their smallest member has left.</summary>
    private long StillWinning(int size, long population) =>
        Splits(size).Sum(split => split.Small > 0
            ? HalfCoalitions.Pairs(_small.WithoutSmallest[split.Small], _large.Populations[split.Large], population)
            : HalfCoalitions.Pairs(_small.Populations[0], _large.WithoutSmallest[split.Large], population));

    /// <summary>The ways to take a number of members from the two halves.</summary>
    private IEnumerable<(int Small, int Large)> Splits(int size)
    {
        for (var small = Math.Max(0, size - _large.Members); small <= Math.Min(size, _small.Members); small++)
        {
            yield return (small, size - small);
        }
    }
}
