using System.Globalization;
using BenchmarkDotNet.Attributes;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Benchmarks.Voting;

/// <summary>
/// One tally of 27 members: target at most 10 µs and no allocation beyond the result. The reference is the loop one would write first, over
/// a dictionary of votes and decimal percentages.
/// </summary>
[MemoryDiagnoser, MedianColumn]
public class TallyBenchmark
{
    private readonly Electorate _union = MemberStates.Of2025();
    private Roll _roll;
    private Roll _withoutHungary;
    private Roll _declarations;
    private Dictionary<string, Position> _votes = [];

    [GlobalSetup]
    public void Prepare()
    {
        _roll = _union.Everyone(Position.For).With(Position.Against, "DE", "FR", "IT");
        _withoutHungary = _roll.With("HU", Position.NotParticipating);
        _declarations = _union.Everyone(Position.For).With(Position.ConstructiveAbstention, "IE", "AT", "MT");
        _votes = _union.Members.ToDictionary(m => m.Code, m => _roll[m.Code]);
    }

    [Benchmark]
    public TallyResult Unanimity() => Tally.Count(Rule.Unanimity, _declarations);

    [Benchmark]
    public TallyResult QualifiedMajority() => Tally.Count(Rule.QualifiedMajority, _roll);

    [Benchmark]
    public TallyResult QualifiedMajorityOfParticipants() => Tally.Count(Rule.QualifiedMajority, _withoutHungary);

    [Benchmark]
    public string QualifiedMajorityWithItsText() => Tally.Count(Rule.QualifiedMajority, _roll).ReasonText;

    [Benchmark]
    public int SmallestBlockingSets() => WhatIf.ToBlock(Rule.QualifiedMajority, _union.Everyone(Position.For)).Length;

    [Benchmark(Baseline = true)]
    public bool NaiveLoop()
    {
        var inFavour = _union.Members.Where(m => _votes[m.Code] == Position.For).ToList();
        var opposed = _union.Members.Where(m => _votes[m.Code] != Position.For).ToList();
        var total = _union.Members.Sum(m => (decimal)m.Population);
        var members = (decimal)inFavour.Count / _union.Members.Length >= 0.55m && inFavour.Count >= 15;
        return members && (inFavour.Sum(m => (decimal)m.Population) / total >= 0.65m || opposed.Count < 4);
    }
}

/// <summary>The electorates that the voting benchmarks share.</summary>
internal static class MemberStates
{
    public static Electorate Of2025() => new(Rows().Select(f => new Member(f[1], long.Parse(f[6], CultureInfo.InvariantCulture))));

    public static Electorate Of2025AndThreeMore() => new(
        [.. Of2025().Members, new Member("X1", 37_000_000), new Member("X2", 6_600_000), new Member("X3", 620_000)]);

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "member_states.csv")).Skip(1).Select(line => line.Split(','));
}
