using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>The worked examples of the decision rules that are procedure, through the life of a file; numbered as in docs/decision-rules.md, where the arithmetic ones are tested by the count.</summary>
public sealed class WorkedExamplesOfProcedure
{
    [Fact]
    public void Example_08_Slovakia_votes_for_Hungary_too_and_the_decision_is_adopted()
    {
        var closed = Given(AFile(), TheMeetingOpens(absent: "HU", proxies: "HU>SK"), Votes("SK", Position.For, onBehalfOf: "HU"), TheOthersVoteFor(except: "HU"))
            .When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached).ThenOne<VoteClosed>();
        Assert.Equal(27, closed.Count.InFavour.Members);
    }

    [Fact]
    public void Example_09_Malta_cannot_act_for_both_Cyprus_and_Luxembourg() =>
        Given(AFile()).When(TheMeetingOpens(proxies: "CY>MT LU>MT")).ThenRefused(RefusalCode.SecondProxy, "proxies[1].to", "TFEU 239");

    [Theory]
    [InlineData("TEU-31-1")]
    [InlineData("TEU-31-2-C")]
    [InlineData("TEU-31-5")]
    public void Example_10_with_thirteen_members_present_nothing_is_decided(string legalBasis) =>
        Given([AFile(legalBasis), TheMeetingOpens(absent: "DE FR IT ES PL RO NL BE CZ PT SE EL HU AT"), .. AllVote()]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.QuorumNotMet);

    [Fact]
    public void Example_11_a_military_matter_is_refused_under_case_c_and_under_unanimity_Hungary_stops_it()
    {
        Given().When(AFile(CaseC, military: true)).ThenRefused(RefusalCode.QualifiedMajorityExcluded, "legalBasis", "TEU 31(4)");
        Given([AFile(military: true), TheMeetingOpens(), .. AllVote(against: "HU")]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.VotesAgainst);
    }

    [Fact]
    public void Example_24_Hungarys_vital_reasons_stop_the_vote_and_mediation_begins()
    {
        var given = Given(AFile(CaseC), TheMeetingOpens()).When(Brakes("HU", "Vital reasons of national policy.")).Stands(FileState.BrakeInvoked, FileReason.BrakeInvoked);
        given.When(Votes("FR", Position.For)).ThenRefused(RefusalCode.VoteClosed);
        given.When(MediationEnds(MediationOutcome.Failed)).Stands(FileState.BrakeInvoked, FileReason.MediationFailed);
    }

    [Fact]
    public void Example_25_twenty_five_refer_the_matter_to_the_European_Council() =>
        Given([AFile(CaseC), Brakes("HU"), MediationEnds(MediationOutcome.Failed), TheCouncilRefers(), .. AllVote(against: "HU SK", id: ReferralVote)])
            .When(TheVoteCloses(ReferralVote)).Stands(FileState.Referred, FileReason.Referred).Stands(FileState.Council, FileReason.InPreparation, NextId);

    [Fact]
    public void Example_26_a_declaration_without_reasons_is_refused() =>
        Given(AFile(CaseC), TheMeetingOpens()).When(Brakes("HU", "")).ThenRefused(RefusalCode.ReasonsRequired, "reasons").Stands(FileState.Voting, FileReason.VoteOpen);

    [Fact]
    public void Example_27_a_silence_from_17_00_to_12_00_the_next_day_adopts_at_12_00_00()
    {
        var given = Given(AFile(procedure: Procedure.Silence), ThePeriodOpens(Noon)).At(NoonSettled).When(TimeEnds(Noon)).Stands(FileState.Adopted, FileReason.SilenceLapsed);
        var closed = TimeZoneInfo.ConvertTime(given.File().Round!.ClosedAt!.Value, DueDates.Brussels);
        Assert.Equal(new DateTime(2025, 6, 2, 12, 0, 0), closed.DateTime);
    }

    [Theory]
    [InlineData(FileState.Psc)]
    [InlineData(FileState.Coreper)]
    public void Example_28_Greece_objects_at_11_59_59_and_the_file_goes_back(FileState body) =>
        Given(AFile(procedure: Procedure.Silence), Advances(body), ThePeriodOpens(Noon)).At(Noon.AddSeconds(-1)).When(Votes("EL", Position.Against)).Stands(body, FileReason.SilenceBroken);

    [Fact]
    public void Example_29_one_head_of_state_or_government_stops_the_passerelle()
    {
        var given = Given([AFile("TEU-31-3"), TheMeetingOpens(), .. AllVote(against: "HU")]).When(TheVoteCloses()).Stands(FileState.NotAdopted, FileReason.VotesAgainst);
        Assert.Equal(Institution.EuropeanCouncil, given.File().Opened.Institution);
    }

    [Fact]
    public void Example_30_a_special_representative_is_appointed_against_Austria_and_Hungary() =>
        Given([AFile("TEU-31-2-D"), TheMeetingOpens(), .. AllVote(against: "AT HU")]).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.QualifiedMajorityReached);
}
