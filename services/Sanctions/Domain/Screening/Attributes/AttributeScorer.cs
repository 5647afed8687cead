using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain.Screening.Attributes;

/// <summary>
/// What birth date, country, gender, identifiers and address add to or take from the log-odds of the name. What is not known on
/// either side says nothing. The figures are judgements, not learnt (no labelled data has these): an agreeing full birth date
/// multiplies the odds by 30, one more than ten years off divides them by 400.
/// </summary>
internal static class AttributeScorer
{
    internal const double IdentifierHit = 12;

    /// <summary>The most that all attributes together can add without an identifier; the index searches by this margin.</summary>
    internal const double MostWithoutIdentifier = 5.0;

    internal static double LogOdds(ScreeningQuery query, ScreenedEntity entity, ImmutableArray<Evidence>.Builder? evidence)
    {
        double odds = Birth(query, entity, evidence) + Country(query, entity, evidence) + GenderOf(query, entity, evidence) + Address(query, entity, evidence)
            + IdentifierEvidence.Conflict(query, entity, evidence);
        return Math.Min(odds, MostWithoutIdentifier);
    }

    private static double Birth(ScreeningQuery query, ScreenedEntity entity, ImmutableArray<Evidence>.Builder? evidence)
    {
        if (query.Birth is not { } birth || entity.BirthDates.IsDefaultOrEmpty)
        {
            return 0;
        }

        double best = double.NegativeInfinity;
        BirthAgreement agreement = BirthAgreement.Unknown;
        BirthDate shown = entity.BirthDates[0];
        foreach (BirthDate listed in entity.BirthDates)
        {
            BirthAgreement one = BirthDates.Compare(birth, listed);
            double odds = Weight(one);
            if (one != BirthAgreement.Unknown && odds > best)
            {
                (best, agreement, shown) = (odds, one, listed);
            }
        }

        if (agreement == BirthAgreement.Unknown)
        {
            return 0;
        }

        string text = agreement switch
        {
            BirthAgreement.SameDay => "The birth date is the same.",
            BirthAgreement.DayAndMonthSwapped => "The birth date is the same with day and month swapped.",
            BirthAgreement.SameMonth => "Year and month of birth agree.",
            BirthAgreement.SameYear => "The year of birth agrees.",
            BirthAgreement.Near => "The birth date lies within the approximate date or range listed.",
            BirthAgreement.NextYear => "The year of birth is the one before or after.",
            BirthAgreement.OtherYear => "The year of birth is another.",
            _ => "The years of birth are more than ten years apart.",
        };
        evidence?.Add(new Evidence("birthDate", text, Show(birth), Show(shown), best > 0 ? "for" : "against"));
        return best;
    }

    private static double Weight(BirthAgreement agreement) => agreement switch
    {
        BirthAgreement.SameDay => 3.4,
        BirthAgreement.DayAndMonthSwapped => 2.4,
        BirthAgreement.SameMonth => 2.0,
        BirthAgreement.SameYear => 1.3,
        BirthAgreement.Near => 0.8,
        BirthAgreement.NextYear => -0.8,
        BirthAgreement.OtherYear => -2.5,
        BirthAgreement.FarYear => -6.0,
        _ => 0,
    };

    private static string Show(BirthDate date)
    {
        string years = date.YearFrom is { } from ? $"{from}-{date.YearTo}" : $"{date.Year:0000}";
        string day = date.Month is { } month ? date.Day is { } d ? $"-{month:00}-{d:00}" : $"-{month:00}" : "";
        return (date.Circa ? "about " : "") + years + day + (date.Calendar == BirthCalendar.Islamic ? " (Islamic calendar)" : "");
    }

    private static double Country(ScreeningQuery query, ScreenedEntity entity, ImmutableArray<Evidence>.Builder? evidence)
    {
        if (query.Countries.IsDefaultOrEmpty || entity.Countries.IsDefaultOrEmpty)
        {
            return 0;
        }

        string? common = query.Countries.FirstOrDefault(c => entity.Countries.Contains(c, StringComparer.OrdinalIgnoreCase));
        string asked = string.Join(", ", query.Countries), listed = string.Join(", ", entity.Countries);
        evidence?.Add(common is not null
            ? new Evidence("country", $"Both are connected with {common.ToUpperInvariant()}.", asked, listed, "for")
            : new Evidence("country", "The countries given are not among those listed.", asked, listed, "against"));
        return common is not null ? 0.7 : -0.9;
    }

    private static double GenderOf(ScreeningQuery query, ScreenedEntity entity, ImmutableArray<Evidence>.Builder? evidence)
    {
        if (query.Gender == Gender.Unknown || entity.Genders.IsDefaultOrEmpty || entity.Genders.All(g => g == Gender.Unknown))
        {
            return 0;
        }

        bool agrees = entity.Genders.Contains(query.Gender);
        evidence?.Add(agrees
            ? new Evidence("gender", "The gender agrees.", query.Gender.ToString(), query.Gender.ToString(), "for")
            : new Evidence("gender", "The gender is another.", query.Gender.ToString(), entity.Genders[0].ToString(), "against"));
        return agrees ? 0.2 : -2.0;
    }

    private static double Address(ScreeningQuery query, ScreenedEntity entity, ImmutableArray<Evidence>.Builder? evidence)
    {
        if (query.Addresses.IsDefaultOrEmpty || entity.Addresses.IsDefaultOrEmpty)
        {
            return 0;
        }

        double best = 0;
        string asked = "", found = "";
        foreach (string a in query.Addresses)
        {
            var words = Words(a);
            foreach (string b in entity.Addresses)
            {
                var listed = Words(b);
                int common = words.Count(listed.Contains);
                double share = words.Count == 0 || listed.Count == 0 ? 0 : common / (double)Math.Min(words.Count, listed.Count);
                if (common >= 2 && share > best)
                {
                    (best, asked, found) = (share, a, b);
                }
            }
        }

        if (best < 0.5)
        {
            return 0;
        }

        evidence?.Add(new Evidence("address", "The addresses have most words in common.", asked, found, "for"));
        return 1.2 * best;
    }

    private static HashSet<string> Words(string address) => Text.RawTokenizer.Split(address).Select(t => t.Folded).Where(w => w.Length > 1).ToHashSet();
}
