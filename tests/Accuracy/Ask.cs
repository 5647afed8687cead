using System.Globalization;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Accuracy;

/// <summary>What the whole list answers to a file of names, one line each: to see whom a class of names alerts for, and why.</summary>
internal static class Ask
{
    /// <param name="file">A name in each line.</param>
    /// <param name="type">PERSON, ENTERPRISE, or empty for either.</param>
    internal static void Print(string file, string type)
    {
        ScreeningIndex index = ScreeningIndex.Build(ListData.Read());
        SubjectType subject = type.Length == 0 ? SubjectType.Unknown : Enum.Parse<SubjectType>(type, ignoreCase: true);
        foreach (string name in File.ReadLines(file).Where(n => n.Length > 0))
        {
            var hits = index.Match(new ScreeningQuery([name], subject), new MatchOptions(ScreeningProfile.Payments, 0.30m, 3));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{string.Join("\t", hits.Select(h => $"{h.Score:0.00} {h.Band} {h.EntityId} {h.Matched.Text}"))}"));
        }
    }
}
