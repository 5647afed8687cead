using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>Import → export → import changes nothing, in every format and for anything an entry may say.</summary>
[Properties(Arbitrary = [typeof(EntryGenerator)])]
public class RoundTripTests
{
    [Fact]
    public async Task The_whole_published_list_comes_back_from_XML_entry_by_entry_and_file_by_file()
    {
        var written = await Files.WriteAsync(Files.Full.Header, Files.Full.Entries);
        var again = Files.Parse(written);
        Assert.Equal(Files.Full.Header, again.Header);
        Assert.Empty(again.Rejected);
        Assert.True(Files.Full.Entries.AsSpan().SequenceEqual(again.Entries.AsSpan()));
        Assert.Equal(written, await Files.WriteAsync(again.Header, again.Entries));
    }

    [Fact]
    public async Task The_written_XML_holds_every_element_attribute_and_text_of_the_published_file_in_the_same_order()
    {
        var published = XDocument.Parse(Encoding.UTF8.GetString(Files.Gunzip("eu_fsf_2026-05-01.xml.gz")));
        var written = XDocument.Parse(Encoding.UTF8.GetString(await Files.WriteAsync(Files.Full.Header, Files.Full.Entries)));
        Assert.True(XNode.DeepEquals(published.Root, written.Root));
    }

    [Fact]
    public async Task Verbatim_fragments_come_back_with_the_attributes_they_left_out_still_left_out()
    {
        var list = Files.Read("fsf_verbatim_fragments.xml");
        Assert.Empty(list.Rejected);
        Assert.Equal(["1", "207", "13", "507"], list.Entries.Select(entry => entry.Key));
        Assert.Null(list.Entries[2].EuReferenceNumber);
        Assert.Equal("13", list.Entries[2].Reference);
        Assert.Empty(list.Entries[3].Regulations);
        Assert.Equal(["SSN 156-92-9858 (USA)"], list.Entries[3].Addresses[0].Remarks);
        var published = XDocument.Load(Files.PathOf("fsf_verbatim_fragments.xml"));
        var written = XDocument.Parse(Encoding.UTF8.GetString(await Files.WriteAsync(list.Header, list.Entries)));

        // Attributes have no order in XML; compare with them sorted.
        foreach (var element in published.Descendants().Concat(written.Descendants()))
        {
            element.ReplaceAttributes(element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).OrderBy(attribute => attribute.Name.LocalName, StringComparer.Ordinal).ToArray());
        }

