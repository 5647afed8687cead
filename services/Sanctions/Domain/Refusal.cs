using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain;

/// <summary>
/// Why a command is refused. The names are those of <c>SanctionsError</c> in the contract, where each is documented; a test
/// holds the two together.
/// </summary>
public enum RefusalCode
{
    ListingNotFound,
    UnknownRegime,
    ListNotFound,
    WrongListingState,
    NotYourMemberState,
    StatementOfReasonsRequired,
    NameRequired,
    MeasureNotApplicable,
    InvalidDates,
    ActRequired,
    OlderList,
    TooManyRemovals,
    ImportInProgress,
    InvalidRecord,
    SubjectNotFound,
    TooManySubjects,
    ExclusionNotFound,
    AliasVersionPassed,
    TooManyExclusions,
    DerogationIncomplete,
    ReferenceNumberTaken,
    DecisionClosed,
}

/// <summary>A command refused: a value, not an exception.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">What is wrong, with the values at fault, in a sentence.</param>
/// <param name="Field">The request's field at fault, lowerCamelCase; null when it is the state that is at fault.</param>
/// <param name="Article">The rule applied, where it is a legal one.</param>
public sealed record Refusal(RefusalCode Code, string Detail, string? Field = null, string? Article = null);

/// <summary>What a command comes to: events (none when nothing has to happen), or a refusal.</summary>
public readonly record struct Verdict(ImmutableArray<SanctionsEvent> Events, Refusal? Refusal)
{
    /// <summary>Nothing has to happen.</summary>
    public static readonly Verdict Nothing = new([], null);

    public static implicit operator Verdict(SanctionsEvent happened) => new([happened], null);

    public static implicit operator Verdict(Refusal refusal) => new([], refusal);

    /// <summary>Several events, in order.</summary>
    public static Verdict Of(IEnumerable<SanctionsEvent> events) => new([.. events], null);
}
