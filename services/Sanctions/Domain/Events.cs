using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Domain;

// Everything that can happen in this service. The records' property names and EventNames are the storage format: a change of
// meaning gets a new record and a new versioned name, an old one is never altered.

/// <summary>An event of this service.</summary>
public abstract record SanctionsEvent;

/// <summary>An event of one listing; its stream is <c>listing-{Id}</c>.</summary>
public abstract record ListingEvent(string Id) : SanctionsEvent;

/// <summary>What a listing says beside its entry on the list.</summary>
public sealed record Grounds(string StatementOfReasons, Sequence<Measure> Measures, Sequence<string> Evidence);

/// <summary>An act as the Official Journal printed it.</summary>
/// <param name="Number">For example (CFSP) 2026/696.</param>
/// <param name="OjReference">Where it was published.</param>
/// <param name="Celex">CELEX number, where given.</param>
/// <param name="Url">ELI or another address, where given.</param>
/// <param name="PublicationDate">The day of publication.</param>
/// <param name="EffectDate">The day it takes effect.</param>
/// <param name="DecisionId">The decision of the Decisions service behind it; null for an act named by hand.</param>
public sealed record Act(string Number, string OjReference, string Celex, string Url, DateOnly PublicationDate, DateOnly EffectDate, string? DecisionId);

/// <summary>A listing was proposed, by a member state or (null) by the High Representative.</summary>
public sealed record ListingProposed(string Id, string Regime, Entry Entry, Grounds Grounds, string? ProposedBy, string? DecisionId) : ListingEvent(Id);

/// <summary>A decision took it up.</summary>
public sealed record ListingLinked(string Id, string DecisionId) : ListingEvent(Id);

/// <summary>A vote ended, of whatever it was: nothing is hung on the decision any more. Its stream is <c>decision-{DecisionId}</c>.</summary>
public sealed record VoteEnded(string DecisionId, bool Adopted) : SanctionsEvent;

/// <summary>The decision was adopted on a day.</summary>
public sealed record ListingAdopted(string Id, string DecisionId, DateOnly Day) : ListingEvent(Id);

/// <summary>The decision was not adopted, or the proposal was withdrawn.</summary>
public sealed record ListingNotAdopted(string Id, string? DecisionId, string Reason) : ListingEvent(Id);

/// <summary>The act was published; <paramref name="InForce"/> when its effect date had come.</summary>
public sealed record ListingPublished(string Id, Act Act, DateOnly? ExpiryDate, bool InForce) : ListingEvent(Id);

/// <summary>The effect date came.</summary>
public sealed record ListingEnteredIntoForce(string Id) : ListingEvent(Id);

/// <summary>The act that lists it was renewed until a later day.</summary>
public sealed record ListingRenewed(string Id, string By, DateOnly ExpiryDate) : ListingEvent(Id);

/// <summary>The act that lists it expired or was repealed.</summary>
public sealed record ListingLapsed(string Id, string Reason) : ListingEvent(Id);

/// <summary>What it says was changed, by an act once it is in force.</summary>
public sealed record ListingAmended(string Id, Entry Entry, Grounds Grounds, Act? Act) : ListingEvent(Id);

/// <summary>Only its evidence was changed: the file of the case, not what the listing says.</summary>
public sealed record EvidenceChanged(string Id, Sequence<string> Evidence) : ListingEvent(Id);

/// <summary>The subject was notified.</summary>
public sealed record ListingNotified(string Id, NotificationMethod Method, DateOnly Date, string Reference, DateOnly? ObservationsUntil) : ListingEvent(Id);

/// <summary>Observations were received.</summary>
public sealed record ObservationsReceived(string Id, DateOnly ReceivedOn, string From, string Summary) : ListingEvent(Id);

/// <summary>The listing was reviewed.</summary>
public sealed record ListingReviewed(string Id, DateOnly Date, ReviewOutcome Outcome, string Text) : ListingEvent(Id);

/// <summary>A derogation or an exemption was recorded.</summary>
public sealed record DerogationRecorded(string Id, DerogationGround Ground, string? MemberState, string Authority, DateOnly From, DateOnly? Until, string Reference, string Text) : ListingEvent(Id);

/// <summary>The listing ended.</summary>
public sealed record ListingDelisted(string Id, DelistingReason Reason, string Act, DateOnly Date, string Text) : ListingEvent(Id);

/// <summary>An import found a subject that was not on the list.</summary>
public sealed record EntryAdded(string Id, string List, string Regime, Entry Entry) : ListingEvent(Id);

/// <summary>An import found a subject told otherwise; <paramref name="Changed"/> names the parts.</summary>
public sealed record EntryAmended(string Id, string List, string Regime, Entry Entry, Sequence<string> Changed) : ListingEvent(Id);

/// <summary>An import no longer found a subject.</summary>
public sealed record EntryRemoved(string Id, string List) : ListingEvent(Id);

/// <summary>
/// An import ended; the last row of its transaction. Its stream is <c>list-{List}</c>. <paramref name="DayOnly"/>: the file knows
/// the day it was generated, and not the hour.
/// </summary>
public sealed record ListImported(string List, DateTimeOffset GeneratedAt, bool DayOnly, string FileHash, int Added, int Amended, int Removed, int Unchanged, int Rejected) : SanctionsEvent;

/// <summary>
/// A part of an import that is too large for one transaction: what will have happened to one listing when the import is completed, one
/// of the three. Until then it has no effect, and without it never. It is a row of the listing's stream.
/// </summary>
public sealed record EntryStaged(string List, string Import, EntryAdded? Added, EntryAmended? Amended, EntryRemoved? Removed) : SanctionsEvent
{
    /// <summary>What happens to the listing at the completion.</summary>
    public ListingEvent Staged() => Added ?? Amended ?? (ListingEvent?)Removed ?? throw new InvalidOperationException($"Import {Import} staged nothing in a row.");
}

