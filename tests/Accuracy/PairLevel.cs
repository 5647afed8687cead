using System.Text;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Accuracy;

/// <summary>Names against names: F1 per file, kind and subset beside the peers, reliability, saturation, precision and recall.</summary>
internal static class PairLevel
{
    private static readonly string[] Files = ["eu_cross_script", "eu_latin_variants", "cross_script_small", "reported_misses"];

    /// <summary>Best figures published for, or measured on, other open scorers on these very pairs (domain notes, section 4).</summary>
    private static string Peer(string file, bool person) => (file, person) switch
    {
        ("eu_cross_script", true) => "0.889",
        ("eu_cross_script", false) => "0.868",
        ("eu_latin_variants", true) => "0.793",
        ("eu_latin_variants", false) => "0.648",
        _ => "-",
    };

    internal static double Score(LabelledPair pair) =>
        (double)NameComparer.Compare(pair.Person ? SubjectType.Person : SubjectType.Enterprise, pair.Query, pair.Candidate).Score;

    internal static void Print(string? svgFolder)
    {
        var scored = Files.SelectMany(TestData.Pairs).Select(p => (Pair: p, Score: Score(p))).ToList();
        double alert = (double)ScreeningProfile.Payments.Alert;
        Console.WriteLine("\n| pairs | kind | subset | pairs | best F1 | held-out half | at threshold | F1 at alert | best peer |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var g in scored.GroupBy(s => (s.Pair.File, s.Pair.Person)))
        {
            var subsets = g.Key.File.StartsWith("eu_", StringComparison.Ordinal)
                ? new (string, Func<LabelledPair, bool>)[] { ("core and hard", p => p.Subset != "unrelated_alias"), ("with unrelated aliases", _ => true) }
                : [("all", _ => true)];
            foreach ((string name, Func<LabelledPair, bool> keep) in subsets)
            {
                var all = g.Where(s => keep(s.Pair)).ToList();
                (double f1, double at) = Metrics.BestF1(all.ConvertAll(s => (s.Score, s.Pair.Same)));
                (double held, _) = Metrics.BestF1(all.Where(s => s.Pair.HeldOut).Select(s => (s.Score, s.Pair.Same)).ToList());
                double atAlert = Metrics.F1(all.Select(s => (s.Score, s.Pair.Same)), alert);
                Console.WriteLine($"| {g.Key.File} | {(g.Key.Person ? "persons" : "organisations")} | {name} | {all.Count} | {f1:0.000} | {held:0.000} | {at:0.00} | {atAlert:0.000} | {(name == "core and hard" ? Peer(g.Key.File, g.Key.Person) : "-")} |");
            }
        }

        var eu = scored.Where(s => s.Pair.File.StartsWith("eu_", StringComparison.Ordinal) && s.Pair.Subset != "unrelated_alias").ToList();
        foreach (bool person in new[] { true, false })
        {
            var held = eu.Where(s => s.Pair.HeldOut && s.Pair.Person == person).Select(s => (s.Score, s.Pair.Same)).ToList();
            Reliability(person ? "persons" : "organisations", held);
        }

        Reliability("all kinds", eu.Where(s => s.Pair.HeldOut).Select(s => (s.Score, s.Pair.Same)).ToList());
        var same = scored.Where(s => s.Pair.Same && s.Pair.Subset != "unrelated_alias").ToList();
        Console.WriteLine($"\ntrue pairs that score 1.0000: {same.Count(s => s.Score >= 1) / (double)same.Count:P2}; different scores among them: {same.Select(s => s.Score).Distinct().Count()} of {same.Count}");
        if (svgFolder is not null)
        {
            File.WriteAllText(Path.Combine(svgFolder, "precision-recall.svg"), Picture.PrecisionRecall(
            [
                ("other scripts, persons", eu.Where(s => s.Pair.HeldOut && s.Pair.Person && s.Pair.File == "eu_cross_script").Select(s => (s.Score, s.Pair.Same)).ToList()),
                ("Latin variants, persons", eu.Where(s => s.Pair.HeldOut && s.Pair.Person && s.Pair.File == "eu_latin_variants").Select(s => (s.Score, s.Pair.Same)).ToList()),
                ("other scripts, organisations", eu.Where(s => s.Pair.HeldOut && !s.Pair.Person && s.Pair.File == "eu_cross_script").Select(s => (s.Score, s.Pair.Same)).ToList()),
                ("Latin variants, organisations", eu.Where(s => s.Pair.HeldOut && !s.Pair.Person && s.Pair.File == "eu_latin_variants").Select(s => (s.Score, s.Pair.Same)).ToList()),
            ]), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
    }

    private static void Reliability(string title, List<(double Score, bool Same)> scored)
    {
        Console.WriteLine($"\nreliability, {title}, held-out half (n = {scored.Count}), expected calibration error {Metrics.CalibrationError(scored):0.000}");
        Console.WriteLine("| score | pairs | mean score | truly same |\n| --- | --- | --- | --- |");
        foreach (var bin in scored.GroupBy(s => Math.Min(9, (int)(s.Score * 10))).OrderBy(b => b.Key))
        {
            Console.WriteLine($"| {bin.Key / 10.0:0.0}-{(bin.Key + 1) / 10.0:0.0} | {bin.Count()} | {bin.Average(b => b.Score):0.000} | {bin.Count(b => b.Same) / (double)bin.Count():0.000} |");
        }
    }
}
