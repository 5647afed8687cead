using System.Collections.Immutable;
using System.Numerics;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// How much each member's vote can decide: over every possible coalition of the members taking part (those in it vote for, the others
/// against) it counts exactly which ones carry the vote, and how often a member makes the difference.
/// </summary>
/// <param name="Coalitions">All coalitions: 2 to the number of members taking part.</param>
/// <param name="Winning">Coalitions that carry the vote.</param>
/// <param name="AddedByFourMemberClause">Those of them that carry it only because the blocking minority would be too small: the four-member clause of TEU 16(4), or that of TFEU 238(3)(a) when not all take part.</param>
/// <param name="MinimalWinning">Winning coalitions in which every member is needed.</param>
/// <param name="Indices">One entry per member taking part, in protocol order.</param>
public sealed record PowerAnalysis(
    long Coalitions, long Winning, long AddedByFourMemberClause, long MinimalWinning, ImmutableArray<PowerIndex> Indices)
{
    /// <summary>The most members an analysis takes.</summary>
    public const int MaxMembers = 30;

    /// <summary>Probability that a vote is carried when every coalition is equally likely, rounded to six places.</summary>
    public string Probability => DecimalText.Rounded((UInt128)Winning, (UInt128)Coalitions, 6);

    /// <summary>Analyses a rule for an electorate in which every member takes part.</summary>
    /// <inheritdoc cref="Of(Rule, in Roll, CancellationToken)"/>
    public static PowerAnalysis Of(Rule rule, Electorate electorate, CancellationToken cancellation = default) =>
        Of(rule, electorate.Everyone(Position.For), cancellation);

    /// <summary>
    /// Analyses a rule for the members of a roll that take part; what they voted does not matter. Exact: the members are split into
    /// two halves, the coalitions of each half are listed and sorted, and winning pairs are counted by walking the sorted lists.
    /// 1. Count winning coalitions by size, in total and with each member.
    /// 2. Count the minimal ones: those that lose when their smallest member leaves, for then they lose whoever leaves.
    /// 3. Derive the indices from the counts.
    /// </summary>
    /// <exception cref="ArgumentException">Nobody takes part, or more than <see cref="MaxMembers"/> do.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static PowerAnalysis Of(Rule rule, in Roll roll, CancellationToken cancellation = default)
    {
        var members = BitOperations.PopCount(roll.TakingPart);
        if (members is 0 or > MaxMembers)
        {
            throw new ArgumentException($"An analysis takes 1 to {MaxMembers} members, not {members}.", nameof(roll));
        }
        var game = Game.Of(rule, roll);
        var counts = new CoalitionCounts(game.RisingPopulations, game.Members, game.Population, game.Deemed, cancellation); // 1. and 2.
        return new PowerAnalysis(
            1L << members,
            counts.Winning.Sum(),
            counts.AddedByClause,
            counts.MinimalWinning,
            IndicesFrom(roll.Electorate, game.RisingMembers, counts)); // 3.
    }

    private static ImmutableArray<PowerIndex> IndicesFrom(Electorate electorate, int[] rising, CoalitionCounts counts)
    {
        var n = rising.Length;
        var factorials = new UInt128[n + 1];
        factorials[0] = 1;
        for (var i = 1; i <= n; i++)
        {
            factorials[i] = factorials[i - 1] * (UInt128)i; // 30! with six decimals still fits 128 bits
        }

        var swings = new long[n];
        var orders = new UInt128[n];
        for (var i = 0; i < n; i++)
        {
            for (var size = 1; size <= n; size++)
            {
                // Swings at this size: winning with the member, minus those that win just as well without it.
                var decisive = counts.WinningWith[size][i] - (counts.Winning[size - 1] - counts.WinningWith[size - 1][i]);
                swings[i] += decisive;
                orders[i] += (UInt128)decisive * factorials[size - 1] * factorials[n - size];
            }
        }

        var allSwings = (UInt128)swings.Sum();
        var indices = new List<(int Index, PowerIndex Power)>(n);
        for (var i = 0; i < n; i++)
        {
            indices.Add((rising[i], new PowerIndex(
                electorate.Members[rising[i]].Code,
                swings[i],
                DecimalText.Rounded((UInt128)swings[i], UInt128.One << (n - 1), 6),
                DecimalText.Rounded((UInt128)swings[i], allSwings, 6),
                DecimalText.Rounded(orders[i], factorials[n], 6))));
        }
        return [.. indices.OrderBy(entry => entry.Index).Select(entry => entry.Power)];
    }

    /// <summary>
    /// What all four rules have in common here: a coalition wins with at least so many members and so much population, or from a larger
    /// number of members on whatever its population.
    /// </summary>
    private readonly record struct Game(int[] RisingMembers, long[] RisingPopulations, int Members, long Population, int Deemed)
    {
        public static Game Of(Rule rule, in Roll roll)
        {
            var required = Requirement.For(rule, roll);
            var rising = new List<int>(required.TakingPart);
            foreach (var index in roll.Electorate.LargestFirst)
            {
                if ((roll.TakingPart >> index & 1) != 0)
                {
                    rising.Add(index);
                }
            }
            rising.Reverse();
            var populations = new long[rising.Count];
            for (var i = 0; i < populations.Length; i++)
            {
                populations[i] = roll.Electorate.PopulationAt(rising[i]);
            }
            // In a coalition everyone votes, so unanimity is the coalition of all.
            var members = rule == Rule.Unanimity ? required.TakingPart : required.Members;
            var deemed = Math.Max(members, required.TakingPart - required.BlockingMembers + 1);
            return new Game([.. rising], populations, members, required.Population, deemed);
        }
    }
}

/// <summary>The power of one member.</summary>
/// <param name="Code">The member.</param>
/// <param name="Swings">Coalitions that win with the member and lose without it.</param>
/// <param name="Banzhaf">Swings divided by the coalitions of the others, six places.</param>
/// <param name="BanzhafNormalised">Swings divided by the swings of all members, six places.</param>
/// <param name="ShapleyShubik">Share of the orders of joining in which the member turns the coalition into a winning one, six places.</param>
public sealed record PowerIndex(string Code, long Swings, string Banzhaf, string BanzhafNormalised, string ShapleyShubik);
