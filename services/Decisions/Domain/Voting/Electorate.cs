using System.Collections.Immutable;
using System.Numerics;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>A member of the Council with its population in the table that holds for the vote.</summary>
/// <param name="Code">Code of the member, e.g. <c>EL</c>; unique in its electorate.</param>
/// <param name="Population">Inhabitants, or any other integer weight in a what-if; 0 to <see cref="Electorate.MaxPopulation"/>.</param>
public sealed record Member(string Code, long Population);

/// <summary>
/// All members that exist for a vote, in protocol order, prepared once so that every tally over them is cheap: a set of members
/// is a bit mask, bit i standing for <c>Members[i]</c>. Immutable and safe to share.
/// </summary>
public sealed class Electorate
{
    /// <summary>More members than bits in a mask are refused.</summary>
    public const int MaxMembers = 64;

    /// <summary>Largest population of one member: 64 of them times 10,000 still fit a 64-bit integer.</summary>
    public const long MaxPopulation = 1_000_000_000_000;

    private readonly long[] _populations;
    private readonly byte[] _largestFirst;

    /// <summary>Prepares the electorate.</summary>
    /// <param name="members">1 to 64 members in protocol order.</param>
    /// <exception cref="ArgumentException">No member, too many, a code twice, or a population out of range.</exception>
    public Electorate(IEnumerable<Member> members)
    {
        Members = [.. members];
        if (Members.Length is 0 or > MaxMembers)
        {
            throw new ArgumentException($"An electorate has 1 to {MaxMembers} members.", nameof(members));
        }
        if (Members.Select(m => m.Code).Distinct(StringComparer.Ordinal).Count() != Members.Length)
        {
            throw new ArgumentException("A member code occurs twice.", nameof(members));
        }
        if (Members.Any(m => m.Population is < 0 or > MaxPopulation))
        {
            throw new ArgumentException($"A population is between 0 and {MaxPopulation}.", nameof(members));
        }
        _populations = [.. Members.Select(m => m.Population)];
        // OrderByDescending is stable: members of equal population stay in protocol order.
        _largestFirst = [.. Enumerable.Range(0, Members.Length).OrderByDescending(i => _populations[i]).Select(i => (byte)i)];
        All = ulong.MaxValue >> (MaxMembers - Members.Length);
    }

    /// <summary>The members in protocol order.</summary>
    public ImmutableArray<Member> Members { get; }

    /// <summary>The mask of all members.</summary>
    public ulong All { get; }

    /// <summary>Indices of the members, largest population first, ties in protocol order.</summary>
    internal ReadOnlySpan<byte> LargestFirst => _largestFirst;

    /// <summary>Position of a code in protocol order, -1 when there is no such member.</summary>
    public int IndexOf(string code)
    {
        for (var i = 0; i < Members.Length; i++)
        {
            if (Members[i].Code == code)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Population of one member by its index.</summary>
    internal long PopulationAt(int index) => _populations[index];

    /// <summary>Sum of the populations in a set.</summary>
    public long PopulationOf(ulong set)
    {
        long sum = 0;
        for (; set != 0; set &= set - 1)
        {
            sum += _populations[BitOperations.TrailingZeroCount(set)];
        }
        return sum;
    }

    /// <summary>Codes of a set in protocol order.</summary>
    public ImmutableArray<string> CodesOf(ulong set)
    {
        var codes = ImmutableArray.CreateBuilder<string>(BitOperations.PopCount(set));
        for (; set != 0; set &= set - 1)
        {
            codes.Add(Members[BitOperations.TrailingZeroCount(set)].Code);
        }
        return codes.MoveToImmutable();
    }

    /// <summary>A roll in which every member has the same position; the usual start of one.</summary>
    public Roll Everyone(Position position) => new Roll(this, 0, 0, 0, 0, 0).WithSet(All, position);
}
