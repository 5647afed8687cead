using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Lists;

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
