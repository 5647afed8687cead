using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>
/// The silence procedure (Council Rules of Procedure 12(2)): adopted at the deadline unless somebody objects before it. What counts
/// is when a request was received, never when it was decided.
/// </summary>
public sealed class InSilence
{
    private static readonly DateTimeOffset JustBefore = Noon.AddMicroseconds(-1);

    private static Spec ASilence(string legalBasis = Unanimity) => Given(AFile(legalBasis, Procedure.Silence), Advances(FileState.Coreper), ThePeriodOpens(Noon));

    [Fact]
    public void Silence_until_the_deadline_adopts_at_the_deadline_itself()
    {
        var given = ASilence().At(NoonSettled).When(TimeEnds(Noon)).Stands(FileState.Adopted, FileReason.SilenceLapsed);
        Assert.Equal(Noon, given.File().Round!.ClosedAt);
        Assert.Equal(Day("2025-06-02"), given.File().Outcome!.Day);
    }

    [Fact]
    public void The_service_was_down_at_the_deadline_and_adopts_a_week_later_with_the_deadline_as_its_time()
    {
        var given = ASilence().At(Noon.AddDays(7)).When(TimeEnds(Noon)).Stands(FileState.Adopted, FileReason.SilenceLapsed);
        Assert.Equal(Noon, given.File().Round!.ClosedAt);
        Assert.Equal(Day("2025-06-02"), given.File().Outcome!.Day);
    }

    [Fact]
    public void Who_said_nothing_counts_in_favour()
    {
        var closed = ASilence().At(NoonSettled).When(TimeEnds(Noon)).ThenOne<VoteClosed>();
        Assert.All(closed.Positions, p => Assert.Equal(Position.For, p.Position));
        Assert.Equal(27, closed.Count.InFavour.Members);
        Assert.Equal(0, closed.Count.Quorum);
    }

    [Fact]
    public void The_outcome_is_drawn_only_once_everything_received_in_time_has_been_decided() =>
        ASilence().At(NoonSettled.AddTicks(-1)).When(TimeEnds(Noon)).ThenRefused(RefusalCode.DeadlineNotReached);

    [Fact]
    public void An_objection_in_the_last_microsecond_breaks_the_silence() =>
        ASilence().At(JustBefore).When(Votes("EL", Position.Against, "No."))
            .Then(new VoteCast(Id, "EL", Position.Against, "No.", null, JustBefore), new SilenceBroken(Id, "EL", FileState.Coreper))
            .Stands(FileState.Coreper, FileReason.SilenceBroken);

    [Fact]
    public void An_objection_received_in_time_counts_although_it_is_decided_after_the_deadline() =>
        ASilence().At(JustBefore, decidedAfter: TimeSpan.FromSeconds(2)).When(Votes("EL", Position.Against)).Stands(FileState.Coreper, FileReason.SilenceBroken);

    [Fact]
    public void An_objection_at_the_deadline_is_late_and_is_kept_as_a_statement()
    {
        var given = ASilence().At(Noon).When(Votes("EL", Position.Against, "Too late, we know."))
            .Then(new LateObjectionStated(Id, "EL", "Too late, we know.", Noon)).Stands(FileState.Voting, FileReason.VoteOpen);
        Assert.Empty(given.File().Votes);
        given.At(NoonSettled).When(TimeEnds(Noon)).Stands(FileState.Adopted, FileReason.SilenceLapsed);
        Assert.Equal(new Statement("EL", "Too late, we know.", Noon), Assert.Single(given.File().Statements));
    }

    [Fact]
    public void A_late_objection_after_adoption_is_a_statement_and_undoes_nothing()
    {
        var given = ASilence().At(NoonSettled).And(TimeEnds(Noon));
        var outcome = given.File().Outcome;
        given.At(Noon.AddDays(1)).When(Votes("EL", Position.Against, "Still no.")).Then(new LateObjectionStated(Id, "EL", "Still no.", Noon.AddDays(1)))
            .Stands(FileState.Adopted, FileReason.SilenceLapsed);
        Assert.Same(outcome, given.File().Outcome);
    }

    [Fact]
    public void A_late_objection_is_a_statement_whatever_became_of_the_act_since()
    {
        var given = ASilence().At(NoonSettled).And(TimeEnds(Noon), IsPublished(), Adopted("later"), IsAmended("later"), IsRepealed("later"));
        given.At(Noon.AddDays(30)).When(Votes("EL", Position.Against)).ThenOne<LateObjectionStated>();
        given.Stands(FileState.Repealed, FileReason.Repealed);
    }

