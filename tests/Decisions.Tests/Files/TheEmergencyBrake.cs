using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>TEU 31(2), second subparagraph: opposition for vital and stated reasons, mediation, referral to the European Council.</summary>
public sealed class TheEmergencyBrake
{
    private const string Article = "TEU 31(2), second subparagraph";

    private static Spec ABrake() => Given(AFile(CaseC), TheMeetingOpens(), Brakes("HU"));

    private static Spec AFailedMediation() => ABrake().And(MediationEnds(MediationOutcome.Failed));

    private static Spec AReferralVote() => AFailedMediation().And(TheCouncilRefers());

    [Fact]
    public void It_stops_the_vote() =>
        Given(AFile(CaseC), TheMeetingOpens()).When(Brakes("HU", "Our vital reasons.")).Then(new BrakeInvoked(Id, "HU", "Our vital reasons.")).Stands(FileState.BrakeInvoked, FileReason.BrakeInvoked);

    [Fact]
    public void It_stops_a_file_that_is_still_prepared() =>
        Given(AFile(CaseC)).When(Brakes("HU")).Stands(FileState.BrakeInvoked, FileReason.BrakeInvoked);

    [Fact]
    public void While_it_is_on_no_vote_is_taken()
    {
        ABrake().When(Votes("FR", Position.For)).ThenRefused(RefusalCode.VoteClosed);
        ABrake().When(TheMeetingOpens()).ThenRefused(RefusalCode.WrongState);
        ABrake().When(TheVoteCloses()).ThenRefused(RefusalCode.VoteNotOpen);
        ABrake().When(Advances(FileState.Council)).ThenRefused(RefusalCode.WrongState);
    }

