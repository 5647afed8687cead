using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>A file before its vote: which rule it gets, who takes part, who may propose, lead and withdraw it.</summary>
public sealed class PreparingAFile
{
    [Theory]
    [InlineData("TEU-31-1", Initiative.HighRepresentative, Rule.Unanimity)]
    [InlineData("TEU-31-1", Initiative.MemberState, Rule.Unanimity)]
    [InlineData("TEU-31-2-A", Initiative.HighRepresentative, Rule.QualifiedMajority)]
    [InlineData("TEU-31-2-A", Initiative.HighRepresentativeAndCommission, Rule.QualifiedMajority)]
    [InlineData("TEU-31-2-A", Initiative.MemberState, Rule.ReinforcedQualifiedMajority)]
    [InlineData("TEU-31-2-B", Initiative.HighRepresentative, Rule.QualifiedMajority)]
    [InlineData("TEU-31-2-C", Initiative.MemberState, Rule.ReinforcedQualifiedMajority)]
    [InlineData("TEU-31-2-D", Initiative.HighRepresentative, Rule.QualifiedMajority)]
    [InlineData("TEU-31-3", Initiative.HighRepresentative, Rule.Unanimity)]
    [InlineData("TEU-31-5", Initiative.MemberState, Rule.SimpleMajority)]
    [InlineData("TEU-41-2", Initiative.HighRepresentative, Rule.Unanimity)]
    [InlineData("TEU-41-3", Initiative.HighRepresentative, Rule.QualifiedMajority)]
    [InlineData("TEU-42-4", Initiative.MemberState, Rule.Unanimity)]
    [InlineData("TEU-45-2", Initiative.MemberState, Rule.ReinforcedQualifiedMajority)]
    [InlineData("TEU-46-2", Initiative.HighRepresentative, Rule.QualifiedMajority)]
    [InlineData("TFEU-215-1", Initiative.HighRepresentativeAndCommission, Rule.QualifiedMajority)]
    [InlineData("TFEU-218-8", Initiative.HighRepresentative, Rule.Unanimity)]
    [InlineData("TFEU-329-2", Initiative.MemberState, Rule.Unanimity)]
    public void Legal_basis_and_initiative_select_the_rule(string legalBasis, Initiative initiative, Rule rule) =>
        Assert.Equal(rule, Given(AFile(legalBasis, initiative: initiative)).File().Opened.Rule);

    [Theory]
    [InlineData("TEU-31-2-A")]
    [InlineData("TEU-31-2-B")]
    [InlineData("TEU-31-2-C")]
    [InlineData("TEU-31-2-D")]
    [InlineData("TEU-31-3")]
    public void Military_or_defence_matters_never_go_under_31_2_or_31_3(string legalBasis) =>
        Given().When(AFile(legalBasis, military: true)).ThenRefused(RefusalCode.QualifiedMajorityExcluded, "legalBasis", "TEU 31(4)");

    [Fact]
    public void Military_or_defence_matters_go_under_unanimity() =>
        Assert.Equal(Rule.Unanimity, Given(AFile("TEU-42-4", military: true)).File().Opened.Rule);

    [Fact]
    public void The_file_keeps_who_takes_part_in_protocol_order() =>
        Assert.Equal<string>(Seeded.Codes, Given(AFile()).File().Opened.Participants);

    [Fact]
    public void Whoever_is_named_stays_outside_with_the_reason_given()
    {
        var opened = Given(AFile(outside: "HU DE")).File().Opened;
        Assert.Equal(25, opened.Participants.Length);
        Assert.Equal<Outsider>([new Outsider("HU", "Outside."), new Outsider("DE", "Outside.")], opened.NotParticipating);
    }

    [Fact]
    public void Naming_a_state_twice_puts_it_outside_once() =>
        Assert.Single(Given(AFile(outside: "HU HU")).File().Opened.NotParticipating);

    [Fact]
    public void An_item_without_participants_is_refused() =>
        Given().When(AFile(outside: string.Join(' ', Seeded.Codes))).ThenRefused(RefusalCode.NoParticipants, "notParticipating");