    [Theory]
    [InlineData(Position.For)]
    [InlineData(Position.Abstain)]
    [InlineData(Position.ConstructiveAbstention)]
    public void Anything_else_that_is_late_is_refused(Position position) =>
        ASilence().At(Noon).When(Votes("EL", position, "Words.")).ThenRefused(RefusalCode.VoteClosed, null, "Council Rules of Procedure 12");

    [Fact]
    public void A_late_objection_is_made_by_a_member_that_takes_part_and_for_itself()
    {
        var given = Given(AFile(procedure: Procedure.Silence, outside: "DK"), ThePeriodOpens(Noon)).At(Noon);
        given.When(Votes("DK", Position.Against)).ThenRefused(RefusalCode.NotParticipating);
        given.When(Votes("EL", Position.Against, by: Delegation("BG"))).ThenRefused(RefusalCode.NotYourMemberState);
    }

    [Theory]
    [InlineData(FileState.WorkingParty, FileState.Psc)]
    [InlineData(FileState.Psc, FileState.Psc)]
    [InlineData(FileState.Coreper, FileState.Coreper)]
    [InlineData(FileState.Council, FileState.Coreper)]
    public void A_broken_silence_sends_the_file_back_to_the_committee_it_came_from(FileState from, FileState backTo) =>
        Given(AFile(procedure: Procedure.Silence), Advances(from), ThePeriodOpens(Noon)).When(Votes("EL", Position.Against)).Stands(backTo, FileReason.SilenceBroken);

    [Fact]
    public void After_a_broken_silence_a_new_one_can_be_opened_and_counts_anew()
    {
        var given = ASilence().And(Votes("EL", Position.Against)).At(Start.AddHours(3)).And(ThePeriodOpens(Noon.AddDays(1)));
        Assert.Equal((1, 0), (given.File().Round!.EarlierRounds, given.File().Votes.Count));
        given.At(Noon.AddDays(2)).When(TimeEnds(Noon.AddDays(1))).Stands(FileState.Adopted, FileReason.SilenceLapsed);
    }

    [Fact]
    public void The_end_of_a_period_that_was_broken_or_extended_does_nothing()
    {
        ASilence().And(Votes("EL", Position.Against)).At(NoonSettled).When(TimeEnds(Noon)).ThenNothing();
        ASilence().And(IsExtended(Noon.AddHours(2))).At(NoonSettled).When(TimeEnds(Noon)).ThenNothing();
        ASilence().At(NoonSettled).And(TimeEnds(Noon)).When(TimeEnds(Noon)).ThenNothing();
        Given().When(TimeEnds(Noon)).ThenNothing();
    }

    [Fact]
    public void The_period_can_be_extended_until_its_last_microsecond_and_keeps_the_old_deadline_on_record()
    {
        var given = ASilence().At(JustBefore).When(IsExtended(Noon.AddHours(2))).Then(new DeadlineExtended(Id, Noon, Noon.AddHours(2)));
        Assert.Equal<DateTimeOffset>([Noon], given.File().Round!.EarlierDeadlines);
        Assert.Equal(new Due(DueKind.Deadline, Noon.AddHours(2)), DueDates.Next(given.File()));
    }

    [Fact]
    public void The_last_deadline_set_is_the_one_that_rules()
    {
        var given = ASilence().And(IsExtended(Noon.AddHours(1)), IsExtended(Noon.AddHours(2)));
        Assert.Equal<DateTimeOffset>([Noon, Noon.AddHours(1)], given.File().Round!.EarlierDeadlines);
        given.At(Noon.AddMinutes(90)).When(Votes("EL", Position.Against)).Stands(FileState.Coreper, FileReason.SilenceBroken);
    }

    [Fact]
    public void A_period_that_has_ended_cannot_be_extended_even_before_its_outcome_is_drawn() =>
        ASilence().At(Noon).When(IsExtended(Noon.AddHours(1))).ThenRefused(RefusalCode.DeadlinePassed, "deadline");

    [Fact]
    public void An_extension_goes_forward_only()
    {
        ASilence().When(IsExtended(Noon.AddSeconds(-1))).ThenRefused(RefusalCode.DeadlineNotLater, "deadline");
        ASilence().When(IsExtended(Noon)).ThenNothing();
    }

