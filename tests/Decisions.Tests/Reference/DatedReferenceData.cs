using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Files;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Reference;

/// <summary>A vote is counted with what held on the day of its item: members, populations, legal bases, opt-outs. Later imports never reach back into a count.</summary>
public sealed class DatedReferenceData
{
    // The derived figures with one inhabitant more each, as if they were the absolute ones.
    private static readonly PopulationTable Absolute = Seeded.Populations2025 with
    {
        ValidFrom = Day("2025-07-01"),
        Derived = false,
        Source = "Absolute figures",
        Rows = [.. Seeded.Populations2025.Rows.Select(r => r with { Population = r.Population + 1 })],
    };

    private static Step Imports(PopulationTable table) => new((state, _) => Importing.Populations(state, new PopulationsImported(table)));

    private static Step Suspends(string memberState, string from, string legalBasis = "*", OptOutScope scope = OptOutScope.All, string? to = null) =>
        new((state, _) => Importing.OptOuts(state, new OptOutsImported(Day(from), "A decision", [new OptOutRecord(memberState, legalBasis, scope, "Suspended, TEU 7(3).", Day(from), to is null ? null : Day(to), "A decision")])));

    private static PopulationTable? TableOn(Spec given, string day) => given.State.Reference.TableOn(Day(day));

    [Fact]
    public void A_table_holds_from_its_day_until_the_next_one_replaces_it()
    {
        var given = Given(Imports(Absolute));
        Assert.Null(TableOn(given, "2024-12-31"));
        Assert.True(TableOn(given, "2025-01-01")!.Derived);
        Assert.True(TableOn(given, "2025-06-30")!.Derived);
        Assert.False(TableOn(given, "2025-07-01")!.Derived);
        Assert.False(TableOn(given, "2030-01-01")!.Derived);
    }

    [Theory]
    [InlineData("2025-06-30", true)]
    [InlineData("2025-07-01", false)]
    public void A_count_names_the_table_of_its_own_day(string date, bool derived)
    {
        var closed = Given([Imports(Absolute), AFile(CaseC, date: date), TheMeetingOpens(), .. AllVote(against: "HU")]).When(TheVoteCloses()).ThenOne<VoteClosed>();
        Assert.Equal((2025, derived), (closed.Count.Table!.Year, closed.Count.Table.Derived));
        Assert.Equal(Seeded.Populations2025.Rows.Single(r => r.Code == "HU").Population + (derived ? 0 : 1), closed.Count.Against.Population);
    }

    [Theory]
    [InlineData("2024-12-31")]
    [InlineData("2020-02-01")]
    [InlineData("2020-01-31")]
    public void Without_a_table_for_its_day_an_item_cannot_be_opened(string date) =>
        Given().When(AFile(date: date)).ThenRefused(RefusalCode.NoPopulationTable, "date");

    [Fact]
    public void Before_the_United_Kingdom_left_nothing_is_counted_even_with_a_table()
    {
        var given = Given(Imports(Seeded.Populations2020));
        given.When(AFile(date: "2020-01-31")).ThenRefused(RefusalCode.NoPopulationTable, "date");
        given.When(AFile(date: "2020-02-01")).ThenOne<FileOpened>();
    }

    [Fact]
    public void Thresholds_come_from_the_sum_of_the_records_and_never_from_the_published_total()
    {
        var sum = Seeded.Populations2025.Rows.Sum(r => r.Population);
        Assert.Equal(45_103, sum - Seeded.Populations2025.PublishedTotal);
        var count = Given([Imports(Seeded.Populations2025 with { PublishedTotal = 1, Source = "With an absurd total" }), AFile(CaseC), TheMeetingOpens(), .. AllVote()]).When(TheVoteCloses()).ThenOne<VoteClosed>().Count;
        Assert.Equal((sum, ((sum * 65) + 99) / 100), (count.Required.TotalPopulation, count.Required.Population));
    }

