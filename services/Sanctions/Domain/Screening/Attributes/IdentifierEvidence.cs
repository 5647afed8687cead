namespace ExternalAction.Sanctions.Domain.Screening.Attributes;

/// <summary>When two numbers are one, and what that proves.</summary>
internal static class IdentifierEvidence
{
    /// <summary>Shorter numbers are too common to find anybody by.</summary>
    internal const int LeastLength = 5;

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

    internal static Evidence Describe(Identifier asked, Identifier listed)
    {
        bool failed = IdentifierChecks.Check(asked.Type, IdentifierChecks.Normalise(asked.Type, asked.Value)) == false;
        string text = $"The {(asked.Type.Length > 0 ? asked.Type : "number")} {asked.Value} is listed for this subject."
            + (failed ? " It fails its own check digit, so it may be mistyped." : "");
        return new Evidence("identifier", text, asked.Value, listed.Value, "for");
    }
}
