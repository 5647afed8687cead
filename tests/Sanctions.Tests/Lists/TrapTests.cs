using System.Text;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>The traps of the format and the attacks on its readers, one by one.</summary>
public class TrapTests
{
    [Fact]
    public void Entity_expansion_is_refused_without_expanding_anything()
        => Refused(ListFileFault.Forbidden, """<?xml version="1.0"?><!DOCTYPE export [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>""" + Files.Export(Files.Entity(children: "<remark>&b;</remark>")));

    [Fact]
    public void An_external_entity_is_refused_and_never_fetched()
        => Refused(ListFileFault.Forbidden, """<!DOCTYPE export [<!ENTITY file SYSTEM "file:///etc/passwd">]>""" + Files.Export(Files.Entity(children: "<remark>&file;</remark>")));

    [Fact]
    public void A_zip_bomb_is_stopped_at_the_limit_of_its_expansion()
    {
        var bomb = Files.Gzip(Encoding.UTF8.GetBytes(Files.Export(Files.Entity(children: $"<remark>{new string(' ', 8_000_000)}</remark>"))));
        Assert.True(bomb.Length < 30_000);
        var fault = Assert.Throws<ListFileException>(() => Files.Parse(bomb, new ReadOptions { MaxExpandedBytes = 1_000_000 }));
        Assert.Equal(ListFileFault.TooLarge, fault.Fault);
    }

    [Fact]
    public void A_file_larger_than_allowed_is_refused_after_the_bytes_allowed()
    {
        var file = Encoding.UTF8.GetBytes(Files.Export([.. Enumerable.Range(1, 500).Select(key => Files.Entity($"{key}"))]));
        var fault = Assert.Throws<ListFileException>(() => Files.Parse(file, new ReadOptions { MaxBytes = 100_000 }));
        Assert.Equal(ListFileFault.TooLarge, fault.Fault);
    }

    [Fact]
    public void Elements_nested_without_end_are_refused()
        => Refused(ListFileFault.TooLarge, Files.Export(Files.Entity(children: string.Concat(Enumerable.Repeat("<a>", 5_000)) + string.Concat(Enumerable.Repeat("</a>", 5_000)))));

