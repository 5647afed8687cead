using ExternalAction.Decisions.Domain.Voting;
using static ExternalAction.Decisions.Tests.Voting.MemberTables;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>
/// The worked examples of the decision rules that are arithmetic, numbered as in docs/decision-rules.md. Each runs on people and on
/// hundredths of a percent. Examples 9, 24, 26, 27 and 28 are procedure (proxies, brake, silence) and are tested with the decision file.
/// </summary>
public sealed class WorkedExamples
{
    private const string FourteenLargest = "DE FR IT ES PL RO NL BE CZ PT SE EL HU AT";

    [Fact]
    public void Example_01_all_for_under_unanimity_is_adopted() =>
        Expect(Rule.Unanimity, Vote(), ReasonCode.UnanimityReached, "TEU 31(1)");

    [Fact]
    public void Example_02_one_vote_against_stops_unanimity()
    {
        var result = Expect(Rule.Unanimity, Vote(against: "HU"), ReasonCode.VotesAgainst, "TEU 31(1)");
        Assert.Empty(result.BoundBy);
        Assert.Contains("HU", result.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void Example_03_plain_abstentions_do_not_prevent_unanimity_and_all_27_are_bound()
    {
        var result = Expect(Rule.Unanimity, Vote(abstain: "IE AT MT"), ReasonCode.UnanimityReached, "TEU 31(1)");
        Assert.Equal(27, result.BoundBy.Length);
        Assert.Empty(result.NotObliged);
    }

    [Fact]
    public void Example_04_three_constructive_abstainers_are_not_obliged_to_apply()
    {
        var result = Expect(Rule.Unanimity, Vote(constructive: "IE AT MT"), ReasonCode.UnanimityReached, "TEU 31(1)");
        Assert.Equal("IE MT AT", string.Join(' ', result.NotObliged));
        Assert.Equal(24, result.BoundBy.Length);
        Assert.Equal(3, result.Constructive.Members);
        Assert.StartsWith("0.033", result.Constructive.PopulationShare, StringComparison.Ordinal);
        Assert.Equal(6, result.OneThirdBlock!.MissingMembers);
    }

    [Fact]
    public void Example_05_nine_small_constructive_abstainers_do_not_block()
    {
        var result = Expect(Rule.Unanimity, Vote(constructive: "MT LU CY EE LV SI LT HR IE"), ReasonCode.UnanimityReached, "TEU 31(1)");
        Assert.Equal(0, result.OneThirdBlock!.MissingMembers);
        Assert.True(result.OneThirdBlock.MissingPopulation > 0);
    }

    [Fact]
    public void Example_06_nine_constructive_abstainers_with_over_a_third_of_the_population_block()
    {
        var result = Expect(Rule.Unanimity, Vote(constructive: "DE FR MT LU CY EE LV SI LT"), ReasonCode.OneThirdBlock, "TEU 31(1) subparagraph 2");
        Assert.True(result.OneThirdBlock!.Reached);
        Assert.Empty(result.NotObliged);
    }

    [Fact]
    public void Example_07_the_block_works_with_34_percent_too() =>
        Expect(Rule.Unanimity, Vote(constructive: "DE IT MT LU CY EE LV SI LT"), ReasonCode.OneThirdBlock, "TEU 31(1) subparagraph 2");

    [Fact]
    public void Example_08_a_represented_member_votes_through_its_proxy()
    {
        var bothBySlovakia = People2025.Everyone(Position.Absent)
            .Put(Position.For, string.Join(' ', People2025.Members.Select(m => m.Code).Where(c => c is not "HU")))
            .With("HU", Position.For);
        Expect(Rule.Unanimity, bothBySlovakia, ReasonCode.UnanimityReached, "TEU 31(1)");
    }

    [Theory]
    [InlineData(Rule.Unanimity)]
    [InlineData(Rule.QualifiedMajority)]
    [InlineData(Rule.ReinforcedQualifiedMajority)]
    [InlineData(Rule.SimpleMajority)]
    public void Example_10_thirteen_present_are_no_quorum(Rule rule) =>
        Expect(rule, Vote(absent: FourteenLargest), ReasonCode.QuorumNotMet, "Council Rules of Procedure 11(4)");

    [Fact]
    public void Example_11_with_unanimity_forced_by_31_4_one_vote_against_is_enough() =>
        Expect(Rule.Unanimity, Vote(against: "HU"), ReasonCode.VotesAgainst, "TEU 31(1)");

    [Fact]
    public void Example_12_qualified_majority_without_hungary()
    {
        var result = Expect(Rule.QualifiedMajority, Vote(against: "HU"), ReasonCode.QualifiedMajorityReached, "TEU 16(4)");
        Assert.Equal(26, result.InFavour.Members);
        // 97.88 of the 100.01 that the published percentages sum to: shares are of the records, never of a published total.
        Assert.Equal("0.9787", result.InFavour.PopulationShare);
        Assert.Contains("97.87 %", result.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void Example_13_qualified_majority_without_two() =>
        Expect(Rule.QualifiedMajority, Vote(against: "HU SK"), ReasonCode.QualifiedMajorityReached, "TEU 16(4)");

    [Fact]
    public void Example_14_four_opponents_with_14_percent_do_not_block()
    {
        var result = Expect(Rule.QualifiedMajority, Vote(against: "PL HU CZ SK"), ReasonCode.QualifiedMajorityReached, "TEU 16(4)");
        Assert.Equal(23, result.InFavour.Members);
        Assert.Equal("0.1408", result.Against.PopulationShare);
    }

    [Fact]
    public void Example_15_fourteen_members_are_too_few_with_90_percent()
    {
        var roll = People2025.Everyone(Position.Against).Put(Position.For, FourteenLargest);
        Expect(Rule.QualifiedMajority, roll, ReasonCode.MembersShort, "TEU 16(4)");
    }

    [Fact]
    public void Example_16_three_large_opponents_cannot_block()
    {
        var result = Expect(Rule.QualifiedMajority, Vote(against: "DE FR IT"), ReasonCode.DeemedAttainedFourMemberClause, "TEU 16(4)");
        Assert.StartsWith("0.53", result.InFavour.PopulationShare, StringComparison.Ordinal);
    }

    [Fact]
    public void Example_17_three_large_opponents_and_malta_block() =>
        Expect(Rule.QualifiedMajority, Vote(against: "DE FR IT MT"), ReasonCode.PopulationShort, "TEU 16(4)");

    [Fact]
    public void Example_18_four_opponents_with_35_80_percent_block() =>
        Expect(Rule.QualifiedMajority, Vote(against: "DE FR AT MT"), ReasonCode.PopulationShort, "TEU 16(4)");

    // Marked ◊ in the notes: the margin is smaller than the rounding error of the percentages, so absolute figures may decide otherwise.
    [Fact]
    public void Example_19_the_close_call_of_35_02_percent_blocks_with_the_two_decimal_table()
    {
        var result = Expect(Rule.QualifiedMajority, Vote(against: "DE FR SK LU"), ReasonCode.PopulationShort, "TEU 16(4)");
        Assert.Equal("0.6498", result.InFavour.PopulationShare);
    }

    [Fact]
    public void Example_20_under_qualified_majority_an_abstention_is_not_in_favour() =>
        Expect(Rule.QualifiedMajority, Vote(abstain: "DE FR IT ES"), ReasonCode.PopulationShort, "TEU 16(4)");

    [Fact]
    public void Example_21_twenty_members_carry_a_member_states_initiative()
    {
        var result = Expect(Rule.ReinforcedQualifiedMajority, Vote(against: "CY MT LU EE LV SI LT"), ReasonCode.QualifiedMajorityReached, "TFEU 238(2)");
        Assert.Equal(20, result.InFavour.Members);
    }

    [Fact]
    public void Example_22_with_hungary_suspended_germany_and_france_hold_34_39_percent_and_do_not_block()
    {
        var result = Expect(Rule.QualifiedMajority, Vote(against: "DE FR", outside: "HU"), ReasonCode.QualifiedMajorityReached, "TFEU 238(3)(a)");
        Assert.Equal("0.3438", result.Against.PopulationShare);
        Assert.Equal(26, result.BoundBy.Length);
    }

    [Fact]
    public void Example_23_fourteen_members_decide_a_procedural_question()
    {
        var fourteen = string.Join(' ', People2025.Members.Take(14).Select(m => m.Code));
        Expect(Rule.SimpleMajority, People2025.Everyone(Position.Against).Put(Position.For, fourteen), ReasonCode.SimpleMajorityReached, "TFEU 238(1)");
    }

    [Fact]
    public void Example_25_the_vote_on_referral_is_a_qualified_majority() =>
        Expect(Rule.QualifiedMajority, Vote(against: "HU SK"), ReasonCode.QualifiedMajorityReached, "TEU 16(4)");

    [Fact]
    public void Example_29_the_passerelle_needs_unanimity() =>
        Expect(Rule.Unanimity, Vote(against: "HU"), ReasonCode.VotesAgainst, "TEU 31(1)");

    [Fact]
    public void Example_30_a_special_representative_is_appointed_without_two() =>
        Expect(Rule.QualifiedMajority, Vote(against: "AT HU"), ReasonCode.QualifiedMajorityReached, "TEU 16(4)");

    private static TallyResult Expect(Rule rule, Roll roll, ReasonCode reason, string article)
    {
        Assert.Equal(reason, Tally.Count(rule, roll.Over(Hundredths2025)).Reason);
        var result = Tally.Count(rule, roll);
        Assert.Equal(reason, result.Reason);
        Assert.Equal(article, result.Article);
        Assert.NotEmpty(result.ReasonText);
        return result;
    }
}