/// <summary>
/// All rows of an import are staged, and take effect together at this row; <see cref="ListImported"/> comes right behind it. Its stream is
/// <c>imports-{List}</c>. <paramref name="First"/> and <paramref name="Last"/> are the positions of its first and last staged row.
/// </summary>
public sealed record ImportCompleted(string List, string Import, long First, long Last, int Rows) : SanctionsEvent;

/// <summary>
/// An import whose rows were staged was not completed, and will not be: its process ended, or its caller went away. Its stream is
/// <c>list-{List}</c>.
/// </summary>
public sealed record ImportAbandoned(string List, string Import) : SanctionsEvent;

/// <summary>Regimes were imported. The stream of these three is <c>regimes</c>.</summary>
public sealed record RegimesImported(string Source, ImmutableArray<RegimeRecord> Records) : SanctionsEvent;

/// <summary>A decision renewed a regime.</summary>
public sealed record RegimeRenewed(string Code, string DecisionId, string Act, DateOnly ExpiryDate) : SanctionsEvent;

/// <summary>A regime's expiry came near, by so many days; 0 when it passed.</summary>
public sealed record ExpiryApproached(string Code, DateOnly ExpiryDate, int DaysBefore) : SanctionsEvent;

/// <summary>A batch of screening records was closed; <paramref name="Root"/> is the root of its hash tree, hexadecimal. The stream of these two is <c>screenings</c>.</summary>
public sealed record ScreeningsSealed(string Batch, int Records, string Root, DateTimeOffset From, DateTimeOffset Until) : SanctionsEvent;

/// <summary>Batches of screening records were deleted, because the retention of every record in them had ended.</summary>
public sealed record ScreeningsExpired(Sequence<string> Batches, long Records) : SanctionsEvent;

/// <summary>
/// An event of one stored subject; its stream is <c>subject-{Id}</c>. What says who the subject is stands in it encrypted under the
/// subject's own key, or as a keyed hash: once the key is destroyed, nobody can read it.
/// </summary>
public abstract record SubjectEvent(string Id) : SanctionsEvent;

/// <summary>A version of a list: the position of its last change.</summary>
public sealed record ListVersion(string List, long Position);

/// <summary>A client stored a subject, or replaced what it had stored; it was screened at these versions of its lists in the same moment.</summary>
/// <param name="Id">Given by the service; a replaced subject keeps it.</param>
/// <param name="Client">Subject of the client's token.</param>
/// <param name="ReferenceHash">Keyed hash of the client and its own id of the subject; hexadecimal.</param>
/// <param name="ContentHash">Keyed hash of what was sent; hexadecimal.</param>
/// <param name="Ciphertext">What was sent, its own id included, encrypted; base64url.</param>
/// <param name="Profile">Name and version, for example onboarding@1.</param>
/// <param name="Threshold">Least score of an alert.</param>
/// <param name="Screened">Its lists.</param>
/// <param name="ScreeningId">The record of that screening; null before there was one.</param>
public sealed record SubjectStored(
    string Id, string Client, string ReferenceHash, string ContentHash, string Ciphertext, string Profile, decimal Threshold, Sequence<ListVersion> Screened, string? ScreeningId = null) : SubjectEvent(Id);

/// <summary>A client deleted a subject; its key is destroyed.</summary>
public sealed record SubjectDeleted(string Id) : SubjectEvent(Id);

/// <summary>A listing came near enough to a stored subject: an alert.</summary>
/// <param name="Id">The subject.</param>
/// <param name="Client">Whose it is.</param>
/// <param name="ListingId">The listing.</param>
/// <param name="List">Its list.</param>
/// <param name="ListPosition">The version of the list it was compared with.</param>
/// <param name="NamesPosition">The version of the listing's names.</param>
/// <param name="Score">0 to 1, four places.</param>
/// <param name="Band">By the subject's profile.</param>
/// <param name="MatchedName">The listed name that came nearest, encrypted like the subject, whose name it may well be; base64url.</param>
public sealed record SubjectMatched(
    string Id, string Client, string ListingId, string List, long ListPosition, long NamesPosition, decimal Score, ScreeningBand Band, string MatchedName) : SubjectEvent(Id);

/// <summary>
/// Every stored subject of a list was compared with what changed on it up to a position: the record of a re-screening. Its stream is
/// <c>list-{List}</c>; where the service stops before this row, it compares again.
/// </summary>
/// <param name="List">The list.</param>
/// <param name="Position">Its version.</param>
/// <param name="Subjects">How many subjects were compared.</param>
/// <param name="Alerts">How many alerts that raised, in this pass.</param>
/// <param name="Listings">How many listings were new or changed; null before that was recorded, like what follows.</param>
/// <param name="Unreadable">How many subjects could not be compared, because their key is lost.</param>
/// <param name="Engine">The version of the scorer.</param>
public sealed record SubjectsRescreened(string List, long Position, int Subjects, int Alerts, int? Listings = null, int? Unreadable = null, string? Engine = null) : SanctionsEvent;

/// <summary>An event of one exclusion; its stream is <c>exclusion-{Id}</c>.</summary>
public abstract record ExclusionEvent(string Id) : SanctionsEvent;

/// <summary>A client examined a hit and cleared it for one of its subjects, for this version of the listing's names.</summary>
public sealed record ExclusionRecorded(string Id, string Client, string ReferenceHash, string ListingId, long NamesPosition, string Reason) : ExclusionEvent(Id);

/// <summary>A client took an exclusion back.</summary>
public sealed record ExclusionWithdrawn(string Id) : ExclusionEvent(Id);
