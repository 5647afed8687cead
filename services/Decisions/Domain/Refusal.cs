using System.Collections.Immutable;

namespace ExternalAction.Decisions.Domain;

/// <summary>
/// Why a command is refused. The names are those of <c>DecisionsError</c> in the contract, where each is documented; a test
/// holds the two together.
/// </summary>
public enum RefusalCode
{
    DecisionNotFound,
    UnknownMemberState,
    UnknownLegalBasis,
    InitiativeNotAllowed,
    QualifiedMajorityExcluded,
    NoPopulationTable,
    WrongState,
    VoteClosed,
    VoteNotOpen,
    NotParticipating,
    NotYourMemberState,
    SecondProxy,
    InvalidProxy,
    NoProxy,
    DeclarationRequired,
    ConstructiveAbstentionExcluded,
    MemberAbsent,
    VotesMissing,
    DeadlineInPast,
    DeadlineRequired,
    DeadlinePassed,
    DeadlineNotLater,
    DeadlineNotReached,
    BrakeNotAvailable,
    ReasonsRequired,
    InvalidActNumber,
    ActNumberTaken,
    InvalidDates,
    InvalidAmendingAct,
    TooManyMembers,
    InvalidRecord,
    DuplicateRecord,
    InvalidAdvance,
    NoParticipants,
    PositionNotCastable,
}

/// <summary>A command refused: a value, not an exception.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">What is wrong, with the values at fault, in a sentence.</param>
/// <param name="Field">The request's field at fault, lowerCamelCase; null when it is the state that is at fault.</param>
/// <param name="Article">The rule applied, where it is a legal one.</param>
public sealed record Refusal(RefusalCode Code, string Detail, string? Field = null, string? Article = null);

/// <summary>What a command comes to: events (none when nothing has to happen), or a refusal.</summary>
public readonly record struct Verdict(ImmutableArray<DecisionsEvent> Events, Refusal? Refusal)
{
    /// <summary>Nothing has to happen.</summary>
    public static readonly Verdict Nothing = new([], null);

    public static implicit operator Verdict(DecisionsEvent happened) => new([happened], null);

    public static implicit operator Verdict(Refusal refusal) => new([], refusal);

    /// <summary>Several events, in order.</summary>
    public static Verdict Of(params ReadOnlySpan<DecisionsEvent> events) => new([.. events], null);
}