        Assert.True(XNode.DeepEquals(published.Root, written.Root));
    }

    [Fact]
    public void The_whole_list_is_kept_packed_without_loss() =>
        Assert.All(Files.Full.Entries, entry => Assert.Equal(entry, KeptEntry.Of(entry).Unpack()));

    [Property(MaxTest = 500)]
    public void Any_entry_is_kept_packed_without_loss_and_equal_to_what_says_the_same(AnyEntry one, AnyEntry other)
    {
        var kept = KeptEntry.Of(one.Entry);
        Assert.Equal(one.Entry, kept.Unpack());
        Assert.Equal(kept, KeptEntry.Of(kept.Unpack()));
        Assert.Equal(kept.GetHashCode(), KeptEntry.Of(kept.Unpack()).GetHashCode());
        Assert.Equal(one.Entry == other.Entry, kept.Equals(KeptEntry.Of(other.Entry)));
        Assert.Equal(one.Entry.Reference, kept.Reference);
        Assert.Equal(one.Entry.Names.Select(n => n.Text), kept.Texts.ToArray());
    }

    [Fact]
    public void What_is_missing_empty_or_beyond_the_usual_is_kept_too()
    {
        var entry = new Entry
        {
            Key = "1",
            UnitedNationId = "QDi.1",
            Names = [new Name { First = "Ann", Last = "A", LogicalId = long.MaxValue, Gender = "" }, new Name { Whole = "A", First = "B", LogicalId = long.MinValue }],
            BirthDates = [new BirthDate { Date = DateOnly.MinValue, Year = -1, YearTo = int.MaxValue }, new BirthDate { Date = DateOnly.MaxValue, Calendar = BirthCalendar.Islamic }],
            Oddities = [new Oddity("a", null), new Oddity("a", ""), new Oddity("a", "b")],
        };
        var kept = KeptEntry.Of(entry);
        Assert.Equal(entry, kept.Unpack());
        Assert.Equal(("Ann A", "QDi.1"), (kept.Caption, kept.Reference));
        Assert.NotEqual(kept, KeptEntry.Of(entry with { Oddities = [new Oddity("a", ""), new Oddity("a", ""), new Oddity("a", "b")] }));
    }

    [Fact]
    public void The_whole_list_is_stored_and_read_back_without_loss_in_less_than_half_of_its_size()
    {
        var stored = Files.Full.Entries.Select(entry => JsonSerializer.SerializeToUtf8Bytes(entry)).ToList();
        Assert.True(stored.Sum(row => row.Length) < 12_000_000, $"{stored.Sum(row => row.Length):N0} bytes");
        Assert.True(Files.Full.Entries.AsSpan().SequenceEqual(stored.Select(row => JsonSerializer.Deserialize<Entry>(row)!).ToArray()));
    }

    [Fact]
    public async Task JSON_Lines_hold_one_entry_per_line_without_loss()
    {
        var header = Files.Un.Header with { Format = ListFormat.JsonLines };
        var lines = Encoding.UTF8.GetString(await Files.WriteAsync(header, Files.Un.Entries)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1_003, lines.Length);
        Assert.Equal(Files.Un.Entries, lines.Select(line => JsonSerializer.Deserialize<Entry>(line)!));
    }

    [Fact]
    public async Task An_entry_that_fills_every_field_comes_back_from_XML()
    {
        var entry = EntryTests.Full();
        Assert.Equal(entry, Assert.Single(Files.Parse(await Files.WriteAsync(Header(ListFormat.FsfXml), [entry])).Entries));
    }

    [Fact]
    public async Task The_UN_list_written_as_FSF_comes_back_too()
    {
        var written = await Files.WriteAsync(Header(ListFormat.FsfXml), Files.Un.Entries);
        var again = Files.Parse(written, new ReadOptions { KnownProgramme = _ => true });
        Assert.Empty(again.Rejected);
        Assert.Equal(Files.Un.Entries.Select(Canonical.VersionOf), again.Entries.Select(Canonical.VersionOf));
    }

    [Fact]
    public async Task The_whole_list_through_CSV_and_back_changes_nothing_on_the_list()
    {
        var written = await Files.WriteAsync(Header(ListFormat.FsfCsv), Files.Full.Entries);
        var again = Files.Parse(written);
        Assert.Empty(again.Rejected);
        var current = Files.Full.Entries.ToDictionary(entry => entry.Key);
        var diff = ListDiff.Between(current, again.CompletedFrom(current).Entries, again.Rejected);
        Assert.True(diff.IsEmpty, diff.Amended.Select(amendment => $"{amendment.After.Reference}: {amendment.Changes[0]}").FirstOrDefault());
        Assert.Equal(5_860, diff.Unchanged);
        Assert.Equal(written, await Files.WriteAsync(Header(ListFormat.FsfCsv), again.Entries));
    }

    [Property(MaxTest = 200)]
    public void Any_entry_comes_back_from_XML(NonEmptyArray<AnyEntry> list)
    {
        var entries = Distinct(list.Get);
        var again = Files.Parse(Files.WriteAsync(Header(ListFormat.FsfXml), entries).GetAwaiter().GetResult());
        Assert.Empty(again.Rejected);
        Assert.Equal(entries, again.Entries);
    }

    [Property(MaxTest = 200)]
    public void Any_entry_comes_back_from_storage(AnyEntry any)
        => Assert.Equal(any.Entry, JsonSerializer.Deserialize<Entry>(JsonSerializer.Serialize(any.Entry)));

    [Property(MaxTest = 200)]
    public void Any_entry_comes_back_from_CSV_with_the_extra_columns_but_for_spelling(NonEmptyArray<AnyEntry> list)
    {
        var entries = Distinct(list.Get);
        var again = Files.Parse(Files.WriteAsync(Header(ListFormat.FsfCsv), entries, extendedCsv: true).GetAwaiter().GetResult());
        Assert.Empty(again.Rejected);
        Assert.Equal(entries.Select(entry => Canonical.VersionOf(EntryGenerator.WithoutOddities(entry))), again.Entries.Select(Canonical.VersionOf));
    }

    [Property(MaxTest = 100)]
    public void Any_list_through_plain_CSV_changes_nothing_on_the_list_it_came_from(NonEmptyArray<AnyEntry> list)
    {
        var current = Distinct(list.Get).ToDictionary(entry => entry.Key);
        var again = Files.Parse(Files.WriteAsync(Header(ListFormat.FsfCsv), current.Values).GetAwaiter().GetResult());
        var diff = ListDiff.Between(current, again.CompletedFrom(current).Entries, again.Rejected);
        Assert.True(diff.IsEmpty, diff.Amended.SelectMany(amendment => amendment.Changes).Select(change => change.ToString()).FirstOrDefault());
    }

    /// <summary>The entries as a list may hold them: each with a key of its own, and no reference number twice.</summary>
    private static List<Entry> Distinct(IEnumerable<AnyEntry> list)
        => [.. list.DistinctBy(any => any.Entry.EuReferenceNumber ?? any.Entry.Key).Select((any, i) => any.Entry with { Key = (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) })];

    private static ListHeader Header(ListFormat format) => new(format, new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), format is ListFormat.FsfXml ? "1" : "");

    [Fact]
    public async Task A_character_that_XML_cannot_hold_is_left_out_and_cuts_off_no_export()
    {
        var entry = new Entry { Key = "5", Names = [new Name { Whole = "Ct\u0001rl\uD800 Ex\uFFFFample 😀" }], Remarks = ["a\u0002b"] };
        var again = Files.Parse(await Files.WriteAsync(new(ListFormat.FsfXml, new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)), [entry]));
        Assert.Equal("Ctrl Example 😀", Assert.Single(again.Entries).Names[0].Whole);
        Assert.Equal(["ab"], again.Entries[0].Remarks);
    }
}
