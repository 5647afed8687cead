using ExternalAction.Sanctions.Domain.Lists;
using FsCheck;
using FsCheck.Fluent;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>Any entry a list file may hold: weak aliases, year ranges, contact data, several acts, all scripts and all signs that hurt.</summary>
public sealed record AnyEntry(Entry Entry);

/// <summary>Generates them.</summary>
public static class EntryGenerator
{
    private static readonly string[] Words =
    [
        "Abu", "Ali", "Владимир", "Влади́мир", "صدام", "김정은", "中国", "Ωμέγα", "O'Neil", "\"the Lion\"", "a;b", "<tag>", "a & b", "line\nbreak", "(a) Mullah, (b) Maulavi",
        " lead", "trail ", "tab\there", "İstanbul", "ß", "𝒜lpha", "]]>", "low quality", "EMAIL: x", "&#10;", "…", "=1+1", "\r\ncrlf",
    ];

    public static Arbitrary<AnyEntry> AnyEntry() => Arb.From(Entries.Select(entry => new AnyEntry(entry)));

    /// <summary>The entry as a format that has no spelling leaves it.</summary>
    public static Entry WithoutOddities(Entry entry) => entry with
    {
        Oddities = [],
        Regulations = entry.Regulations.Items.Select(part => part with { Oddities = [] }).ToSequence(),
        Names = entry.Names.Items.Select(part => part with { Oddities = [] }).ToSequence(),
    };

    private static Gen<string> Word => Gen.Elements(Words);

    private static Gen<string> Text => Gen.Frequency((1, Gen.Constant("")), (2, Some));

    private static Gen<string> Some => Word.NonEmptyListOf().Select(words => string.Join(' ', words.Take(4)));

    /// <summary>The separator of remarks in CSV cannot stand inside one.</summary>
    private static Gen<Sequence<string>> Remarks => Some.ListOf().Select(texts => texts.Take(3).ToSequence());

    private static Gen<bool> Flag => Gen.Elements(true, false);

    private static Gen<long?> Id => Gen.Choose(1, 1_000_000_000).Select(id => (long?)id);

    private static Gen<DateOnly?> Day => Gen.Frequency((1, Gen.Constant<DateOnly?>(null)), (2, Gen.Choose(600_000, 740_000).Select(day => (DateOnly?)DateOnly.FromDayNumber(day))));

    private static Gen<string> Language => Gen.Elements("", "en", "fr");

    private static Gen<Country> Country => Gen.Elements(new Country("IQ", "IRAQ"), Domain.Lists.Country.Unknown, new Country("CS", "SERBIA AND MONTENEGRO"), Domain.Lists.Country.None, new Country("", "Iran (Islamic Republic of)"));

    private static Gen<ActSummary?> Act =>
        from type in Gen.Elements("regulation", "amendment", "repealing")
        from day in Day
        from number in Text
        from url in Text
        from none in Gen.Choose(0, 4)
        select none == 0 ? null : new ActSummary { Type = type, PublicationDate = day, NumberTitle = number, PublicationUrl = url };

    private static Gen<Regulation> Regulation =>
        from act in Act
        from organisation in Gen.Elements("council", "commission", "un")
        from force in Day
        from programme in Gen.Elements("UKR", "HR", "PRK")
        from id in Id
        select new Regulation
        {
            Type = act?.Type ?? "",
            PublicationDate = act?.PublicationDate,
            NumberTitle = act?.NumberTitle ?? "",
            PublicationUrl = act?.PublicationUrl ?? "",
            OrganisationType = organisation,
            EntryIntoForceDate = force,
            Programme = programme,
            LogicalId = id,
        };

    private static Gen<Name> Name =>
        from whole in Some
        from parts in Gen.Three(Text)
        from more in Gen.Two(Text)
        from gender in Gen.Elements(null, "M", "F")
        from language in Gen.Elements("", "EN", "AR")
        from weak in Flag
        from act in Act
        from remarks in Remarks
        from id in Id
        from odd in Gen.Elements<Sequence<Oddity>>([], [new("novel", "x")])
        select new Name { Whole = whole, First = parts.Item1, Middle = parts.Item2, Last = parts.Item3, Function = more.Item1, Title = more.Item2, Gender = gender, Language = language, MarkedWeak = weak, Act = act, Remarks = remarks, LogicalId = id, RegulationLanguage = "en", Oddities = odd };

