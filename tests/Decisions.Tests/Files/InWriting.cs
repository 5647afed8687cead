using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>The ordinary written procedure (Council Rules of Procedure 12(1)): explicit replies by a deadline; silence is no vote.</summary>
public sealed class InWriting
{
    private static Spec AWrittenProcedure(string legalBasis = Unanimity) => Given(AFile(legalBasis, Procedure.Written), ThePeriodOpens(Noon));

    [Fact]
    public void It_closes_before_its_deadline_once_all_have_replied() =>
        AWrittenProcedure().And(TheOthersVoteFor()).At(Noon.AddHours(-2)).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached);

    [Fact]
    public void It_does_not_close_early_while_a_reply_is_missing() =>
        AWrittenProcedure().And(TheOthersVoteFor(except: "MT")).When(TheVoteCloses()).ThenRefused(RefusalCode.VotesMissing).Stands(FileState.Voting, FileReason.VoteOpen);

    [Fact]
    public void At_its_deadline_it_closes_by_itself_with_the_deadline_as_its_time()
    {
        var given = AWrittenProcedure().And(TheOthersVoteFor()).At(Noon.AddDays(3)).When(TimeEnds(Noon)).Stands(FileState.Adopted, FileReason.UnanimityReached);
        Assert.Equal(Noon, given.File().Round!.ClosedAt);
        Assert.Equal(Day("2025-06-02"), given.File().Outcome!.Day);
    }

    [Fact]
    public void At_its_deadline_no_reply_counts_as_absent()
    {
        var closed = AWrittenProcedure().And(TheOthersVoteFor(except: "MT")).At(NoonSettled).When(TimeEnds(Noon)).ThenOne<VoteClosed>();
        Assert.Equal((false, FileReason.AbsentUnrepresented), (closed.Adopted, closed.Reason));
        Assert.Equal(Position.Absent, closed.Positions.Single(p => p.MemberState == "MT").Position);
    }

    [Fact]
    public void It_knows_no_quorum_only_too_few_in_favour()
    {
        var closed = AWrittenProcedure(CaseC).And(Votes("FR", Position.For)).At(NoonSettled).When(TimeEnds(Noon)).ThenOne<VoteClosed>();
        Assert.Equal((FileReason.MembersShort, 0), (closed.Reason, closed.Count.Quorum));
    }

    [Fact]
    public void A_reply_against_does_not_end_it_and_can_be_changed() =>
        AWrittenProcedure().And(Votes("HU", Position.Against), Votes("HU", Position.For), TheOthersVoteFor(except: "HU")).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached);

    [Fact]
    public void A_reply_received_at_the_deadline_is_late_and_no_statement() =>
        AWrittenProcedure().At(Noon).When(Votes("HU", Position.Against)).ThenRefused(RefusalCode.VoteClosed, null, "Council Rules of Procedure 12");

    [Fact]
    public void A_reply_received_in_time_counts_although_it_is_decided_after_the_deadline() =>
        AWrittenProcedure().At(Noon.AddMicroseconds(-1), decidedAfter: TimeSpan.FromSeconds(2)).When(Votes("HU", Position.Against)).ThenOne<VoteCast>();

    [Fact]
    public void After_its_deadline_it_is_not_closed_by_hand_because_replies_may_still_be_under_way() =>
        AWrittenProcedure().And(TheOthersVoteFor()).At(Noon).When(TheVoteCloses()).ThenRefused(RefusalCode.DeadlinePassed, null, "Council Rules of Procedure 12");

    [Fact]
    public void It_can_be_extended() =>
        AWrittenProcedure().When(IsExtended(Noon.AddHours(1))).Then(new DeadlineExtended(Id, Noon, Noon.AddHours(1)));

    [Fact]
    public void It_needs_a_deadline() =>
        Given(AFile(procedure: Procedure.Written)).When(TheMeetingOpens()).ThenRefused(RefusalCode.DeadlineRequired, "deadline");
}
