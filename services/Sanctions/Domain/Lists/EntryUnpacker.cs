using System.Collections.Immutable;
using System.Text;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>Reads what <see cref="EntryPacker"/> wrote. Short texts come out of the shared pool: whoever keeps a language or a code keeps no copy of it.</summary>
internal ref struct EntryUnpacker
{
    private const int Short = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ActSummary[] _acts;
    private readonly List<string> _seen;
    private int _at;

    private EntryUnpacker(ReadOnlySpan<byte> bytes, ActSummary[] acts)
    {
        _bytes = bytes;
        _acts = acts;
        _seen = [];
    }

    private delegate T Reading<out T>(ref EntryUnpacker from);

    public static Entry Unpack(KeptEntry kept, ReadOnlySpan<byte> bytes, ActSummary[] acts)
    {
        var from = new EntryUnpacker(bytes, acts);
        var (details, remarks, oddities) = (from.Text(), from.Texts(), from.Odd());
        var names = ImmutableArray.CreateBuilder<Name>(kept.Texts.Length);
        foreach (var text in kept.Texts)
        {
            names.Add(from.Name(text));
        }
        return new Entry
        {
            Key = kept.Key,
            EuReferenceNumber = kept.EuReferenceNumber,
            UnitedNationId = kept.UnitedNationId,
            DesignationDate = kept.DesignationDate,
            DesignationDetails = details,
            SubjectType = kept.SubjectType,
            Remarks = remarks,
            Regulations = kept.Regulations,
            Names = new(names.MoveToImmutable()),
            Citizenships = from.Each(static (ref EntryUnpacker part) => part.Citizenship()),
            BirthDates = from.Each(static (ref EntryUnpacker part) => part.BirthDate()),
            Addresses = from.Each(static (ref EntryUnpacker part) => part.Address()),
            Identifications = from.Each(static (ref EntryUnpacker part) => part.Identification()),
            Oddities = oddities,
        };
    }

    private Name Name(string text)
    {
        var flags = Bits();
        return Shared(new Name
        {
            MarkedWeak = (flags & 4) != 0,
            Whole = (flags & 2) != 0 ? text : "",
            First = PartOf(text),
            Middle = PartOf(text),
            Last = PartOf(text),
            Function = Text(),
            Gender = (flags & 1) != 0 ? Text() : null,
            Title = Text(),
            Language = Text(),
        });
    }

    private Citizenship Citizenship() => Shared(new Citizenship
    {
        Region = Text(),
        Country = Country(),
    });

    private BirthDate BirthDate()
    {
        var flags = Bits();
        return Shared(new BirthDate
        {
            Circa = (flags & 2) != 0,
            Calendar = (flags & 1) != 0 ? BirthCalendar.Islamic : BirthCalendar.Gregorian,
            Date = Date(),
            Day = (int?)Number(),
            Month = (int?)Number(),
            Year = (int?)Number(),
            YearFrom = (int?)Number(),
            YearTo = (int?)Number(),
            City = Text(),
            ZipCode = Text(),
            Region = Text(),
            Place = Text(),
            Country = Country(),
        });
    }

    private Address Address() => Shared(new Address
    {
        AsAtListingTime = Bits() != 0,
        City = Text(),
        Street = Text(),
        PoBox = Text(),
        ZipCode = Text(),
        Region = Text(),
        Place = Text(),
        Country = Country(),
        Contacts = Each(static (ref EntryUnpacker part) => new Contact(part.Text(), part.Text())),
    });

    private Identification Identification()
    {
        var flags = Bits();
        return Shared(new Identification
        {
            Diplomatic = (flags & 16) != 0,
            KnownExpired = (flags & 8) != 0,
            KnownFalse = (flags & 4) != 0,
            ReportedLost = (flags & 2) != 0,
            RevokedByIssuer = (flags & 1) != 0,
            TypeCode = Text(),
            TypeDescription = Text(),
            Number = Text(),
            LatinNumber = Text(),
            NameOnDocument = Text(),
            IssuedBy = Text(),
            IssuedDate = Date(),
            ValidFrom = Date(),
            ValidTo = Date(),
            Region = Text(),
            Country = Country(),
        });
    }

    private T Shared<T>(T part)
        where T : EntryPart
        => part with { RegulationLanguage = Text(), LogicalId = Number(), Remarks = Texts(), Oddities = Odd(), Act = Act() };

    private ActSummary? Act() => Bits() is > 0 and var at ? _acts[(int)at - 1] : null;

    private Country Country() => Pool.Shared.Country(Text(), Text());

    private Sequence<Oddity> Odd() => Each(static (ref EntryUnpacker part) => new Oddity(part.Text(), part.Bits() != 0 ? part.Text() : part.Nothing()));

    private Sequence<string> Texts() => Each(static (ref EntryUnpacker part) => part.Text());

    private Sequence<T> Each<T>(Reading<T> read)
    {
        var count = (int)Bits();
        if (count == 0)
        {
            return [];
        }
        var items = ImmutableArray.CreateBuilder<T>(count);
        for (var i = 0; i < count; i++)
        {
            items.Add(read(ref this));
        }
        return new(items.MoveToImmutable());
    }

    /// <summary>The empty text in place of none.</summary>
    private string? Nothing()
    {
        Text();
        return null;
    }

    private string Text()
    {
        var bits = (int)Bits();
        if (bits == 0)
        {
            return "";
        }
        if ((bits & 1) != 0)
        {
            return _seen[bits >> 1];
        }
        var text = Encoding.UTF8.GetString(_bytes.Slice(_at, bits >> 1));
        text = text.Length <= Short ? Pool.Shared.Text(text) : text;
        _at += bits >> 1;
        _seen.Add(text);
        return text;
    }

    private string PartOf(string whole)
    {
        var length = (int)Bits();
        return length == 0 ? Text() : length <= Short ? Pool.Shared.Text(whole.AsSpan((int)Bits(), length)) : whole.Substring((int)Bits(), length);
    }

    private DateOnly? Date() => Bits() is > 0 and var day ? DateOnly.FromDayNumber((int)day - 1) : null;

    private long? Number()
    {
        if (Bits() == 0)
        {
            return null;
        }
        var bits = Bits();
        return unchecked((long)(bits >> 1) ^ -(long)(bits & 1));
    }

    private ulong Bits()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
