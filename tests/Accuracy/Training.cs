using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Retrieval;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Accuracy;

/// <summary>
/// Learns the weights of <see cref="NameModel"/>, on tuning halves only. Rows: (1) labelled pairs; (2) treated queries with the name of
/// their subject (same) and with the best names of others (different); (3) invented people with their best names (different). The
/// weights are then scaled so that scores on labelled pairs are probabilities.
/// </summary>
internal static class Training
{
    internal static void Run()
    {
        List<ScreenedEntity> entities = ListData.Read();
        foreach (bool person in new[] { true, false })
        {
            var segment = new NameSegment([.. entities], person);
            double[] target = person ? NameModel.Person : NameModel.Organisation;
            for (int round = 0; round < 2; round++)
            {
                List<(double[], bool, double)> pairs = Pairs(person);
                double[] w = Fit.Run([.. pairs, .. ListRows(segment, person)], 0.0004);
                (double slope, double offset) = Platt(pairs, w);
                Console.WriteLine($"slope {slope:0.00} offset {offset:0.00}");
                for (int i = 0; i < w.Length; i++)
                {
                    target[i] = (w[i] * slope) + (i == 0 ? offset : 0);
                }
            }

            Console.WriteLine((person ? "Person = " : "Organisation = ") + Fit.Print(target));
            for (int i = 0; i < target.Length; i++)
            {
                Console.WriteLine($"   {NameFeatures.Names[i],-22} {target[i]:0.00}");
            }
        }
    }

    private static List<(double[], bool, double)> Pairs(bool person)
    {
        var rows = new List<(double[], bool, double)>();
        foreach (LabelledPair p in new[] { "eu_cross_script", "eu_latin_variants" }.SelectMany(TestData.Pairs))
        {
            if (p.Person == person && !p.HeldOut && p.Subset != "unrelated_alias")
            {
                rows.Add((Row(Parse(p.Query, person), Parse(p.Candidate, person)), p.Same, 1));
            }
        }

        return rows;
    }

    private static IEnumerable<(double[], bool, double)> ListRows(NameSegment segment, bool person)
    {
        var queries = ListLevel.Positives().Where(p => p.Person == person && !p.HeldOut).Select(p => (p.Text, p.Expected));
        List<string> invented = [.. ListLevel.Negatives().Where(n => !TestData.IsHeldOut(n))];
        List<string> vowelless = [.. invented.Where(n => FalseAlerts.ScriptOf(n) == "Arabic")]; // few, so more are made of them
        IEnumerable<(string, string)> negatives = person ? invented.Concat(FalseAlerts.Recombined(vowelless, 2 * vowelless.Count)).Select(n => (n, "")) : [];
        foreach ((string text, string expected) in queries.Concat(negatives))
        {
            ParsedName query = Parse(text, person);
            var candidates = new List<int>();
            using (Workspace workspace = Workspace.Rent())
            {
                segment.Candidates(query, workspace, candidates);
            }

            var best = new Dictionary<string, (double Odds, double[] X)>();
            foreach (int candidate in candidates)
            {
                IndexedName name = segment[candidate];
                var links = Alignment.Align(query, name.Parsed);
                double odds = NameScorer.LogOdds(query, name.Parsed, true, links);
                string id = segment.Entities[name.Entity].Id;
                if (!best.TryGetValue(id, out var known) || odds > known.Odds)
                {
                    var x = new double[NameFeatures.Count];
                    NameFeatures.Compute(query, name.Parsed, links, x);
                    best[id] = (odds, x);
                }
            }

            int rank = 0;
            foreach ((string id, (double odds, double[] x)) in best.OrderByDescending(b => b.Value.Odds).Take(6))
            {
                if (id == expected)
                {
                    yield return (x, true, 1.5);
                }
                else if (x[1] + x[2] < 0.97)
                {
                    yield return (x, false, rank == 0 ? 1.0 : 0.25);
                }

                rank++;
            }
        }
    }

    private static (double Slope, double Offset) Platt(List<(double[] X, bool Y, double W)> pairs, double[] w)
    {
        var rows = pairs.Select(p => (new[] { 1.0, Dot(p.X, w) }, p.Y, 1.0)).ToList();
        double[] fitted = Fit.Run(rows, 0);
        return (fitted[1], fitted[0]);
    }

    private static double Dot(double[] x, double[] w) => x.Zip(w, (a, b) => a * b).Sum();

    private static ParsedName Parse(string text, bool person) => person ? NameParser.Person(text) : NameParser.Organisation(text);

    private static double[] Row(ParsedName q, ParsedName c)
    {
        var x = new double[NameFeatures.Count];
        NameFeatures.Compute(q, c, Alignment.Align(q, c), x);
        return x;
    }
}
