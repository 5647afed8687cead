using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Tests.Subjects;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>One way to every refusal; a code without a way fails the suite.</summary>
public sealed class EveryRefusal
{
    // A list that does not exist is refused before the domain is asked.
    private static readonly RefusalCode[] GivenElsewhere = [RefusalCode.ListNotFound];

    private static readonly Dictionary<RefusalCode, Func<Spec>> Ways = new()
    {
        [RefusalCode.ListingNotFound] = () => Given().When(IsReviewed()),
        [RefusalCode.UnknownRegime] = () => Given().When(IsProposed(regime: "XXX")),
        [RefusalCode.WrongListingState] = () => Given(IsProposed()).When(IsNotified()),
        [RefusalCode.NotYourMemberState] = () => Given().When(IsProposed(by: "PL", actor: Delegation("LT"))),
        [RefusalCode.StatementOfReasonsRequired] = () => Given().When(IsProposed(content: Anna with { StatementOfReasons = "" })),
        [RefusalCode.NameRequired] = () => Given().When(IsProposed(content: Anna with { Names = [] })),
        [RefusalCode.MeasureNotApplicable] = () => Given().When(IsProposed(content: Anna with { Measures = [Measure.VesselBan] })),
        [RefusalCode.InvalidDates] = () => Given(IsListed()).When(IsReviewed("2026-05-05")),
        [RefusalCode.ActRequired] = () => Given(IsListed()).When(IsDelisted(act: "")),
        [RefusalCode.OlderList] = () => Given(FileArrives(added: Entries(1))).When(FileArrives("2026-04-01")),
        [RefusalCode.TooManyRemovals] = () => Given(FileArrives(added: Entries(2))).When(FileArrives("2026-05-02", removed: ["eu-1"])),
        [RefusalCode.ImportInProgress] = () => Given(FileArrives(added: Entries(2))).When(FileArrives("2026-05-02", behind: 1)),
        [RefusalCode.InvalidRecord] = () => Given().When(RegimesAre(Belarus, Belarus)),
        [RefusalCode.SubjectNotFound] = () => Given().When(SubjectSteps.IsDeleted()),
        [RefusalCode.TooManySubjects] = () => Given(StoringSubjects.Full).When(SubjectSteps.IsStored("more", "more")),
        [RefusalCode.ExclusionNotFound] = () => Given().When(SubjectSteps.IsTakenBack()),
        [RefusalCode.AliasVersionPassed] = () => Given(IsListed()).When(SubjectSteps.IsExcluded(behind: 1)),
        [RefusalCode.DerogationIncomplete] = () => Given(IsListed()).When(IsDerogatedFrom(until: null)),
        [RefusalCode.ReferenceNumberTaken] = () => Given([.. IsListed(), FileArrives(added: [Entry("7", number: "EU.7.7")])]).When(IsAmended(Nothing, number: "EU.7.7")),
        [RefusalCode.DecisionClosed] = () => Given(IsAdopted()).When(IsProposed(decision: D1)),
        [RefusalCode.TooManyExclusions] = () => Given(IsListed()).And(Excluding.Full).When(SubjectSteps.IsExcluded()),
    };

    public static TheoryData<RefusalCode> Codes => [.. Enum.GetValues<RefusalCode>().Except(GivenElsewhere)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_refusal_is_reached(RefusalCode code) => Ways[code]().ThenRefused(code);
}
