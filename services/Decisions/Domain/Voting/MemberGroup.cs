using System.Collections.Immutable;
using System.Numerics;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>Some of the members taking part in a vote, with their weight: one side of a tally, or a set found by a what-if.</summary>
public readonly record struct MemberGroup
{
    private readonly Electorate _electorate;
    private readonly long _total;

    internal MemberGroup(Electorate electorate, ulong set, long totalPopulation)
    {
        _electorate = electorate;
        _total = totalPopulation;
        Set = set;
        Members = BitOperations.PopCount(set);
        Population = electorate.PopulationOf(set);
    }

    /// <summary>The members as bits of the electorate.</summary>
    public ulong Set { get; }

    /// <summary>How many they are.</summary>
    public int Members { get; }

    /// <summary>Their population.</summary>
    public long Population { get; }

    /// <summary>Their part of the population taking part, a fraction truncated to four places: <c>0.9788</c>. <c>0.6500</c> never means that 65 % is missed.</summary>
    public string PopulationShare => DecimalText.Truncated(Population, _total, 4);

    /// <summary>Their codes in protocol order.</summary>
    public ImmutableArray<string> Codes => _electorate.CodesOf(Set);
}