    [Fact]
    public void An_entity_with_a_text_or_a_number_of_parts_beyond_all_reason_is_rejected_alone()
    {
        var list = Files.Parse(
            Files.Export(Files.Entity("1", $"<remark>{new string('x', 20_001)}</remark>"), Files.Entity("2", string.Concat(Enumerable.Repeat("<remark>x</remark>", 2_001))), Files.Entity("3")));
        Assert.Equal(["3"], list.Entries.Select(entry => entry.Key));
        Assert.Equal(["1", "2"], list.Rejected.Select(rejection => rejection.Key));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_truncated_file_is_refused_as_a_whole_compressed_or_not(double share)
    {
        var text = Encoding.UTF8.GetBytes(Files.Export([.. Enumerable.Range(1, 50).Select(key => Files.Entity($"{key}"))]));
        Assert.Equal(ListFileFault.Broken, Assert.Throws<ListFileException>(() => Files.Parse(text[..(int)(text.Length * share)])).Fault);
        var packed = Files.Gzip(text);
        Assert.Equal(ListFileFault.Broken, Assert.Throws<ListFileException>(() => Files.Parse(packed[..(int)(packed.Length * share)])).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"json\":true}")]
    [InlineData("a;b;c\n1;2;3\n")]
    [InlineData("<html><body>503 Service Unavailable</body></html>")]
    [InlineData("<export xmlns=\"http://example.org/other\" generationDate=\"2026-05-01T00:00:00Z\"/>")]
    [InlineData("<export generationDate=\"2026-05-01T00:00:00Z\"/>")]
    [InlineData("<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\"/>")]
    [InlineData("<CONSOLIDATED_LIST/>")]
    public void A_file_that_is_not_the_list_is_refused(string text)
        => Assert.Equal(ListFileFault.NotTheList, Assert.Throws<ListFileException>(() => Files.Parse(text)).Fault);

    [Fact]
    public void One_bad_entity_does_not_stop_the_rest_and_is_reported_with_line_entity_field_and_reason()
    {
        var list = Files.Parse(Files.Export("\n", Files.Entity("1"), "\n\n", Files.Entity("2", """<birthdate circa="maybe" calendarType="GREGORIAN" logicalId="5"/>"""), Files.Entity("3")));
        Assert.Equal(["1", "3"], list.Entries.Select(entry => entry.Key));
        var rejection = Assert.Single(list.Rejected);
        Assert.Equal((12, "2", "EU.2.1", "birthdate.circa"), (rejection.Line, rejection.Key, rejection.Entity, rejection.Field));
        Assert.Contains("'maybe' is neither true nor false", rejection.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("birthdate=\"1961-02-30\"", "birthdate.birthdate")]
    [InlineData("birthdate=\"30/01/1961\"", "birthdate.birthdate")]
    [InlineData("dayOfMonth=\"31\" monthOfYear=\"4\" year=\"1961\"", "birthdate.dayOfMonth")]
    [InlineData("dayOfMonth=\"29\" monthOfYear=\"2\" year=\"1961\"", "birthdate.dayOfMonth")]
    [InlineData("monthOfYear=\"13\"", "birthdate.monthOfYear")]
    [InlineData("year=\"0\"", "birthdate.year")]
    [InlineData("yearRangeFrom=\"1970\" yearRangeTo=\"1960\"", "birthdate.yearRangeFrom")]
    [InlineData("calendarType=\"MAYAN\"", "birthdate.calendarType")]
    [InlineData("birthdate=\"1961-02-03\" year=\"1962\"", "birthdate.birthdate")]
    [InlineData("birthdate=\"1961-02-03\" monthOfYear=\"3\" dayOfMonth=\"2\"", "birthdate.birthdate")]
    public void A_date_that_does_not_exist_rejects_the_entity(string attributes, string field)
        => Assert.Equal(field, Assert.Single(Files.Parse(Files.Export(Files.Entity(children: $"<birthdate {attributes}/>"))).Rejected).Field);

    [Theory]
    [InlineData("dayOfMonth=\"29\" monthOfYear=\"2\"")]
    [InlineData("dayOfMonth=\"31\" monthOfYear=\"6\" year=\"1402\" calendarType=\"ISLAMIC\"")]
    [InlineData("year=\"1966\"")]
    [InlineData("yearRangeFrom=\"1958\" yearRangeTo=\"1963\"")]
    [InlineData("birthdate=\"1961-02-03\" year=\"1961\" monthOfYear=\"2\" dayOfMonth=\"3\"")]
    [InlineData("birthdate=\"1961-02-03\" year=\"1380\" monthOfYear=\"8\" dayOfMonth=\"17\" calendarType=\"ISLAMIC\"")]
    public void A_date_that_may_exist_is_taken_as_far_as_it_goes(string attributes)
        => Assert.Single(Files.Parse(Files.Export(Files.Entity(children: $"<birthdate {attributes}/>"))).Entries);

    [Fact]
    public void An_unknown_programme_rejects_the_entity_until_the_programme_is_entered()
    {
        var file = Files.Export(Files.Entity("1", programme: "XYZ"), Files.Entity("2"));
        var rejection = Assert.Single(Files.Parse(file).Rejected);
        Assert.Equal(("1", "regulation.programme"), (rejection.Key, rejection.Field));
        Assert.Contains("XYZ", rejection.Reason, StringComparison.Ordinal);
        Assert.Empty(Files.Parse(file, new ReadOptions { KnownProgramme = code => code is "XYZ" or "UKR" }).Rejected);
    }

    [Fact]
    public void Of_two_entities_with_one_number_the_second_is_rejected()
    {
        var list = Files.Parse(Files.Export(Files.Entity("1"), Files.Entity("1", type: "enterprise")));
        Assert.Equal(SubjectType.Person, Assert.Single(list.Entries).SubjectType);
        Assert.Equal("sanctionEntity.logicalId", Assert.Single(list.Rejected).Field);
    }

    [Fact]
    public void Of_two_entities_with_one_reference_number_the_second_is_rejected()
    {
        var list = Files.Parse(Files.Export(Files.Entity("1"), Files.Entity("2").Replace("EU.2.1", "eu.1.1", StringComparison.Ordinal), Files.Entity("3")));
        Assert.Equal(["1", "3"], list.Entries.Select(entry => entry.Key));
        Assert.Equal(("2", "sanctionEntity.euReferenceNumber"), (Assert.Single(list.Rejected).Key, list.Rejected[0].Field));
    }

    [Fact]
    public void An_entity_without_an_act_is_taken_and_noted_because_published_files_had_such()
    {
        var list = Files.Parse(Files.Export("""<sanctionEntity logicalId="5" euReferenceNumber="EU.5.1"><subjectType code="person"/><nameAlias wholeName="A"/></sanctionEntity>"""));
        Assert.Contains("EU.5.1 names no act", Assert.Single(list.Notes), StringComparison.Ordinal);
        Assert.Single(list.Entries);
    }

    [Theory]
    [InlineData(6, "check sum")]
    [InlineData(1, "check sum")]
    [InlineData(60, "damaged")]
    public void A_compressed_file_that_was_damaged_says_so(int fromEnd, string word)
    {
        var packed = Files.Gzip(Encoding.UTF8.GetBytes(Files.Export([.. Enumerable.Range(1, 50).Select(key => Files.Entity($"{key}"))])));
        packed[^fromEnd] ^= 0xFF;
        var fault = Assert.Throws<ListFileException>(() => Files.Parse(packed));
        Assert.Equal(ListFileFault.Broken, fault.Fault);
        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_files_joined_are_told_to_be_packed_as_one()
    {
        var text = Encoding.UTF8.GetBytes(Files.Export(Files.Entity()));
        var fault = Assert.Throws<ListFileException>(() => Files.Parse([.. Files.Gzip(text[..500]), .. Files.Gzip(text[500..])]));
        Assert.Equal(ListFileFault.Broken, fault.Fault);
        Assert.Contains("several gzip files joined", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_number_on_a_name_and_on_a_birth_date_is_no_fault_because_numbers_are_unique_per_kind_only()
        => Assert.Single(Files.Parse(Files.Export(Files.Entity(children: """<birthdate logicalId="1" year="1960"/>"""))).Entries);

    [Theory]
    [InlineData("<sanctionEntity logicalId=\"5\" euReferenceNumber=\"EU.5.1\"><subjectType code=\"person\"/></sanctionEntity>", "nameAlias")]
    [InlineData("<sanctionEntity euReferenceNumber=\"EU.5.1\"><subjectType code=\"person\"/><nameAlias wholeName=\"A\"/></sanctionEntity>", "sanctionEntity.logicalId")]
    [InlineData("<sanctionEntity logicalId=\"five\" euReferenceNumber=\"EU.5.1\"><subjectType code=\"person\"/><nameAlias wholeName=\"A\"/></sanctionEntity>", "sanctionEntity.logicalId")]
    [InlineData("<sanctionEntity logicalId=\"5\" euReferenceNumber=\"EU.5.1\"><subjectType code=\"ghost\"/><nameAlias wholeName=\"A\"/></sanctionEntity>", "subjectType.code")]
    [InlineData("<sanctionEntity logicalId=\"5\" euReferenceNumber=\"EU.5.1\"><nameAlias wholeName=\"A\"/></sanctionEntity>", "subjectType.code")]
    [InlineData("<sanctionEntity logicalId=\"5\" euReferenceNumber=\"EU.5.1\"><subjectType code=\"person\"/><nameAlias wholeName=\" \"/></sanctionEntity>", "nameAlias.wholeName")]
    public void An_entity_without_number_type_or_name_is_rejected(string entity, string field)
    {
        var rejection = Assert.Single(Files.Parse(Files.Export(entity)).Rejected);
        Assert.Equal(("EU.5.1", field), (rejection.Entity, rejection.Field));
    }

    [Fact]
    public void Stray_spaces_several_values_in_one_unknown_countries_and_former_states_are_kept_as_they_are()
    {
        var entry = Files.Parse(Files.Export(Files.Entity(children: """
            <nameAlias wholeName="Влади́мир" title="(a) Mullah, (b) Maulavi" strong="false" logicalId="2"/>
            <citizenship countryIso2Code="00" countryDescription="UNKNOWN" logicalId="1"/><citizenship countryIso2Code="CS" countryDescription="SERBIA AND MONTENEGRO" logicalId="2"/>
            <address countryIso2Code="IR" logicalId="1"><contactInfo key="EMAIL" value=" a@b.c "/></address>
            """))).Entries[0];
        Assert.Equal("(a) Mullah, (b) Maulavi", entry.Names[1].Title);
        Assert.True(entry.Names[1].IsWeak);
        Assert.Equal(NameScript.Cyrillic, entry.Names[1].Script);
        Assert.Equal([false, true], entry.Citizenships.Select(citizenship => citizenship.Country.IsKnown));
        Assert.Equal(" a@b.c ", entry.Addresses[0].Contacts[0].Value);
    }

    [Theory]
    [InlineData("issuedDate")]
    [InlineData("issueDate")]
    public void The_day_of_issue_is_read_under_both_spellings(string attribute)
        => Assert.Equal(new DateOnly(2001, 2, 3), Files.Parse(Files.Export(Files.Entity(children: $"""<identification number="1" {attribute}="2001-02-03"/>"""))).Entries[0].Identifications[0].IssuedDate);

    [Fact]
    public void An_attribute_the_format_does_not_know_is_kept_and_an_unknown_element_is_passed_over_with_a_note()
    {
        var list = Files.Parse(Files.Export(Files.Entity(attributes: "novelty=\"yes\"", children: "<surprise><deep/></surprise>")));
        Assert.Equal("yes", list.Entries[0].Oddities.Single(oddity => oddity.Attribute == "novelty").Value);
        Assert.Contains("surprise", Assert.Single(list.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_tells_entities_and_bytes_up_to_the_end_of_the_file()
    {
        var steps = new List<ReadProgress>();
        var file = new FileInfo(Files.PathOf("eu_fsf_2026-05-01.xml.gz"));
        Files.Read(file.Name, new ReadOptions { Progress = steps.Add });
        Assert.True(steps.Count > 20);
        Assert.Equal(steps.OrderBy(step => step.Entities), steps);
        Assert.Equal(new ReadProgress(5_860, file.Length, file.Length), steps[^1]);
    }

    [Fact]
    public void Reading_stops_when_cancelled()
    {
        using var source = new CancellationTokenSource();
        using var stream = File.OpenRead(Files.PathOf("eu_fsf_2026-05-01.xml.gz"));
        var options = new ReadOptions { Progress = _ => source.Cancel() };
        Assert.Throws<OperationCanceledException>(() => ListFileReader.Read(stream, options, source.Token));
    }

    [Fact]
    public void An_older_file_shows_by_its_generation_date_by_the_hour_in_XML_and_by_the_day_where_CSV_is_concerned()
    {
        var noon = new ListHeader(ListFormat.FsfXml, new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var morning = noon with { GeneratedAt = noon.GeneratedAt.AddHours(-4) };
        var sameDay = new ListHeader(ListFormat.FsfCsv, new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.True(morning.IsOlderThan(noon));
        Assert.False(noon.IsOlderThan(noon));
        Assert.False(sameDay.IsOlderThan(noon));
        Assert.True((sameDay with { GeneratedAt = sameDay.GeneratedAt.AddDays(-1) }).IsOlderThan(noon));
    }

    private static void Refused(ListFileFault fault, string text) => Assert.Equal(fault, Assert.Throws<ListFileException>(() => Files.Parse(text)).Fault);
}
