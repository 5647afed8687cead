using ExternalAction.Decisions.Domain;
using ExternalAction.Journal;

namespace ExternalAction.Decisions;

/// <summary>
/// What the journal knows of this service: where its state begins, how an event changes it, and the versioned names events
/// are stored under. A name is never reused; an event whose shape must change gets a new one beside the old.
/// </summary>
internal static class DecisionsJournal
{
    /// <summary>The service's name, in the journal and on the bus.</summary>
    public const string Service = "decisions";

    /// <summary>The definition.</summary>
    public static JournalDefinition<DecisionsState, DecisionsEvent> Definition { get; } = new()
    {
        Service = Service,
        Initial = DecisionsState.Empty,
        Evolve = (state, row) => state.Evolve(row.Event, StampOf(row)),
        StreamOf = DecisionsState.StreamOf,
        Codec = new EventCodec<DecisionsEvent>()
            .Add("decisions.file-opened.v1", EventJson.Default.FileOpened)
            .Add("decisions.file-advanced.v1", EventJson.Default.FileAdvanced)
            .Add("decisions.file-withdrawn.v1", EventJson.Default.FileWithdrawn)
            .Add("decisions.vote-opened.v1", EventJson.Default.VoteOpened)
            .Add("decisions.deadline-extended.v1", EventJson.Default.DeadlineExtended)
            .Add("decisions.vote-cast.v1", EventJson.Default.VoteCast)
            .Add("decisions.late-objection-stated.v1", EventJson.Default.LateObjectionStated)
            .Add("decisions.silence-broken.v1", EventJson.Default.SilenceBroken)
            .Add("decisions.vote-closed.v1", EventJson.Default.VoteClosed)
            .Add("decisions.brake-invoked.v1", EventJson.Default.BrakeInvoked)
            .Add("decisions.mediation-ended.v1", EventJson.Default.MediationEnded)
            .Add("decisions.referral-opened.v1", EventJson.Default.ReferralOpened)
            .Add("decisions.referral-decided.v1", EventJson.Default.ReferralDecided)
            .Add("decisions.act-published.v1", EventJson.Default.ActPublished)
            .Add("decisions.act-entered-into-force.v1", EventJson.Default.ActEnteredIntoForce)
            .Add("decisions.act-amended.v1", EventJson.Default.ActAmended)
            .Add("decisions.act-renewed.v1", EventJson.Default.ActRenewed)
            .Add("decisions.act-expired.v1", EventJson.Default.ActExpired)
            .Add("decisions.act-repealed.v1", EventJson.Default.ActRepealed)
            .Add("decisions.member-states-imported.v1", EventJson.Default.MemberStatesImported)
            .Add("decisions.populations-imported.v1", EventJson.Default.PopulationsImported)
            .Add("decisions.legal-bases-imported.v1", EventJson.Default.LegalBasesImported)
            .Add("decisions.opt-outs-imported.v1", EventJson.Default.OptOutsImported),
    };

    /// <summary>When, where and by whom a row was recorded, in the domain's words.</summary>
    public static Stamp StampOf(JournalEvent<DecisionsEvent> row) => new(row.Position, row.Actor, row.OccurredAt, row.RecordedAt);
}
