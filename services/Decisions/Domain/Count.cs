using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

/// <summary>One side of a counted vote.</summary>
/// <param name="Members">How many members.</param>
/// <param name="Population">Their population.</param>
/// <param name="Share">Their share of the population taking part, truncated to four places.</param>
/// <param name="MemberStates">Which, in protocol order.</param>
public sealed record CountedSide(int Members, long Population, string Share, ImmutableArray<string> MemberStates)
{
    internal static CountedSide Of(MemberGroup group) => new(group.Members, group.Population, group.PopulationShare, group.Codes);
}

/// <summary>The population table a count used.</summary>
public sealed record TableUsed(int Year, DateOnly ValidFrom, bool Derived, string Source)
{
    internal static TableUsed Of(PopulationTable table) => new(table.Year, table.ValidFrom, table.Derived, table.Source);
}

/// <summary>
/// A counted vote with all its figures, as it is kept for ever: a later import of reference data does not reach it.
/// </summary>
public sealed record Count(
    Rule Rule, Outcome Outcome, ReasonCode Reason, string Text, string Article,
    CountedSide InFavour, CountedSide Against, CountedSide Abstaining, CountedSide Constructive, CountedSide Absent,
    Requirement Required, int Quorum, OneThirdBlock? OneThirdBlock, ImmutableArray<string> BoundBy, ImmutableArray<string> NotObliged, TableUsed? Table)
{
    /// <summary>The facts of a tally.</summary>
    public static Count Of(TallyResult tally, PopulationTable? table) => new(
        tally.Required.Rule, tally.Outcome, tally.Reason, tally.ReasonText, tally.Article,
        CountedSide.Of(tally.InFavour), CountedSide.Of(tally.Against), CountedSide.Of(tally.Abstaining), CountedSide.Of(tally.Constructive), CountedSide.Of(tally.Absent),
        tally.Required, tally.Required.Quorum, tally.OneThirdBlock, tally.BoundBy, tally.NotObliged, table is null ? null : TableUsed.Of(table));
}

/// <summary>A member's final position; silence under a silence procedure counts as in favour.</summary>
public sealed record FinalPosition(string MemberState, Position Position, string? Declaration);
