using System.Text;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;

namespace ExternalAction.Sanctions;

/// <summary>
/// What the journal knows of this service: where its state begins, how an event changes it, and the versioned names events
/// are stored under. A name is never reused; an event whose shape must change gets a new one beside the old.
/// </summary>
internal static class SanctionsJournal
{
    /// <summary>The service's name, in the journal and on the bus.</summary>
    public const string Service = "sanctions";

    /// <summary>The definition.</summary>
    public static JournalDefinition<SanctionsState, SanctionsEvent> Definition { get; } = new()
    {
        Service = Service,
        Initial = SanctionsState.Empty,
        Evolve = (state, row) => state.Evolve(row.Event, StampOf(row)),
        StreamOf = SanctionsState.StreamOf,
        Codec = new EventCodec<SanctionsEvent>()
            .Add("sanctions.listing-proposed.v1", EventJson.Default.ListingProposed)
            .Add("sanctions.listing-linked.v1", EventJson.Default.ListingLinked)
            .Add("sanctions.listing-adopted.v1", EventJson.Default.ListingAdopted)
            .Add("sanctions.listing-not-adopted.v1", EventJson.Default.ListingNotAdopted)
            .Add("sanctions.vote-ended.v1", EventJson.Default.VoteEnded)
            .Add("sanctions.listing-published.v1", EventJson.Default.ListingPublished)
            .Add("sanctions.listing-entered-into-force.v1", EventJson.Default.ListingEnteredIntoForce)
            .Add("sanctions.listing-renewed.v1", EventJson.Default.ListingRenewed)
            .Add("sanctions.listing-lapsed.v1", EventJson.Default.ListingLapsed)
            .Add("sanctions.listing-amended.v1", EventJson.Default.ListingAmended)
            .Add("sanctions.evidence-changed.v1", EventJson.Default.EvidenceChanged)
            .Add("sanctions.listing-notified.v1", EventJson.Default.ListingNotified)
            .Add("sanctions.observations-received.v1", EventJson.Default.ObservationsReceived)
            .Add("sanctions.listing-reviewed.v1", EventJson.Default.ListingReviewed)
            .Add("sanctions.derogation-recorded.v1", EventJson.Default.DerogationRecorded)
            .Add("sanctions.listing-delisted.v1", EventJson.Default.ListingDelisted)
            .Add("sanctions.entry-added.v1", EventJson.Default.EntryAdded)
            .Add("sanctions.entry-amended.v1", EventJson.Default.EntryAmended)
            .Add("sanctions.entry-removed.v1", EventJson.Default.EntryRemoved)
            .Add("sanctions.entry-staged.v1", EventJson.Default.EntryStaged)
            .Add("sanctions.import-completed.v1", EventJson.Default.ImportCompleted)
            .Add("sanctions.import-abandoned.v1", EventJson.Default.ImportAbandoned)
            .Add("sanctions.list-imported.v1", EventJson.Default.ListImported)
            .Add("sanctions.regimes-imported.v1", EventJson.Default.RegimesImported)
            .Add("sanctions.regime-renewed.v1", EventJson.Default.RegimeRenewed)
            .Add("sanctions.expiry-approached.v1", EventJson.Default.ExpiryApproached)
            .Add("sanctions.screenings-sealed.v1", EventJson.Default.ScreeningsSealed)
            .Add("sanctions.screenings-expired.v1", EventJson.Default.ScreeningsExpired)
            .Add("sanctions.subject-stored.v1", EventJson.Default.SubjectStored)
            .Add("sanctions.subject-deleted.v1", EventJson.Default.SubjectDeleted)
            .Add("sanctions.subject-matched.v1", EventJson.Default.SubjectMatched)
            .Add("sanctions.subjects-rescreened.v1", EventJson.Default.SubjectsRescreened)
            .Add("sanctions.exclusion-recorded.v1", EventJson.Default.ExclusionRecorded)
            .Add("sanctions.exclusion-withdrawn.v1", EventJson.Default.ExclusionWithdrawn),
    };

    /// <summary>The event of a row as it is told to auditors.</summary>
    public static SanctionsEvent EventOf(HistoryEntry entry) => Definition.Codec.Decode(entry.Type, Encoding.UTF8.GetBytes(entry.Payload));

    /// <summary>When, where and by whom a row was recorded, in the domain's words.</summary>
    public static Stamp StampOf(JournalEvent<SanctionsEvent> row) => new(row.Position, row.Actor, row.OccurredAt, row.RecordedAt);
}
