using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// Finds what differs between two versions of an entry: attribute by attribute for parts with the same number, whole parts
/// otherwise. Order and spelling do not count.
/// </summary>
public static class EntryChanges
{
    /// <summary>The differences; empty exactly when both versions say the same.</summary>
    public static ImmutableArray<FieldChange> Between(Entry before, Entry after)
    {
        if (before.Equals(after))
        {
            return [];
        }

        var (old, now) = (Canonical.Of(before), Canonical.Of(after));
        if (old.Equals(now))
        {
            return [];
        }

        var changes = ImmutableArray.CreateBuilder<FieldChange>();
        Attributes("", FsfAttributes.AllOf(old), FsfAttributes.AllOf(now), changes);
        if (old.SubjectType != now.SubjectType)
        {
            changes.Add(new("subjectType", FsfAttributes.Of(old.SubjectType).Code, FsfAttributes.Of(now.SubjectType).Code));
        }

        Texts("remark", old.Remarks.Items, now.Remarks.Items, changes);
        Parts("act", old.Regulations, now.Regulations, act => act.LogicalId, act => act.NumberTitle, FsfAttributes.AllOf, changes);
        Parts("name", old.Names, now.Names, name => name.Text, changes);
        Parts("citizenship", old.Citizenships, now.Citizenships, citizenship => In(citizenship.Country), changes);
        Parts("birth date", old.BirthDates, now.BirthDates, Words, changes);
        Parts("address", old.Addresses, now.Addresses, Words, changes);
        Parts("identification", old.Identifications, now.Identifications, id => $"{id.TypeCode} {id.Number}", changes);

        // The attributes above cover every property; should one be forgotten some day, the change must not get lost.
        if (changes.Count == 0)
        {
            changes.Add(new("entry", Canonical.VersionOf(before), Canonical.VersionOf(after)));
        }

        return changes.DrainToImmutable();
    }

    private static void Parts<T>(string kind, Sequence<T> before, Sequence<T> after, Func<T, string> words, ImmutableArray<FieldChange>.Builder changes)
        where T : EntryPart
        => Parts(kind, before, after, part => part.LogicalId, words, FsfAttributes.AllOf, changes);

    private static void Parts<T>(string kind, Sequence<T> before, Sequence<T> after, Func<T, long?> id, Func<T, string> words, Func<T, IEnumerable<(string, string?)>> attributes, ImmutableArray<FieldChange>.Builder changes)
        where T : class
    {
        if (before == after)
        {
            return;
        }

        // 1 equal parts drop out, 2 parts with the same number are compared, 3 the rest is gone or new.
        List<T> gone = [.. before];
        List<T> come = [.. after.Items.Where(part => !gone.Remove(part))];
        foreach (var old in gone.ToList())
        {
            if (id(old) is { } number && come.Find(part => id(part) == number) is { } now)
            {
                Attributes($"{kind} {number}: ", attributes(old), attributes(now), changes);
                gone.Remove(old);
                come.Remove(now);
            }
        }

        changes.AddRange(gone.Select(part => new FieldChange(Title(part), words(part), null)));
        changes.AddRange(come.Select(part => new FieldChange(Title(part), null, words(part))));
        string Title(T part) => id(part) is { } number ? $"{kind} {number}" : kind;
    }

    private static void Attributes(string prefix, IEnumerable<(string Name, string? Value)> before, IEnumerable<(string Name, string? Value)> after, ImmutableArray<FieldChange>.Builder changes)
    {
        var old = ByName(before);
        foreach (var (name, value) in ByName(after))
        {
            old.Remove(name, out var was);
            if (was != value)
            {
                changes.Add(new(prefix + name, was, value));
            }
        }

        changes.AddRange(old.Select(field => new FieldChange(prefix + field.Key, field.Value, null)));
    }

    /// <summary>Values by name; several of one name (remarks) are joined.</summary>
    private static Dictionary<string, string> ByName(IEnumerable<(string Name, string? Value)> fields)
        => fields.Where(field => field.Value is { Length: > 0 }).GroupBy(field => field.Name).ToDictionary(group => group.Key, group => string.Join(" | ", group.Select(field => field.Value)));

    private static void Texts(string field, ImmutableArray<string> before, ImmutableArray<string> after, ImmutableArray<FieldChange>.Builder changes)
    {
        List<string> gone = [.. before];
        List<string> come = [.. after.Where(text => !gone.Remove(text))];
        changes.AddRange(gone.Select(text => new FieldChange(field, text, null)));
        changes.AddRange(come.Select(text => new FieldChange(field, null, text)));
    }

    private static string Words(BirthDate birth)
    {
        var date = birth.Date?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
            ?? (birth.YearFrom is not null || birth.YearTo is not null ? $"{birth.YearFrom}–{birth.YearTo}" : string.Join('-', new[] { birth.Year, birth.Month, birth.Day }.Where(part => part is not null)));
        return Joined(birth.Circa ? "about " + date : date, birth.City, birth.Place, birth.Region, In(birth.Country));
    }

    private static string Words(Address address) => Joined(address.Street, address.PoBox, address.ZipCode, address.City, address.Place, address.Region, In(address.Country));

    private static string In(Country country) => country.IsKnown ? country.Description.Length > 0 ? country.Description : country.Code : "";

    private static string Joined(params string[] parts) => string.Join(", ", parts.Where(part => part.Length > 0));
}
