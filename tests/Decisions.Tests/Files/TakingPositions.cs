using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>What a member may say in a vote, who may say it for it, and what a change of mind leaves behind.</summary>
public sealed class TakingPositions
{
    [Theory]
    [InlineData(Position.For)]
    [InlineData(Position.Against)]
    [InlineData(Position.Abstain)]
    public void A_member_takes_a_position(Position position) =>
        Given(AFile(), TheMeetingOpens()).When(Votes("IE", position, "In our words.")).Then(new VoteCast(Id, "IE", position, "In our words.", null, Start));

    [Fact]
    public void A_position_keeps_when_it_was_received_and_when_it_was_recorded()
    {
        var vote = Given(AFile(), TheMeetingOpens()).At(Start.AddMinutes(1), decidedAfter: TimeSpan.FromSeconds(2)).And(Votes("IE", Position.For)).File().Votes["IE"];
        Assert.Equal((Start.AddMinutes(1), Start.AddMinutes(1).AddSeconds(2), 3L), (vote.ReceivedAt, vote.RecordedAt, vote.JournalPosition));
    }

    [Fact]
    public void A_position_can_be_changed_until_the_vote_closes_and_the_last_one_counts()
    {
        var given = Given([AFile(), TheMeetingOpens(), .. AllVote(against: "HU"), Votes("HU", Position.Abstain), Votes("HU", Position.For)]);
        Assert.Equal((Position.For, 2), (given.File().Votes["HU"].Position, given.File().Votes["HU"].Changes));
        given.When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached);
    }

    [Fact]
    public void Saying_the_same_again_is_recorded_and_is_no_change() =>
        Assert.Equal(0, Given(AFile(), TheMeetingOpens(), Votes("HU", Position.For), Votes("HU", Position.For), Votes("HU", Position.For)).File().Votes["HU"].Changes);

    [Theory]
    [InlineData(Position.Absent)]
    [InlineData(Position.NotParticipating)]
    public void Absence_and_non_participation_are_not_cast(Position position) =>
        Given(AFile(), TheMeetingOpens()).When(Votes("IE", position)).ThenRefused(RefusalCode.PositionNotCastable, "position");

    [Fact]
    public void A_constructive_abstention_carries_its_declaration_for_ever()
    {
        const string words = "Ireland is not obliged to apply this decision.";
        var closed = Given(AFile(), TheMeetingOpens(), Votes("IE", Position.ConstructiveAbstention, words), TheOthersVoteFor(except: "IE")).When(TheVoteCloses()).ThenOne<VoteClosed>();
        Assert.Equal(new FinalPosition("IE", Position.ConstructiveAbstention, words), closed.Positions.Single(p => p.MemberState == "IE"));
        Assert.Equal<string>(["IE"], closed.Count.NotObliged);
        Assert.Equal(26, closed.Count.BoundBy.Length);
        Assert.DoesNotContain("IE", closed.Count.BoundBy);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public void A_constructive_abstention_needs_words(string? words) =>
        Given(AFile(), TheMeetingOpens()).When(Votes("IE", Position.ConstructiveAbstention, words)).ThenRefused(RefusalCode.DeclarationRequired, "declaration", "TEU 31(1), second subparagraph");

    [Theory]
    [InlineData(CaseC, Initiative.HighRepresentative)]
    [InlineData(CaseC, Initiative.MemberState)]
    [InlineData("TEU-31-5", Initiative.HighRepresentative)]
    public void A_constructive_abstention_exists_under_unanimity_only(string legalBasis, Initiative initiative) =>
        Given(AFile(legalBasis, initiative: initiative), TheMeetingOpens())
            .When(Votes("IE", Position.ConstructiveAbstention, "Words.")).ThenRefused(RefusalCode.ConstructiveAbstentionExcluded, "position", "TEU 31(1), second subparagraph");

    [Fact]
    public void Constructive_abstentions_of_a_third_stop_the_decision()
    {
        const string block = "DE FR MT LU CY EE LV SI LT";
        var closed = Given([AFile(), TheMeetingOpens(), .. block.Split(' ').Select(m => Votes(m, Position.ConstructiveAbstention, "Words.")), TheOthersVoteFor(except: block)]).When(TheVoteCloses()).ThenOne<VoteClosed>();
        Assert.Equal((false, FileReason.OneThirdBlock), (closed.Adopted, closed.Reason));
        Assert.Empty(closed.Count.NotObliged);
    }

    [Fact]
    public void A_delegation_votes_for_nobody_else() =>
        Given(AFile(), TheMeetingOpens()).When(Votes("DE", Position.For, by: Delegation("FR"))).ThenRefused(RefusalCode.NotYourMemberState, "memberState");

    [Fact]
    public void A_caller_without_a_member_state_votes_for_nobody() =>
        Given(AFile(), TheMeetingOpens()).When(Votes("DE", Position.For, by: new Actor(["delegation"], null))).ThenRefused(RefusalCode.NotYourMemberState, "memberState");

    [Theory]
    [InlineData("SK", "HU")]
    [InlineData("HU", null)]
    public void The_holder_of_a_proxy_votes_for_the_represented_member_in_either_wording(string memberState, string? onBehalfOf) =>
        Given(AFile(), TheMeetingOpens(proxies: "HU>SK"))
            .When(Votes(memberState, Position.Abstain, onBehalfOf: onBehalfOf, by: Delegation("SK"))).Then(new VoteCast(Id, "HU", Position.Abstain, null, "SK", Start));

    [Fact]
    public void The_holder_of_a_proxy_votes_for_itself_too() =>
        Given(AFile(), TheMeetingOpens(proxies: "HU>SK")).When(Votes("SK", Position.For)).Then(new VoteCast(Id, "SK", Position.For, null, null, Start));

    [Fact]
    public void A_proxy_serves_its_holder_only()
    {
        var given = Given(AFile(), TheMeetingOpens(proxies: "HU>SK"));
        given.When(Votes("CZ", Position.For, onBehalfOf: "HU")).ThenRefused(RefusalCode.NoProxy, "onBehalfOf", "TFEU 239");
        given.When(Votes("HU", Position.For, by: Delegation("CZ"))).ThenRefused(RefusalCode.NotYourMemberState, "memberState");
        given.When(Votes("SK", Position.For, onBehalfOf: "CZ")).ThenRefused(RefusalCode.NoProxy, "onBehalfOf", "TFEU 239");
        given.When(Votes("HU", Position.For, onBehalfOf: "SK", by: Delegation("SK"))).ThenRefused(RefusalCode.NotYourMemberState, "memberState");
    }

    [Fact]
    public void Who_is_not_at_the_meeting_does_not_vote()
    {
        var given = Given(AFile(), TheMeetingOpens(absent: "MT", proxies: "HU>SK"));
        given.When(Votes("MT", Position.For)).ThenRefused(RefusalCode.MemberAbsent, "memberState");
        given.When(Votes("HU", Position.For)).ThenRefused(RefusalCode.MemberAbsent, "memberState");
    }

    [Fact]
    public void Who_does_not_take_part_does_not_vote()
    {
        var given = Given(AFile(outside: "DK"), TheMeetingOpens());
        given.When(Votes("DK", Position.For)).ThenRefused(RefusalCode.NotParticipating, "memberState");
        given.When(Votes("SE", Position.For, onBehalfOf: "DK")).ThenRefused(RefusalCode.NotParticipating, "onBehalfOf");
    }

    [Fact]
    public void Who_is_no_member_state_does_not_vote() =>
        Given(AFile(), TheMeetingOpens()).When(Votes("GB", Position.For)).ThenRefused(RefusalCode.UnknownMemberState, "memberState");

    [Fact]
    public void Votes_of_an_earlier_round_do_not_count_in_the_next()
    {
        var given = Given(AFile(), TheMeetingOpens(absent: string.Join(' ', Seeded.Codes.Except(["FR"]))), Votes("FR", Position.Against), TheVoteCloses(), TheMeetingOpens());
        Assert.Empty(given.File().Votes);
    }
}
