using System.Collections.Immutable;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Files;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Reference;

/// <summary>What an import refuses, with the record and the field at fault; what it repeats is nothing new.</summary>
public sealed class Imports
{
    private static readonly MemberStateRecord Montenegro = new("ME", "Montenegro", 28, new DateOnly(2030, 1, 1), null, "Accession");
    private static readonly LegalBasisRecord Basis = Seeded.LegalBases.Records[0];
    private static readonly OptOutRecord OptOut = Seeded.OptOuts.Records[0];

    private static Step MemberStates(params MemberStateRecord[] records) => new((s, _) => Importing.MemberStates(s, new MemberStatesImported(default, "Import", [.. records])));

    private static Step LegalBases(params LegalBasisRecord[] records) => new((s, _) => Importing.LegalBases(s, new LegalBasesImported(default, "Import", [.. records])));

    private static Step OptOuts(params OptOutRecord[] records) => new((s, _) => Importing.OptOuts(s, new OptOutsImported(default, "Import", [.. records])));

    private static Step Populations(Func<ImmutableArray<Member>, IEnumerable<Member>> change) =>
        new((s, _) => Importing.Populations(s, new PopulationsImported(Seeded.Populations2025 with { ValidFrom = new DateOnly(2026, 1, 1), Year = 2026, Rows = [.. change(Seeded.Populations2025.Rows)] })));

    [Fact]
    public void The_products_own_data_is_complete()
    {
        var reference = Seeded.State.Reference;
        Assert.Equal((27, 21, 1), (reference.MembersOn(Day("2025-06-01")).Length, reference.LegalBases.Length, reference.OptOuts.Length));
        Assert.Equal("BE", reference.MembersOn(Day("2025-06-01"))[0].Code);
        Assert.Equal(27, reference.ElectorateOn(Day("2025-06-01"))!.Members.Length);
        Assert.Contains("EL", Seeded.Codes);
    }

    [Fact]
    public void Importing_the_same_again_records_nothing()
    {
        Given().When(new Step((s, _) => Importing.MemberStates(s, Seeded.MemberStates))).ThenNothing();
        Given().When(new Step((s, _) => Importing.Populations(s, new PopulationsImported(Seeded.Populations2025)))).ThenNothing();
        Given().When(new Step((s, _) => Importing.LegalBases(s, Seeded.LegalBases))).ThenNothing();
        Given().When(new Step((s, _) => Importing.OptOuts(s, Seeded.OptOuts))).ThenNothing();
        // Equal in content, not the same lists in memory.
        Given().When(new Step((s, _) => Importing.LegalBases(s, Seeded.LegalBases with { Records = [.. Seeded.LegalBases.Records.Select(r => r with { Initiatives = [.. r.Initiatives] })] }))).ThenNothing();
        Given().When(new Step((s, _) => Importing.Populations(s, new PopulationsImported(Seeded.Populations2025 with { Rows = [.. Seeded.Populations2025.Rows] })))).ThenNothing();
    }

    [Fact]
    public void An_import_without_records_is_refused()
    {
        Given().When(MemberStates()).ThenRefused(RefusalCode.InvalidRecord, "records");
        Given().When(LegalBases()).ThenRefused(RefusalCode.InvalidRecord, "records");
        Given().When(OptOuts()).ThenRefused(RefusalCode.InvalidRecord, "records");
        Given().When(Populations(_ => [])).ThenRefused(RefusalCode.InvalidRecord, "records");
    }

    [Fact]
    public void An_import_of_more_than_a_thousand_records_is_refused() =>
        Given().When(OptOuts([.. Enumerable.Range(0, 1_001).Select(i => OptOut with { LegalBasis = $"X-{i}" })])).ThenRefused(RefusalCode.InvalidRecord, "records");

    [Fact]
    public void The_same_record_twice_is_refused()
    {
        Given().When(MemberStates(Montenegro, Montenegro)).ThenRefused(RefusalCode.DuplicateRecord, "records[1].code");
        Given().When(LegalBases(Basis, Basis)).ThenRefused(RefusalCode.DuplicateRecord, "records[1].id");
        Given().When(OptOuts(OptOut, OptOut)).ThenRefused(RefusalCode.DuplicateRecord, "records[1].memberState");
        Given().When(Populations(rows => [.. rows, rows[0]])).ThenRefused(RefusalCode.DuplicateRecord, "records[27].memberState");
    }

    public static TheoryData<string, MemberStateRecord> BadMemberStates => new()
    {
        { "code", Montenegro with { Code = "Me" } },
        { "code", Montenegro with { Code = "MNE" } },
        { "code", Montenegro with { Code = "ME\n" } },
        { "name", Montenegro with { Name = "" } },
        { "name", Montenegro with { Name = new string('M', 101) } },
        { "protocolOrder", Montenegro with { ProtocolOrder = 0 } },
        { "protocolOrder", Montenegro with { ProtocolOrder = 65 } },
        { "withdrawalDate", Montenegro with { WithdrawalDate = new DateOnly(2029, 12, 31) } },
    };

