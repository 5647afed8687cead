using System.Security.Cryptography;
using System.Text;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>What one list changes on another: content, never order or text.</summary>
[Properties(Arbitrary = [typeof(EntryGenerator)])]
public class DiffTests
{
    [Fact]
    public void The_same_list_again_changes_nothing()
    {
        var current = Files.Full.Entries.ToDictionary(entry => entry.Key);
        var diff = ListDiff.Between(current, Files.Read("eu_fsf_2026-05-01.xml.gz").Entries);
        Assert.True(diff.IsEmpty);
        Assert.Equal(5_860, diff.Unchanged);
    }

    [Fact]
    public void The_whole_list_with_entities_and_all_siblings_reversed_changes_nothing_and_keeps_every_version()
    {
        var current = Files.Full.Entries.ToDictionary(entry => entry.Key);
        var shuffled = Files.Full.Entries.Reverse().Select(Reversed).ToList();
        Assert.True(ListDiff.Between(current, shuffled).IsEmpty);
        Assert.All(shuffled, entry => Assert.Equal(Canonical.VersionOf(current[entry.Key]), Canonical.VersionOf(entry)));
    }

    [Property(MaxTest = 200)]
    public void Any_entry_with_its_parts_in_another_order_says_the_same(AnyEntry any)
    {
        Assert.Empty(EntryChanges.Between(any.Entry, Reversed(any.Entry)));
        Assert.Equal(Canonical.VersionOf(any.Entry), Canonical.VersionOf(Reversed(any.Entry)));
    }

    [Property(MaxTest = 200)]
    public void Two_entries_have_one_version_exactly_when_nothing_differs(AnyEntry one, AnyEntry other)
    {
        var twin = other.Entry with { Key = one.Entry.Key };
        Assert.Equal(EntryChanges.Between(one.Entry, twin).IsEmpty, Canonical.VersionOf(one.Entry) == Canonical.VersionOf(twin));
    }

    [Fact]
    public void An_attribute_printed_empty_or_left_out_says_the_same()
    {
        var (printed, leftOut) = (Files.Parse(Files.Export(Files.Entity("1"))).Entries[0], Files.Parse(Files.Export(Files.Entity("1").Replace("title=\"\"", "", StringComparison.Ordinal))).Entries[0]);
        Assert.NotEqual(printed, leftOut);
        Assert.Empty(EntryChanges.Between(printed, leftOut));
        Assert.Equal(Canonical.VersionOf(printed), Canonical.VersionOf(leftOut));
    }

    [Fact]
    public void Two_entries_without_reference_are_told_apart_by_their_numbers()
    {
        var list = Files.Read("fsf_verbatim_fragments.xml").Entries;
        Assert.True(ListDiff.Between(list.ToDictionary(entry => entry.Key), list.Reverse()).IsEmpty);
    }

    [Fact]
    public void Added_amended_removed_and_unchanged_entries_are_told_with_what_changed_in_words()
    {
        var old = EntryTests.Full();
        var now = old with
        {
            UnitedNationId = "",
            Remarks = [old.Remarks[0]],
            Names = [old.Names[0] with { Function = "Deputy" }, new Name { Whole = "Abu Ali", LogicalId = 99 }],
            BirthDates = [],
            SubjectType = SubjectType.Aircraft,
        };
        var gone = new Entry { Key = "2", Names = [new Name { Whole = "Gone" }] };
        var same = new Entry { Key = "3", Names = [new Name { Whole = "Same" }] };
        var fresh = new Entry { Key = "4", Names = [new Name { Whole = "New" }] };
        var diff = ListDiff.Between(new[] { old, gone, same }.ToDictionary(entry => entry.Key), [fresh, same, now]);
        Assert.Equal(["4"], diff.Added.Select(entry => entry.Key));
        Assert.Equal(["2"], diff.Removed.Select(entry => entry.Key));
        Assert.Equal(1, diff.Unchanged);
        Assert.Equal(1m / 3, diff.RemovedShare);
        Assert.Equal(
            [
                "unitedNationId removed: QDi.002",
                "subjectType changed from \"vessel\" to \"aircraft\"",
                "remark removed: второе",
                "name 17: function changed from \"Chief\" to \"Deputy\"",
                "name removed: أبو علي",
                "name 99 added: Abu Ali",
                "birth date 14 removed: about 1982-04-19, Tikrit, p, r",
            ],
            Assert.Single(diff.Amended).Changes.Select(change => change.ToString()));
    }

    [Fact]
    public void An_entity_that_was_rejected_stays_on_the_list_as_it_was()
    {
        var current = Files.Parse(Files.Export(Files.Entity("1"), Files.Entity("2"), Files.Entity("3"))).Entries.ToDictionary(entry => entry.Key);
        var file = Files.Parse(Files.Export(Files.Entity("1"), Files.Entity("2", "<birthdate birthdate=\"1961-02-30\"/>")));
        var diff = ListDiff.Between(current, file.Entries, file.Rejected);
        Assert.Equal(["3"], diff.Removed.Select(entry => entry.Key));
        Assert.Equal((1, 1), (diff.HeldBack, diff.Unchanged));
    }

    [Fact]
    public void A_name_has_a_version_of_its_own_that_other_changes_of_the_entry_do_not_touch()
    {
        var name = EntryTests.Full().Names[0];
        Assert.Equal(Canonical.VersionOf(name), Canonical.VersionOf(name with { Oddities = [.. name.Oddities, new("title", "")] }));
        Assert.NotEqual(Canonical.VersionOf(name), Canonical.VersionOf(name with { MarkedWeak = false }));
    }

    /// <summary>Cleared hits are tied to versions, so no change of the code may give the same entry another one.</summary>
    [Fact]
    public void The_versions_of_the_real_entries_stay_what_they_are()
    {
        Assert.Equal("27768482f437c1b4", HashOf(Files.Full));
        Assert.Equal("8ef34d3c71a3a165", HashOf(Files.Un));

        static string HashOf(ListFile file) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(file.Entries.Select(Canonical.VersionOf)))))[..16];
    }

    private static Entry Reversed(Entry entry) => entry with
    {
        Remarks = entry.Remarks.Items.Reverse().ToSequence(),
        Regulations = entry.Regulations.Items.Reverse().ToSequence(),
        Names = entry.Names.Items.Reverse().Select(name => name with { Remarks = name.Remarks.Items.Reverse().ToSequence() }).ToSequence(),
        Citizenships = entry.Citizenships.Items.Reverse().ToSequence(),
        BirthDates = entry.BirthDates.Items.Reverse().ToSequence(),
        Addresses = entry.Addresses.Items.Reverse().Select(address => address with { Contacts = address.Contacts.Items.Reverse().ToSequence() }).ToSequence(),
        Identifications = entry.Identifications.Items.Reverse().ToSequence(),
    };
}
