using System.Diagnostics;
using System.Globalization;
using ExternalAction.Accuracy;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
string mode = args.FirstOrDefault() ?? "all";
var watch = Stopwatch.StartNew();
NameParser.Person("Warm Up");
NameParser.Organisation("Warm Up Ltd");
Console.WriteLine($"vocabularies: {watch.ElapsedMilliseconds} ms");
string[] files = ["eu_cross_script", "eu_latin_variants", "cross_script_small", "reported_misses"];
List<LabelledPair> all = files.SelectMany(TestData.Pairs).ToList();
watch.Restart();
List<(LabelledPair Pair, double[] X)> rows = all.Select(p =>
{
    ParsedName q = p.Person ? NameParser.Person(p.Query) : NameParser.Organisation(p.Query);
    ParsedName c = p.Person ? NameParser.Person(p.Candidate) : NameParser.Organisation(p.Candidate);
    var x = new double[NameFeatures.Count];
    NameFeatures.Compute(q, c, Alignment.Align(q, c), x);
    return (p, x);
}).ToList();
Console.WriteLine($"{all.Count} pairs: {watch.ElapsedMilliseconds} ms");

if (mode == "list")
{
    ListLevel.Print();
    return;
}

if (mode is "frequencies")
{
    Frequencies.Write(args[1], args[2]);
    return;
}

double[][] w = new double[2][];
foreach (bool person in new[] { false, true })
{
    var train = rows.Where(r => r.Pair.Person == person && !r.Pair.HeldOut && r.Pair.Subset != "unrelated_alias" && r.Pair.File.StartsWith("eu_", StringComparison.Ordinal))
        .Select(r => (r.X, r.Pair.Same, 1.0)).ToList();
    w[person ? 1 : 0] = Fit.Run(train, 0.0005);
    Console.WriteLine((person ? "Person = " : "Organisation = ") + Fit.Print(w[person ? 1 : 0]));
    if (mode == "fit") for (int i = 0; i < NameFeatures.Count; i++) Console.WriteLine($"   {NameFeatures.Names[i],-22} {w[person ? 1 : 0][i]:0.00}");
}

double Score(double[] x, bool person)
{
    double z = 0;
    for (int i = 0; i < x.Length; i++) z += x[i] * w[person ? 1 : 0][i];
    return 1 / (1 + Math.Exp(-z));
}

foreach (var g in rows.Where(r => r.Pair.Subset != "unrelated_alias").GroupBy(r => (r.Pair.File, r.Pair.Person)))
{
    foreach (bool held in new[] { false, true })
    {
        var s = g.Where(r => held ? r.Pair.HeldOut : true).Select(r => (Score(r.X, r.Pair.Person), r.Pair.Same)).ToList();
        (double f1, double t) = Metrics.BestF1(s);
        Console.WriteLine($"{g.Key.File,-20} {(g.Key.Person ? "person" : "org"),-7} {(held ? "held-out" : "all"),-9} n={s.Count,5}  best F1 {f1:0.0000} at {t:0.00}");
    }
}

if (mode == "errors")
{
    foreach (var r in rows.Where(r => r.Pair.Subset != "unrelated_alias" && !r.Pair.HeldOut && r.Pair.File == args[1] && r.Pair.Person == (args[2] == "person"))
        .Select(r => (r.Pair, r.X, S: Score(r.X, r.Pair.Person))).Where(r => r.Pair.Same != r.S >= 0.5).OrderBy(r => r.Pair.Same ? r.S : 1 - r.S).Take(args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 60))
    {
        Console.WriteLine($"{(r.Pair.Same ? "SAME" : "DIFF")} {r.S:0.000} {r.Pair.Query} | {r.Pair.Candidate}");
    }
}
if (mode == "pair")
{
    foreach (bool person in new[] { args[1] == "person" })
    {
        ParsedName q = person ? NameParser.Person(args[2]) : NameParser.Organisation(args[2]);
        ParsedName c = person ? NameParser.Person(args[3]) : NameParser.Organisation(args[3]);
        foreach (var t in q.Tokens) Console.WriteLine("  q " + t);
        foreach (var t in c.Tokens) Console.WriteLine("  c " + t);
        var links = Alignment.Align(q, c);
        foreach (var l in links) Console.WriteLine("  " + l);
        var x = new double[NameFeatures.Count];
        NameFeatures.Compute(q, c, links, x);
        for (int i = 0; i < x.Length; i++) if (x[i] != 0) Console.WriteLine($"   {NameFeatures.Names[i],-22} {x[i]:0.000} * {w[person ? 1 : 0][i]:0.00}");
        Console.WriteLine(Score(x, person));
    }
}