    [Fact]
    public void A_smaller_circle_is_measured_by_its_own_population()
    {
        var given = Given([Suspends("HU", "2025-05-01"), AFile(CaseC), TheMeetingOpens(), .. AllVote(against: "DE FR")]);
        var closed = given.When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.QualifiedMajorityReached).ThenOne<VoteClosed>();
        Assert.Equal(("TFEU 238(3)(a)", 26, "0.3438"), (closed.Count.Article, closed.Count.Required.TakingPart, closed.Count.Against.Share));
        Assert.Equal(Seeded.Populations2025.Rows.Where(r => r.Code != "HU").Sum(r => r.Population), closed.Count.Required.TotalPopulation);
        Assert.DoesNotContain(closed.Positions, p => p.MemberState == "HU");
    }

    [Fact]
    public void A_later_import_never_changes_a_kept_count()
    {
        var given = Given([AFile(CaseC), TheMeetingOpens(), .. AllVote(against: "HU"), TheVoteCloses()]);
        var kept = Stored(given.File().Outcome!);
        given.And(Imports(Absolute with { ValidFrom = Day("2025-01-01") }), Suspends("HU", "2025-01-01"));
        Assert.Equal(kept, Stored(given.File().Outcome!));
    }

    [Fact]
    public void A_suspension_during_a_vote_leaves_the_circle_of_the_file_as_it_was_opened() =>
        Assert.Contains("HU", Given(AFile(), TheMeetingOpens(), Suspends("HU", "2025-05-01")).File().Opened.Participants);

    [Fact]
    public void A_suspended_member_is_disregarded_under_unanimity_and_cannot_vote()
    {
        var given = Given([Suspends("HU", "2025-05-01"), AFile(), TheMeetingOpens(), .. AllVote()]);
        given.When(Votes("HU", Position.Against)).ThenRefused(RefusalCode.NotParticipating, "memberState");
        given.When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached);
        Assert.Equal(new Outsider("HU", "Suspended, TEU 7(3)."), Assert.Single(given.File().Opened.NotParticipating));
    }

    [Theory]
    [InlineData("2022-06-30", true, true)]
    [InlineData("2022-06-30", false, false)]
    [InlineData("2022-07-01", true, false)]
    public void Denmark_stayed_outside_defence_matters_until_30_June_2022(string date, bool military, bool outside)
    {
        var opened = Given(Imports(Seeded.Populations2020), AFile("TEU-42-4", military: military, date: date)).File().Opened;
        Assert.Equal(outside, opened.NotParticipating.Any(o => o.MemberState == "DK"));
        Assert.Equal(!outside, opened.Participants.Contains("DK"));
    }

    [Theory]
    [InlineData("2025-04-30", false)]
    [InlineData("2025-05-01", true)]
    [InlineData("2025-05-31", true)]
    [InlineData("2025-06-01", false)]
    public void An_opt_out_covers_its_first_and_its_last_day(string date, bool outside) =>
        Assert.Equal(outside, !Given(Suspends("SE", "2025-05-01", to: "2025-05-31"), AFile(date: date)).File().TakesPart("SE"));

    [Theory]
    [InlineData("TEU-46-2", true)]
    [InlineData("TEU-31-1", false)]
    public void An_opt_out_covers_the_legal_basis_it_names(string legalBasis, bool outside) =>
        Assert.Equal(outside, !Given(Suspends("MT", "2025-01-01", "TEU-46-2"), AFile(legalBasis)).File().TakesPart("MT"));

    [Fact]
    public void An_opt_out_named_again_with_the_item_keeps_its_own_reason() =>
        Assert.Equal("Suspended, TEU 7(3).", Assert.Single(Given(Suspends("HU", "2025-05-01"), AFile(outside: "HU")).File().Opened.NotParticipating).Reason);

    [Fact]
    public void A_state_takes_part_from_its_accession_on_once_a_table_counts_it()
    {
        var given = Given(new Step((s, _) => Importing.MemberStates(s, new MemberStatesImported(Day("2030-01-01"), "Accession", [new MemberStateRecord("ME", "Montenegro", 28, Day("2030-01-01"), null, "Accession")]))));
        Assert.Equal(27, given.And(AFile(date: "2029-12-31", id: "before")).File("before").Opened.Participants.Length);
        given.When(AFile(date: "2030-01-01")).ThenRefused(RefusalCode.NoPopulationTable, "date");
        given.And(Imports(Seeded.Populations2025 with { Year = 2030, ValidFrom = Day("2030-01-01"), Rows = [.. Seeded.Populations2025.Rows, new Member("ME", 620_000)] }));
        Assert.Equal(28, given.And(AFile(date: "2030-01-01")).File().Opened.Participants.Length);
    }

    [Fact]
    public void A_state_takes_part_until_its_last_day()
    {
        var hungary = Seeded.MemberStates.Records.Single(m => m.Code == "HU");
        var given = Given(new Step((s, _) => Importing.MemberStates(s, new MemberStatesImported(Day("2025-06-30"), "Withdrawal", [hungary with { WithdrawalDate = Day("2025-06-30") }]))));
        Assert.True(given.And(AFile(date: "2025-06-30", id: "before")).File("before").TakesPart("HU"));
        given.When(AFile(date: "2025-07-01", outside: "HU", id: "after")).ThenRefused(RefusalCode.UnknownMemberState);
        Assert.Equal(26, given.And(AFile(date: "2025-07-01", id: "after")).File("after").Opened.Participants.Length);
    }

    [Fact]
    public void A_vote_whose_members_are_no_longer_on_record_waits_for_a_correction_instead_of_failing()
    {
        var hungary = Seeded.MemberStates.Records.Single(m => m.Code == "HU");
        Step Records(MemberStateRecord record) => new((s, _) => Importing.MemberStates(s, new MemberStatesImported(Day("2025-01-01"), "Import", [record])));
        var given = Given([AFile(), TheMeetingOpens(), .. AllVote(), Records(hungary with { WithdrawalDate = Day("2024-01-01") })]);
        given.When(TheVoteCloses()).ThenRefused(RefusalCode.NoPopulationTable);
        given.And(Records(hungary)).When(TheVoteCloses()).Stands(FileState.Adopted, FileReason.UnanimityReached);
    }

    [Fact]
    public void A_vote_cannot_be_opened_without_a_complete_table_either()
    {
        var joined = new MemberStateRecord("ME", "Montenegro", 28, Day("2025-01-01"), null, "Import");
        Given(AFile(), new Step((s, _) => Importing.MemberStates(s, new MemberStatesImported(Day("2025-01-01"), "Import", [joined])))).When(TheMeetingOpens()).ThenRefused(RefusalCode.NoPopulationTable);
    }

    [Fact]
    public void A_legal_basis_changes_from_the_day_of_its_new_record_on()
    {
        var basis = Seeded.LegalBases.Records.Single(b => b.Id == "TEU-29");
        var passerelle = basis with { Rule = Rule.QualifiedMajority, ValidFrom = Day("2025-06-01"), Source = "A decision under TEU 31(3)" };
        var given = Given(new Step((s, _) => Importing.LegalBases(s, new LegalBasesImported(passerelle.ValidFrom, passerelle.Source, [passerelle]))));
        Assert.Equal(Rule.Unanimity, given.And(AFile("TEU-29", date: "2025-05-31", id: "before")).File("before").Opened.Rule);
        Assert.Equal(Rule.QualifiedMajority, given.And(AFile("TEU-29", date: "2025-06-01", id: "after")).File("after").Opened.Rule);
        Assert.Single(given.State.Reference.LegalBasesOn(Day("2025-06-01")), b => b.Id == "TEU-29");
    }

    [Fact]
    public void A_legal_basis_ends_with_its_last_day()
    {
        var ended = Seeded.LegalBases.Records.Single(b => b.Id == "TEU-46-2") with { ValidTo = Day("2025-05-31") };
        var given = Given(new Step((s, _) => Importing.LegalBases(s, new LegalBasesImported(ended.ValidFrom, ended.Source, [ended]))));
        given.And(AFile("TEU-46-2", date: "2025-05-31", id: "before"));
        given.When(AFile("TEU-46-2", date: "2025-06-01")).ThenRefused(RefusalCode.UnknownLegalBasis, "legalBasis");
        Assert.DoesNotContain(given.State.Reference.LegalBasesOn(Day("2025-06-01")), b => b.Id == "TEU-46-2");
    }
}
