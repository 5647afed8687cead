using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>What a listing says, from its proposal on.</summary>
public sealed class ProposingAListing
{
    [Fact]
    public void A_proposal_stands_with_its_reasons_and_evidence_and_nobody_is_listed_by_it()
    {
        var proposed = Given().When(IsProposed()).Stands(ListingState.Proposed);
        Assert.Equal("Anna Example", proposed.Listing().Caption);
        Assert.Equal(["file 1"], proposed.Listing().Grounds.Evidence);
        Assert.False(proposed.Listing().IsPublic);
        Assert.Empty(proposed.State.InForce("eu"));
        Assert.Equal("eu-0", proposed.State.VersionOf("eu"));
    }

    [Fact]
    public void Without_measures_it_is_a_freeze_of_assets_and_no_funds() =>
        Assert.Equal([Measure.AssetFreeze, Measure.FundsProhibition], Given().When(IsProposed(content: Anna with { Measures = [] })).ThenOne<ListingProposed>().Grounds.Measures);

    [Fact]
    public void Each_proposal_has_a_number_of_its_own_until_a_file_gives_one()
    {
        var keys = Given(IsProposed(), IsProposed("boris")).State.Listings.Values.Select(l => l.Entry.Key).Order();
        Assert.Equal(["900000001", "900000002"], keys);
    }

    [Fact]
    public void A_delegation_proposes_as_its_own_state_and_no_other()
    {
        Assert.Equal("LT", Given().When(IsProposed(actor: Delegation("LT"))).ThenOne<ListingProposed>().ProposedBy);
        Assert.Equal("LT", Given().When(IsProposed(by: "LT", actor: Delegation("LT"))).ThenOne<ListingProposed>().ProposedBy);
        Given().When(IsProposed(by: "PL", actor: Delegation("LT"))).ThenRefused(RefusalCode.NotYourMemberState, "proposedBy");
        Given().When(IsProposed(actor: Delegation(null))).ThenRefused(RefusalCode.NotYourMemberState, "proposedBy");
    }

    [Fact]
    public void The_High_Representative_and_the_officer_propose_for_either()
    {
        Assert.Null(Given().When(IsProposed(actor: HighRepresentative)).ThenOne<ListingProposed>().ProposedBy);
        Assert.Null(Given().When(IsProposed(by: "HIGH_REPRESENTATIVE", actor: HighRepresentative)).ThenOne<ListingProposed>().ProposedBy);
        Assert.Equal("PL", Given().When(IsProposed(by: "PL", actor: Officer)).ThenOne<ListingProposed>().ProposedBy);
        Assert.Null(Given().When(IsProposed(by: "HIGH_REPRESENTATIVE", actor: Officer)).ThenOne<ListingProposed>().ProposedBy);
        Given().When(IsProposed(by: "FR", actor: HighRepresentative)).ThenRefused(RefusalCode.NotYourMemberState, "proposedBy");
    }

    [Fact]
    public void Reasons_and_a_name_that_identifies_are_required()
    {
        Given().When(IsProposed(content: Anna with { StatementOfReasons = "" })).ThenRefused(RefusalCode.StatementOfReasonsRequired, "content.statementOfReasons", "TFEU 296");
        Given().When(IsProposed(content: Anna with { Names = [] })).ThenRefused(RefusalCode.NameRequired, "content.names");
        Given().When(IsProposed(content: Anna with { Names = [new Name { Whole = "The Baker", MarkedWeak = true }] })).ThenRefused(RefusalCode.NameRequired);
        Given().When(IsProposed(content: Anna with { Names = [new Name { Whole = "The Baker", Remarks = ["low quality alias"] }] })).ThenRefused(RefusalCode.NameRequired);
    }

    [Theory]
    [InlineData(SubjectType.Enterprise, Measure.TravelBan)]
    [InlineData(SubjectType.Person, Measure.VesselBan)]
    [InlineData(SubjectType.Vessel, Measure.AircraftBan)]
    [InlineData(SubjectType.Aircraft, Measure.TravelBan)]
    public void A_measure_that_does_not_fit_the_subject_is_refused(SubjectType type, Measure measure) =>
        Given().When(IsProposed(content: Anna with { Measures = [measure] }, type: type)).ThenRefused(RefusalCode.MeasureNotApplicable, "content.measures");

    [Theory]
    [InlineData(SubjectType.Person, Measure.TravelBan)]
    [InlineData(SubjectType.Vessel, Measure.VesselBan)]
    [InlineData(SubjectType.Aircraft, Measure.AircraftBan)]
    [InlineData(SubjectType.Enterprise, Measure.Sectoral)]
    public void A_measure_that_fits_is_taken(SubjectType type, Measure measure) =>
        Given().When(IsProposed(content: Anna with { Measures = [measure] }, type: type)).ThenOne<ListingProposed>();

