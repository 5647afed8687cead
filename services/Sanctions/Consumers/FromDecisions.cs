using System.Collections.Immutable;
using ExternalAction.Contracts.Events;
using ExternalAction.Journal;
using ExternalAction.Journal.Consumers;
using ExternalAction.Sanctions.Domain;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Sanctions.Consumers;

/// <summary>
/// What this service does on the events of Decisions: links of the kind SANCTIONS_LISTING carry listings, links of the kind
/// SANCTIONS_REGIME renew regimes. It happened when it happened there.
/// </summary>
internal static class FromDecisions
{
    /// <summary>The queue, as <see cref="Subscriptions.All"/> lists it.</summary>
    public const string Queue = "sanctions.decisions";

    /// <summary>Subscribes.</summary>
    public static void Handle(EventHandlers<SanctionsState, SanctionsEvent, Refusal> handlers) => handlers
        .On<DecisionOpened>((state, _, e, envelope) => Done(Following.Opened(state, e.DecisionId, Listings(e.Links)), envelope))
        .On<DecisionAdopted>((state, _, e, envelope) => Done(Following.Adopted(state, e.DecisionId, Listings(e.Links), e.AdoptionDate), envelope))
        .On<DecisionNotAdopted>((state, _, e, envelope) => Done(Following.NotAdopted(state, e.DecisionId, Listings(e.Links), e.ReasonCode), envelope))
        .On<ActPublished>((state, at, e, envelope) => Done(
            Published(state, e, new Act(e.ActNumber, e.OjReference, e.Celex, e.Eli, e.PublicationDate, e.EffectDate, e.DecisionId), new Moment(at.Now, at.ReceivedAt)), envelope))
        .On<ActChanged>((state, _, e, envelope) => Done(Changed(state, e), envelope));

    private static Verdict Published(SanctionsState state, ActPublished e, Act act, Moment moment)
    {
        var listed = Following.Published(state, Listings(e.Links), act, e.ExpiryDate, moment);
        return e.ExpiryDate is { } expiry ? Both(listed, Renewals(state, e.Links, e.DecisionId, e.ActNumber, expiry)) : listed;
    }

    private static Verdict Changed(SanctionsState state, ActChanged e) => e.State switch
    {
        "IN_FORCE" => Following.TookEffect(state, e.DecisionId, Listings(e.Links)),
        "RENEWED" when e.ExpiryDate is { } expiry => Both(
            Following.Renewed(state, e.DecisionId, Listings(e.Links), e.By ?? "", expiry), Renewals(state, e.Links, e.DecisionId, e.ActNumber, expiry)),
        "EXPIRED" or "REPEALED" => Following.Ended(state, e.DecisionId, Listings(e.Links), $"{e.ActNumber} {(e.State == "EXPIRED" ? "expired" : "was repealed")}."),
        _ => Verdict.Nothing,
    };

    private static Verdict Renewals(SanctionsState state, IReadOnlyList<EventLink> links, string decisionId, string act, DateOnly expiry) =>
        Ids(links, Proto.LinkKind.Types.Value.SanctionsRegime).Select(code => Regimes.Renew(state, code, decisionId, act, expiry)).Aggregate(Verdict.Nothing, Both);

    /// <summary>What either of them says happens; a refusal only counts when nothing happens at all, or it would hold up what is right.</summary>
    private static Verdict Both(Verdict one, Verdict other) => new(
        [.. one.Refusal is null ? one.Events : [], .. other.Refusal is null ? other.Events : []],
        one is { Refusal: null, Events.IsEmpty: false } || other is { Refusal: null, Events.IsEmpty: false } ? null : one.Refusal ?? other.Refusal);

    private static ImmutableArray<string> Listings(IReadOnlyList<EventLink> links) => Ids(links, Proto.LinkKind.Types.Value.SanctionsListing);

    private static ImmutableArray<string> Ids(IReadOnlyList<EventLink> links, Proto.LinkKind.Types.Value kind)
    {
        var name = ServiceDefaults.Names.Printed(kind);
        return [.. links.Where(l => l.Kind == name).Select(l => l.Id)];
    }

    private static Decision<SanctionsEvent, Refusal> Done(Verdict verdict, IntegrationEvent envelope) => verdict.Refusal is { } refusal
        ? Decision<SanctionsEvent, Refusal>.Reject(refusal)
        : Decision<SanctionsEvent, Refusal>.Accept([.. verdict.Events.Select(e => new NewEvent<SanctionsEvent>(e, envelope.OccurredAt))]);
}
