namespace ExternalAction.Decisions.Domain.Voting;

// The words of a vote: by which rule it is counted, what a member did, and how it ended. Which legal basis leads to which
// rule is decided elsewhere; here a rule is only arithmetic.

/// <summary>How a vote is counted.</summary>
public enum Rule
{
    /// <summary>No vote against and nobody absent without a proxy; abstentions do not stand in the way (TEU 31(1), TFEU 238(4)).</summary>
    Unanimity,

    /// <summary>On a proposal of the Commission or the High Representative: 55 % of members with 65 % of population (TEU 16(4); TFEU 238(3)(a) when not all take part).</summary>
    QualifiedMajority,

    /// <summary>Without such a proposal: 72 % of members with 65 % of population (TFEU 238(2); 238(3)(b) when not all take part).</summary>
    ReinforcedQualifiedMajority,

    /// <summary>More than half of the members (TFEU 238(1), TEU 31(5)).</summary>
    SimpleMajority,
}

/// <summary>What one member did in a vote. A represented member has the position that its proxy gave for it.</summary>
public enum Position
{
    /// <summary>The member has no vote on this item (opt-out, suspension, enhanced cooperation without it): it counts nowhere.</summary>
    NotParticipating,

    /// <summary>In favour.</summary>
    For,

    /// <summary>Against.</summary>
    Against,

    /// <summary>A plain abstention.</summary>
    Abstain,

    /// <summary>An abstention qualified by a formal declaration (TEU 31(1), second subparagraph). Outside unanimity it is an abstention like any other.</summary>
    ConstructiveAbstention,

    /// <summary>Neither present nor represented. That is not an abstention.</summary>
    Absent,
}

/// <summary>How a vote ended.</summary>
public enum Outcome
{
    /// <summary>The act is adopted.</summary>
    Adopted,

    /// <summary>The act is not adopted.</summary>
    NotAdopted,
}

/// <summary>Why a vote ended as it did. When several reasons hold, the first one in this order that decides is given.</summary>
public enum ReasonCode
{
    /// <summary>Not adopted: every member is outside this item, so there is nobody to vote.</summary>
    NobodyTakesPart,

    /// <summary>Not adopted: fewer than a majority of those entitled to vote are present or represented (Council Rules of Procedure, Article 11(4)).</summary>
    QuorumNotMet,

    /// <summary>Not adopted: unanimity is required and at least one member voted against.</summary>
    VotesAgainst,

    /// <summary>Not adopted: unanimity is required and at least one member was neither present nor represented.</summary>
    AbsentUnrepresented,

    /// <summary>Not adopted: the members that qualified their abstention reach one third of members and one third of population (TEU 31(1)).</summary>
    OneThirdBlock,

    /// <summary>Adopted: unanimity.</summary>
    UnanimityReached,

    /// <summary>Not adopted: too few members in favour for a qualified majority; the population may be short as well.</summary>
    MembersShort,

    /// <summary>Adopted: both legs of the qualified majority are reached.</summary>
    QualifiedMajorityReached,

    /// <summary>Adopted: the population leg is missed, but fewer than four members are not in favour (TEU 16(4)).</summary>
    DeemedAttainedFourMemberClause,

    /// <summary>Adopted: the population leg is missed, but those not in favour are fewer than a blocking minority of the participating members must be (TFEU 238(3)(a)).</summary>
    DeemedAttainedParticipatingClause,

    /// <summary>Not adopted: enough members in favour, too little population.</summary>
    PopulationShort,

    /// <summary>Adopted: more than half of the members are in favour.</summary>
    SimpleMajorityReached,

    /// <summary>Not adopted: no more than half of the members are in favour.</summary>
    MajorityShort,
}
