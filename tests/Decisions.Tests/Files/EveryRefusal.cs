using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>One way to every refusal; a code without a way fails the suite.</summary>
public sealed class EveryRefusal
{
    // What simulations refuse is not a command on a file.
    private static readonly RefusalCode[] GivenElsewhere = [RefusalCode.TooManyMembers];

    private static readonly Dictionary<RefusalCode, Func<Spec>> Ways = new()
    {
        [RefusalCode.DecisionNotFound] = () => Given().When(TheVoteCloses()),
        [RefusalCode.UnknownMemberState] = () => Given().When(AFile(outside: "XX")),
        [RefusalCode.UnknownLegalBasis] = () => Given().When(AFile("TEU-99")),
        [RefusalCode.InitiativeNotAllowed] = () => Given().When(AFile("TEU-31-2-D", initiative: Initiative.MemberState)),
        [RefusalCode.QualifiedMajorityExcluded] = () => Given().When(AFile(CaseC, military: true)),
        [RefusalCode.NoPopulationTable] = () => Given().When(AFile(date: "2024-12-31")),
        [RefusalCode.WrongState] = () => Given(AFile()).When(IsPublished()),
        [RefusalCode.VoteClosed] = () => Given(AFile(procedure: Procedure.Written), ThePeriodOpens(Noon)).At(Noon).When(Votes("FR", Position.For)),
        [RefusalCode.VoteNotOpen] = () => Given(AFile()).When(TheVoteCloses()),
        [RefusalCode.NotParticipating] = () => Given(AFile(outside: "DK"), TheMeetingOpens()).When(Votes("DK", Position.For)),
        [RefusalCode.NotYourMemberState] = () => Given(AFile(), TheMeetingOpens()).When(Votes("DE", Position.For, by: Delegation("FR"))),
        [RefusalCode.SecondProxy] = () => Given(AFile()).When(TheMeetingOpens(proxies: "CY>MT LU>MT")),
        [RefusalCode.InvalidProxy] = () => Given(AFile()).When(TheMeetingOpens(proxies: "MT>MT")),
        [RefusalCode.NoProxy] = () => Given(AFile(), TheMeetingOpens()).When(Votes("SK", Position.For, onBehalfOf: "HU")),
        [RefusalCode.DeclarationRequired] = () => Given(AFile(), TheMeetingOpens()).When(Votes("IE", Position.ConstructiveAbstention)),
        [RefusalCode.ConstructiveAbstentionExcluded] = () => Given(AFile(CaseC), TheMeetingOpens()).When(Votes("IE", Position.ConstructiveAbstention, "Words.")),
        [RefusalCode.MemberAbsent] = () => Given(AFile(), TheMeetingOpens(absent: "MT")).When(Votes("MT", Position.For)),
        [RefusalCode.VotesMissing] = () => Given(AFile(), TheMeetingOpens()).When(TheVoteCloses()),
        [RefusalCode.DeadlineInPast] = () => Given(AFile(procedure: Procedure.Silence)).When(ThePeriodOpens(Start)),
        [RefusalCode.DeadlineRequired] = () => Given(AFile(procedure: Procedure.Silence)).When(ThePeriodOpens(null)),
        [RefusalCode.DeadlinePassed] = () => Given(AFile(procedure: Procedure.Silence), ThePeriodOpens(Noon)).At(Noon).When(IsExtended(Noon.AddHours(1))),
        [RefusalCode.DeadlineNotLater] = () => Given(AFile(procedure: Procedure.Silence), ThePeriodOpens(Noon)).When(IsExtended(Noon.AddHours(-1))),
        [RefusalCode.DeadlineNotReached] = () => Given(AFile(procedure: Procedure.Silence), ThePeriodOpens(Noon)).When(TimeEnds(Noon)),
        [RefusalCode.BrakeNotAvailable] = () => Given(AFile()).When(Brakes("HU")),
        [RefusalCode.ReasonsRequired] = () => Given(AFile(CaseC)).When(Brakes("HU", "")),
        [RefusalCode.InvalidActNumber] = () => Given(Adopted()).When(IsPublished("890")),
        [RefusalCode.ActNumberTaken] = () => Given(Adopted(), IsPublished(), Adopted("second")).When(IsPublished(id: "second")),
        [RefusalCode.InvalidDates] = () => Given(Adopted()).When(IsPublished(publication: "2025-05-31")),
        [RefusalCode.InvalidAmendingAct] = () => Given(Adopted(), IsPublished()).When(IsAmended("nothing")),
        [RefusalCode.InvalidRecord] = () => Given().When(new Step((s, _) => Importing.OptOuts(s, new OptOutsImported(default, "", [])))),
        [RefusalCode.DuplicateRecord] = () => Given().When(new Step((s, _) => Importing.OptOuts(s, Seeded.OptOuts with { Records = [.. Seeded.OptOuts.Records, .. Seeded.OptOuts.Records] }))),
        [RefusalCode.InvalidAdvance] = () => Given(AFile(), Advances(FileState.Psc)).When(Advances(FileState.WorkingParty)),
        [RefusalCode.NoParticipants] = () => Given().When(AFile(outside: string.Join(' ', Seeded.Codes))),
        [RefusalCode.PositionNotCastable] = () => Given(AFile(), TheMeetingOpens()).When(Votes("IE", Position.Absent)),
    };

    public static TheoryData<RefusalCode> Codes => [.. Enum.GetValues<RefusalCode>().Except(GivenElsewhere)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_refusal_is_reached(RefusalCode code) => Ways[code]().ThenRefused(code);

    [Fact]
    public void Every_command_on_a_file_that_does_not_exist_says_so()
    {
        Step[] commands =
        [
            Advances(FileState.Psc), Withdraws(), TheMeetingOpens(), IsExtended(Noon), Votes("FR", Position.For), TheVoteCloses(), Brakes("HU"), MediationEnds(MediationOutcome.Failed),
            TheCouncilRefers(), IsPublished(), IsAmended("later"), IsRenewed("later", "2026-01-31"), IsRepealed("later"),
        ];
        Assert.All(commands, command => Given().When(command).ThenRefused(RefusalCode.DecisionNotFound, "id"));
    }
}
