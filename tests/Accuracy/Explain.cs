using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Accuracy;

/// <summary>For the engineer: the worst errors, and what a score is made of.</summary>
internal static class Explain
{
    internal static void Errors(string file, bool person, int count)
    {
        IEnumerable<(LabelledPair Pair, double Score)> scored = TestData.Pairs(file)
            .Where(p => p.Person == person && !p.HeldOut && p.Subset != "unrelated_alias").Select(p => (p, PairLevel.Score(p)));
        foreach ((LabelledPair pair, double score) in scored.Where(s => s.Pair.Same != s.Score >= 0.7).OrderBy(s => s.Pair.Same ? s.Score : 1 - s.Score).Take(count))
        {
            Console.WriteLine($"{(pair.Same ? "SAME" : "DIFF")} {score:0.000} {pair.Query} | {pair.Candidate}");
        }
    }

    internal static void Pair(bool person, string query, string candidate)
    {
        ParsedName q = person ? NameParser.Person(query) : NameParser.Organisation(query), c = person ? NameParser.Person(candidate) : NameParser.Organisation(candidate);
        foreach (NameToken token in q.Tokens.Concat(c.Tokens))
        {
            Console.WriteLine($"  {token}");
        }

        Link[] links = Alignment.Align(q, c);
        Array.ForEach(links, l => Console.WriteLine($"  {l}"));
        var x = new double[NameFeatures.Count];
        NameFeatures.Compute(q, c, links, x);
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] != 0)
            {
                Console.WriteLine($"   {NameFeatures.Names[i],-22} {x[i]:0.000} x {(person ? NameModel.Person : NameModel.Organisation)[i]:0.00}");
            }
        }

        Console.WriteLine($"log-odds {NameScorer.LogOdds(q, c, strong: true, links):0.000}");
    }
}
