using System.Numerics;
using ExternalAction.Decisions.Domain.Voting;
using FsCheck.Xunit;
using static ExternalAction.Decisions.Tests.Voting.MemberTables;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>The power analysis reproduces the reference figures of the Union of 27 and agrees with trying every coalition of small groups.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 150)]
public sealed class PowerAnalysisTests
{
    private static readonly PowerAnalysis Union = PowerAnalysis.Of(Rule.QualifiedMajority, Hundredths2025);

    [Fact]
    public void The_reference_count_of_2_to_the_27_coalitions_is_reproduced()
    {
        Assert.Equal(134_217_728, Union.Coalitions);
        Assert.Equal(17_729_938, Union.Winning);
        Assert.Equal("0.132098", Union.Probability);
        Assert.Equal(20, Union.AddedByFourMemberClause);
        Assert.Equal(4_358_018, Union.MinimalWinning);
    }

    [Theory]
    [InlineData("DE", "0.209553", "0.120377", "0.175560")]
    [InlineData("FR", "0.175969", "0.101085", "0.134596")]
    [InlineData("IT", "0.154734", "0.088886", "0.115625")]
    [InlineData("PL", "0.110429", "0.063436", "0.067332")]
    [InlineData("HU", "0.048864", "0.028070", "0.022999")]
    [InlineData("IE", "0.040152", "0.023065", "0.016287")]
    [InlineData("MT", "0.030138", "0.017313", "0.008623")]
    public void The_reference_indices_are_reproduced(string code, string banzhaf, string normalised, string shapleyShubik)
    {
        var index = Union.Indices.Single(i => i.Code == code);
        Assert.Equal((banzhaf, normalised, shapleyShubik), (index.Banzhaf, index.BanzhafNormalised, index.ShapleyShubik));
    }

    [Fact]
    public void More_population_never_means_a_smaller_index()
    {
        var bySize = Union.Indices.Zip(Hundredths2025.Members).OrderBy(pair => pair.Second.Population).ToList();
        Assert.Equal(bySize.Select(pair => pair.First.Swings).Order(), bySize.Select(pair => pair.First.Swings));
        Assert.Equal(bySize.Select(pair => pair.First.ShapleyShubik).Order(StringComparer.Ordinal), bySize.Select(pair => pair.First.ShapleyShubik));
        Assert.Equal(Hundredths2025.Members.Select(m => m.Code), Union.Indices.Select(i => i.Code));
    }

    [Fact]
    public void Under_unanimity_everyone_is_needed_and_equal()
    {
        var analysis = PowerAnalysis.Of(Rule.Unanimity, People2025);
        Assert.Equal((1, 1, 0), (analysis.Winning, analysis.MinimalWinning, analysis.AddedByFourMemberClause));
        Assert.All(analysis.Indices, i => Assert.Equal((1, "0.037037"), (i.Swings, i.ShapleyShubik)));
    }

    [Fact]
    public void Under_simple_majority_population_gives_no_power()
    {
        var analysis = PowerAnalysis.Of(Rule.SimpleMajority, People2025);
        Assert.Equal(67_108_864, analysis.Winning);
        Assert.Equal(20_058_300, analysis.MinimalWinning); // 27 over 14
        Assert.Single(analysis.Indices.Select(i => i.Swings).Distinct());
    }

    [Fact]
    public void Without_hungary_the_clause_is_that_of_the_participating_members()
    {
        var analysis = PowerAnalysis.Of(Rule.QualifiedMajority, Vote(outside: "HU"));
        Assert.Equal((1L << 26, 26), (analysis.Coalitions, analysis.Indices.Length));
        Assert.DoesNotContain(analysis.Indices, i => i.Code == "HU");
    }