    [Theory]
    [MemberData(nameof(BadMemberStates))]
    public void A_member_state_that_makes_no_sense_is_refused(string field, MemberStateRecord record) =>
        Given().When(MemberStates(Montenegro with { Code = "AL" }, record)).ThenRefused(RefusalCode.InvalidRecord, $"records[1].{field}");

    [Fact]
    public void More_members_than_can_be_counted_are_refused() =>
        Given().When(MemberStates([.. Enumerable.Range(0, 38).Select(i => Montenegro with { Code = $"{(char)('X' + (i / 26))}{(char)('A' + (i % 26))}" })]))
            .ThenRefused(RefusalCode.InvalidRecord, "records");

    [Fact]
    public void A_member_state_record_replaces_the_one_of_its_code()
    {
        var given = Given(MemberStates(Seeded.MemberStates.Records[2] with { Name = "Czech Republic" }));
        Assert.Equal("Czech Republic", given.State.Reference.MembersOn(Day("2025-06-01")).Single(m => m.Code == "CZ").Name);
        Assert.Equal(27, given.State.Reference.MemberStates.Length);
    }

    [Fact]
    public void A_table_names_every_member_state_of_its_first_day()
    {
        Given().When(Populations(rows => rows.Where(r => r.Code is not ("MT" or "AT")))).ThenRefused(RefusalCode.InvalidRecord, "records");
        Given().When(Populations(rows => [.. rows, new Member("GB", 67_000_000)])).ThenRefused(RefusalCode.UnknownMemberState, "records[27].memberState");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_000_000_001)]
    public void A_population_is_a_number_of_people(long population) =>
        Given().When(Populations(rows => rows.Select(r => r.Code == "BG" ? r with { Population = population } : r))).ThenRefused(RefusalCode.InvalidRecord, "records[1].population");

    [Fact]
    public void A_table_of_the_same_first_day_replaces_the_one_before()
    {
        var given = Given(Populations(rows => rows), Populations(rows => rows.Select(r => r with { Population = r.Population + 1 })));
        Assert.Equal(2, given.State.Reference.Tables.Length);
        Assert.Equal(Seeded.Populations2025.Rows[0].Population + 1, given.State.Reference.TableOn(Day("2026-01-01"))!.Rows[0].Population);
    }

    public static TheoryData<string, LegalBasisRecord> BadLegalBases => new()
    {
        { "id", Basis with { Id = "" } },
        { "id", Basis with { Id = "teu-31" } },
        { "id", Basis with { Id = "TEU-" } },
        { "id", Basis with { Id = "TEU 31" } },
        { "article", Basis with { Article = "" } },
        { "article", Basis with { Article = new string('x', 201) } },
        { "initiatives", Basis with { Initiatives = [] } },
        { "validTo", Basis with { ValidTo = Basis.ValidFrom.AddDays(-1) } },
    };

    [Theory]
    [MemberData(nameof(BadLegalBases))]
    public void A_legal_basis_that_makes_no_sense_is_refused(string field, LegalBasisRecord record) =>
        Given().When(LegalBases(record)).ThenRefused(RefusalCode.InvalidRecord, $"records[0].{field}");

    [Fact]
    public void An_opt_out_names_a_member_state_and_a_legal_basis_that_exist()
    {
        Given().When(OptOuts(OptOut, OptOut with { MemberState = "NO" })).ThenRefused(RefusalCode.UnknownMemberState, "records[1].memberState");
        Given().When(OptOuts(OptOut with { LegalBasis = "TEU-99" })).ThenRefused(RefusalCode.UnknownLegalBasis, "records[0].legalBasis");
        Given().When(OptOuts(OptOut with { ValidTo = OptOut.ValidFrom.AddDays(-1) })).ThenRefused(RefusalCode.InvalidRecord, "records[0].validTo");
    }

    [Fact]
    public void An_opt_out_is_corrected_by_a_record_of_the_same_first_day_and_joined_by_one_of_another()
    {
        var corrected = Given(OptOuts(OptOut with { ValidTo = Day("2023-01-01") })).State.Reference.OptOuts;
        Assert.Equal(Day("2023-01-01"), Assert.Single(corrected).ValidTo);
        Assert.Equal(2, Given(OptOuts(OptOut with { ValidFrom = Day("2024-01-01"), ValidTo = null })).State.Reference.OptOuts.Length);
    }

    [Fact]
    public void Each_kind_of_reference_data_has_a_stream_of_its_own() =>
        Assert.Equal<string>(
            DecisionsState.ReferenceStreams,
            new DecisionsEvent[] { Seeded.MemberStates, new PopulationsImported(Seeded.Populations2025), Seeded.LegalBases, Seeded.OptOuts }.Select(DecisionsState.StreamOf));
}