    private static Gen<BirthDate> Birth =>
        from circa in Flag
        from calendar in Gen.Elements(BirthCalendar.Gregorian, BirthCalendar.Islamic)
        from date in Day
        from year in Gen.Choose(1300, 2020)
        from span in Gen.Choose(0, 12)
        from kind in Gen.Choose(0, 3)
        from place in Gen.Four(Text)
        from country in Country
        from act in Act
        from remarks in Remarks
        from id in Id
        from language in Language
        select new BirthDate
        {
            Circa = circa,
            Calendar = calendar,
            Date = kind == 0 ? date : null,
            Day = kind == 0 ? date?.Day : null,
            Month = kind == 0 ? date?.Month : kind == 1 ? 12 : null,
            Year = kind == 0 ? date?.Year : kind == 1 ? year : null,
            YearFrom = kind == 2 ? year : null,
            YearTo = kind == 2 ? year + span : null,
            City = place.Item1,
            ZipCode = place.Item2,
            Region = place.Item3,
            Place = place.Item4,
            Country = country,
            Act = act,
            Remarks = remarks,
            LogicalId = id,
            RegulationLanguage = language,
        };

    private static Gen<Address> Address =>
        from place in Gen.Four(Text)
        from street in Gen.Two(Text)
        from listing in Flag
        from country in Country
        from contacts in (from key in Gen.Elements("PHONE", "FAX", "EMAIL", "WEB") from value in Gen.Elements("+964 1", " a@b.c ", "http://x;y", "(0) \"1\"") select new Contact(key, value)).ListOf()
        from act in Act
        from remarks in Remarks
        from id in Id
        select new Address { City = place.Item1, ZipCode = place.Item2, Region = place.Item3, Place = place.Item4, Street = street.Item1, PoBox = street.Item2, AsAtListingTime = listing, Country = country, Contacts = contacts.Take(4).ToSequence(), Act = act, Remarks = remarks, LogicalId = id, RegulationLanguage = "en" };

    private static Gen<Identification> Identification =>
        from flags in Gen.Four(Flag)
        from revoked in Flag
        from texts in Gen.Four(Text)
        from number in Some
        from days in Gen.Three(Day)
        from country in Country
        from type in Gen.Elements("passport", "id", "imo", "other")
        from act in Act
        from remarks in Remarks
        from id in Id
        select new Identification { Diplomatic = flags.Item1, KnownExpired = flags.Item2, KnownFalse = flags.Item3, ReportedLost = flags.Item4, RevokedByIssuer = revoked, IssuedBy = texts.Item1, LatinNumber = texts.Item2, NameOnDocument = texts.Item3, TypeDescription = texts.Item4, Number = number, IssuedDate = days.Item1, ValidFrom = days.Item2, ValidTo = days.Item3, Country = country, TypeCode = type, Act = act, Remarks = remarks, LogicalId = id, Region = "r" };

    private static Gen<Citizenship> Citizenship =>
        from country in Country
        from act in Act
        from remarks in Remarks
        from id in Id
        select new Citizenship { Country = country, Act = act, Remarks = remarks, LogicalId = id, Region = "r", RegulationLanguage = "en" };

    private static Gen<Entry> Entries =>
        from key in Gen.Choose(1, 1_000_000)
        from reference in Gen.Elements(null, "2", "69")
        from un in Gen.Elements("", "QDi.002")
        from designated in Day
        from details in Text
        from type in Gen.Elements(SubjectType.Person, SubjectType.Enterprise, SubjectType.Vessel, SubjectType.Aircraft)
        from remarks in Remarks
        from acts in Regulation.ListOf()
        from names in Name.NonEmptyListOf()
        from citizenships in Citizenship.ListOf()
        from births in Birth.ListOf()
        from addresses in Address.ListOf()
        from ids in Identification.ListOf()
        select new Entry
        {
            Key = key.ToString(System.Globalization.CultureInfo.InvariantCulture),
            EuReferenceNumber = reference is null ? null : $"EU.{key}.{reference}",
            UnitedNationId = un,
            DesignationDate = designated,
            DesignationDetails = details,
            SubjectType = type,
            Remarks = remarks,
            Regulations = Numbered(acts.Take(3), (part, id) => part with { LogicalId = id, NumberTitle = $"{id}/2024" }),
            Names = Numbered(names.Take(5), (part, id) => part with { LogicalId = id }),
            Citizenships = Numbered(citizenships.Take(3), (part, id) => part with { LogicalId = id }),
            BirthDates = Numbered(births.Take(3), (part, id) => part with { LogicalId = id }),
            Addresses = Numbered(addresses.Take(3), (part, id) => part with { LogicalId = id }),
            Identifications = Numbered(ids.Take(3), (part, id) => part with { LogicalId = id }),
        };

    /// <summary>Numbers are unique among parts of one kind, as on the list.</summary>
    private static Sequence<T> Numbered<T>(IEnumerable<T> parts, Func<T, long, T> number) => parts.Select((part, i) => number(part, i + 1)).ToSequence();
}