    public static TheoryData<BirthDate> Impossible =>
    [
        new BirthDate { Year = 2027 },
        new BirthDate { Date = Day("2027-01-01") },
        new BirthDate { YearFrom = 2020, YearTo = 2030 },
        new BirthDate { YearFrom = 1975, YearTo = 1970 },
        new BirthDate { Year = 1971, Month = 2, Day = 29 },
        new BirthDate { Month = 4, Day = 31 },
        new BirthDate { Date = Day("2026-05-05") },
        new BirthDate { YearFrom = 2080 },
        new BirthDate { Date = Day("1970-05-06"), Year = 1980 },
    ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_birth_that_cannot_have_been_is_refused(BirthDate birth) =>
        Given().When(IsProposed(content: Anna with { BirthDates = [new BirthDate { Year = 1970 }, birth] })).ThenRefused(RefusalCode.InvalidDates);

    public static TheoryData<BirthDate> Possible =>
    [
        new BirthDate { Year = 1972, Month = 2, Day = 29 },
        new BirthDate { Month = 2, Day = 29 },
        new BirthDate { YearFrom = 1970, YearTo = 1970, Circa = true },
        new BirthDate { Calendar = BirthCalendar.Islamic, Year = 1340, Month = 2, Day = 31 },
        new BirthDate { Place = "somewhere" },
    ];

    [Theory]
    [MemberData(nameof(Possible))]
    public void A_birth_known_in_part_is_taken(BirthDate birth) => Given().When(IsProposed(content: Anna with { BirthDates = [birth] })).ThenOne<ListingProposed>();

    [Fact]
    public void What_a_file_listed_is_amended_by_the_same_rules()
    {
        var given = Given(FileArrives(added: [Entry("5")]));
        given.When(IsAmended(Nothing with { Measures = [Measure.VesselBan] }, AnAct(), id: "eu-5")).ThenRefused(RefusalCode.MeasureNotApplicable, "content.measures");
        given.When(IsAmended(Nothing with { BirthDates = [new BirthDate { Year = 2090 }] }, AnAct(), id: "eu-5")).ThenRefused(RefusalCode.InvalidDates, "content.birthDates[0]");
        given.When(IsAmended(Nothing with { Remarks = ["x"] }, AnAct() with { PublicationDate = Day("2026-05-05") }, id: "eu-5")).ThenRefused(RefusalCode.InvalidDates, "act.publicationDate");
    }

    [Fact]
    public void A_name_that_stays_keeps_what_the_file_knows_of_it()
    {
        var filed = Entry("5") with { Names = [new Name { Whole = "Anna Example", Language = "EN", LogicalId = 17, RegulationLanguage = "en", Act = new ActSummary { NumberTitle = "2012/642" } }] };
        var amended = Given(FileArrives(added: [filed])).When(IsAmended(Nothing with { Names = [new Name { Whole = "Anna Example", Language = "EN" }, new Name { Whole = "Hanna Example" }] }, AnAct(), id: "eu-5"));
        Assert.Equal(filed.Names[0], amended.ThenOne<ListingAmended>().Entry.Names[0]);
        Assert.Null(amended.Listing("eu-5").Entry.Names[1].LogicalId);
    }

    [Fact]
    public void A_proposal_is_amended_freely_and_what_is_not_said_stays()
    {
        var amended = Given(IsProposed()).When(IsAmended(Nothing with { Remarks = ["Also known in Minsk."] }));
        Assert.Null(amended.ThenOne<ListingAmended>().Act);
        Assert.Equal((1, "She signed the orders.", 2), (amended.Listing().Entry.Names.Count, amended.Listing().Grounds.StatementOfReasons, amended.Listing().Grounds.Measures.Count));
        amended.When(IsAmended(Nothing with { Remarks = ["Also known in Minsk."] })).ThenNothing();
    }

    [Fact]
    public void A_listing_in_force_is_amended_by_an_act_whose_day_has_come()
    {
        var words = Nothing with { StatementOfReasons = "She signed more orders." };
        var given = Given(IsListed());
        given.When(IsAmended(words)).ThenRefused(RefusalCode.ActRequired, "act");
        given.When(IsAmended(words, AnAct("2026-05-05"))).ThenRefused(RefusalCode.InvalidDates, "act.effectDate");
        given.When(IsAmended(words, AnAct())).ThenOne<ListingAmended>();
        Assert.Equal("(CFSP) 2026/900", given.Listing().Entry.Regulations[^1].NumberTitle);
        given.When(IsAmended(words, AnAct())).ThenNothing();
    }

    [Fact]
    public void Evidence_and_the_reference_number_are_notes_that_need_no_act()
    {
        var given = Given(IsListed()).When(IsAmended(Nothing with { Evidence = ["file 1", "file 2"] }, number: "EU.1.1"));
        given.ThenOne<ListingAmended>();
        Assert.Equal(("EU.1.1", 2, 1), (given.Listing().Entry.EuReferenceNumber, given.Listing().Grounds.Evidence.Count, given.Listing().Entry.Regulations.Count));
    }

    [Fact]
    public void Evidence_alone_is_no_amendment_of_what_the_list_says()
    {
        var given = Given(IsListed());
        var version = given.State.VersionOf("eu");
        given.When(IsAmended(Nothing with { Evidence = ["file 2"] }, AnAct())).Then(new EvidenceChanged(Id, ["file 2"]));
        Assert.Equal((version, "file 2", 1), (given.State.VersionOf("eu"), given.Listing().Grounds.Evidence[0], given.Listing().Entry.Regulations.Count));
        given.When(IsAmended(Nothing with { Evidence = ["file 2"] })).ThenNothing();
        given.When(IsAmended(Nothing, clear: ContentPart.Evidence)).Then(new EvidenceChanged(Id, []));
    }

    [Fact]
    public void An_amendment_empties_what_it_names_and_nothing_else()
    {
        var given = Given(IsProposed(content: Anna with { BirthDates = [new BirthDate { Year = 1970 }], Citizenships = [new Citizenship { Country = new Country("BY", "") }], Remarks = ["r"] }));
        given.When(IsAmended(Nothing with { Remarks = ["s"] }, clear: ContentPart.BirthDates)).ThenOne<ListingAmended>();
        Assert.Equal((0, 1, "s"), (given.Listing().Entry.BirthDates.Count, given.Listing().Entry.Citizenships.Count, given.Listing().Entry.Remarks[0]));
        given.When(IsAmended(Nothing, clear: ContentPart.BirthDates)).ThenNothing();
        given.And(IsAmended(Nothing, clear: [ContentPart.Citizenships, ContentPart.Addresses, ContentPart.Identifications, ContentPart.Remarks]));
        Assert.Equal((0, 0), (given.Listing().Entry.Citizenships.Count, given.Listing().Entry.Remarks.Count));

        // In force it is law, as what is said is.
        Given(IsListed(content: Anna with { Remarks = ["r"] })).When(IsAmended(Nothing, clear: ContentPart.Remarks)).ThenRefused(RefusalCode.ActRequired);
    }

    [Fact]
    public void A_reference_number_belongs_to_one_listing()
    {
        var given = Given([.. IsListed(), IsProposed("boris"), FileArrives(added: [Entry("7", number: "EU.7.7")]), IsAmended(Nothing, number: "EU.1.1")]);
        given.When(IsAmended(Nothing, number: "EU.7.7")).ThenRefused(RefusalCode.ReferenceNumberTaken, "euReferenceNumber");
        given.When(IsAmended(Nothing, number: "eu.1.1", id: "boris")).ThenRefused(RefusalCode.ReferenceNumberTaken, "euReferenceNumber");
        given.When(IsAmended(Nothing, number: "EU.1.1")).ThenNothing();

        // Listed anew after its end, a subject has its old number.
        given.And(IsDelisted()).When(IsAmended(Nothing, number: "EU.1.1", id: "boris")).ThenOne<ListingAmended>();
    }

    [Fact]
    public void Between_adoption_and_force_and_after_the_end_nothing_is_amended()
    {
        Given(IsProposed(), IsAdopted(links: Id)).When(IsAmended(Anna)).ThenRefused(RefusalCode.WrongListingState);
        Given([.. IsListed(), IsDelisted()]).When(IsAmended(Anna)).ThenRefused(RefusalCode.WrongListingState);
    }

    [Fact]
    public void An_amendment_may_not_take_the_last_strong_name() =>
        Given(IsListed()).When(IsAmended(Nothing with { Names = [new Name { Whole = "A.", MarkedWeak = true }] }, AnAct())).ThenRefused(RefusalCode.NameRequired);

    [Fact]
    public void The_version_of_the_names_changes_with_the_names_and_with_nothing_else()
    {
        var given = Given(IsListed());
        var version = given.Listing().NamesPosition;
        given.And(IsNotified(), IsHeard(), IsReviewed(), IsAmended(Nothing with { StatementOfReasons = "Other reasons." }, AnAct()));
        Assert.Equal(version, given.Listing().NamesPosition);
        given.And(IsAmended(Nothing with { Names = [.. Anna.Names, new Name { Whole = "Анна" }] }, AnAct()));
        Assert.Equal(given.Listing().Updated.Position, given.Listing().NamesPosition);
        Assert.NotEqual(version, given.Listing().NamesPosition);
    }
}
