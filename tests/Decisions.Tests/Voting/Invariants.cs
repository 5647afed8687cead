using ExternalAction.Decisions.Domain.Voting;
using FsCheck.Xunit;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>What must hold for every vote, tried on random ones.</summary>
[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class Invariants
{
    [Property]
    public bool The_count_agrees_with_the_naive_reading_of_the_treaties_for_small_votes(SmallVote vote) =>
        Naive.Adopted(vote.Rule, vote.Roll) == (Tally.Count(vote.Rule, vote.Roll).Outcome == Outcome.Adopted);

    [Property]
    public bool One_more_vote_in_favour_never_loses_an_adopted_decision(UnionVote vote) =>
        Tally.Count(vote.Rule, vote.Roll).Outcome == Outcome.NotAdopted
        || vote.Roll.Electorate.CodesOf(vote.Roll.TakingPart).All(code =>
            Tally.Count(vote.Rule, vote.Roll.With(code, Position.For)).Outcome == Outcome.Adopted);

    [Property]
    public bool Under_unanimity_a_vote_for_and_a_plain_abstention_are_interchangeable(UnionVote vote) =>
        vote.Roll.Electorate.CodesOf(vote.Roll.For | vote.Roll.Abstain).All(code =>
            Tally.Count(Rule.Unanimity, vote.Roll.With(code, Position.Abstain)).Reason
            == Tally.Count(Rule.Unanimity, vote.Roll.With(code, Position.For)).Reason);

    [Property]
    public bool The_one_third_block_depends_on_constructive_abstentions_only(UnionVote vote)
    {
        var block = Tally.Count(Rule.Unanimity, vote.Roll).OneThirdBlock;
        var others = vote.Roll.TakingPart & ~vote.Roll.Constructive;
        return new[] { Position.For, Position.Against, Position.Abstain, Position.Absent }
            .All(position => Tally.Count(Rule.Unanimity, vote.Roll.WithAll(others, position)).OneThirdBlock == block);
    }

    [Property]
    public bool TEU_16_4_and_TFEU_238_3_a_agree_when_every_member_of_the_union_takes_part(UnionVote vote)
    {
        // A 28th state without a vote turns the rule into 238(3)(a) over the same 27.
        var all = vote.Roll.WithAll(vote.Roll.Electorate.All & ~vote.Roll.TakingPart, Position.For);
        var with28 = new Electorate([.. all.Electorate.Members, new Member("XX", 0)]);
        var participating = all.Electorate.Members.Aggregate(with28.Everyone(Position.NotParticipating), (r, m) => r.With(m.Code, all[m.Code]));
        var (whole, part) = (Tally.Count(Rule.QualifiedMajority, all), Tally.Count(Rule.QualifiedMajority, participating));
        return whole.Outcome == part.Outcome && (whole.Article, part.Article) is not ("TEU 16(4)", "TEU 16(4)");
    }

    [Property]
    public bool The_order_of_members_and_votes_never_matters(UnionVote vote)
    {
        var reversed = new Electorate(vote.Roll.Electorate.Members.Reverse());
        var roll = reversed.Members.Aggregate(reversed.Everyone(Position.NotParticipating), (r, m) => r.With(m.Code, vote.Roll[m.Code]));
        var (a, b) = (Tally.Count(vote.Rule, vote.Roll), Tally.Count(vote.Rule, roll));
        return a.Reason == b.Reason && a.Required == b.Required && a.BoundBy.Order().SequenceEqual(b.BoundBy.Order());
    }

    [Property]
    public bool Writing_changes_the_reason_but_never_the_outcome(UnionVote vote) =>
        Tally.Count(vote.Rule, vote.Roll).Outcome == Tally.Count(vote.Rule, vote.Roll, inWriting: true).Outcome;

    [Property]
    public bool Bound_and_not_obliged_members_divide_those_taking_part_in_an_adopted_decision(UnionVote vote)
    {
        var result = Tally.Count(vote.Rule, vote.Roll);
        var taking = vote.Roll.Electorate.CodesOf(vote.Roll.TakingPart);
        return result.Outcome == Outcome.Adopted
            ? result.BoundBy.Concat(result.NotObliged).Order().SequenceEqual(taking.Order())
            : result.BoundBy.IsEmpty && result.NotObliged.IsEmpty;
    }

    [Property]
    public bool The_reason_always_has_words_and_never_a_number_that_is_out_of_range(SmallVote vote)
    {
        var text = Tally.Count(vote.Rule, vote.Roll).ReasonText;
        return text.EndsWith('.') && !text.Contains('-', StringComparison.Ordinal);
    }

    [Property]
    public bool To_adopt_names_exactly_the_sets_that_trying_everything_finds(SmallVote vote) => Same(
        WhatIf.ToAdopt(vote.Rule, vote.Roll),
        Naive.Adopted(vote.Rule, vote.Roll) ? [] : Naive.Turning(vote.Rule, vote.Roll, Position.For,
            position => position is not (Position.For or Position.NotParticipating)
                && (vote.Rule != Rule.Unanimity || position != Position.Abstain)));

    [Property]
    public bool To_block_names_exactly_the_sets_that_trying_everything_finds(SmallVote vote) => Same(
        WhatIf.ToBlock(vote.Rule, vote.Roll),
        !Naive.Adopted(vote.Rule, vote.Roll) ? [] : Naive.Turning(vote.Rule, vote.Roll, Position.Against,
            position => position == Position.For
                || (vote.Rule == Rule.Unanimity && position is Position.Abstain or Position.ConstructiveAbstention)));

    private static bool Same(IEnumerable<MemberGroup> found, List<string> expected) =>
        found.Select(set => string.Join(' ', set.Codes.Order(StringComparer.Ordinal))).SequenceEqual(expected);
}

internal static class RollSets
{
    public static Roll WithAll(this Roll roll, ulong set, Position position) =>
        roll.Electorate.CodesOf(set).Aggregate(roll, (r, code) => r.With(code, position));
}
