using System.Text;
using System.Text.Json;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>The record of an entry: equality by content, weak aliases, scripts, storage.</summary>
public class EntryTests
{
    [Fact]
    public void Two_entries_that_say_the_same_are_equal_and_one_different_remark_deep_inside_makes_them_differ()
    {
        Assert.Equal(Full(), Full());
        Assert.Equal(Full().GetHashCode(), Full().GetHashCode());
        var other = Full() with { Names = [Full().Names[0] with { Remarks = ["good quality"] }, Full().Names[1]] };
        Assert.NotEqual(Full(), other);
    }

    [Fact]
    public void An_entry_survives_storage_with_everything_it_holds()
        => Assert.Equal(Full(), JsonSerializer.Deserialize<Entry>(JsonSerializer.Serialize(Full())));

    [Fact]
    public void What_an_entry_does_not_say_takes_no_room_in_storage()
        => Assert.Equal("""{"key":"7","names":[{"whole":"Владимир \u0022В.\u0022"}]}""".Replace("\\u0022", "\\\"", StringComparison.Ordinal), JsonSerializer.Serialize(new Entry { Key = "7", Names = [new Name { Whole = "Владимир \"В.\"" }] }));

    [Fact]
    public void Storage_written_by_a_later_version_is_read_as_far_as_this_one_understands_it()
        => Assert.Equal("A", JsonSerializer.Deserialize<Entry>(Encoding.UTF8.GetBytes("""{"key":"7","novel":{"a":[1,2]},"names":[{"whole":"A","more":[{}]}]}"""))!.Names[0].Whole);

    [Theory]
    [InlineData("low quality", true)]
    [InlineData("(Low Quality alias)", true)]
    [InlineData("lo quality", true)]
    [InlineData("a.k.a. ood quality", true)]
    [InlineData("good quality", false)]
    [InlineData("born in Loquality", false)]
    public void A_remark_of_low_quality_makes_an_alias_weak_however_the_list_misspells_it(string remark, bool weak)
        => Assert.Equal(weak, new Name { Whole = "Abu Ali", Remarks = ["seen 2001", remark] }.IsWeak);

    [Fact]
    public void An_alias_marked_weak_is_weak_and_an_unmarked_one_is_not()
    {
        Assert.True(new Name { Whole = "Abu Ali", MarkedWeak = true }.IsWeak);
        Assert.False(new Name { Whole = "Abu Ali" }.IsWeak);
    }

    [Theory]
    [InlineData("Saddam Hussein", NameScript.Latin)]
    [InlineData("Влади́мир Путин", NameScript.Cyrillic)]
    [InlineData("صدام حسين", NameScript.Arabic)]
    [InlineData("Μέγα Μέτωπο", NameScript.Greek)]
    [InlineData("김정은", NameScript.Hangul)]
    [InlineData("中国", NameScript.Han)]
    [InlineData("ארגון", NameScript.Hebrew)]
    [InlineData("OOO Газпром нефть", NameScript.Cyrillic)]
    [InlineData("17 (2)", NameScript.Other)]
    [InlineData("", NameScript.Other)]
    public void The_script_of_a_name_is_that_of_most_of_its_letters(string name, NameScript script)
        => Assert.Equal(script, new Name { Whole = name }.Script);

    /// <summary>An entry in which every field of every part is filled, unlike any in the published file.</summary>
    internal static Entry Full()
    {
        var act = new ActSummary { Type = "amendment", PublicationDate = new(2012, 2, 22), NumberTitle = "151/2012 (OJ L49)", PublicationUrl = "http://eur-lex.europa.eu/?uri=CELEX:1&from=EN" };
        var other = act with { NumberTitle = "898/2005 (OJ L153)", Oddities = [new("organisationType", "un")] };
        return new Entry
        {
            Key = "4711",
            EuReferenceNumber = "EU.27.28",
            UnitedNationId = "QDi.002",
            DesignationDate = new(2001, 1, 25),
            DesignationDetails = "Deputy of the <leader> & \"friend\"",
            SubjectType = SubjectType.Vessel,
            Remarks = ["first\nsecond line", "второе"],
            Regulations = [new Regulation { Type = "regulation", OrganisationType = "council", PublicationDate = new(2003, 7, 8), EntryIntoForceDate = new(2003, 7, 7), NumberTitle = "1210/2003 (OJ L169)", Programme = "IRQ", PublicationUrl = "http://x", LogicalId = 348, Oddities = [new("note", "n")] }],
            Names =
            [
                new Name { First = "Abu", Middle = "bin", Last = "Ali", Whole = "Abu bin Ali", Function = "Chief", Gender = "M", Title = "(a) Mullah, (b) Maulavi", Language = "AR", MarkedWeak = true, RegulationLanguage = "en", LogicalId = 17, Remarks = ["low quality"], Act = act, Oddities = [new("kind", "x")] },
                new Name { Whole = "أبو علي", Oddities = [new("function", null), new("gender", "")] },
            ],
            Citizenships = [new Citizenship { Region = "R", Country = new("IQ", "IRAQ"), RegulationLanguage = "en", LogicalId = 1, Remarks = ["disputed"], Act = other, Oddities = [new("a", "b")] }],
            BirthDates = [new BirthDate { Circa = true, Calendar = BirthCalendar.Islamic, Date = new(1982, 4, 19), Day = 24, Month = 6, Year = 1402, YearFrom = 1958, YearTo = 1963, City = "Tikrit", ZipCode = "1", Region = "r", Place = "p", Country = Country.Unknown, RegulationLanguage = "fr", LogicalId = 14, Remarks = ["or 1962"], Act = act, Oddities = [new("a", "b")] }],
            Addresses = [new Address { City = "Mosul", Street = "St. 1; \"the\" house", PoBox = "5", ZipCode = "Z", Region = "r", Place = "p", AsAtListingTime = true, Country = new("CS", "SERBIA AND MONTENEGRO"), RegulationLanguage = "en", LogicalId = 3, Remarks = ["SSN 156-92-9858 (USA)"], Contacts = [new("PHONE", "+964 1"), new("EMAIL", " a@b.c ")], Act = other, Oddities = [new("a", "b")] }],
            Identifications = [new Identification { TypeCode = "passport", TypeDescription = "National passport", Number = "AD001095", LatinNumber = "L", NameOnDocument = "N", IssuedBy = "I", IssuedDate = new(2001, 2, 3), ValidFrom = new(2001, 2, 4), ValidTo = new(2011, 2, 4), Diplomatic = true, KnownExpired = true, KnownFalse = true, ReportedLost = true, RevokedByIssuer = true, Region = "r", Country = new("IQ", ""), RegulationLanguage = "en", LogicalId = 315, Remarks = ["(passport)"], Act = act, Oddities = [new("a", "b")] }],
            Oddities = [new("euReference", "x")],
        };
    }
}
