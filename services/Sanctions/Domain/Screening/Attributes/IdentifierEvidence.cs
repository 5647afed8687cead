using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain.Screening.Attributes;

/// <summary>When two numbers are one, and what that proves.</summary>
internal static class IdentifierEvidence
{
    /// <summary>Shorter numbers are too common to find anybody by.</summary>
    internal const int LeastLength = 5;

    private const double OtherForGood = -2.5, OtherInCountry = -1.5;

    /// <summary>Numbers agree when their classes do (or one class says nothing) and their countries do not differ.</summary>
    internal static bool Agree(Identifier asked, Identifier listed)
    {
        string a = IdentifierChecks.Class(asked.Type), b = IdentifierChecks.Class(listed.Type);
        bool classes = a == b || a is "" or "other" || b is "" or "other" || (a is "tax" or "register" && b is "tax" or "register");
        bool countries = asked.Country.Length != 2 || listed.Country.Length != 2 || listed.Country == "00"
            || string.Equals(asked.Country, listed.Country, StringComparison.OrdinalIgnoreCase) || a is "imo" or "lei" or "bic";
        return classes && countries;
    }

    /// <summary>Log-odds: 1.0000 for a number that passes its check or has none; 0.95 for one that fails it.</summary>
    internal static double Odds(Identifier asked, string normalised) => IdentifierChecks.Check(asked.Type, normalised) == false ? 2.944 : AttributeScorer.IdentifierHit;

    /// <summary>
    /// What it takes from the log-odds when both sides have a number of a kind that a subject has one of, and they differ: a ship's IMO
    /// number or an LEI for good, a tax or register number within its country. Documents are renewed: another passport says nothing.
    /// </summary>
    internal static double Conflict(ScreeningQuery query, ScreenedEntity entity, ImmutableArray<Evidence>.Builder? evidence)
    {
        if (query.Identifiers.IsDefaultOrEmpty || entity.Identifiers.IsDefaultOrEmpty)
        {
            return 0;
        }

        double odds = 0;
        foreach (Identifier asked in query.Identifiers)
        {
            string kind = IdentifierChecks.Class(asked.Type), value = IdentifierChecks.Normalise(asked.Type, asked.Value);
            Identifier[] listed = [.. entity.Identifiers.Where(l => IdentifierChecks.Class(l.Type) == kind && Comparable(kind, asked, l))];
            if (listed.Length == 0 || IdentifierChecks.Check(asked.Type, value) == false || Array.Exists(listed, l => IdentifierChecks.Key(IdentifierChecks.Normalise(l.Type, l.Value)) == IdentifierChecks.Key(value)))
            {
                continue;
            }

            odds = Math.Min(odds, kind is "imo" or "lei" ? OtherForGood : OtherInCountry);
            evidence?.Add(new Evidence("identifier", $"Another {asked.Type} is listed for this subject, and a subject has one only.", asked.Value, listed[0].Value, "against"));
        }

        return odds;
    }

    /// <summary>Of kinds that a subject has one of; those of a country only where both say which, and have the same length (countries keep several registers).</summary>
    private static bool Comparable(string kind, Identifier asked, Identifier listed) => kind switch
    {
        "imo" or "lei" => true,
        "tax" or "register" => asked.Country.Length == 2 && string.Equals(asked.Country, listed.Country, StringComparison.OrdinalIgnoreCase)
            && IdentifierChecks.Normalise(asked.Type, asked.Value).Length == IdentifierChecks.Normalise(listed.Type, listed.Value).Length,
        _ => false,
    };

    internal static Evidence Describe(Identifier asked, Identifier listed)
    {
        bool failed = IdentifierChecks.Check(asked.Type, IdentifierChecks.Normalise(asked.Type, asked.Value)) == false;
        string kind = asked.Type.Length == 0 ? "number " : asked.Value.StartsWith(asked.Type, StringComparison.OrdinalIgnoreCase) ? "" : $"{asked.Type} ";
        string text = $"The {kind}{asked.Value} is listed for this subject."
            + (failed ? " It fails its own check digit, so it may be mistyped." : "");
        return new Evidence("identifier", text, asked.Value, listed.Value, "for");
    }
}
