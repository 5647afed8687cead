namespace ExternalAction.Contracts.Events;

// What other services learn from Decisions. Codes are those of the API (docs of the enums in types.proto); dates are
// YYYY-MM-DD. A change of meaning gets a new version of the type's name, never a changed record.

/// <summary>A link to a file of another service.</summary>
/// <param name="Kind">LinkKind of the API, for example <c>PEACE_FACILITY_MEASURE</c>.</param>
/// <param name="Id">The other service's id.</param>
public sealed record EventLink(string Kind, string Id);

/// <summary>A member state's final position in a vote.</summary>
/// <param name="MemberState">EU code.</param>
/// <param name="Position">Position of the API; silence under a silence procedure counts as <c>FOR</c>.</param>
/// <param name="Declaration">The words given with it; never empty for a constructive abstention.</param>
public sealed record FinalPosition(string MemberState, string Position, string? Declaration);

/// <summary>A vote was opened.</summary>
public sealed record DecisionOpened(string DecisionId, string Title, string LegalBasis, string Rule, string Procedure, DateTimeOffset? Deadline, IReadOnlyList<EventLink> Links);

/// <summary>A member state's position was recorded or changed.</summary>
public sealed record VoteRecorded(string DecisionId, string MemberState, string Position, string? CastBy);

/// <summary>A decision was adopted.</summary>
/// <param name="DecisionId">The file.</param>
/// <param name="Title">Its title.</param>
/// <param name="DocumentNumber">Its Council document, for example ST/6395/2024/INIT.</param>
/// <param name="LegalBasis">Id of the legal basis.</param>
/// <param name="Rule">The rule it was counted under.</param>
/// <param name="MilitaryOrDefence">True: with military or defence implications (TEU 31(4)).</param>
/// <param name="AdoptionDate">The day of adoption, Brussels time.</param>
/// <param name="ReasonCode">The outcome's legal reason.</param>
/// <param name="Positions">Every member state that takes part, with its final position.</param>
/// <param name="NotParticipating">Member states that do not take part.</param>
/// <param name="NotObliged">Member states not obliged to apply it (TEU 31(1), second subparagraph).</param>
/// <param name="Links">What it concerns.</param>
public sealed record DecisionAdopted(
    string DecisionId, string Title, string DocumentNumber, string LegalBasis, string Rule, bool MilitaryOrDefence, DateOnly AdoptionDate, string ReasonCode,
    IReadOnlyList<FinalPosition> Positions, IReadOnlyList<string> NotParticipating, IReadOnlyList<string> NotObliged, IReadOnlyList<EventLink> Links);

/// <summary>A vote ended without adoption, the file was withdrawn, or the Council did not refer it: final, this file is never adopted. A meeting without quorum is none of these.</summary>
public sealed record DecisionNotAdopted(string DecisionId, string ReasonCode, IReadOnlyList<FinalPosition> Positions, IReadOnlyList<EventLink> Links);

/// <summary>An adopted act was published; effect and expiry are what the act says.</summary>
public sealed record ActPublished(
    string DecisionId, string ActNumber, string OjReference, string Celex, string Eli, DateOnly AdoptionDate, DateOnly PublicationDate, DateOnly EffectDate, DateOnly? ExpiryDate, IReadOnlyList<EventLink> Links);

/// <summary>
/// An act's life changed: <c>IN_FORCE</c>, <c>AMENDED</c>, <c>RENEWED</c>, <c>EXPIRED</c> or <c>REPEALED</c>. A change may come before the effect
/// date (then <c>IN_FORCE</c> follows on its day, unless it was a repeal), and a renewal after <c>EXPIRED</c>, when it was recorded late.
/// </summary>
public sealed record ActChanged(string DecisionId, string ActNumber, string State, string? By, DateOnly? ExpiryDate, IReadOnlyList<EventLink> Links);

/// <summary>Something a cached reply may rest on has changed, and nothing else needs to know: preparation, extension, a meeting without quorum, reference data.</summary>
public sealed record FileChanged(string? DecisionId);
