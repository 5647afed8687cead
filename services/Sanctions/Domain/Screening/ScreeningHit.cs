using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain.Screening;

/// <summary>What to do with a hit. NONE is never a clearance: it says only that the names compared are not near enough.</summary>
public enum ScreeningBand
{
    None,

    /// <summary>Worth a look by a person when there is time.</summary>
    Review,

    /// <summary>Stop and look before going on.</summary>
    Alert,
}

/// <summary>One reason for or against a match, in words.</summary>
/// <param name="Kind">A stable key: "name", "initial", "joined", "extra", "missing", "contradiction", "legalForm", "number", "homoglyph", "order", "weakAlias", "birthDate", "country", "gender", "identifier", "address", "caution".</param>
/// <param name="Text">One sentence for a compliance officer.</param>
/// <param name="Query">The part of the query it is about, or "".</param>
/// <param name="Listed">The part of the listing it is about, or "".</param>
/// <param name="Effect">"for", "against" or "neutral".</param>
public sealed record Evidence(string Kind, string Text, string Query, string Listed, string Effect);

/// <summary>A listed subject that the query may be.</summary>
/// <param name="EntityId">The id given to <see cref="ScreenedEntity"/>.</param>
/// <param name="Score">0 to 1, four places; the estimated chance that both are one subject, among pairs as similar as these.</param>
/// <param name="Band">By the thresholds of the profile.</param>
/// <param name="QueryName">The query's name that matched best.</param>
/// <param name="Matched">The listed name that matched best.</param>
/// <param name="Evidence">Reasons, words first, attributes after.</param>
public sealed record ScreeningHit(string EntityId, decimal Score, ScreeningBand Band, string QueryName, ScreenedName Matched, ImmutableArray<Evidence> Evidence);

/// <summary>Two names compared without a list.</summary>
public sealed record NameComparison(decimal Score, ImmutableArray<Evidence> Evidence);