    [Fact]
    public void Only_an_open_period_can_be_extended()
    {
        Given(AFile(procedure: Procedure.Silence)).When(IsExtended(Noon)).ThenRefused(RefusalCode.WrongState);
        Given(AFile(), TheMeetingOpens()).When(IsExtended(Noon)).ThenRefused(RefusalCode.WrongState);
    }

    [Fact]
    public void A_silence_is_not_closed_by_hand() =>
        ASilence().When(TheVoteCloses()).ThenRefused(RefusalCode.DeadlineNotReached);

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    public void A_deadline_lies_after_the_request_that_sets_it(int seconds) =>
        Given(AFile(procedure: Procedure.Silence)).When(ThePeriodOpens(Start.AddSeconds(seconds))).ThenRefused(RefusalCode.DeadlineInPast, "deadline");

    [Fact]
    public void A_silence_needs_a_deadline() =>
        Given(AFile(procedure: Procedure.Silence)).When(ThePeriodOpens(null)).ThenRefused(RefusalCode.DeadlineRequired, "deadline");

    [Fact]
    public void A_deadline_at_the_end_of_time_is_refused()
    {
        Given(AFile(procedure: Procedure.Silence)).When(ThePeriodOpens(DateTimeOffset.MaxValue)).ThenRefused(RefusalCode.InvalidDates, "deadline");
        ASilence().When(IsExtended(DateTimeOffset.MaxValue)).ThenRefused(RefusalCode.InvalidDates, "deadline");
    }

    [Fact]
    public void There_are_no_proxies_and_no_attendance_in_writing()
    {
        Given(AFile(procedure: Procedure.Silence)).When(new Step((s, m) => TakingVotes.Open(s, new OpenVote(Id, Noon, [], [new Proxy("HU", "SK")]), m))).ThenRefused(RefusalCode.InvalidProxy, "proxies");
        Given(AFile(procedure: Procedure.Silence)).When(new Step((s, m) => TakingVotes.Open(s, new OpenVote(Id, Noon, ["HU"], []), m))).ThenRefused(RefusalCode.InvalidProxy, "attendance");
    }

    [Fact]
    public void A_constructive_abstention_within_a_silence_does_not_break_it_and_frees_its_state()
    {
        var closed = ASilence().And(Votes("IE", Position.ConstructiveAbstention, "Our words.")).At(NoonSettled).When(TimeEnds(Noon)).Stands(FileState.Adopted, FileReason.SilenceLapsed).ThenOne<VoteClosed>();
        Assert.Equal<string>(["IE"], closed.Count.NotObliged);
        Assert.Equal("Our words.", closed.Positions.Single(p => p.MemberState == "IE").Declaration);
    }

    [Fact]
    public void Constructive_abstentions_of_a_third_stop_a_decision_in_silence_too() =>
        ASilence().And([.. "DE FR MT LU CY EE LV SI LT".Split(' ').Select(m => Votes(m, Position.ConstructiveAbstention, "Words."))])
            .At(NoonSettled).When(TimeEnds(Noon)).Stands(FileState.NotAdopted, FileReason.OneThirdBlock);

    [Fact]
    public void An_abstention_in_a_silence_under_qualified_majority_is_not_in_favour() =>
        ASilence(CaseC).And([.. "DE FR IT ES".Split(' ').Select(m => Votes(m, Position.Abstain))])
            .At(NoonSettled).When(TimeEnds(Noon)).Stands(FileState.NotAdopted, FileReason.PopulationShort);

    [Fact]
    public void One_objection_breaks_a_silence_under_qualified_majority_too() =>
        ASilence(CaseC).When(Votes("MT", Position.Against)).Stands(FileState.Coreper, FileReason.SilenceBroken);

    [Fact]
    public void After_a_broken_silence_the_other_members_no_longer_vote() =>
        ASilence().And(Votes("EL", Position.Against)).When(Votes("FR", Position.For)).ThenRefused(RefusalCode.VoteClosed);

    [Fact]
    public void A_period_is_due_while_it_runs_and_never_after()
    {
        var given = ASilence();
        Assert.Contains(Id, given.State.Timed);
        Assert.Empty(given.And(Votes("EL", Position.Against)).State.Timed);
    }

    [Fact]
    public void Whoever_stays_outside_is_not_counted_as_silent() =>
        Assert.Equal(Seeded.Codes.Length - 1, Given(AFile(procedure: Procedure.Silence, outside: "DK"), ThePeriodOpens(Noon)).At(NoonSettled).When(TimeEnds(Noon)).ThenOne<VoteClosed>().Positions.Length);
}