    [Fact]
    public void It_ends_the_round_and_the_period_it_interrupts()
    {
        var given = Given(AFile(CaseC, Procedure.Silence), ThePeriodOpens(Noon)).At(Start.AddHours(1)).And(Brakes("HU"));
        Assert.Equal(Start.AddHours(1), given.File().Round!.ClosedAt);
        Assert.Empty(given.State.Timed);
        given.At(NoonSettled).When(TimeEnds(Noon)).ThenNothing().Stands(FileState.BrakeInvoked, FileReason.BrakeInvoked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void It_needs_stated_reasons(string reasons) =>
        Given(AFile(CaseC), TheMeetingOpens()).When(Brakes("HU", reasons)).ThenRefused(RefusalCode.ReasonsRequired, "reasons", Article).Stands(FileState.Voting, FileReason.VoteOpen);

    [Theory]
    [InlineData("TEU-31-1")]
    [InlineData("TEU-31-3")]
    [InlineData("TEU-31-5")]
    [InlineData("TEU-41-3")]
    [InlineData("TEU-45-2")]
    public void It_exists_in_the_four_cases_of_31_2_only(string legalBasis) =>
        Given(AFile(legalBasis)).When(Brakes("HU")).ThenRefused(RefusalCode.BrakeNotAvailable, null, Article);

    [Theory]
    [InlineData("TEU-31-2-A")]
    [InlineData("TEU-31-2-B")]
    [InlineData("TEU-31-2-C")]
    [InlineData("TEU-31-2-D")]
    public void It_exists_in_each_of_the_four_cases_of_31_2(string legalBasis) =>
        Given(AFile(legalBasis)).When(Brakes("HU")).ThenOne<BrakeInvoked>();

    [Fact]
    public void It_exists_on_a_member_states_initiative_too() =>
        Given(AFile(CaseC, initiative: Initiative.MemberState)).When(Brakes("HU")).ThenOne<BrakeInvoked>();

    [Fact]
    public void It_is_a_members_own_act()
    {
        Given(AFile(CaseC)).When(Brakes("HU", by: Delegation("SK"))).ThenRefused(RefusalCode.NotYourMemberState, "memberState");
        Given(AFile(CaseC, outside: "HU")).When(Brakes("HU")).ThenRefused(RefusalCode.NotParticipating, "memberState");
    }

    [Fact]
    public void It_comes_too_late_once_the_vote_was_taken() =>
        Given([AFile(CaseC), TheMeetingOpens(), .. AllVote(), TheVoteCloses()]).When(Brakes("HU")).ThenRefused(RefusalCode.WrongState);

    [Fact]
    public void It_comes_too_late_once_the_period_has_ended_even_before_the_outcome_is_drawn()
    {
        var given = Given(AFile(CaseC, Procedure.Silence), ThePeriodOpens(Noon));
        given.At(Noon).When(Brakes("HU")).ThenRefused(RefusalCode.DeadlinePassed, null, Article);
        given.At(Noon.AddMicroseconds(-1), decidedAfter: TimeSpan.FromSeconds(2)).When(Brakes("HU")).ThenOne<BrakeInvoked>();
    }

    [Fact]
    public void It_is_invoked_once() =>
        ABrake().When(Brakes("SK")).ThenRefused(RefusalCode.WrongState);

    [Fact]
    public void A_solution_brings_the_file_back_to_the_table_where_it_can_be_voted()
    {
        var given = ABrake().When(MediationEnds(MediationOutcome.SolutionFound)).Then(new MediationEnded(Id, MediationOutcome.SolutionFound, "What was found.")).Stands(FileState.Council, FileReason.SolutionFound);
        given.And([TheMeetingOpens(), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.QualifiedMajorityReached);
        Assert.Equal((1, MediationOutcome.SolutionFound), (given.File().Round!.EarlierRounds, given.File().Brake!.Outcome));
    }

    [Fact]
    public void After_a_solution_another_member_may_still_oppose() =>
        Assert.Equal(("SK", null), ABrake().And(MediationEnds(MediationOutcome.SolutionFound), Brakes("SK")).File().Brake is { } brake ? (brake.MemberState, brake.Outcome) : default);

    [Fact]
    public void Mediation_may_end_with_the_proposal_withdrawn() =>
        ABrake().When(MediationEnds(MediationOutcome.Withdrawn)).Stands(FileState.Withdrawn, FileReason.Withdrawn);

    [Fact]
    public void A_failed_mediation_leaves_the_brake_on() =>
        ABrake().When(MediationEnds(MediationOutcome.Failed)).Stands(FileState.BrakeInvoked, FileReason.MediationFailed);

    [Fact]
    public void Mediation_ends_once_and_only_after_a_brake()
    {
        AFailedMediation().When(MediationEnds(MediationOutcome.SolutionFound)).ThenRefused(RefusalCode.WrongState);
        Given(AFile(CaseC)).When(MediationEnds(MediationOutcome.SolutionFound)).ThenRefused(RefusalCode.WrongState);
        AReferralVote().When(MediationEnds(MediationOutcome.SolutionFound)).ThenRefused(RefusalCode.WrongState);
    }

    [Fact]
    public void A_file_can_be_withdrawn_under_the_brake() =>
        AFailedMediation().When(Withdraws()).Stands(FileState.Withdrawn, FileReason.Withdrawn);

    [Fact]
    public void The_Council_refers_after_a_failed_mediation_only()
    {
        ABrake().When(TheCouncilRefers()).ThenRefused(RefusalCode.WrongState);
        Given(AFile(CaseC)).When(TheCouncilRefers()).ThenRefused(RefusalCode.WrongState);
        AReferralVote().When(TheCouncilRefers()).ThenRefused(RefusalCode.WrongState);
    }

    [Fact]
    public void Referral_is_a_vote_of_its_own_with_the_same_members_and_without_a_brake()
    {
        var given = Given(AFile(CaseC, Procedure.Silence, outside: "DK"), Brakes("HU"), MediationEnds(MediationOutcome.Failed)).When(TheCouncilRefers(absent: "MT", proxies: "CY>EL"));
        var vote = given.ThenOne<FileOpened>();
        Assert.Equal((ReferralVote, Rule.QualifiedMajority, Procedure.Meeting, Institution.Council, false), (vote.Id, vote.Rule, vote.Procedure, vote.Institution, vote.Brake));
        Assert.Equal<string>(given.File().Opened.Participants, vote.Participants);
        Assert.Equal(new Origin(Id, ReferralVote: true), vote.Origin);
        Assert.Equal<string>(["CY", "MT"], given.ThenOne<VoteOpened>().Absent);
        given.Stands(FileState.BrakeInvoked, FileReason.ReferralOpen).Stands(FileState.Voting, FileReason.VoteOpen, ReferralVote);
        Assert.Equal((ReferralVote, Id), (given.File().Referral!.VoteId, given.File(ReferralVote).Referral!.OriginId));
    }

    [Fact]
    public void Attendance_and_proxies_are_checked_for_the_vote_on_referral_as_for_any_other() =>
        AFailedMediation().When(TheCouncilRefers(proxies: "CY>MT LU>MT")).ThenRefused(RefusalCode.SecondProxy, "proxies[1].to");

    [Fact]
    public void Referred_the_matter_becomes_a_European_Council_file_under_unanimity()
    {
        var given = AReferralVote().And(AllVote(against: "HU SK", id: ReferralVote)).When(TheVoteCloses(ReferralVote));
        given.Stands(FileState.Referred, FileReason.Referred).Stands(FileState.Adopted, FileReason.QualifiedMajorityReached, ReferralVote).Stands(FileState.Council, FileReason.InPreparation, NextId);
        var file = given.File(NextId).Opened;
        Assert.Equal((Institution.EuropeanCouncil, Rule.Unanimity, Procedure.Meeting, false), (file.Institution, file.Rule, file.Procedure, file.Brake));
        Assert.Contains(new Link(LinkKind.Decision, Id), file.Links);
        Assert.Equal((NextId, Id), (given.File().Referral!.EuropeanCouncilId, given.File(NextId).Referral!.OriginId));
    }

    [Theory]
    [InlineData("", FileState.Adopted, FileReason.UnanimityReached)]
    [InlineData("HU", FileState.NotAdopted, FileReason.VotesAgainst)]
    public void The_European_Council_decides_by_unanimity(string against, FileState state, FileReason reason) =>
        AReferralVote().And([.. AllVote(against: "HU", id: ReferralVote), TheVoteCloses(ReferralVote), TheMeetingOpens(id: NextId), .. AllVote(against, NextId)])
            .When(TheVoteCloses(NextId)).Stands(state, reason, NextId).Stands(FileState.Referred, FileReason.Referred);

    [Fact]
    public void Without_the_majority_for_referral_the_decision_is_not_adopted()
    {
        var given = AReferralVote().And(AllVote(against: "DE FR IT HU", id: ReferralVote)).When(TheVoteCloses(ReferralVote));
        given.Stands(FileState.NotAdopted, FileReason.ReferralNotAdopted).Stands(FileState.NotAdopted, FileReason.PopulationShort, ReferralVote);
        Assert.DoesNotContain(NextId, given.State.Files.Keys);
    }

    [Fact]
    public void Without_a_quorum_for_referral_nothing_is_decided_and_the_vote_may_be_repeated()
    {
        var given = AFailedMediation().And(TheCouncilRefers(absent: string.Join(' ', Seeded.Codes.Skip(13)))).When(TheVoteCloses(ReferralVote));
        given.Stands(FileState.BrakeInvoked, FileReason.ReferralOpen).Stands(FileState.NotAdopted, FileReason.QuorumNotMet, ReferralVote);
        given.And([TheMeetingOpens(id: ReferralVote), .. AllVote(id: ReferralVote)]).When(TheVoteCloses(ReferralVote)).Stands(FileState.Referred, FileReason.Referred);
    }

    [Fact]
    public void Withdrawing_the_file_withdraws_the_open_vote_on_its_referral()
    {
        var given = AReferralVote().When(Withdraws()).Then(new FileWithdrawn(Id, "No longer needed."), new FileWithdrawn(ReferralVote, "No longer needed."));
        given.When(TheVoteCloses(ReferralVote)).ThenRefused(RefusalCode.VoteNotOpen).Stands(FileState.Withdrawn, FileReason.Withdrawn);
    }

    [Fact]
    public void The_vote_on_referral_is_withdrawn_with_its_file_only() =>
        AReferralVote().When(Withdraws(id: ReferralVote)).ThenRefused(RefusalCode.WrongState).Stands(FileState.BrakeInvoked, FileReason.ReferralOpen);

    [Fact]
    public void A_vote_on_referral_is_no_act_to_be_published() =>
        AReferralVote().And([.. AllVote(id: ReferralVote), TheVoteCloses(ReferralVote)]).When(IsPublished(id: ReferralVote)).ThenRefused(RefusalCode.WrongState);
}
