namespace ExternalAction.Decisions.Domain;

// The words of a file's life. Names are those of the contract's enums (types.proto), where each is documented; a test holds
// the two together. They are stored by name, so a name never changes.

/// <summary>How the vote is taken (Council Rules of Procedure, Art. 11 and 12).</summary>
public enum Procedure
{
    Meeting,
    Written,
    Silence,
}

/// <summary>Who proposes (TEU 30(1), 42(4); TFEU 215).</summary>
public enum Initiative
{
    HighRepresentative,
    MemberState,
    HighRepresentativeAndCommission,
    Commission,
}

/// <summary>Who decides.</summary>
public enum Institution
{
    Council,
    EuropeanCouncil,
}

/// <summary>Where a file stands; the preparatory states are in their order.</summary>
public enum FileState
{
    Draft,
    Proposed,
    WorkingParty,
    Psc,
    Coreper,
    Council,
    Voting,
    BrakeInvoked,
    Referred,
    Adopted,
    NotAdopted,
    Withdrawn,
    Published,
    InForce,
    Amended,
    Renewed,
    Expired,
    Repealed,
}

/// <summary>Why a file stands where it stands.</summary>
public enum FileReason
{
    UnanimityReached,
    VotesAgainst,
    AbsentUnrepresented,
    OneThirdBlock,
    QualifiedMajorityReached,
    DeemedAttainedFourMemberClause,
    DeemedAttainedParticipatingClause,
    MembersShort,
    PopulationShort,
    SimpleMajorityReached,
    MajorityShort,
    QuorumNotMet,
    SilenceLapsed,
    SilenceBroken,
    LateObjection,
    VoteOpen,
    InPreparation,
    BrakeInvoked,
    SolutionFound,
    MediationFailed,
    ReferralOpen,
    Referred,
    ReferralNotAdopted,
    Withdrawn,
    Published,
    InForce,
    Amended,
    Renewed,
    Expired,
    Repealed,
    NobodyTakesPart,
}

/// <summary>What a decision concerns in the other services.</summary>
public enum LinkKind
{
    PeaceFacilityMeasure,
    SanctionsListing,
    Mission,
    Partnership,
    Decision,
    SanctionsRegime,
}

/// <summary>How mediation after an emergency brake ended (TEU 31(2), second subparagraph).</summary>
public enum MediationOutcome
{
    Withdrawn,
    SolutionFound,
    Failed,
}

/// <summary>A link to a file of another service.</summary>
public sealed record Link(LinkKind Kind, string Id);

/// <summary>A member acting on behalf of another, one at most (TFEU 239).</summary>
public sealed record Proxy(string From, string To);

/// <summary>A member that does not take part in an item, and why.</summary>
public sealed record Outsider(string MemberState, string Reason);
