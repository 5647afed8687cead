using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// The content of an entry apart from order and spelling. The published file shuffles siblings from day to day and may print an
/// empty attribute or leave it out: neither changes what is said. The version of an entry is the hash of this form.
/// </summary>
public static class Canonical
{
    /// <summary>The entry with its parts in a fixed order (their number, then their content) and without oddities of mere spelling.</summary>
    public static Entry Of(Entry entry) => entry with
    {
        Remarks = Sorted(entry.Remarks),
        Regulations = Sorted(entry.Regulations, act => act.LogicalId, FsfAttributes.AllOf, act => act with { Oddities = Content(act.Oddities) }),
        Names = Sorted(entry.Names),
        Citizenships = Sorted(entry.Citizenships),
        BirthDates = Sorted(entry.BirthDates),
        Addresses = Sorted(entry.Addresses.Items.Select(address => address with { Contacts = Sorted(address.Contacts) }).ToSequence()),
        Identifications = Sorted(entry.Identifications),
        Oddities = Content(entry.Oddities),
    };

    /// <summary>
    /// Version of an entry: SHA-256 of its canonical form as stored JSON, in lower-case hexadecimal. Equal exactly when two
    /// entries say the same. Serves as the version of a listing to which a cleared hit is tied.
    /// </summary>
    public static string VersionOf(Entry entry) => Hash(Of(entry));

    /// <summary>Version of one name, by itself: serves as the version of an alias to which a cleared hit is tied.</summary>
    public static string VersionOf(Name name) => Hash(Of(new Entry { Key = "name", Names = [name] }));

    private static string Hash(Entry canonical)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            EntryJsonWriter.Write(json, canonical);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static ActSummary? Act(ActSummary? act) => act is null || act.Oddities.IsEmpty ? act : act with { Oddities = Content(act.Oddities) };

    private static Sequence<Oddity> Content(Sequence<Oddity> oddities)
        => oddities.IsEmpty ? oddities : oddities.Items.Where(oddity => oddity.HasContent).OrderBy(oddity => oddity.Attribute, StringComparer.Ordinal).ToSequence();

    private static Sequence<string> Sorted(Sequence<string> texts) => texts.Count < 2 ? texts : texts.Items.Sort(string.CompareOrdinal).ToSequence();

    private static Sequence<Contact> Sorted(Sequence<Contact> contacts)
        => contacts.Items.OrderBy(contact => contact.Key, StringComparer.Ordinal).ThenBy(contact => contact.Value, StringComparer.Ordinal).ToSequence();

    private static Sequence<T> Sorted<T>(Sequence<T> parts)
        where T : EntryPart
        => Sorted(parts, part => part.LogicalId, FsfAttributes.AllOf, part => part with { Remarks = Sorted(part.Remarks), Act = Act(part.Act), Oddities = Content(part.Oddities) });

    /// <summary>By number; parts that share a number, or have none, by all they say.</summary>
    private static Sequence<T> Sorted<T>(Sequence<T> parts, Func<T, long?> id, Func<T, IEnumerable<(string Name, string? Value)>> all, Func<T, T> canonical)
    {
        var items = parts.Items.Select(canonical).ToArray();
        Array.Sort(items, (left, right) => Nullable.Compare(id(left), id(right)) is var order and not 0 ? order : string.CompareOrdinal(Words(left), Words(right)));
        return new(ImmutableArray.Create(items));

        string Words(T part) => string.Join(", ", all(part).Select(field => $"{field.Name} = {field.Value}"));
    }
}
