using System.Text;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// Packs what a <see cref="KeptEntry"/> does not hold openly, part by part in a fixed order without names; <see cref="EntryUnpacker"/> reads
/// it in the same order. The form lives in memory only and is never stored. Whole numbers take seven bits a byte. A text that came before
/// in the entry is a reference to it; a part of a name that stands in the name's text is the place where it stands.
/// </summary>
internal sealed class EntryPacker
{
    private readonly List<byte> _bytes = new(256);
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly List<ActSummary> _acts = [];

    private EntryPacker()
    {
    }

    /// <summary>The bytes, and the acts they refer to.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="texts">The text of each of its names.</param>
    public static (byte[] Packed, ActSummary[] Acts) Pack(Entry entry, string[] texts)
    {
        var to = new EntryPacker();
        to.Text(entry.DesignationDetails);
        to.Texts(entry.Remarks);
        to.Odd(entry.Oddities);
        for (var i = 0; i < texts.Length; i++)
        {
            to.Name(entry.Names[i], texts[i]);
        }
        to.Each(entry.Citizenships, to.Citizenship);
        to.Each(entry.BirthDates, to.BirthDate);
        to.Each(entry.Addresses, to.Address);
        to.Each(entry.Identifications, to.Identification);
        return ([.. to._bytes], [.. to._acts]);
    }

    private void Name(Name name, string text)
    {
        Flags(name.MarkedWeak, name.Whole.Length > 0, name.Gender is not null);
        PartOf(text, name.First);
        PartOf(text, name.Middle);
        PartOf(text, name.Last);
        Text(name.Function);
        if (name.Gender is not null)
        {
            Text(name.Gender);
        }
        Text(name.Title);
        Text(name.Language);
        Shared(name);
    }

    private void Citizenship(Citizenship part)
    {
        Text(part.Region);
        Country(part.Country);
        Shared(part);
    }

    private void BirthDate(BirthDate part)
    {
        Flags(part.Circa, part.Calendar is BirthCalendar.Islamic);
        Date(part.Date);
        Number(part.Day);
        Number(part.Month);
        Number(part.Year);
        Number(part.YearFrom);
        Number(part.YearTo);
        Text(part.City);
        Text(part.ZipCode);
        Text(part.Region);
        Text(part.Place);
        Country(part.Country);
        Shared(part);
    }

    private void Address(Address part)
    {
        Flags(part.AsAtListingTime);
        Text(part.City);
        Text(part.Street);
        Text(part.PoBox);
        Text(part.ZipCode);
        Text(part.Region);
        Text(part.Place);
        Country(part.Country);
        Each(part.Contacts, contact =>
        {
            Text(contact.Key);
            Text(contact.Value);
        });
        Shared(part);
    }

    private void Identification(Identification part)
    {
        Flags(part.Diplomatic, part.KnownExpired, part.KnownFalse, part.ReportedLost, part.RevokedByIssuer);
        Text(part.TypeCode);
        Text(part.TypeDescription);
        Text(part.Number);
        Text(part.LatinNumber);
        Text(part.NameOnDocument);
        Text(part.IssuedBy);
        Date(part.IssuedDate);
        Date(part.ValidFrom);
        Date(part.ValidTo);
        Text(part.Region);
        Country(part.Country);
        Shared(part);
    }

    private void Shared(EntryPart part)
    {
        Text(part.RegulationLanguage);
        Number(part.LogicalId);
        Texts(part.Remarks);
        Odd(part.Oddities);
        Bits((ulong)(part.Act is { } act ? PlaceOf(act) + 1 : 0));
    }

    private int PlaceOf(ActSummary act)
    {
        var known = _acts.IndexOf(act);
        if (known < 0)
        {
            known = _acts.Count;
            _acts.Add(act);
        }
        return known;
    }

    private void Country(Country country)
    {
        Text(country.Code);
        Text(country.Description);
    }

    private void Odd(Sequence<Oddity> oddities) => Each(oddities, oddity =>
    {
        Text(oddity.Attribute);
        Flags(oddity.Value is not null);
        Text(oddity.Value ?? "");
    });

    private void Texts(Sequence<string> texts) => Each(texts, Text);

    private void Each<T>(Sequence<T> items, Action<T> write)
    {
        Bits((ulong)items.Count);
        foreach (var item in items)
        {
            write(item);
        }
    }

    /// <summary>0: empty. Odd: a text that came before. Even: so many bytes of UTF-8.</summary>
    private void Text(string text)
    {
        if (text.Length == 0)
        {
            Bits(0);
        }
        else if (_seen.TryGetValue(text, out var at))
        {
            Bits(((ulong)at << 1) | 1);
        }
        else
        {
            _seen.Add(text, _seen.Count);
            var utf8 = Encoding.UTF8.GetBytes(text);
            Bits((ulong)utf8.Length << 1);
            _bytes.AddRange(utf8);
        }
    }

    /// <summary>0: not in the whole. Else its length and where it begins.</summary>
    private void PartOf(string whole, string part)
    {
        var at = part.Length == 0 ? -1 : whole.IndexOf(part, StringComparison.Ordinal);
        Bits(at < 0 ? 0 : (ulong)part.Length);
        if (at < 0)
        {
            Text(part);
        }
        else
        {
            Bits((ulong)at);
        }
    }

    private void Date(DateOnly? date) => Bits(date is { } day ? (ulong)day.DayNumber + 1 : 0);

    private void Number(long? number)
    {
        Flags(number is not null);
        if (number is { } value)
        {
            Bits(unchecked((ulong)((value << 1) ^ (value >> 63))));
        }
    }

    private void Flags(params ReadOnlySpan<bool> flags)
    {
        var bits = 0UL;
        foreach (var flag in flags)
        {
            bits = (bits << 1) | (flag ? 1UL : 0);
        }
        Bits(bits);
    }

    private void Bits(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value & 0x7F | 0x80));
        }
        _bytes.Add((byte)value);
    }
}
