using System.Numerics;
using BenchmarkDotNet.Attributes;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Benchmarks.Voting;

/// <summary>
/// Exact power analysis: targets 0.4 s for the 2^27 coalitions of the Union, 3 s for 30 members. The reference visits every coalition of
/// the 27 and only counts the winning ones, without any index.
/// </summary>
[MemoryDiagnoser, MedianColumn]
public class PowerAnalysisBenchmark
{
    private readonly Electorate _union = MemberStates.Of2025();
    private readonly Electorate _thirty = MemberStates.Of2025AndThreeMore();

    [Benchmark]
    public PowerAnalysis Union27() => PowerAnalysis.Of(Rule.QualifiedMajority, _union);

    [Benchmark]
    public PowerAnalysis Thirty() => PowerAnalysis.Of(Rule.QualifiedMajority, _thirty);

    [Benchmark(Baseline = true)]
    public long VisitEveryCoalition()
    {
        // In Gray code order each step changes one member, so the sum is kept instead of being added up anew.
        var populations = _union.Members.Select(m => m.Population).ToArray();
        var needed = populations.Sum() * 65;
        long winning = 0, population = 0;
        uint coalition = 0;
        for (uint step = 1; step < 1u << populations.Length; step++)
        {
            var member = BitOperations.TrailingZeroCount(step);
            coalition ^= 1u << member;
            population += (coalition >> member & 1) != 0 ? populations[member] : -populations[member];
            var members = BitOperations.PopCount(coalition);
            winning += members >= 15 && (population * 100 >= needed || members >= 24) ? 1 : 0;
        }
        return winning;
    }
}
