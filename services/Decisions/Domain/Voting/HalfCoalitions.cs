using System.Numerics;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// Every coalition of one half of the members, grouped by size and sorted by population. A coalition of the whole is one of each half, so
/// two sorted lists of 2^14 answer questions about 2^28 coalitions exactly, without visiting each.
/// </summary>
internal sealed class HalfCoalitions
{
    /// <summary>Lists every coalition of these members.</summary>
    /// <param name="populations">Populations in rising order, so that the lowest bit of a coalition is its smallest member.</param>
    public HalfCoalitions(ReadOnlySpan<long> populations)
    {
        Members = populations.Length;
        Populations = new long[Members + 1][];
        Sets = new int[Members + 1][];
        WithoutSmallest = new long[Members + 1][];
        var sums = new long[1 << Members];
        var filled = new int[Members + 1];
        for (var set = 1; set < sums.Length; set++)
        {
            sums[set] = sums[set & (set - 1)] + populations[BitOperations.TrailingZeroCount(set)];
            filled[BitOperations.PopCount((uint)set)]++;
        }
        filled[0] = 1;
        for (var size = 0; size <= Members; size++)
        {
            Populations[size] = new long[filled[size]];
            Sets[size] = new int[filled[size]];
            WithoutSmallest[size] = new long[filled[size]];
            filled[size] = 0;
        }
        for (var set = 0; set < sums.Length; set++)
        {
            var size = BitOperations.PopCount((uint)set);
            var place = filled[size]++;
            Populations[size][place] = sums[set];
            Sets[size][place] = set;
            WithoutSmallest[size][place] = sums[set & (set - 1)];
        }
        for (var size = 0; size <= Members; size++)
        {
            Array.Sort(Populations[size], Sets[size]);
            Array.Sort(WithoutSmallest[size]);
        }
    }

    /// <summary>Number of members in this half.</summary>
    public int Members { get; }

    /// <summary>By size: populations of the coalitions in rising order.</summary>
    public long[][] Populations { get; }

    /// <summary>By size: the coalitions as bits, in the order of <see cref="Populations"/>.</summary>
    public int[][] Sets { get; }

    /// <summary>By size: populations of the coalitions after losing their smallest member, in rising order of their own. The empty coalition loses nobody.</summary>
    public long[][] WithoutSmallest { get; }

    /// <summary>How many pairs, one of each rising list, reach a population together.</summary>
    public static long Pairs(long[] own, long[] others, long population)
    {
        long pairs = 0;
        var first = others.Length;
        foreach (var mine in own)
        {
            while (first > 0 && mine + others[first - 1] >= population)
            {
                first--;
            }
            pairs += others.Length - first;
        }
        return pairs;
    }

    /// <summary>Adds to each member of this half how many coalitions with it reach a population: <paramref name="size"/> members from here and one of <paramref name="others"/>.</summary>
    public void AddWinsOfMembers(int size, long[] others, long population, Span<long> wins)
    {
        var first = others.Length;
        var own = Populations[size];
        var sets = Sets[size];
        for (var i = 0; i < own.Length; i++)
        {
            while (first > 0 && own[i] + others[first - 1] >= population)
            {
                first--;
            }
            var partners = others.Length - first;
            for (var rest = partners == 0 ? 0 : sets[i]; rest != 0; rest &= rest - 1)
            {
                wins[BitOperations.TrailingZeroCount(rest)] += partners;
            }
        }
    }
}