    [Fact]
    public void Somebody_unknown_cannot_stay_outside() =>
        Given().When(AFile(outside: "HU XX")).ThenRefused(RefusalCode.UnknownMemberState, "notParticipating[1].memberState");

    [Fact]
    public void A_legal_basis_that_does_not_exist_is_refused() =>
        Given().When(AFile("TEU-99")).ThenRefused(RefusalCode.UnknownLegalBasis, "legalBasis");

    [Fact]
    public void A_legal_basis_holds_from_the_Treaty_of_Lisbon_on() =>
        Given().When(AFile(date: "2009-11-30")).ThenRefused(RefusalCode.UnknownLegalBasis, "legalBasis");

    [Theory]
    [InlineData("TEU-31-1", Initiative.Commission)]
    [InlineData("TEU-31-2-B", Initiative.MemberState)]
    [InlineData("TEU-31-2-D", Initiative.MemberState)]
    [InlineData("TEU-42-4", Initiative.HighRepresentativeAndCommission)]
    [InlineData("TFEU-215-1", Initiative.HighRepresentative)]
    public void An_initiative_the_legal_basis_does_not_provide_for_is_refused(string legalBasis, Initiative initiative) =>
        Given().When(AFile(legalBasis, initiative: initiative)).ThenRefused(RefusalCode.InitiativeNotAllowed, "initiative");

    [Fact]
    public void The_secretariat_begins_with_a_draft() =>
        Given(AFile()).Stands(FileState.Draft, FileReason.InPreparation);

    [Fact]
    public void What_the_High_Representative_puts_in_is_proposed() =>
        Given(AFile(by: HighRepresentative)).Stands(FileState.Proposed, FileReason.InPreparation);

    [Fact]
    public void A_delegation_proposes_for_its_own_member_state()
    {
        var opened = Given(AFile(initiative: Initiative.MemberState, by: Delegation("FR"))).File().Opened;
        Assert.Equal(("FR", FileState.Proposed), (opened.ProposedBy, opened.State));
    }

    [Fact]
    public void A_delegation_does_not_propose_for_another_member_state() =>
        Given().When(AFile(initiative: Initiative.MemberState, proposedBy: "DE", by: Delegation("FR"))).ThenRefused(RefusalCode.NotYourMemberState, "proposedBy", "TEU 30(1)");

    [Fact]
    public void A_delegation_of_no_member_state_proposes_nothing() =>
        Given().When(AFile(initiative: Initiative.MemberState, by: new Actor(["delegation"], null))).ThenRefused(RefusalCode.NotYourMemberState, "proposedBy", "TEU 30(1)");

    [Fact]
    public void A_delegation_does_not_propose_for_the_High_Representative() =>
        Given().When(AFile(by: Delegation("FR"))).ThenRefused(RefusalCode.InitiativeNotAllowed, "initiative", "TEU 30(1)");

    [Fact]
    public void The_High_Representative_does_not_propose_for_a_member_state() =>
        Given().When(AFile(initiative: Initiative.MemberState, by: HighRepresentative)).ThenRefused(RefusalCode.InitiativeNotAllowed, "initiative", "TEU 30(1)");

    [Fact]
    public void The_secretariat_files_a_member_states_proposal_under_its_name() =>
        Assert.Equal("EE", Given(AFile(initiative: Initiative.MemberState, proposedBy: "EE")).File().Opened.ProposedBy);

    [Fact]
    public void Somebody_unknown_cannot_propose() =>
        Given().When(AFile(initiative: Initiative.MemberState, proposedBy: "GB")).ThenRefused(RefusalCode.UnknownMemberState, "proposedBy");

    [Fact]
    public void Opening_a_file_again_changes_nothing() =>
        Given(AFile(), Advances(FileState.Psc)).When(AFile()).ThenNothing().Stands(FileState.Psc, FileReason.InPreparation);

