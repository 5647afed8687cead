using ExternalAction.Contracts.Events;
using ExternalAction.Sanctions.Domain;
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
        EntryAdded or EntryAmended or EntryRemoved => [],
        ListingEvent e => [ListingChangedBy(state.Listings[e.Id], e)],
        Domain.ListImported e => [new Contracts.Events.ListImported(e.List, state.VersionOf(e.List), e.Added, e.Amended, e.Removed)],
        ExpiryApproached e => [new RegimeExpiryApproached(e.Code, e.ExpiryDate, e.DaysBefore)],
        RegimeRenewed e => [new RegimeChanged(e.Code)],
        _ => [new RegimeChanged(null)],
    };

    private static ListingChanged ListingChangedBy(Listing listing, ListingEvent e) =>
        new(e.Id, listing.List, listing.Regime, Names.Printed(Names.Map<ListingState, Proto.ListingState.Types.Value>(listing.State)), listing.DecisionId);
}
