using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain;

/// <summary>A regime as imported.</summary>
/// <param name="Code">Programme code of the EU list.</param>
/// <param name="Title">Its title.</param>
/// <param name="BasicDecision">The Council decision whose sunset rules; empty when not on record.</param>
/// <param name="FrameworkActs">CELEX numbers.</param>
/// <param name="RhythmMonths">How often it is renewed; 0 when not on record.</param>
/// <param name="ExpiryDate">The last day it applies; null when not on record.</param>
/// <param name="Source">Where this is known from.</param>
public sealed record RegimeRecord(string Code, string Title, string BasicDecision, ImmutableArray<string> FrameworkActs, int RhythmMonths, DateOnly? ExpiryDate, string Source);

/// <summary>A regime as it stands: the record, and the renewal that came after it.</summary>
public sealed record Regime(RegimeRecord Record, DateOnly? ExpiryDate, string? RenewedBy, string? RenewedByAct, long Position)
{
    /// <summary>Days before an expiry at which an alert is raised, and 0 for the day after it.</summary>
    public static readonly ImmutableArray<int> Thresholds = [90, 30, 7, 0];

    /// <summary>The day on which a threshold is reached; an expiry that passed is noticed on the day after.</summary>
    public static DateOnly DayOf(DateOnly expiry, int threshold) => threshold == 0 ? expiry.AddDays(1) : expiry.AddDays(-threshold);
}

/// <summary>An alert that was raised.</summary>
public sealed record Alert(string Regime, DateOnly ExpiryDate, int DaysBefore, DateTimeOffset RaisedAt, long Position);

/// <summary>
/// Regimes: imported as records, renewed by decisions, and watched: an expiry that comes near is told once per threshold.
/// </summary>
public static class Regimes
{
    /// <summary>Whether an alert calls for nothing any more: the regime was renewed, given another expiry, or is gone.</summary>
    public static bool IsSettled(SanctionsState state, Alert alert) => !state.Regimes.TryGetValue(alert.Regime, out var regime) || regime.ExpiryDate != alert.ExpiryDate;

    /// <summary>Imports records; one of a known code replaces it. What says nothing new changes nothing.</summary>
    public static Verdict Import(SanctionsState state, RegimesImported import)
    {
        for (var i = 0; i < import.Records.Length; i++)
        {
            var record = import.Records[i];
            if (import.Records.Take(i).Any(r => r.Code == record.Code))
            {
                return new Refusal(RefusalCode.InvalidRecord, $"{record.Code} occurs twice.", $"regimes[{i}].code");
            }
            if (record.RhythmMonths is < 0 or > 120)
            {
                return new Refusal(RefusalCode.InvalidRecord, $"A rhythm of {record.RhythmMonths} months is not between 0 and 120.", $"regimes[{i}].rhythmMonths");
            }
        }
        return import.Records.All(r => state.Regimes.TryGetValue(r.Code, out var known) && Same(known.Record, r)) ? Verdict.Nothing : import;
    }

    /// <summary>
    /// A decision sets the day until which a regime applies; the last one recorded counts, and one that says what is known changes
    /// nothing. The regime's listings whose acts would end before are renewed with it.
    /// </summary>
    public static Verdict Renew(SanctionsState state, string code, string decisionId, string act, DateOnly expiry) =>
        !state.Regimes.TryGetValue(code, out var regime) ? new Refusal(RefusalCode.UnknownRegime, $"Decision {decisionId} concerns the regime '{code}', which is not on record.")
        : regime.ExpiryDate == expiry ? Verdict.Nothing
        : Verdict.Of(
        [
            new RegimeRenewed(code, decisionId, act, expiry),
            .. state.Listings.Values.Where(l => l.Regime == code && (l.State is ListingState.InForce or ListingState.Published) && l.ExpiryDate < expiry)
                .OrderBy(l => l.Id, StringComparer.Ordinal).Select(l => new ListingRenewed(l.Id, decisionId, expiry)),
        ]);

    /// <summary>Raises an alert, once, unless the regime was renewed meanwhile.</summary>
    public static Verdict Approach(SanctionsState state, string code, DateOnly expiry, int threshold) =>
        state.Regimes.TryGetValue(code, out var regime) && regime.ExpiryDate == expiry && !state.WasRaised(code, expiry, threshold)
            ? new ExpiryApproached(code, expiry, threshold)
            : Verdict.Nothing;

    private static bool Same(RegimeRecord one, RegimeRecord other) => one with { FrameworkActs = other.FrameworkActs } == other && one.FrameworkActs.SequenceEqual(other.FrameworkActs);
}
