using System.Text;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>The published lists as they are, by the figures counted in them.</summary>
public class PublishedListTests
{
    [Fact]
    public void The_EU_list_of_May_2026_has_5860_subjects_of_which_4341_persons_and_1519_enterprises_and_none_is_rejected()
    {
        Assert.Empty(Files.Full.Rejected);
        Assert.Empty(Files.Full.Notes);
        Assert.Equal(5_860, Files.Full.Entries.Length);
        Assert.Equal(4_341, Files.Full.Entries.Count(entry => entry.SubjectType is SubjectType.Person));
        Assert.Equal(1_519, Files.Full.Entries.Count(entry => entry.SubjectType is SubjectType.Enterprise));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 8, 25, 35, TimeSpan.FromHours(2)), Files.Full.Header.GeneratedAt);
    }

    [Fact]
    public void It_has_29826_names_4301_birth_dates_2616_citizenships_2346_addresses_2435_identifications_and_88_UN_references()
    {
        var entries = Files.Full.Entries;
        Assert.Equal(29_826, entries.Sum(entry => entry.Names.Count));
        Assert.Equal(145, entries.Max(entry => entry.Names.Count));
        Assert.Equal(4_301, entries.Sum(entry => entry.BirthDates.Count));
        Assert.Equal(3_384, entries.Sum(entry => entry.BirthDates.Count(birth => birth.Date is not null)));
        Assert.Equal(2_616, entries.Sum(entry => entry.Citizenships.Count));
        Assert.Equal(2_346, entries.Sum(entry => entry.Addresses.Count));
        Assert.Equal(2_435, entries.Sum(entry => entry.Identifications.Count));
        Assert.Equal(88, entries.Count(entry => entry.UnitedNationId.Length > 0));
        Assert.All(entries, entry => Assert.Single(entry.Regulations));
    }

    [Fact]
    public void Its_names_are_written_in_seven_scripts_as_often_as_the_notes_say()
        => Assert.Equal(
            "Latin 23992, Cyrillic 4678, Arabic 730, Greek 307, Hangul 87, Han 23, Hebrew 9",
            Counts(Files.Full.Entries.SelectMany(entry => entry.Names.Items).Select(name => name.Script.ToString())));

    [Fact]
    public void Its_identifications_are_of_eighteen_types_as_often_as_the_notes_say()
        => Assert.Equal(
            "passport 603, regnumber 540, fiscalcode 486, other 455, id 230, taxid 65, imo 25, swiftbic 9, birthcert 4, drivinglicence 3, nationcert 3, euvat 2, residentperm 2, ssn 2, travelcardid 2, unssn 2, electionid 1, tradelic 1",
            Counts(Files.Full.Entries.SelectMany(entry => entry.Identifications.Items).Select(id => id.TypeCode)));

    [Fact]
    public void Its_programmes_hold_as_many_subjects_as_the_notes_say_and_four_known_ones_hold_none()
    {
        Assert.Equal(
            "UKR 2596, IRN 732, SYR 380, BLR 369, TAQA 344, PRK 255, HR 170, AFG 140, MMR 128, COD 87, IRQ 76, RUSDA 76, VEN 69, RUS 63, LBY 51, TERR 35, CHEM 31, TUN 30, MDA 28, NIC 24, SOM 24, EUAQ 23, CYB 21, SDNZ 18, CAF 15, HAM 15, HTI 13, YEM 11, GTM 9, SSD 9, GIN 5, SDN 5, MLI 4, UNLI 4",
            Counts(Files.Full.Entries.SelectMany(entry => entry.Programmes)));
        Assert.Equal(38, ProgrammeCatalogue.Bundled.Length);
        Assert.Equal(["BDI", "GNB", "TUR", "ZWE"], ProgrammeCatalogue.Bundled.Select(record => record.Code).Except(Files.Full.Entries.SelectMany(entry => entry.Programmes)));
        Assert.Contains("32014R0269", ProgrammeCatalogue.Bundled.Single(record => record.Code == "UKR").FrameworkActs);
    }

    [Fact]
    public void In_it_no_alias_is_marked_weak_no_designation_is_dated_and_no_year_range_is_given()
    {
        Assert.DoesNotContain(Files.Full.Entries, entry => entry.DesignationDate is not null);
        Assert.DoesNotContain(Files.Full.Entries.SelectMany(entry => entry.Names.Items), name => name.IsWeak);
        Assert.DoesNotContain(Files.Full.Entries.SelectMany(entry => entry.BirthDates.Items), birth => birth.YearFrom is not null);
    }

    [Fact]
    public void A_human_rights_listing_is_not_a_Croatian_one()
    {
        var regime = ProgrammeCatalogue.Bundled.Single(record => record.Code == "HR");
        Assert.Contains("human rights", regime.Title, StringComparison.OrdinalIgnoreCase);
        Assert.All(Files.Full.Entries.Where(entry => entry.Programmes.Contains("HR")).SelectMany(entry => entry.Citizenships.Items), citizenship => Assert.NotEqual("HR", citizenship.Country.Code));
    }

    [Fact]
    public void An_Islamic_birth_date_keeps_its_own_day_month_and_year_beside_the_Gregorian_date()
    {
        var birth = Files.Full.Entries.SelectMany(entry => entry.BirthDates.Items).Single(birth => birth.Calendar is BirthCalendar.Islamic && birth.Day is not null);
        Assert.Equal((new DateOnly(1982, 4, 19), 24, 6, 1402), (birth.Date, birth.Day, birth.Month, birth.Year));
    }

    [Fact]
    public void Equal_acts_links_and_titles_are_held_once()
    {
        var acts = Files.Full.Entries.SelectMany(entry => entry.Names.Items).Select(name => name.Act!).ToList();
        Assert.Equal(29_826, acts.Count);
        Assert.True(acts.Distinct(ReferenceEqualityComparer.Instance).Count() < 3_000);
    }

    [Fact]
    public void The_UN_list_has_730_individuals_and_273_entities_with_every_name_birth_date_and_document()
    {
        var entries = Files.Un.Entries;
        Assert.Empty(Files.Un.Rejected);
        Assert.Empty(Files.Un.Notes);
        Assert.Equal(730, entries.Count(entry => entry.SubjectType is SubjectType.Person));
        Assert.Equal(273, entries.Count(entry => entry.SubjectType is SubjectType.Enterprise));

        // Counted in the file: DATE, YEAR, FROM_YEAR elements; documents with any text; original-script names.
        var births = entries.SelectMany(entry => entry.BirthDates.Items).Where(birth => !birth.Remarks.Items.Any(remark => remark.StartsWith("of the alias", StringComparison.Ordinal))).ToList();
        Assert.Equal(454, births.Count(birth => birth.Date is not null));
        Assert.Equal(378, births.Count(birth => birth.Date is null && birth.Year is not null));
        Assert.Equal(31, births.Count(birth => birth.YearFrom is not null && birth.YearTo is not null));
        Assert.Equal(58, entries.SelectMany(entry => entry.BirthDates.Items).Except(births).Count(birth => birth.Year is not null));
        Assert.Equal(468, entries.Sum(entry => entry.Identifications.Count));
        Assert.Equal(454, entries.Sum(entry => entry.Identifications.Count(id => id.Number.Length > 0)));
        Assert.Equal(652, entries.Sum(entry => entry.Citizenships.Count));
    }

    [Fact]
    public void In_the_UN_list_an_alias_of_low_quality_is_weak_and_an_original_script_is_a_name_of_its_own()
    {
        var text = Encoding.UTF8.GetString(Files.Gunzip("un_consolidated_2026-02-27.xml.gz"));
        Assert.True(Files.Un.Entries.SelectMany(entry => entry.Names.Items).Count(name => name.IsWeak) >= text.Split("<QUALITY>Low</QUALITY>").Length - 1);
        Assert.Contains(Files.Un.Entries.SelectMany(entry => entry.Names.Items), name => name.Script is NameScript.Arabic);
        var rwandan = Files.Un.Entries.Single(entry => entry.UnitedNationId == "CDi.001");
        Assert.Equal(("6907993", "ERIC BADEGE", "ERIC", "BADEGE", "M"), (rwandan.Key, rwandan.Names[0].Whole, rwandan.Names[0].First, rwandan.Names[0].Last, rwandan.Names[0].Gender));
        Assert.Equal(1971, rwandan.BirthDates[0].Year);
        Assert.Equal("DRC", rwandan.Programmes.Single());
    }

    [Fact]
    public void Every_country_the_UN_names_has_its_code()
    {
        var named = Files.Un.Entries.SelectMany(entry => entry.Citizenships.Select(c => c.Country).Concat(entry.BirthDates.Select(b => b.Country)).Concat(entry.Addresses.Select(a => a.Country)).Concat(entry.Identifications.Select(i => i.Country)))
            .Where(country => country.Description.Length > 0).ToList();
        Assert.True(named.Count > 1_500, $"{named.Count}");
        Assert.Equal(["former Soviet Union", "na"], named.Where(country => country.Code.Length == 0).Select(country => country.Description).Distinct());
        Assert.Equal("KP", named.First(country => country.Description.StartsWith("Democratic People", StringComparison.Ordinal)).Code);
    }

    private static string Counts(IEnumerable<string> values)
        => string.Join(", ", values.GroupBy(value => value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}"));
}
