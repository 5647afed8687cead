using System.Globalization;
using ExternalAction.Contracts.Events;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.ServiceDefaults;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions;

/// <summary>
/// What other services learn from an event of this one. The rows of an import are told by one event at its end: they became
/// visible together, and the list's changes tell each of them.
/// </summary>
internal static class Integration
{
    /// <summary>The integration events of a journal event.</summary>
    public static IEnumerable<object> Of(SanctionsState state, SanctionsEvent happened) => happened switch
    {
        EntryAdded or EntryAmended or EntryRemoved or EntryStaged or ImportCompleted or ImportAbandoned or VoteEnded or ScreeningsSealed or ScreeningsExpired => [],
        ListingEvent e => [ListingChangedBy(state.Listings[e.Id], e)],
        Domain.ListImported e => [new Contracts.Events.ListImported(e.List, state.VersionOf(e.List), e.Added, e.Amended, e.Removed)],
        ExpiryApproached e => [new RegimeExpiryApproached(e.Code, e.ExpiryDate, e.DaysBefore)],
        RegimeRenewed e => [new RegimeChanged(e.Code)],
        Domain.SubjectMatched e => [MatchOf(e)],
        SubjectEvent or SubjectsRescreened or ExclusionEvent => [],
        _ => [new RegimeChanged(null)],
    };

    private static Contracts.Events.SubjectMatched MatchOf(Domain.SubjectMatched e) => new(
        e.Id, e.Client, e.ListingId, string.Create(CultureInfo.InvariantCulture, $"{e.List}-{e.ListPosition}"), Views.Score(e.Score), Names.Printed(Names.Map<ScreeningBand, Proto.Band.Types.Value>(e.Band)));

    /// <summary>From the event alone as far as it changes: it is asked for later, when the listing may be further on.</summary>
    private static ListingChanged ListingChangedBy(Listing listing, ListingEvent e)
    {
        ListingState? became = e switch
        {
            ListingProposed => ListingState.Proposed,
            ListingAdopted => ListingState.Adopted,
            ListingNotAdopted => ListingState.NotAdopted,
            ListingPublished { InForce: false } => ListingState.Published,
            ListingPublished or ListingEnteredIntoForce => ListingState.InForce,
            ListingLapsed => ListingState.Lapsed,
            ListingDelisted { Reason: DelistingReason.Annulment } => ListingState.Annulled,
            ListingDelisted => ListingState.Delisted,
            _ => null,
        };
        var decision = e switch
        {
            ListingProposed p => p.DecisionId,
            ListingLinked l => l.DecisionId,
            ListingAdopted a => a.DecisionId,
            ListingNotAdopted n => n.DecisionId,
            ListingPublished p => p.Act.DecisionId,
            ListingRenewed r => r.By,
            _ => null,
        };
        return new(e.Id, listing.List, listing.Regime, became is { } known ? Names.Printed(Names.Map<ListingState, Proto.ListingState.Types.Value>(known)) : null, decision);
    }
}
