using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>A vote at a meeting: attendance, proxies, quorum, who still has to vote, and the outcome.</summary>
public sealed class AtAMeeting
{
    // Thirteen of the 27 away leaves exactly the majority of fourteen.
    private const string ThirteenAway = "BE BG CZ DK EE IE EL ES HR CY LV LT LU";

    [Fact]
    public void A_vote_opens_with_everyone_present() =>
        Given(AFile()).When(TheMeetingOpens()).Then(new VoteOpened(Id, null, [], [])).Stands(FileState.Voting, FileReason.VoteOpen);

    [Fact]
    public void Who_is_represented_is_absent_whether_or_not_the_request_says_so() =>
        Given(AFile()).When(TheMeetingOpens(absent: "MT", proxies: "HU>SK"))
            .Then(new VoteOpened(Id, null, ["HU", "MT"], [new Proxy("HU", "SK")]));

    [Fact]
    public void A_vote_opens_once() =>
        Given(AFile(), TheMeetingOpens()).When(TheMeetingOpens()).ThenRefused(RefusalCode.WrongState);

    [Fact]
    public void A_meeting_has_no_deadline() =>
        Given(AFile()).When(ThePeriodOpens(Noon)).ThenRefused(RefusalCode.DeadlineNotReached, "deadline");

    [Fact]
    public void Proxies_are_one_each_in_both_directions()
    {
        Given(AFile()).When(TheMeetingOpens(proxies: "CY>MT LU>MT")).ThenRefused(RefusalCode.SecondProxy, "proxies[1].to", "TFEU 239");
        Given(AFile()).When(TheMeetingOpens(proxies: "CY>MT CY>LU")).ThenRefused(RefusalCode.InvalidProxy, "proxies[1].from", "TFEU 239");
        Given(AFile()).When(TheMeetingOpens(proxies: "CY>MT LU>AT")).ThenOne<VoteOpened>();
    }

    [Theory]
    [InlineData("", "SK>SK", "proxies[0].to")]
    [InlineData("SK", "HU>SK", "proxies[0].to")]
    [InlineData("", "HU>SK SK>CZ", "proxies[0].to")]
    [InlineData("", "HU>SK SK>HU", "proxies[0].to")]
    public void A_proxy_goes_to_another_member_that_is_there_itself(string absent, string proxies, string field) =>
        Given(AFile()).When(TheMeetingOpens(absent, proxies)).ThenRefused(RefusalCode.InvalidProxy, field, "TFEU 239");

    [Theory]
    [InlineData("DK", "", "attendance.DK")]
    [InlineData("", "DK>SE", "proxies[0].from")]
    [InlineData("", "SE>DK", "proxies[0].to")]
    public void Who_does_not_take_part_has_no_place_in_the_attendance(string absent, string proxies, string field) =>
        Given(AFile(outside: "DK")).When(TheMeetingOpens(absent, proxies)).ThenRefused(RefusalCode.NotParticipating, field);

    [Theory]
    [InlineData("XX", "", "attendance.XX")]
    [InlineData("", "XX>SE", "proxies[0].from")]
    [InlineData("", "SE>XX", "proxies[0].to")]
    public void Who_is_no_member_state_has_no_place_in_the_attendance(string absent, string proxies, string field) =>
        Given(AFile()).When(TheMeetingOpens(absent, proxies)).ThenRefused(RefusalCode.UnknownMemberState, field);

