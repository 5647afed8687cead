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
    NotificationDue,
}

/// <summary>A date ahead.</summary>
/// <param name="Part">Which of several of this kind on one listing, from 0.</param>
/// <param name="OverdueSince">The day it was due, where that has passed and it is not done.</param>
internal sealed record RegimeDate(RegimeDateKind Kind, DateOnly Day, string Regime, string ListingId, string Title, int Part = 0, DateOnly? OverdueSince = null)
{
    /// <summary>What stays the same when the day moves: a renewed regime moves its entry in a reader's calendar and leaves none behind.</summary>
    public string Uid => string.Create(CultureInfo.InvariantCulture, $"{Regime}-{ListingId}-{Kind}-{Part}").ToLowerInvariant();
}

/// <summary>Which dates lie ahead: sunsets of regimes, and what is due on listings that are public.</summary>
internal static class RegimesCalendar
{
    /// <summary>Most entries of one answer.</summary>
    public const int EntriesMax = 1_000;

    /// <summary>Dates between two days, both included, in order. What people should have done before today stands on today until it is done.</summary>
    public static List<RegimeDate> Between(SanctionsState state, DateOnly from, DateOnly to, DateOnly today) =>
        [.. state.Regimes.Values.SelectMany(r => Of(r, today)).Concat(state.Listings.Values.SelectMany(l => Of(l, today))).Where(d => d.Day >= from && d.Day <= to)
            .OrderBy(d => d.Day).ThenBy(d => d.OverdueSince ?? d.Day).ThenBy(d => d.Regime, StringComparer.Ordinal).ThenBy(d => d.ListingId, StringComparer.Ordinal).Take(EntriesMax)];

    private static IEnumerable<RegimeDate> Of(Regime regime, DateOnly today)
    {
        if (regime.ExpiryDate is { } expiry)
        {
            RegimeDate Date(DateOnly day, string what) => new(RegimeDateKind.RegimeExpiry, day, regime.Record.Code, "", $"{what}: {regime.Record.Code} {regime.Record.Title}");
            yield return expiry >= today ? Date(expiry, "Expires") : Date(today, $"Expired on {expiry:yyyy-MM-dd}, no renewal on record") with { OverdueSince = expiry };
        }
    }

    private static IEnumerable<RegimeDate> Of(Listing listing, DateOnly today)
    {
        RegimeDate Date(RegimeDateKind kind, DateOnly day, string what) => new(kind, day, listing.Regime, listing.Id, $"{what}: {listing.Caption} ({listing.Regime})");
        RegimeDate Task(RegimeDateKind kind, DateOnly due, string what) => due >= today ? Date(kind, due, $"{what} due") : Date(kind, today, $"{what} overdue since {due:yyyy-MM-dd}") with { OverdueSince = due };
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
            yield return Task(RegimeDateKind.ReviewDue, review, "Review");
        }
        if (listing is { IsNotificationDue: true, Act: { } listed })
        {
            yield return Task(RegimeDateKind.NotificationDue, listed.EffectDate, "Notification");
        }
        foreach (var (part, notification) in listing.Notifications.Index())
        {
            if (notification.ObservationsUntil is { } until)
            {
                yield return Date(RegimeDateKind.ObservationsEnd, until, "Observations until") with { Part = part };
            }
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
