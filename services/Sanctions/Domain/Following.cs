using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain;

/// <summary>
/// How listings and regimes follow the decisions that concern them, without a further step: linked when the vote opens,
/// adopted with it, in force when the act is published and its effect date has come. A decision says by its links which
/// listings it lists. What arrives twice changes nothing.
/// </summary>
public static class Following
{
    /// <summary>A vote was opened on a decision that concerns these listings.</summary>
    public static Verdict Opened(SanctionsState state, string decisionId, ImmutableArray<string> listings) =>
        Each(state, decisionId, listings, l => l.State == ListingState.Proposed && l.DecisionId != decisionId ? new ListingLinked(l.Id, decisionId) : null);

    /// <summary>The decision was adopted. What was hung on it afterwards was never voted on and stays a proposal.</summary>
    /// <param name="recordedAt">When the adoption was recorded there; a meeting may be recorded days after it was held.</param>
    public static Verdict Adopted(SanctionsState state, string decisionId, ImmutableArray<string> listings, DateOnly day, DateTimeOffset recordedAt) =>
        Each(state, decisionId, listings, l => l.State is ListingState.Proposed or ListingState.NotAdopted && (listings.Contains(l.Id) || l.Created.RecordedAt <= recordedAt)
            ? new ListingAdopted(l.Id, decisionId, day)
            : null);

    /// <summary>The decision was not adopted; another may take the listing up again.</summary>
    public static Verdict NotAdopted(SanctionsState state, string decisionId, ImmutableArray<string> listings, string reason) =>
        Each(state, decisionId, listings, l => l.State == ListingState.Proposed && (l.DecisionId ?? decisionId) == decisionId ? new ListingNotAdopted(l.Id, decisionId, reason) : null);

    /// <summary>A vote ended: that is remembered once, with what follows for listings, so that nobody hangs one on it afterwards and waits for ever.</summary>
    public static Verdict Ended(SanctionsState state, string decisionId, bool adopted, Verdict follows) =>
        follows.Refusal is not null || state.EndedVotes.Contains(decisionId) ? follows : Verdict.Of([.. follows.Events, new VoteEnded(decisionId, adopted)]);

    /// <summary>The act was published: it applies from its effect date on.</summary>
    public static Verdict Published(SanctionsState state, ImmutableArray<string> listings, Act act, DateOnly? expiry, Moment moment) =>
        Each(state, act.DecisionId!, listings, l => l.State == ListingState.Adopted ? new ListingPublished(l.Id, act, expiry, Days.StartOf(act.EffectDate) <= moment.Now) : null);

    /// <summary>The effect date came.</summary>
    public static Verdict TookEffect(SanctionsState state, string decisionId, ImmutableArray<string> listings) =>
        Each(state, decisionId, listings, l => l.State == ListingState.Published ? new ListingEnteredIntoForce(l.Id) : null);

    /// <summary>
    /// A later decision prolonged the act, also before it took effect. A renewal that was adopted in time and recorded late finds the
    /// listing lapsed: the act has applied throughout, so the listing is in force again.
    /// </summary>
    public static Verdict Renewed(SanctionsState state, string decisionId, ImmutableArray<string> listings, string by, DateOnly expiry)
    {
        var renewed = Each(state, decisionId, listings, l =>
            (l.State is ListingState.InForce or ListingState.Published or ListingState.Lapsed) && l.Act?.DecisionId == decisionId && l.ExpiryDate != expiry ? new ListingRenewed(l.Id, by, expiry) : null);
        var revived = renewed.Events.OfType<ListingRenewed>().Where(e => state.Listings[e.Id].State == ListingState.Lapsed).Select(e => new ListingEnteredIntoForce(e.Id));
        return renewed with { Events = [.. renewed.Events, .. revived] };
    }

    /// <summary>The act expired: on this day it applies no longer, and neither does what it listed, unless that was renewed beyond it.</summary>
    public static Verdict Expired(SanctionsState state, string decisionId, ImmutableArray<string> listings, string reason, DateOnly day)
    {
        var renewed = state.Listings.Values.Where(l => l.RenewedBy == decisionId).Select(l => l.Id);
        return Each(state, decisionId, [.. listings, .. renewed], l =>
            (l.State is ListingState.InForce or ListingState.Published) && (l.Act?.DecisionId == decisionId || l.RenewedBy == decisionId) && !(l.ExpiryDate >= day) ? new ListingLapsed(l.Id, reason) : null);
    }

    /// <summary>The act was repealed: what it listed is listed no longer.</summary>
    public static Verdict Repealed(SanctionsState state, string decisionId, ImmutableArray<string> listings, string reason) =>
        Each(state, decisionId, listings, l => (l.State is ListingState.InForce or ListingState.Published) && l.Act?.DecisionId == decisionId ? new ListingLapsed(l.Id, reason) : null);

    /// <summary>The day of a published listing came, by the clock.</summary>
    public static Verdict EnterIntoForce(SanctionsState state, string id, Moment moment) =>
        state.Listings.TryGetValue(id, out var listing) && listing is { State: ListingState.Published, Act: { } act } && Days.StartOf(act.EffectDate) <= moment.Now
            ? new ListingEnteredIntoForce(id)
            : Verdict.Nothing;

    /// <summary>
    /// The listings a decision concerns: those its links name, and those that named the decision when they were proposed.
    /// A link to a listing that does not exist is refused, unless others of the same decision do exist; then it is passed over.
    /// </summary>
    private static Verdict Each(SanctionsState state, string decisionId, ImmutableArray<string> links, Func<Listing, SanctionsEvent?> follow)
    {
        ImmutableArray<Listing> concerned =
        [
            .. links.Concat(state.ByDecision.GetValueOrDefault(decisionId, [])).Distinct(StringComparer.Ordinal)
                .Select(id => state.Listings.GetValueOrDefault(id)).OfType<Listing>(),
        ];
        return concerned.IsEmpty && !links.IsEmpty
            ? new Refusal(RefusalCode.ListingNotFound, $"Decision {decisionId} concerns listings that are not here: {string.Join(", ", links)}.")
            : Verdict.Of(concerned.Select(follow).OfType<SanctionsEvent>());
    }
}