    [Fact]
    public void Everyone_for_is_unanimity() =>
        Given([AFile(), TheMeetingOpens(), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached);

    [Fact]
    public void One_against_stops_unanimity() =>
        Given([AFile(), TheMeetingOpens(), .. AllVote(against: "HU")]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.VotesAgainst);

    [Fact]
    public void A_closed_vote_keeps_every_final_position_and_the_day()
    {
        var closed = Given([AFile(), TheMeetingOpens(absent: "MT"), Votes("IE", Position.Abstain, "As before."), TheOthersVoteFor(except: "IE")]).When(TheVoteCloses()).ThenOne<VoteClosed>();
        Assert.Equal(Seeded.Codes, closed.Positions.Select(p => p.MemberState));
        Assert.Equal(new FinalPosition("IE", Position.Abstain, "As before."), closed.Positions.Single(p => p.MemberState == "IE"));
        Assert.Equal(Position.Absent, closed.Positions.Single(p => p.MemberState == "MT").Position);
        Assert.Equal((Day("2025-06-01"), FileReason.AbsentUnrepresented), (closed.Day, closed.Reason));
    }

    [Fact]
    public void A_member_present_without_a_vote_keeps_the_vote_open() =>
        Given(AFile(), TheMeetingOpens(), TheOthersVoteFor(except: "PL EE")).When(TheVoteCloses()).ThenRefused(RefusalCode.VotesMissing).Stands(FileState.Voting, FileReason.VoteOpen);

    [Fact]
    public void A_represented_member_without_a_vote_keeps_the_vote_open() =>
        Given(AFile(), TheMeetingOpens(proxies: "HU>SK"), TheOthersVoteFor(except: "HU")).When(TheVoteCloses()).ThenRefused(RefusalCode.VotesMissing);

    [Fact]
    public void An_absent_member_is_not_waited_for_and_prevents_unanimity() =>
        Given([AFile(), TheMeetingOpens(absent: "MT"), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.AbsentUnrepresented);

    [Fact]
    public void An_absent_member_does_not_prevent_a_qualified_majority() =>
        Given([AFile(CaseC), TheMeetingOpens(absent: "MT"), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.QualifiedMajorityReached);

    [Fact]
    public void Fourteen_of_27_are_a_quorum() =>
        Given([AFile(CaseC), TheMeetingOpens(absent: ThirteenAway), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.MembersShort);

    [Fact]
    public void A_represented_member_counts_as_present()
    {
        Given([AFile(), TheMeetingOpens(absent: ThirteenAway + " HU"), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.QuorumNotMet);
        Given([AFile("TEU-31-5"), TheMeetingOpens(absent: ThirteenAway, proxies: "HU>SK"), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.SimpleMajorityReached);
    }

    [Fact]
    public void Below_quorum_nothing_is_adopted_and_votes_are_not_waited_for()
    {
        var closed = Given(AFile("TEU-31-5"), TheMeetingOpens(absent: ThirteenAway + " HU")).When(TheVoteCloses()).ThenOne<VoteClosed>();
        Assert.Equal((false, FileReason.QuorumNotMet, Outcome.NotAdopted, ReasonCode.QuorumNotMet), (closed.Adopted, closed.Reason, closed.Count.Outcome, closed.Count.Reason));
        Assert.Equal(("Council Rules of Procedure 11(4)", 14), (closed.Count.Article, closed.Count.Quorum));
        Assert.Empty(closed.Count.BoundBy);
    }

    [Fact]
    public void A_meeting_that_had_no_quorum_may_vote_again()
    {
        var again = Given([AFile(), TheMeetingOpens(absent: ThirteenAway + " HU"), TheVoteCloses(), TheMeetingOpens(), .. AllVote()]);
        Assert.Equal(1, again.File().Round!.EarlierRounds);
        again.When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached);
    }

    [Fact]
    public void The_quorum_of_a_smaller_circle_is_its_own_majority()
    {
        // 26 take part: fourteen are still needed; with 25 it is thirteen.
        Given(AFile("TEU-31-5", outside: "HU"), TheMeetingOpens(absent: ThirteenAway)).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.QuorumNotMet);
        Given([AFile("TEU-31-5", outside: "HU SK"), TheMeetingOpens(absent: ThirteenAway[3..]), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.SimpleMajorityReached);
    }

    [Fact]
    public void The_European_Council_needs_two_thirds()
    {
        // 18 of 27; nine away are too many only when a tenth is.
        const string nine = "BE BG CZ DK EE IE EL ES HR";
        Given([AFile("TEU-22-1"), TheMeetingOpens(absent: nine), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.AbsentUnrepresented);
        Assert.Equal("TFEU 235(1)", Given([AFile("TEU-22-1"), TheMeetingOpens(absent: nine), .. AllVote()]).When(TheVoteCloses()).ThenOne<VoteClosed>().Count.Article);
        Assert.Equal("TFEU 238(4)", Given([AFile(), TheMeetingOpens(absent: "MT"), .. AllVote()]).When(TheVoteCloses()).ThenOne<VoteClosed>().Count.Article);
        var closed = Given([AFile("TEU-22-1"), TheMeetingOpens(absent: nine + " CY"), .. AllVote()]).When(TheVoteCloses()).ThenOne<VoteClosed>();
        Assert.Equal((FileReason.QuorumNotMet, 18, "European Council Rules of Procedure 6(3)"), (closed.Reason, closed.Count.Quorum, closed.Count.Article));
    }

    [Fact]
    public void Nobody_votes_before_the_vote_is_open() =>
        Given(AFile()).When(Votes("FR", Position.For)).ThenRefused(RefusalCode.VoteNotOpen);

    [Fact]
    public void Nobody_votes_after_the_vote_is_closed() =>
        Given([AFile(), TheMeetingOpens(), .. AllVote(), TheVoteCloses()]).When(Votes("FR", Position.Against)).ThenRefused(RefusalCode.VoteClosed).Stands(FileState.Adopted, FileReason.UnanimityReached);

    [Fact]
    public void A_vote_closes_once() =>
        Given([AFile(), TheMeetingOpens(), .. AllVote(), TheVoteCloses()]).When(TheVoteCloses()).ThenRefused(RefusalCode.VoteNotOpen);

    [Fact]
    public void The_day_of_adoption_is_the_day_in_Brussels_when_the_closing_was_received()
    {
        // 21:59:59.9 UTC in summer is still the same day in Brussels, however long the decision took.
        var given = Given([AFile(), TheMeetingOpens(), .. AllVote()]).At(Utc("2025-06-01T21:59:59.9Z"), decidedAfter: TimeSpan.FromSeconds(1));
        Assert.Equal(Day("2025-06-01"), given.When(TheVoteCloses()).ThenOne<VoteClosed>().Day);
        var later = Given([AFile(), TheMeetingOpens(), .. AllVote()]).At(Utc("2025-06-01T22:00:00Z"));
        Assert.Equal(Day("2025-06-02"), later.When(TheVoteCloses()).ThenOne<VoteClosed>().Day);
    }
}
