using ExternalAction.Decisions.Domain.Voting;
using static ExternalAction.Decisions.Tests.Voting.MemberTables;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>The figures a vote has to reach, and the places where counting by intuition goes wrong.</summary>
public sealed class ThresholdsAndTraps
{
    [Fact]
    public void Twenty_seven_members_need_15_or_20_or_14_and_nine_declarations_block()
    {
        var everyone = PublishedTotal2025.Everyone(Position.For);
        var qualified = Requirement.For(Rule.QualifiedMajority, everyone);
        Assert.Equal((15, 4), (qualified.Members, qualified.BlockingMembers));
        var reinforced = Requirement.For(Rule.ReinforcedQualifiedMajority, everyone);
        Assert.Equal((20, 0), (reinforced.Members, reinforced.BlockingMembers));
        var simple = Requirement.For(Rule.SimpleMajority, everyone);
        Assert.Equal((14, 14), (simple.Members, simple.Quorum));
        Assert.Equal(9, Requirement.For(Rule.Unanimity, everyone).DeclaringMembers);
    }

    [Fact]
    public void The_published_total_gives_the_published_thresholds_rounded_up()
    {
        var everyone = PublishedTotal2025.Everyone(Position.For);
        Assert.Equal(451_028_881, Requirement.For(Rule.Unanimity, everyone).TotalPopulation);
        Assert.Equal(293_168_773, Requirement.For(Rule.QualifiedMajority, everyone).Population);
        Assert.Equal(150_342_961, Requirement.For(Rule.Unanimity, everyone).DeclaringPopulation);
        Assert.Equal(157_860_109, Requirement.For(Rule.QualifiedMajority, everyone).BlockingPopulation);
    }

    [Fact]
    public void Thresholds_are_of_the_records_taking_part_and_not_of_the_published_total()
    {
        var all = Requirement.For(Rule.QualifiedMajority, People2025.Everyone(Position.For));
        Assert.Equal(451_028_881 + 45_103, all.TotalPopulation);
        Assert.Equal(293_198_090, all.Population);
        var withoutHungary = Requirement.For(Rule.QualifiedMajority, Vote(outside: "HU"));
        Assert.Equal(all.TotalPopulation - 9_606_915, withoutHungary.TotalPopulation);
    }

    [Fact]
    public void Exactly_65_percent_is_reached_and_exactly_35_percent_does_not_block()
    {
        var table = new Electorate(Enumerable.Range(0, 40).Select(i => new Member($"S{i}", 5)));
        var fourteen = table.Everyone(Position.For).With(Position.Against, Enumerable.Range(0, 14).Select(i => $"S{i}").ToArray());
        var result = Tally.Count(Rule.QualifiedMajority, fourteen);
        Assert.Equal((ReasonCode.QualifiedMajorityReached, "0.6500"), (result.Reason, result.InFavour.PopulationShare));
        Assert.Equal(ReasonCode.PopulationShort, Tally.Count(Rule.QualifiedMajority, fourteen.With("S39", Position.Abstain)).Reason);
    }

    [Fact]
    public void Exactly_one_third_of_the_population_blocks_and_one_person_less_does_not()
    {
        Electorate OfNine(long declaring) => new(Enumerable.Range(0, 9).Select(i => new Member($"S{i}", i < 3 ? declaring : 1_000)));
        Outcome Count(long declaring) => Tally.Count(Rule.Unanimity, OfNine(declaring).Everyone(Position.For)
            .Put(Position.ConstructiveAbstention, "S0 S1 S2")).Outcome;
        Assert.Equal(Outcome.NotAdopted, Count(1_000));
        Assert.Equal(Outcome.Adopted, Count(999));
    }

    [Fact]
    public void Plain_abstentions_never_add_to_the_one_third_block()
    {
        var mixed = Vote(constructive: "DE FR MT LU CY EE LV SI", abstain: "LT IT ES PL");
        Assert.Equal(ReasonCode.UnanimityReached, Tally.Count(Rule.Unanimity, mixed).Reason);
        Assert.Equal(ReasonCode.OneThirdBlock, Tally.Count(Rule.Unanimity, mixed.With("LT", Position.ConstructiveAbstention)).Reason);
    }

