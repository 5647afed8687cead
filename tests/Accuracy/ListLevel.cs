using System.Globalization;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Accuracy;

/// <summary>A query of eu_positive.csv and the subject it must find.</summary>
internal sealed record PositiveQuery(string Text, bool Person, string Treatment, string Expected, bool HeldOut);

/// <summary>
/// Screening against the whole list: how many treated queries find their subject at the threshold that lets 1 % of invented people through,
/// by treatment.
/// </summary>
internal static class ListLevel
{
    internal static List<PositiveQuery> Positives() => TestData.Csv(TestData.Path("queries/eu_positive.csv"))
        .Select(r => new PositiveQuery(r["query"], r["subjectType"] == "person", r["treatment"], r["expected_euReferenceNumber"], TestData.IsHeldOut(r["expected_euReferenceNumber"]))).ToList();

    internal static List<string> Negatives() => TestData.Csv(TestData.Path("queries/negatives_2000.csv")).Select(r => r["full_name"]).ToList();

    internal static bool IsLatin(ScreenedName name) => name.Text.All(c => !char.IsLetter(c) || c < 0x250 || c is >= '\u1E00' and <= '\u1EFF');

    internal static double Best(ScreeningIndex index, string text, bool person, string? expected, bool exhaustive = false)
    {
        var options = new MatchOptions(ScreeningProfile.Onboarding, NameComparer.LeastThreshold, expected is null ? 1 : 50, exhaustive);
        foreach (ScreeningHit hit in index.Match(new ScreeningQuery([text], person ? SubjectType.Person : SubjectType.Enterprise), options))
        {
            if (expected is null || hit.EntityId == expected)
            {
                return (double)hit.Score;
            }
        }

        return 0;
    }

    internal static void Print(string? svgFolder)
    {
        List<ScreenedEntity> entities = ListData.Read();
        ScreeningIndex index = ScreeningIndex.Build(entities);
        ScreeningIndex latin = ScreeningIndex.Build(ListData.Read(IsLatin));
        List<string> negatives = Negatives();
        List<PositiveQuery> positives = Positives();
        double[] falsePersons = [.. negatives.Select(n => Best(index, n, person: true, null)).OrderDescending()];
        double[] falseLatin = [.. negatives.Select(n => Best(latin, n, person: true, null)).OrderDescending()];
        double at = falsePersons[negatives.Count / 100], atLatin = falseLatin[negatives.Count / 100];
        Console.WriteLine($"threshold at 1 % false alerts: {at:0.0000} (whole list), {atLatin:0.0000} (Latin names only)");
        if (Environment.GetEnvironmentVariable("SHOW") is not null)
        {
            foreach ((string n, ScreeningHit h) in negatives.Where(n => !TestData.IsHeldOut(n)).Select(n => (n, index.Match(new ScreeningQuery([n], SubjectType.Person), new MatchOptions(ScreeningProfile.Onboarding)).FirstOrDefault()!)).Where(x => x.Item2 is not null).OrderByDescending(x => x.Item2.Score))
            {
                Console.WriteLine($"  false {h.Score} {n} = {h.Matched.Text}");
            }
        }

        foreach (decimal t in new[] { 0.4m, 0.5m, 0.6m, 0.7m, 0.8m, 0.9m })
        {
            Console.WriteLine($"  false alerts at {t}: {falsePersons.Count(f => f >= (double)t) / (double)negatives.Count:P2}");
        }

        var found = positives.Select(p => (P: p, Score: Best(p.Treatment == "script_holdout" ? latin : index, p.Text, p.Person, p.Expected), Limit: p.Treatment == "script_holdout" ? atLatin : at)).ToList();
        Console.WriteLine("| treatment | queries | recall at 1 % false alerts | held-out half | recall at 0.70 |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var g in found.GroupBy(f => f.P.Treatment).OrderBy(g => g.Key).Select(g => (g.Key, g.ToList())).Append(("all treated", found.Where(f => f.P.Treatment != "script_holdout").ToList())))
        {
            Console.WriteLine($"| {g.Item1} | {g.Item2.Count} | {g.Item2.Count(f => f.Score > f.Limit) / (double)g.Item2.Count:0.000} | {g.Item2.Count(f => f.P.HeldOut && f.Score > f.Limit) / (double)g.Item2.Count(f => f.P.HeldOut):0.000} | {g.Item2.Count(f => f.Score >= 0.7) / (double)g.Item2.Count:0.000} |");
        }

        foreach (var f in found.Where(f => f.Score <= f.Limit && !f.P.HeldOut).Take(40))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  miss {f.P.Treatment} {f.Score:0.000} {f.P.Text} ({f.P.Expected})"));
        }

        var shares = FalseAlerts.Print(index, negatives, positives.Where(p => p.Treatment != "script_holdout").ToList(), at);
        if (svgFolder is not null)
        {
            File.WriteAllText(Path.Combine(svgFolder, "false-alerts.svg"), Picture.Bars("Invented people that raise an alert (payments, from 0.70), by treatment", shares));
        }
    }
}
