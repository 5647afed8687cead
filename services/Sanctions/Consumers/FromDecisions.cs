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
        .On<DecisionOpened>(Decide).On<DecisionAdopted>(Decide).On<DecisionNotAdopted>(Decide).On<ActPublished>(Decide).On<ActChanged>(Decide);

    /// <summary>What follows here from an event there.</summary>
    /// <param name="occurredAt">When it happened there.</param>
    /// <param name="recordedAt">When it was recorded there.</param>
    internal static Verdict Follow(SanctionsState state, object happened, Moment moment, DateTimeOffset occurredAt, DateTimeOffset recordedAt) => happened switch
    {
        DecisionOpened e => Following.Opened(state, e.DecisionId, Listings(e.Links)),
        DecisionAdopted e => Following.Ended(state, e.DecisionId, adopted: true, Following.Adopted(state, e.DecisionId, Listings(e.Links), e.AdoptionDate, recordedAt)),
        DecisionNotAdopted e => Following.Ended(state, e.DecisionId, adopted: false, Following.NotAdopted(state, e.DecisionId, Listings(e.Links), e.ReasonCode)),
        ActPublished e => Published(state, e, new Act(e.ActNumber, e.OjReference, e.Celex, e.Eli, e.PublicationDate, e.EffectDate, e.DecisionId), moment),
        ActChanged e => Changed(state, e, Days.Of(occurredAt)),
        _ => Verdict.Nothing,
    };

    private static Verdict Published(SanctionsState state, ActPublished e, Act act, Moment moment)
    {
        var listed = Following.Published(state, Listings(e.Links), act, e.ExpiryDate, moment);
        return e.ExpiryDate is { } expiry ? Both(listed, Renewals(state, e.Links, e.DecisionId, e.ActNumber, expiry)) : listed;
    }

    private static Verdict Changed(SanctionsState state, ActChanged e, DateOnly day) => e.State switch
    {
        "IN_FORCE" => Following.TookEffect(state, e.DecisionId, Listings(e.Links)),
        "RENEWED" when e.ExpiryDate is { } expiry => Both(
            Following.Renewed(state, e.DecisionId, Listings(e.Links), e.By ?? e.DecisionId, expiry), Renewals(state, e.Links, e.By ?? e.DecisionId, e.ActNumber, expiry)),
        "EXPIRED" => Following.Expired(state, e.DecisionId, Listings(e.Links), $"{e.ActNumber} expired.", day),
        "REPEALED" => Following.Repealed(state, e.DecisionId, Listings(e.Links), $"{e.ActNumber} was repealed."),
        _ => Verdict.Nothing,
    };

    private static Verdict Renewals(SanctionsState state, IReadOnlyList<EventLink> links, string decisionId, string act, DateOnly expiry) =>
        Ids(links, Proto.LinkKind.Types.Value.SanctionsRegime).Distinct().Select(code => Regimes.Renew(state, code, decisionId, act, expiry)).Aggregate(Verdict.Nothing, Both);

    /// <summary>What either of them says happens; a refusal only counts when nothing happens at all, or it would hold up what is right.</summary>
    private static Verdict Both(Verdict one, Verdict other) => new(
        [.. (one.Refusal is null ? one.Events : []).Union(other.Refusal is null ? other.Events : [])],
        one is { Refusal: null, Events.IsEmpty: false } || other is { Refusal: null, Events.IsEmpty: false } ? null : one.Refusal ?? other.Refusal);

    private static ImmutableArray<string> Listings(IReadOnlyList<EventLink> links) => Ids(links, Proto.LinkKind.Types.Value.SanctionsListing);

    private static ImmutableArray<string> Ids(IReadOnlyList<EventLink> links, Proto.LinkKind.Types.Value kind)
    {
        var name = ServiceDefaults.Names.Printed(kind);
        return [.. links.Where(l => l.Kind == name).Select(l => l.Id)];
    }

    private static Decision<SanctionsEvent, Refusal> Decide<T>(SanctionsState state, DecideContext at, T happened, IntegrationEvent envelope) where T : class
    {
        var verdict = Follow(state, happened, new Moment(at.Now, at.ReceivedAt), envelope.OccurredAt, envelope.RecordedAt);
        return verdict.Refusal is { } refusal
            ? Decision<SanctionsEvent, Refusal>.Reject(refusal)
            : Decision<SanctionsEvent, Refusal>.Accept([.. verdict.Events.Select(e => new NewEvent<SanctionsEvent>(e, envelope.OccurredAt))]);
    }
}
