using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Accuracy;

/// <summary>
/// False alerts by treatment. Invented people are asked for as they are and after the treatments that listed names get (nobody of them is
/// listed, so every hit is false); and of the treated queries for listed subjects, how many also hit somebody else.
/// </summary>
internal static class FalseAlerts
{
    private static readonly (string Name, Func<string, Random, string> Apply)[] Treatments =
    [
        ("as given", (name, _) => name),
        ("initials", (name, _) => Words(name) is { Length: > 1 } words ? $"{words[0][0]}. {string.Join(' ', words[1..])}" : name),
        ("two edits", (name, random) => Edit(Edit(name, random), random)),
        ("extra token", (name, random) => Words(name) is { Length: > 1 } words ? $"{words[0]} {Pick(["Ali", "Ivanovich", "Maria", "Kim", "de"], random)} {string.Join(' ', words[1..])}" : name),
        ("glued tokens", (name, _) => Words(name) is { Length: > 1 } words ? words[0] + string.Concat(words[1]) + string.Concat(words[2..].Select(w => " " + w)) : name),
        ("title", (name, random) => $"{Pick(["Dr", "General", "Sheikh", "Mr", "Col."], random)} {name}"),
        ("family name first", (name, _) => Words(name) is { Length: > 1 } words ? $"{words[^1]}, {string.Join(' ', words[..^1])}" : name),
    ];

    internal static List<(string Treatment, double Share)> Print(ScreeningIndex index, List<string> invented, List<PositiveQuery> positives, double at)
    {
        double review = (double)ScreeningProfile.Onboarding.Review, alert = (double)ScreeningProfile.Payments.Alert;
        var shares = new List<(string, double)>();
        Console.WriteLine($"\n| invented people | queries | from {review:0.00} (review, onboarding) | at 1 % of all ({at:0.00}) | from {alert:0.00} (alert, payments) |\n| --- | --- | --- | --- | --- |");
        foreach ((string treatment, Func<string, Random, string> apply) in Treatments)
        {
            var random = new Random(7);
            Row(treatment, invented.ConvertAll(name => apply(name, random)));
        }

        foreach (var script in invented.GroupBy(ScriptOf).OrderByDescending(g => g.Count()).Where(g => g.Count() >= 30))
        {
            Row($"script: {script.Key}", [.. script]);
        }

        // few people of a script say little: their given and family names, put together anew, say more
        foreach (string script in new[] { "Arabic", "Hangul", "Han", "Latin" })
        {
            Row($"script: {script}, recombined, held-out half", Recombined([.. invented.Where(n => ScriptOf(n) == script && TestData.IsHeldOut(n))], 1000));
        }

        Console.WriteLine($"\n| treated query for a listed subject | queries | also somebody else from {alert:0.00} (alert, payments) |\n| --- | --- | --- |");
        foreach (var g in positives.GroupBy(p => p.Treatment).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            int others = g.Count(p => index.Match(new ScreeningQuery([p.Text], p.Person ? SubjectType.Person : SubjectType.Enterprise), new MatchOptions(ScreeningProfile.Payments, (decimal)alert, 50)).Any(h => h.EntityId != p.Expected));
            Console.WriteLine($"| {g.Key} | {g.Count()} | {others / (double)g.Count():P1} |");
        }

        return shares;

        void Row(string name, List<string> queries)
        {
            var scores = queries.ConvertAll(q => ListLevel.Best(index, q, person: true, null));
            double Share(double from) => scores.Count(s => s > from) / (double)scores.Count;
            shares.Add((name, Share(alert)));
            Console.WriteLine($"| {name} | {scores.Count} | {Share(review):P2} | {Share(at):P2} | {Share(alert):P2} |");
        }
    }

    /// <summary>Other invented people: the first words of one and the last word of another.</summary>
    internal static List<string> Recombined(List<string> names, int count)
    {
        var random = new Random(7);
        var made = new List<string>(count);
        for (int tries = 0; made.Count < count && tries < 10 * count; tries++)
        {
            string one = names[random.Next(names.Count)], other = names[random.Next(names.Count)];
            if (one != other && Words(one) is { Length: > 1 } words)
            {
                made.Add($"{string.Join(' ', words[..^1])} {Words(other)[^1]}");
            }
        }

        return made;
    }

    private static string[] Words(string name) => name.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];

    private static string Edit(string name, Random random)
    {
        int at = random.Next(name.Length);
        string letter = ((char)('a' + random.Next(26))).ToString();
        return random.Next(4) switch
        {
            0 => name.Remove(at, 1),
            1 => name.Insert(at, letter),
            2 when at + 1 < name.Length => name[..at] + name[at + 1] + name[at] + name[(at + 2)..],
            _ => name.Remove(at, 1).Insert(at, letter),
        };
    }

    internal static string ScriptOf(string name) => name.FirstOrDefault(char.IsLetter) switch
    {
        < '\u0250' => "Latin",
        >= '\u0370' and < '\u0400' => "Greek",
        >= '\u0400' and < '\u0530' => "Cyrillic",
        >= '\u0590' and < '\u0600' => "Hebrew",
        >= '\u0600' and < '\u0780' => "Arabic",
        >= '\u3040' and < '\u3100' => "Kana",
        >= '\u4E00' and < '\uA000' => "Han",
        >= '\uAC00' and < '\uD7B0' => "Hangul",
        _ => "other",
    };
}