    [Fact]
    public void Both_legs_of_the_one_third_block_rest_on_the_same_members()
    {
        Assert.Equal(Outcome.Adopted, Tally.Count(Rule.Unanimity, Vote(constructive: "DE FR IT ES PL")).Outcome); // population alone
        Assert.Equal(Outcome.Adopted, Tally.Count(Rule.Unanimity, Vote(constructive: "MT LU CY EE LV SI LT HR IE SK FI DK")).Outcome); // members alone
    }

    [Fact]
    public void The_live_distance_to_the_block_says_what_is_missing_on_each_leg()
    {
        var block = Tally.Count(Rule.Unanimity, Vote(constructive: "DE MT LU CY EE LV SI")).OneThirdBlock!;
        Assert.Equal(2, block.MissingMembers);
        Assert.Equal(59_430_572, block.MissingPopulation);
        Assert.Equal("0.1317", block.MissingPopulationShare);
        Assert.Null(Tally.Count(Rule.QualifiedMajority, Vote(constructive: "DE")).OneThirdBlock);
    }

    [Fact]
    public void An_absent_and_unrepresented_member_has_not_abstained()
    {
        var result = Tally.Count(Rule.Unanimity, Vote(absent: "IE"));
        Assert.Equal((ReasonCode.AbsentUnrepresented, "TFEU 238(4)"), (result.Reason, result.Article));
        Assert.Equal(ReasonCode.VotesAgainst, Tally.Count(Rule.Unanimity, Vote(absent: "IE", against: "HU")).Reason);
    }

    [Fact]
    public void Abstention_by_everyone_does_not_prevent_unanimity() =>
        Assert.Equal(Outcome.Adopted, Tally.Count(Rule.Unanimity, People2025.Everyone(Position.Abstain)).Outcome);

    [Fact]
    public void The_four_member_clause_belongs_to_16_4_and_not_to_the_reinforced_majority()
    {
        var opponents = Vote(against: "DE FR IT");
        Assert.Equal(ReasonCode.DeemedAttainedFourMemberClause, Tally.Count(Rule.QualifiedMajority, opponents).Reason);
        Assert.Equal(ReasonCode.PopulationShort, Tally.Count(Rule.ReinforcedQualifiedMajority, opponents).Reason);
    }

    [Fact]
    public void A_constructive_abstention_under_qualified_majority_is_a_plain_one()
    {
        var result = Tally.Count(Rule.QualifiedMajority, Vote(constructive: "HU"));
        Assert.Equal(Outcome.Adopted, result.Outcome);
        Assert.Empty(result.NotObliged);
        Assert.Equal(27, result.BoundBy.Length);
    }

    [Fact]
    public void A_lopsided_participating_group_deems_the_majority_attained_until_the_plus_one_opposes()
    {
        // Germany, France and seven small states. Germany alone holds more than 35 %, so a blocking minority needs 1 + 1.
        var outside = string.Join(' ', People2025.Members.Select(m => m.Code).Except(Codes("DE FR MT LU CY EE LV SI LT")));
        var required = Requirement.For(Rule.QualifiedMajority, Vote(outside: outside));
        Assert.Equal((9, 5, 2), (required.TakingPart, required.Members, required.BlockingMembers));

        var alone = Tally.Count(Rule.QualifiedMajority, Vote(against: "DE", outside: outside));
        Assert.Equal((ReasonCode.DeemedAttainedParticipatingClause, "TFEU 238(3)(a)"), (alone.Reason, alone.Article));
        Assert.True(alone.InFavour.Population < required.Population);
        Assert.Equal(ReasonCode.PopulationShort, Tally.Count(Rule.QualifiedMajority, Vote(against: "DE MT", outside: outside)).Reason);
    }

    [Fact]
    public void The_72_percent_variant_for_participating_members_has_no_deeming_clause()
    {
        var outside = string.Join(' ', People2025.Members.Select(m => m.Code).Except(Codes("DE FR MT LU CY EE LV SI LT")));
        var result = Tally.Count(Rule.ReinforcedQualifiedMajority, Vote(against: "DE", outside: outside));
        Assert.Equal((ReasonCode.PopulationShort, "TFEU 238(3)(b)"), (result.Reason, result.Article));
        Assert.Equal((7, 0), (result.Required.Members, result.Required.BlockingMembers));
    }

