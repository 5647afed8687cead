using System.Globalization;
using ExternalAction.Sanctions.Domain;

namespace ExternalAction.Sanctions.Queries;

/// <summary>What a date of the calendar is; the names are the contract's.</summary>
internal enum RegimeDateKind
{
    RegimeExpiry,
    ListingEffect,
    ReviewDue,
    ObservationsEnd,
    DerogationEnd,
    ListingExpiry,
}

/// <summary>A date ahead.</summary>
/// <param name="Part">Which of several of this kind on one listing, from 0.</param>
internal sealed record RegimeDate(RegimeDateKind Kind, DateOnly Day, string Regime, string ListingId, string Title, int Part = 0)
{
    /// <summary>What stays the same when the day moves: a renewed regime moves its entry in a reader's calendar and leaves none behind.</summary>
    public string Uid => string.Create(CultureInfo.InvariantCulture, $"{Regime}-{ListingId}-{Kind}-{Part}").ToLowerInvariant();
}

/// <summary>Which dates lie ahead: sunsets of regimes, and what is due on listings that are public.</summary>
internal static class RegimesCalendar
{
    /// <summary>Most entries of one answer.</summary>
    public const int EntriesMax = 1_000;

    /// <summary>Dates between two days, both included, in order.</summary>
    public static List<RegimeDate> Between(SanctionsState state, DateOnly from, DateOnly to) =>
        [.. state.Regimes.Values.SelectMany(Of).Concat(state.Listings.Values.SelectMany(Of)).Where(d => d.Day >= from && d.Day <= to)
            .OrderBy(d => d.Day).ThenBy(d => d.Regime, StringComparer.Ordinal).ThenBy(d => d.ListingId, StringComparer.Ordinal).Take(EntriesMax)];

    private static IEnumerable<RegimeDate> Of(Regime regime)
    {
        if (regime.ExpiryDate is { } expiry)
        {
            yield return new RegimeDate(RegimeDateKind.RegimeExpiry, expiry, regime.Record.Code, "", $"Expires: {regime.Record.Code} {regime.Record.Title}");
        }
    }

    private static IEnumerable<RegimeDate> Of(Listing listing)
    {
        RegimeDate Date(RegimeDateKind kind, DateOnly day, string what) => new(kind, day, listing.Regime, listing.Id, $"{what}: {listing.Caption} ({listing.Regime})");
        if (listing is { State: ListingState.Published, Act: { } coming })
        {
            yield return Date(RegimeDateKind.ListingEffect, coming.EffectDate, "Takes effect");
        }
        if (!listing.IsInForce)
        {
            yield break;
        }
        if (listing.NextReviewDue is { } review)
        {
            yield return Date(RegimeDateKind.ReviewDue, review, "Review due");
        }
        if (listing.Notification?.ObservationsUntil is { } until)
        {
            yield return Date(RegimeDateKind.ObservationsEnd, until, "Observations until");
        }
        if (listing.ExpiryDate is { } expiry)
        {
            yield return Date(RegimeDateKind.ListingExpiry, expiry, "Act expires");
        }
        foreach (var (part, derogation) in listing.Derogations.Index())
        {
            if (derogation.Until is { } end)
            {
                yield return Date(RegimeDateKind.DerogationEnd, end, $"{derogation.Ground} derogation ends") with { Part = part };
            }
        }
    }
}
