using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

// Everything that can happen in this service. The records' property names and EventNames are the storage format: a change of
// meaning gets a new record and a new versioned name, an old one is never altered.

/// <summary>An event of this service.</summary>
public abstract record DecisionsEvent;

/// <summary>An event of one file; its stream is <c>decision-{Id}</c>.</summary>
public abstract record FileEvent(string Id) : DecisionsEvent;

/// <summary>Where a file comes from when the service opens it itself: a referral's vote, or the European Council's file.</summary>
public sealed record Origin(string Id, bool ReferralVote);

/// <summary>A file was opened; rule and participants were selected from the reference data of its date.</summary>
public sealed record FileOpened(
    string Id, string Title, string DocumentNumber, string LegalBasis, string Article, Institution Institution, bool Brake, Initiative Initiative, string? ProposedBy,
    bool MilitaryOrDefence, Procedure Procedure, DateOnly Date, Rule Rule, ImmutableArray<string> Participants, ImmutableArray<Outsider> NotParticipating,
    ImmutableArray<Link> Links, FileState State, Origin? Origin) : FileEvent(Id);

/// <summary>A file moved forward to a preparatory body.</summary>
public sealed record FileAdvanced(string Id, FileState To) : FileEvent(Id);

/// <summary>A file was withdrawn before adoption.</summary>
public sealed record FileWithdrawn(string Id, string Reason) : FileEvent(Id);

/// <summary>A vote was opened.</summary>
public sealed record VoteOpened(string Id, DateTimeOffset? Deadline, ImmutableArray<string> Absent, ImmutableArray<Proxy> Proxies) : FileEvent(Id);

/// <summary>A period was extended before it ended.</summary>
public sealed record DeadlineExtended(string Id, DateTimeOffset From, DateTimeOffset To) : FileEvent(Id);

/// <summary>A member's position was recorded or changed. <paramref name="CastBy"/> is the member that acted under a proxy.</summary>
public sealed record VoteCast(string Id, string MemberState, Position Position, string? Declaration, string? CastBy, DateTimeOffset ReceivedAt) : FileEvent(Id);

/// <summary>An objection came too late: it is kept as a statement and changes nothing.</summary>
public sealed record LateObjectionStated(string Id, string MemberState, string Text, DateTimeOffset ReceivedAt) : FileEvent(Id);

/// <summary>An objection broke the silence; the file went back to a preparatory body.</summary>
public sealed record SilenceBroken(string Id, string MemberState, FileState BackTo) : FileEvent(Id);

/// <summary>A vote ended; the count is kept with all its figures, whatever later imports say.</summary>
public sealed record VoteClosed(string Id, bool Adopted, FileReason Reason, Count Count, ImmutableArray<FinalPosition> Positions, DateOnly Day) : FileEvent(Id);

/// <summary>A member opposed for vital and stated reasons: no vote is taken.</summary>
public sealed record BrakeInvoked(string Id, string MemberState, string Reasons) : FileEvent(Id);

/// <summary>The High Representative's search for a solution ended.</summary>
public sealed record MediationEnded(string Id, MediationOutcome Outcome, string Text) : FileEvent(Id);

/// <summary>The Council's vote on referral was opened as a file of its own.</summary>
public sealed record ReferralOpened(string Id, string VoteId) : FileEvent(Id);

/// <summary>The Council referred the matter to the European Council, or did not reach the majority for it.</summary>
public sealed record ReferralDecided(string Id, bool Referred, string? EuropeanCouncilId) : FileEvent(Id);

/// <summary>The act was published; the numbers are the Official Journal's.</summary>
public sealed record ActPublished(
    string Id, string Number, string OjReference, string Celex, string Eli, DateOnly PublicationDate, DateOnly EffectDate, DateOnly? ExpiryDate, bool InForce) : FileEvent(Id);

/// <summary>The act's effect date came.</summary>
public sealed record ActEnteredIntoForce(string Id) : FileEvent(Id);

/// <summary>A later decision amended the act.</summary>
public sealed record ActAmended(string Id, string By) : FileEvent(Id);

/// <summary>A later decision prolonged the act.</summary>
public sealed record ActRenewed(string Id, string By, DateOnly ExpiryDate) : FileEvent(Id);

/// <summary>The act's expiry date passed.</summary>
public sealed record ActExpired(string Id) : FileEvent(Id);

/// <summary>A later decision repealed the act.</summary>
public sealed record ActRepealed(string Id, string By) : FileEvent(Id);

/// <summary>A change of reference data; each kind has a stream of its own.</summary>
public abstract record ReferenceEvent : DecisionsEvent;

/// <summary>Member states were imported.</summary>
public sealed record MemberStatesImported(DateOnly ValidFrom, string Source, ImmutableArray<MemberStateRecord> Records) : ReferenceEvent;

/// <summary>A population table was imported.</summary>
public sealed record PopulationsImported(PopulationTable Table) : ReferenceEvent;

/// <summary>Legal bases were imported.</summary>
public sealed record LegalBasesImported(DateOnly ValidFrom, string Source, ImmutableArray<LegalBasisRecord> Records) : ReferenceEvent;

/// <summary>Opt-outs and suspensions were imported.</summary>
public sealed record OptOutsImported(DateOnly ValidFrom, string Source, ImmutableArray<OptOutRecord> Records) : ReferenceEvent;
