using System.Globalization;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Accuracy;

/// <summary>
/// Writes every answer to the development queries into a file, one line each: hits, scores, the name that matched and the reasons. Two
/// versions of the engine that should answer alike are compared with <c>diff</c>.
/// </summary>
internal static class Answers
{
    /// <param name="file">Where to write.</param>
    /// <param name="every">1 for all queries, n for every nth.</param>
    /// <param name="exhaustive">Ask the scan of every name instead of the index.</param>
    internal static void Write(string file, int every, bool exhaustive)
    {
        List<ScreenedEntity> entities = ListData.Read();
        ScreeningIndex index = ScreeningIndex.Build(entities);
        ScreenedEntity[] born = [.. entities.Where(e => !e.BirthDates.IsDefaultOrEmpty && !e.Countries.IsDefaultOrEmpty)];
        ScreenedEntity[] numbered = [.. entities.Where(e => !e.Identifiers.IsDefaultOrEmpty)];
        using var writer = new StreamWriter(file);
        int n = 0;
        foreach ((string text, SubjectType type) in ListLevel.Positives().Select(p => (p.Text, p.Person ? SubjectType.Person : SubjectType.Enterprise))
            .Concat(ListLevel.Negatives().Select(t => (t, SubjectType.Person))))
        {
            if (n++ % every != 0)
            {
                continue;
            }

            ScreenedEntity somebody = born[n % born.Length], owner = numbered[n % numbered.Length];
            var query = new ScreeningQuery([text], type);
            Ask(query, new MatchOptions(ScreeningProfile.Payments, 0.30m, 50, exhaustive));
            Ask(query with { Type = SubjectType.Unknown }, new MatchOptions(ScreeningProfile.Payments, null, 3, exhaustive));
            Ask(query with { Names = [text, somebody.Names[0].Text], Birth = somebody.BirthDates[0], Countries = somebody.Countries }, new MatchOptions(ScreeningProfile.Onboarding, null, 10, exhaustive));
            Ask(query with { Identifiers = [owner.Identifiers[0]], Gender = Gender.Female }, new MatchOptions(ScreeningProfile.Onboarding, null, 10, exhaustive));
        }

        void Ask(ScreeningQuery query, MatchOptions options) => writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(" + ", query.Names)}\t{query.Type}\t{string.Join(" ; ", index.Match(query, options).Select(h => $"{h.EntityId} {h.Score} {h.Band} [{h.QueryName}|{h.Matched.Id} {h.Matched.Text}] {string.Join('/', h.Evidence.Select(e => e.Kind + ":" + e.Text))}"))}"));
    }
}
