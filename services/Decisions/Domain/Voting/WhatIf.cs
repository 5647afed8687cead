using System.Collections.Immutable;
using System.Numerics;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// Finds whom a vote depends on: the smallest sets of members whose change would turn the outcome. All rules only become easier with more
/// members and more population on a side, so for a given size the largest members decide whether any set does it, and walking the sets
/// from the largest population downwards meets exactly the ones that do, first. No search through all sets is needed.
/// </summary>
public static class WhatIf
{
    /// <summary>The most sets that are reported.</summary>
    public const int MaxSets = 10;

    /// <summary>Sets of the smallest size that would carry the vote by changing to "for", largest population first, ties in protocol order.
    /// Under unanimity every member against or absent is in every set, and constructive abstainers are added as far as they block.
    /// Empty when the vote is adopted already or nobody takes part.</summary>
    public static ImmutableArray<MemberGroup> ToAdopt(Rule rule, in Roll roll)
    {
        if (roll.TakingPart == 0 || Tally.Count(rule, roll).Outcome == Outcome.Adopted)
        {
            return [];
        }
        var required = Requirement.For(rule, roll);
        if (rule == Rule.Unanimity)
        {
            var declaring = new MemberGroup(roll.Electorate, roll.Constructive, required.TotalPopulation);
            return Smallest(roll, required, roll.Against | roll.Absent, roll.Constructive,
                (members, population) => !required.StoppedBy(declaring.Members - members, declaring.Population - population));
        }
        var inFavour = new MemberGroup(roll.Electorate, roll.For, required.TotalPopulation);
        return Smallest(roll, required, 0, roll.TakingPart & ~roll.For,
            (members, population) => required.CarriedBy(inFavour.Members + members, inFavour.Population + population));
    }

    /// <summary>Sets of the smallest size that would stop the vote by changing to "against", largest population first, ties in protocol
    /// order. Under unanimity that is any one member not against already. Empty when the vote is not adopted.</summary>
    public static ImmutableArray<MemberGroup> ToBlock(Rule rule, in Roll roll)
    {
        if (Tally.Count(rule, roll).Outcome == Outcome.NotAdopted)
        {
            return [];
        }
        var required = Requirement.For(rule, roll);
        if (rule == Rule.Unanimity)
        {
            return Smallest(roll, required, 0, roll.TakingPart, (members, _) => members > 0);
        }
        var inFavour = new MemberGroup(roll.Electorate, roll.For, required.TotalPopulation);
        return Smallest(roll, required, 0, roll.For,
            (members, population) => !required.CarriedBy(inFavour.Members - members, inFavour.Population - population));
    }

    /// <summary>
    /// 1. Find the smallest number of candidates for which the largest ones turn the vote.
    /// 2. Walk the sets of that size by falling population until one no longer turns it, or enough are found.
    /// </summary>
    private static ImmutableArray<MemberGroup> Smallest(
        in Roll roll, in Requirement required, ulong always, ulong candidates, Func<int, long, bool> turns)
    {
        var electorate = roll.Electorate;
        var order = new List<int>(BitOperations.PopCount(candidates));
        foreach (var index in electorate.LargestFirst)
        {
            if ((candidates >> index & 1) != 0)
            {
                order.Add(index);
            }
        }

        // 1.
        var size = 0;
        for (long population = 0; !turns(size, population); size++)
        {
            if (size == order.Count)
            {
                return [];
            }
            population += electorate.PopulationAt(order[size]);
        }

        // 2.
        var found = ImmutableArray.CreateBuilder<MemberGroup>(MaxSets);
        foreach (var set in ByFallingPopulation(electorate, order, size))
        {
            if (!turns(size, electorate.PopulationOf(set)))
            {
                break;
            }
            found.Add(new MemberGroup(electorate, set | always, required.TotalPopulation));
            if (found.Count == MaxSets)
            {
                break;
            }
        }
        return found.DrainToImmutable();
    }

    /// <summary>
    /// All sets of one size, largest population first. Places stand for members in falling order of population; every set is reached from the
    /// one of the first places by moving single members one place down, and no such move makes a set larger. So the largest set not yet
    /// given is always among the neighbours of those already given, which wait in a queue.
    /// </summary>
    private static IEnumerable<ulong> ByFallingPopulation(Electorate electorate, List<int> order, int size)
    {
        var first = size == 64 ? ulong.MaxValue : (1UL << size) - 1;
        var seen = new HashSet<ulong> { first };
        var queue = new PriorityQueue<ulong, (long Population, ulong Places)>();
        queue.Enqueue(first, Priority(first));
        while (queue.TryDequeue(out var places, out _))
        {
            yield return Members(places);
            for (var rest = places; rest != 0; rest &= rest - 1)
            {
                var place = BitOperations.TrailingZeroCount(rest);
                var next = places ^ (3UL << place);
                if (place + 1 < order.Count && (places >> (place + 1) & 1) == 0 && seen.Add(next))
                {
                    queue.Enqueue(next, Priority(next));
                }
            }
        }

        ulong Members(ulong places)
        {
            ulong set = 0;
            for (; places != 0; places &= places - 1)
            {
                set |= 1UL << order[BitOperations.TrailingZeroCount(places)];
            }
            return set;
        }

        // The queue gives the least first. Between equal populations the set with the earlier place in front goes first.
        (long, ulong) Priority(ulong places) => (-electorate.PopulationOf(Members(places)), ulong.MaxValue - Reversed(places));
    }

    private static ulong Reversed(ulong bits)
    {
        ulong reversed = 0;
        for (var i = 0; i < 64; i++)
        {
            reversed = reversed << 1 | bits >> i & 1;
        }
        return reversed;
    }
}
