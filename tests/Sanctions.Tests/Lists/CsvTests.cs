using System.Text;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>The CSV format: its traps, and that it says the same as the XML as far as it can.</summary>
public class CsvTests
{
    [Fact]
    public void The_CSV_sample_has_295_subjects_and_as_many_rows_as_parts()
    {
        var csv = Files.Read("eu_csl_sample.csv.gz");
        Assert.Empty(csv.Rejected);
        Assert.Empty(csv.Notes);
        Assert.Equal(295, csv.Entries.Length);
        Assert.Equal(2_770, csv.Entries.Sum(entry => entry.Names.Count + entry.Addresses.Count + entry.BirthDates.Count + entry.Identifications.Count + entry.Citizenships.Count));
        Assert.Equal(new ListHeader(ListFormat.FsfCsv, new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)), csv.Header);
    }

    [Fact]
    public void The_CSV_sample_says_the_same_as_the_XML_sample_as_far_as_it_can()
    {
        var xml = Files.Read("eu_fsf_sample.xml").Entries.ToDictionary(entry => entry.Key);
        var csv = Files.Read("eu_csl_sample.csv.gz").CompletedFrom(xml);
        var diff = ListDiff.Between(xml, csv.Entries);
        Assert.True(diff.IsEmpty, diff.Amended.SelectMany(amendment => amendment.Changes).Select(change => change.ToString()).FirstOrDefault());
        Assert.Equal(295, diff.Unchanged);
    }

    [Fact]
    public void Person_and_enterprise_stand_in_reversed_columns_and_are_read_from_whichever_holds_the_word()
    {
        Assert.Equal(SubjectType.Enterprise, Files.Parse(Csv(("Entity_SubjectType", "E"), ("Entity_SubjectType_ClassificationCode", "enterprise"))).Entries[0].SubjectType);
        Assert.Equal(SubjectType.Enterprise, Files.Parse(Csv(("Entity_SubjectType", "enterprise"), ("Entity_SubjectType_ClassificationCode", "E"))).Entries[0].SubjectType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_byte_order_mark_may_stand_or_not(bool mark)
        => Assert.Single(Files.Parse([.. mark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(Csv())]).Entries);

    [Fact]
    public void Quotes_semicolons_and_line_breaks_inside_a_cell_are_text()
        => Assert.Equal("Ali \"the; Lion\"\nof X", Files.Parse(Csv(("NameAlias_WholeName", "\"Ali \"\"the; Lion\"\"\nof X\""))).Entries[0].Names[0].Whole);

    [Fact]
    public void A_stray_quote_inside_an_unquoted_cell_is_text()
        => Assert.Equal("Ali \"the Lion\"", Files.Parse(Csv(("NameAlias_WholeName", "Ali \"the Lion\""))).Entries[0].Names[0].Whole);

    [Fact]
    public void A_file_that_ends_inside_a_quoted_cell_or_inside_a_row_is_refused()
    {
        var text = Csv(("NameAlias_WholeName", "\"Ali\""));
        Assert.Equal(ListFileFault.Broken, Assert.Throws<ListFileException>(() => Files.Parse(text[..(text.LastIndexOf("Ali", StringComparison.Ordinal) + 2)])).Fault);
        Assert.Equal(ListFileFault.Broken, Assert.Throws<ListFileException>(() => Files.Parse(text[..^40])).Fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_file_that_ends_inside_its_last_cell_is_refused(int missing)
    {
        var last = CsvColumns.Header[^1];
        var text = Csv((last, "http://x"));
        Assert.Single(Files.Parse(text).Entries);
        var fault = Assert.Throws<ListFileException>(() => Files.Parse(text[..^missing]));
        Assert.Equal((ListFileFault.Broken, true), (fault.Fault, fault.Message.Contains("does not end with a line break", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_generation_date_is_the_only_one_written_day_month_year()
    {
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), Files.Parse(Csv(("fileGenerationDate", "01/02/2026"))).Header.GeneratedAt);
        Assert.Equal(ListFileFault.NotTheList, Assert.Throws<ListFileException>(() => Files.Parse(Csv(("fileGenerationDate", "2026-02-01")))).Fault);
        var rejection = Assert.Single(Files.Parse(Csv(("BirthDate_BirthDate", "01/02/1961"))).Rejected);
        Assert.Equal("BirthDate.birthdate", rejection.Field);
    }

    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_an_older_file_with_fewer_is_read()
    {
        var reversed = Csv(columns: [.. CsvColumns.Header.Where(name => !name.EndsWith("_Regulation_OrganisationType", StringComparison.Ordinal) || name.StartsWith("Entity", StringComparison.Ordinal)).Reverse()]);
        var list = Files.Parse(reversed);
        Assert.Equal("Ali", Assert.Single(list.Entries).Names[0].Whole);
        Assert.Equal(5, list.Notes.Length);
    }

    [Theory]
    [InlineData("Identification_Number")]
    [InlineData("BirthDate_BirthDate")]
    [InlineData("NameAlias_LogicalId")]
    [InlineData("Entity_Regulation_NumberTitle")]
    public void A_file_without_a_column_is_refused_because_it_would_take_from_everybody_what_stands_there(string column)
    {
        var fault = Assert.Throws<ListFileException>(() => Files.Parse(Csv(columns: [.. CsvColumns.Header.Where(name => name != column)])));
        Assert.Equal(ListFileFault.NotTheList, fault.Fault);
        Assert.Contains(column, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_rejects_the_entity()
        => Assert.Contains("UTF-8", Assert.Single(Files.Parse(Encoding.Latin1.GetBytes(Csv(("NameAlias_WholeName", "José")))).Rejected).Reason, StringComparison.Ordinal);

    [Fact]
    public void Rows_of_one_entity_that_contradict_each_other_reject_it()
    {
        var (first, second) = (Csv(), Csv(("Entity_EU_ReferenceNumber", "EU.9.9")));
        var list = Files.Parse(first + second[(second.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        Assert.Empty(list.Entries);
        Assert.Equal((3, "Entity"), (list.Rejected[0].Line, list.Rejected[0].Field));
    }

    [Fact]
    public async Task The_written_CSV_has_the_118_columns_of_the_published_one_a_byte_order_mark_and_CRLF()
    {
        var published = Encoding.UTF8.GetString(Files.Gunzip("eu_csl_sample.csv.gz"));
        var written = Encoding.UTF8.GetString(await Files.WriteAsync(new(ListFormat.FsfCsv, new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero)), Files.Read("eu_csl_sample.csv.gz").Entries));
        Assert.Equal(118, CsvColumns.Header.Length);
        Assert.Equal(published[..published.IndexOf('\n', StringComparison.Ordinal)], written[..written.IndexOf('\n', StringComparison.Ordinal)]);

        // What the publisher's tool filled and ours does too, row for row, though rows and quoting may differ.
        Assert.Equal(Files.Parse(published).Entries.Select(Canonical.VersionOf), Files.Parse(written).Entries.Select(Canonical.VersionOf));
    }

    [Fact]
    public async Task A_weak_alias_survives_CSV_only_with_the_extra_column_or_from_the_list_it_stands_on()
    {
        var entry = EntryTests.Full() with { Oddities = [] };
        var header = new ListHeader(ListFormat.FsfCsv, new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var plain = Files.Parse(await Files.WriteAsync(header, [entry]));
        Assert.False(plain.Entries[0].Names[0].MarkedWeak);
        Assert.True(plain.CompletedFrom(new Dictionary<string, Entry> { [entry.Key] = entry }).Entries[0].Names[0].MarkedWeak);
        Assert.True(Files.Parse(await Files.WriteAsync(header, [entry], extendedCsv: true)).Entries[0].Names[0].MarkedWeak);
    }

    /// <summary>A file with one row: a sound one but for the cells given (written as they are, so quote what needs it).</summary>
    private static string Csv(params (string Column, string Cell)[] cells) => Csv([.. CsvColumns.Header], cells);

    private static string Csv(string[] columns, params (string Column, string Cell)[] cells)
    {
        var row = new Dictionary<string, string>
        {
            ["fileGenerationDate"] = "01/05/2026",
            ["Entity_LogicalId"] = "5",
            ["Entity_EU_ReferenceNumber"] = "EU.5.1",
            ["Entity_SubjectType"] = "P",
            ["Entity_SubjectType_ClassificationCode"] = "person",
            ["Entity_Regulation_Programme"] = "UKR",
            ["Entity_Regulation_NumberTitle"] = "2024/1",
            ["NameAlias_WholeName"] = "Ali",
            ["NameAlias_LogicalId"] = "1",
        };
        foreach (var (column, cell) in cells)
        {
            row[column] = cell;
        }

        return string.Join(';', columns) + "\n" + string.Join(';', columns.Select(column => row.GetValueOrDefault(column, ""))) + "\n";
    }
}
