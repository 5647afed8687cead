using ExternalAction.Decisions.Domain.Voting;
using static ExternalAction.Decisions.Tests.Voting.MemberTables;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>Whom a vote of the 27 depends on; small votes are checked against trying everything in <see cref="Invariants"/>.</summary>
public sealed class WhatIfTests
{
    [Fact]
    public void A_unanimous_vote_is_won_only_with_everyone_who_stands_in_the_way() =>
        Assert.Equal(["HU SK"], Sets(WhatIf.ToAdopt(Rule.Unanimity, Vote(against: "HU", absent: "SK", abstain: "AT"))));

    [Fact]
    public void A_unanimous_vote_is_stopped_by_any_one_member_the_largest_ten_are_named()
    {
        var sets = Sets(WhatIf.ToBlock(Rule.Unanimity, Vote()));
        Assert.Equal(["DE", "FR", "IT", "ES", "PL", "RO", "NL", "BE", "CZ", "PT"], sets);
    }

    [Fact]
    public void A_one_third_block_is_lifted_by_any_one_of_nine_declaring_members() =>
        Assert.Equal(["DE", "FR", "LT", "SI", "LV", "EE", "CY", "LU", "MT"],
            Sets(WhatIf.ToAdopt(Rule.Unanimity, Vote(constructive: "DE FR MT LU CY EE LV SI LT"))));

    [Fact]
    public void A_vote_against_and_a_one_third_block_must_both_go() =>
        Assert.Equal("DE HU", Sets(WhatIf.ToAdopt(Rule.Unanimity, Vote(constructive: "DE FR MT LU CY EE LV SI LT", against: "HU")))[0]);

    [Fact]
    public void Any_one_of_four_opponents_can_be_won_to_undo_their_block() =>
        Assert.Equal(["DE", "FR", "IT", "MT"], Sets(WhatIf.ToAdopt(Rule.QualifiedMajority, Vote(against: "DE FR IT MT"))));

    [Fact]
    public void Four_members_are_the_fewest_that_can_block_the_27()
    {
        var sets = WhatIf.ToBlock(Rule.QualifiedMajority, Vote());
        Assert.Equal(10, sets.Length);
        Assert.Equal(["DE", "ES", "FR", "IT"], sets[0].Codes.Order(StringComparer.Ordinal));
        Assert.All(sets, set => Assert.Equal(Outcome.NotAdopted,
            Tally.Count(Rule.QualifiedMajority, Vote().With(Position.Against, set.Codes.AsSpan())).Outcome));
        Assert.Equal(sets.Select(set => set.Population).OrderDescending(), sets.Select(set => set.Population));
    }

    [Fact]
    public void Under_the_reinforced_majority_three_large_members_can_block() =>
        Assert.Equal(3, WhatIf.ToBlock(Rule.ReinforcedQualifiedMajority, Vote())[0].Members);

    [Fact]
    public void Nothing_is_named_for_what_is_already_so_or_can_never_be()
    {
        Assert.Empty(WhatIf.ToAdopt(Rule.QualifiedMajority, Vote()));
        Assert.Empty(WhatIf.ToBlock(Rule.QualifiedMajority, Vote(against: "DE FR IT ES")));
        Assert.Empty(WhatIf.ToAdopt(Rule.Unanimity, People2025.Everyone(Position.NotParticipating)));
    }

    [Fact]
    public void Sixty_four_members_that_all_must_change_are_one_set()
    {
        var table = new Electorate(Enumerable.Range(0, 64).Select(i => new Member($"S{i}", i)));
        Assert.Equal(64, Assert.Single(WhatIf.ToAdopt(Rule.Unanimity, table.Everyone(Position.Against))).Members);
        Assert.Equal(47, WhatIf.ToAdopt(Rule.ReinforcedQualifiedMajority, table.Everyone(Position.Against))[0].Members);
    }

    private static string[] Sets(IEnumerable<MemberGroup> sets) =>
        [.. sets.Select(set => string.Join(' ', set.Codes.Order(StringComparer.Ordinal)))];
}