    [Fact]
    public void Thirty_members_are_analysed_and_thirty_one_refused()
    {
        Electorate Of(int count) => new(Enumerable.Range(1, count).Select(i => new Member($"S{i}", i * i)));
        var analysis = PowerAnalysis.Of(Rule.QualifiedMajority, Of(30));
        Assert.Equal(1L << 30, analysis.Coalitions);
        Assert.Throws<ArgumentException>(() => PowerAnalysis.Of(Rule.QualifiedMajority, Of(31)));
        Assert.Throws<ArgumentException>(() => PowerAnalysis.Of(Rule.QualifiedMajority, Of(3).Everyone(Position.NotParticipating)));
    }

    [Fact]
    public void An_analysis_that_nobody_waits_for_stops() =>
        Assert.Throws<OperationCanceledException>(() => PowerAnalysis.Of(Rule.QualifiedMajority, People2025, new CancellationToken(canceled: true)));

    [Property]
    public bool Trying_every_coalition_of_a_small_group_gives_the_same_counts(SmallVote vote)
    {
        var (members, wins) = Game(vote);
        if (members.Count == 0)
        {
            return true;
        }
        var winning = Enumerable.Range(0, 1 << members.Count).Where(c => wins[c]).ToList();
        var swings = members.Select((_, i) => winning.LongCount(c => (c >> i & 1) != 0 && !wins[c & ~(1 << i)])).ToList();
        var minimal = winning.Count(c => Enumerable.Range(0, members.Count).All(i => (c >> i & 1) == 0 || !wins[c & ~(1 << i)]));
        var needed = vote.Rule is Rule.QualifiedMajority ? 65 * members.Sum(m => m.Population) : 0;
        var added = winning.Count(c => members.Where((_, i) => (c >> i & 1) != 0).Sum(m => m.Population) * 100 < needed);

        var analysis = PowerAnalysis.Of(vote.Rule, vote.Roll);
        return analysis.Winning == winning.Count
            && analysis.MinimalWinning == minimal
            && analysis.AddedByFourMemberClause == added
            && analysis.Indices.Select(i => i.Swings).SequenceEqual(swings);
    }

    [Property(MaxTest = 40)]
    public bool Trying_every_order_of_joining_gives_the_same_shapley_shubik_indices(SmallVote vote)
    {
        var (members, wins) = Game(vote);
        if (members.Count is 0 or > 6)
        {
            return true;
        }
        var orders = Naive.Orders(members.Count).ToList();
        var pivots = new int[members.Count];
        foreach (var order in orders)
        {
            var coalition = 0;
            foreach (var member in order)
            {
                var before = wins[coalition];
                coalition |= 1 << member;
                pivots[member] += !before && wins[coalition] ? 1 : 0;
            }
        }
        return PowerAnalysis.Of(vote.Rule, vote.Roll).Indices.Select(i => i.ShapleyShubik)
            .SequenceEqual(pivots.Select(p => DecimalText.Rounded((UInt128)p, (UInt128)orders.Count, 6)));
    }

    [Property]
    public bool Shapley_shubik_indices_sum_to_one_but_for_rounding(SmallVote vote)
    {
        if (vote.Roll.TakingPart == 0)
        {
            return true;
        }
        var sum = PowerAnalysis.Of(vote.Rule, vote.Roll).Indices.Sum(i => decimal.Parse(i.ShapleyShubik, System.Globalization.CultureInfo.InvariantCulture));
        return Math.Abs(1 - sum) <= 0.0000005m * BitOperations.PopCount(vote.Roll.TakingPart);
    }

    /// <summary>The members taking part, and for each coalition of them whether it carries the vote against the rest.</summary>
    private static (List<Member> Members, bool[] Wins) Game(SmallVote vote)
    {
        var roll = vote.Roll;
        var members = roll.Electorate.Members.Where(m => roll[m.Code] != Position.NotParticipating).ToList();
        var wins = Enumerable.Range(0, 1 << members.Count).Select(coalition => Naive.Adopted(vote.Rule,
            members.Select((m, i) => (m.Code, In: (coalition >> i & 1) != 0))
                .Aggregate(roll, (r, m) => r.With(m.Code, m.In ? Position.For : Position.Against)))).ToArray();
        return (members, wins);
    }
}