    [Fact]
    public void A_deeming_clause_never_cures_too_few_members()
    {
        // Four members: the four-member clause alone would let one member in favour carry a vote.
        var four = new Electorate([new("A", 1), new("B", 1), new("C", 1), new("D", 1)]);
        Assert.Equal(ReasonCode.MembersShort, Tally.Count(Rule.QualifiedMajority, four.Everyone(Position.Against).With("A", Position.For)).Reason);
    }

    [Fact]
    public void A_member_that_opted_out_counts_in_no_total()
    {
        var result = Tally.Count(Rule.Unanimity, Vote(outside: "DK"));
        Assert.Equal((26, ReasonCode.UnanimityReached), (result.Required.TakingPart, result.Reason));
        Assert.DoesNotContain("DK", result.BoundBy);
        Assert.Equal(People2025.PopulationOf(People2025.All) - 5_953_581, result.Required.TotalPopulation);
        Assert.Equal(15, Tally.Count(Rule.QualifiedMajority, Vote(outside: "DK")).Required.Members);
        Assert.Equal(19, Tally.Count(Rule.ReinforcedQualifiedMajority, Vote(outside: "DK")).Required.Members);
        Assert.Equal(14, Tally.Count(Rule.SimpleMajority, Vote(outside: "DK")).Required.Quorum);
    }

    [Fact]
    public void The_floor_of_fifteen_holds_from_fifteen_members_on_and_only_when_all_take_part()
    {
        int Needed(int members, int outside)
        {
            var table = new Electorate(Enumerable.Range(0, members).Select(i => new Member($"S{i}", 10)));
            var roll = Enumerable.Range(0, outside).Aggregate(table.Everyone(Position.For), (r, i) => r.With($"S{i}", Position.NotParticipating));
            return Requirement.For(Rule.QualifiedMajority, roll).Members;
        }

        Assert.Equal(15, Needed(20, 0));
        Assert.Equal(15, Needed(15, 0));
        Assert.Equal(8, Needed(14, 0));
        Assert.Equal(4, Needed(6, 0));
        Assert.Equal(11, Needed(27, 7));
    }

    [Fact]
    public void In_writing_there_is_no_quorum_but_the_outcome_is_the_same()
    {
        var roll = Vote(absent: "DE FR IT ES PL RO NL BE CZ PT SE EL HU AT");
        Assert.Equal(ReasonCode.QuorumNotMet, Tally.Count(Rule.QualifiedMajority, roll).Reason);
        Assert.Equal(ReasonCode.MembersShort, Tally.Count(Rule.QualifiedMajority, roll, inWriting: true).Reason);
        Assert.Equal(ReasonCode.AbsentUnrepresented, Tally.Count(Rule.Unanimity, roll, inWriting: true).Reason);
    }

    [Theory]
    [InlineData(Rule.Unanimity)]
    [InlineData(Rule.QualifiedMajority)]
    [InlineData(Rule.ReinforcedQualifiedMajority)]
    [InlineData(Rule.SimpleMajority)]
    public void Nothing_is_adopted_when_nobody_takes_part(Rule rule)
    {
        var result = Tally.Count(rule, People2025.Everyone(Position.NotParticipating), inWriting: true);
        Assert.Equal((ReasonCode.NobodyTakesPart, Outcome.NotAdopted, "0.0000"), (result.Reason, result.Outcome, result.InFavour.PopulationShare));
    }

    [Fact]
    public void Largest_allowed_populations_do_not_overflow()
    {
        var table = new Electorate(Enumerable.Range(0, 64).Select(i => new Member($"S{i}", Electorate.MaxPopulation)));
        foreach (var rule in Enum.GetValues<Rule>())
        {
            var result = Tally.Count(rule, table.Everyone(Position.For));
            Assert.Equal((Outcome.Adopted, "1.0000"), (result.Outcome, result.InFavour.PopulationShare));
        }
    }

    [Fact]
    public void An_impossible_electorate_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Electorate([]));
        Assert.Throws<ArgumentException>(() => new Electorate([new("A", 1), new("A", 2)]));
        Assert.Throws<ArgumentException>(() => new Electorate([new("A", -1)]));
        Assert.Throws<ArgumentException>(() => new Electorate([new("A", Electorate.MaxPopulation + 1)]));
        Assert.Throws<ArgumentException>(() => new Electorate(Enumerable.Range(0, 65).Select(i => new Member($"S{i}", 1))));
        Assert.Throws<ArgumentException>(() => People2025.Everyone(Position.For).With("GB", Position.For));
    }
}