    [Fact]
    public void A_file_passes_the_preparatory_bodies_and_may_skip_some() =>
        Given(AFile(), Advances(FileState.WorkingParty), Advances(FileState.Psc))
            .When(Advances(FileState.Council)).Then(new FileAdvanced(Id, FileState.Council));

    [Fact]
    public void A_file_never_goes_back_to_an_earlier_body() =>
        Given(AFile(), Advances(FileState.Coreper)).When(Advances(FileState.Psc)).ThenRefused(RefusalCode.InvalidAdvance, "to");

    [Fact]
    public void Advancing_to_where_it_lies_changes_nothing() =>
        Given(AFile(), Advances(FileState.Psc)).When(Advances(FileState.Psc)).ThenNothing();

    [Theory]
    [InlineData(FileState.Draft)]
    [InlineData(FileState.Proposed)]
    [InlineData(FileState.Voting)]
    [InlineData(FileState.Adopted)]
    [InlineData(FileState.Repealed)]
    public void A_file_advances_to_a_preparatory_body_only(FileState to) =>
        Given(AFile()).When(Advances(to)).ThenRefused(RefusalCode.InvalidAdvance, "to");

    [Fact]
    public void A_file_under_vote_does_not_advance() =>
        Given(AFile(), TheMeetingOpens()).When(Advances(FileState.Council)).ThenRefused(RefusalCode.WrongState);

    [Fact]
    public void The_secretariat_withdraws_any_file() =>
        Given(AFile()).When(Withdraws()).Then(new FileWithdrawn(Id, "No longer needed.")).Stands(FileState.Withdrawn, FileReason.Withdrawn);

    [Theory]
    [InlineData(Initiative.HighRepresentative)]
    [InlineData(Initiative.HighRepresentativeAndCommission)]
    public void The_High_Representative_withdraws_an_own_proposal(Initiative initiative) =>
        Given(AFile(initiative: initiative), TheMeetingOpens()).When(Withdraws(HighRepresentative)).Then(new FileWithdrawn(Id, "No longer needed."));

    [Fact]
    public void The_High_Representative_does_not_withdraw_a_member_states_proposal() =>
        Given(AFile(initiative: Initiative.MemberState, proposedBy: "EE")).When(Withdraws(HighRepresentative)).ThenRefused(RefusalCode.NotYourMemberState, null, "TEU 30(1)");

    [Fact]
    public void A_member_state_withdraws_its_own_proposal_only()
    {
        var given = Given(AFile(initiative: Initiative.MemberState, proposedBy: "EE"));
        given.When(Withdraws(Delegation("LV"))).ThenRefused(RefusalCode.NotYourMemberState);
        given.When(Withdraws(Delegation("EE"))).ThenOne<FileWithdrawn>();
    }

    [Fact]
    public void Withdrawing_again_changes_nothing() =>
        Given(AFile(), Withdraws()).When(Withdraws()).ThenNothing();

    [Fact]
    public void What_is_adopted_is_not_withdrawn_any_more() =>
        Given(Adopted(Id)).When(Withdraws()).ThenRefused(RefusalCode.WrongState);

    [Fact]
    public void What_silence_has_adopted_is_not_withdrawn_even_before_the_outcome_is_drawn() =>
        Given(AFile(procedure: Procedure.Silence), ThePeriodOpens(Noon)).At(Noon).When(Withdraws()).ThenRefused(RefusalCode.DeadlinePassed);

    [Fact]
    public void Withdrawing_ends_an_open_vote()
    {
        var round = Given(AFile(procedure: Procedure.Silence), ThePeriodOpens(Noon)).At(Start.AddHours(1)).And(Withdraws());
        Assert.Equal(Start.AddHours(1), round.File().Round!.ClosedAt);
        Assert.Empty(round.State.Timed);
    }

    [Fact]
    public void A_vote_that_failed_for_want_of_a_quorum_can_still_be_withdrawn() =>
        Given(AFile(), TheMeetingOpens(absent: string.Join(' ', Seeded.Codes)), TheVoteCloses()).When(Withdraws()).ThenOne<FileWithdrawn>();
}
