using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>
/// Guards against getting worse: best F1 on labelled pairs stays above floors a little under what was reached. The figures themselves
/// are printed by tests/Accuracy and stand in docs/screening.md.
/// </summary>
public sealed class AccuracyFloorTests
{
    [Theory]
    [InlineData("eu_cross_script", "person", 0.96)]
    [InlineData("eu_cross_script", "org", 0.88)]
    [InlineData("eu_latin_variants", "person", 0.93)]
    [InlineData("eu_latin_variants", "org", 0.79)]
    public void Best_F1_on_labelled_pairs_stays_above_its_floor(string file, string kind, double floor)
    {
        var scored = RealList.Rows($"pairs/{file}.csv").Where(r => r[1] == kind && r[^1] != "unrelated_alias")
            .Select(r => (Score: NameComparer.Compare(kind == "person" ? SubjectType.Person : SubjectType.Enterprise, r[2], r[3]).Score, Same: r[4] == "1")).ToList();
        int positives = scored.Count(s => s.Same), tp = 0, fp = 0;
        double best = 0;
        foreach (var tie in scored.GroupBy(s => s.Score).OrderByDescending(g => g.Key))
        {
            tp += tie.Count(s => s.Same);
            fp += tie.Count(s => !s.Same);
            best = Math.Max(best, 2.0 * tp / (tp + fp + positives));
        }

        Assert.True(best >= floor, $"{best:0.000}");
        Assert.True(scored.Count(s => s is { Same: true, Score: >= 1m }) <= positives / 20);
    }
}
