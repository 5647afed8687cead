using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Builds the parts of an entry from named fields, for both FSF formats: the same names, the same checks. The order of the
/// fields is the order in which the XML prints them, which is also how <see cref="Fields"/> finds them fastest.
/// </summary>
internal static class FsfParts
{
    public static Regulation Regulation(Fields from, string publicationUrl) => new()
    {
        Type = from.Pooled("regulationType"),
        OrganisationType = from.Pooled("organisationType"),
        PublicationDate = from.Date("publicationDate"),
        EntryIntoForceDate = from.Date("entryIntoForceDate"),
        NumberTitle = from.Pooled("numberTitle"),
        Programme = from.Pooled("programme"),
        LogicalId = from.Id(),
        PublicationUrl = Pool.Shared.Text(publicationUrl),
        Oddities = from.Oddities(),
    };

    public static ActSummary Act(Fields from) => Pool.Shared.Act(new()
    {
        Type = from.Pooled("regulationType"),
        PublicationDate = from.Date("publicationDate"),
        NumberTitle = from.Pooled("numberTitle"),
        PublicationUrl = from.Pooled("publicationUrl"),
        Oddities = from.Oddities(),
    });

    public static Name Name(Fields from, Children children)
    {
        var name = Shared(from, children, new Name
        {
            First = from.Text("firstName"),
            Middle = from.Text("middleName"),
            Last = from.Text("lastName"),
            Whole = from.Text("wholeName"),
            Function = from.Text("function"),
            Gender = from.Optional("gender"),
            Title = from.Pooled("title"),
            Language = from.Pooled("nameLanguage"),
            MarkedWeak = !from.Flag("strong", otherwise: true),
        });
        if (string.IsNullOrWhiteSpace(name.Text))
        {
            from.Contradiction("wholeName", "A name without any text.");
        }

        return name;
    }

    public static Citizenship Citizenship(Fields from, Children children) => Shared(from, children, new Citizenship
    {
        Region = from.Pooled("region"),
        Country = from.Country(),
    });

    public static BirthDate BirthDate(Fields from, Children children)
    {
        var circa = from.Flag("circa");
        var calendar = Calendar(from);
        var birth = Shared(from, children, new BirthDate
        {
            Circa = circa,
            Calendar = calendar,
            City = from.Pooled("city"),
            ZipCode = from.Pooled("zipCode"),
            Date = from.OptionalDate("birthdate"),
            Day = from.OptionalNumber("dayOfMonth", 1, 31),
            Month = from.OptionalNumber("monthOfYear", 1, 12),
            Year = from.OptionalNumber("year", 1, 9999),
            YearFrom = from.OptionalNumber("yearRangeFrom", 1, 9999),
            YearTo = from.OptionalNumber("yearRangeTo", 1, 9999),
            Region = from.Pooled("region"),
            Place = from.Pooled("place"),
            Country = from.Country(),
        });

        // A year that is not given may be a leap year; the Islamic calendars have their own months.
        if (calendar is BirthCalendar.Gregorian && birth is { Day: { } day, Month: { } month } && day > DateTime.DaysInMonth(birth.Year ?? 2000, month))
        {
            from.Contradiction("dayOfMonth", $"Day {day} of month {month} of {birth.Year?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "any year"} does not exist.");
        }

        if (calendar is BirthCalendar.Gregorian && birth.Date is { } date && (birth.Year ?? date.Year, birth.Month ?? date.Month, birth.Day ?? date.Day) != (date.Year, date.Month, date.Day))
        {
            from.Contradiction("birthdate", $"The date {date:yyyy-MM-dd} says something else than year, month and day beside it.");
        }

        if (birth.YearFrom > birth.YearTo)
        {
            from.Contradiction("yearRangeFrom", $"The range of years ends in {birth.YearTo} before it begins in {birth.YearFrom}.");
        }

        return birth;
    }

    public static Address Address(Fields from, Children children) => Shared(from, children, new Address
    {
        City = from.Pooled("city"),
        Street = from.Text("street"),
        PoBox = from.Text("poBox"),
        ZipCode = from.Text("zipCode"),
        Region = from.Pooled("region"),
        Place = from.Pooled("place"),
        AsAtListingTime = from.Flag("asAtListingTime"),
        Country = from.Country(),
        Contacts = children.Contacts,
    });

    public static Identification Identification(Fields from, Children children) => Shared(from, children, new Identification
    {
        Diplomatic = from.Flag("diplomatic"),
        KnownExpired = from.Flag("knownExpired"),
        KnownFalse = from.Flag("knownFalse"),
        ReportedLost = from.Flag("reportedLost"),
        RevokedByIssuer = from.Flag("revokedByIssuer"),
        IssuedBy = from.Pooled("issuedBy"),

        // Both spellings occur in the wild; only the first is ever written.
        IssuedDate = from.OptionalDate("issuedDate") ?? from.OptionalDate("issueDate"),
        ValidFrom = from.OptionalDate("validFrom"),
        ValidTo = from.OptionalDate("validTo"),
        LatinNumber = from.Text("latinNumber"),
        NameOnDocument = from.Text("nameOnDocument"),
        Number = from.Text("number"),
        Region = from.Pooled("region"),
        Country = from.Country(),
        TypeCode = from.Pooled("identificationTypeCode"),
        TypeDescription = from.Pooled("identificationTypeDescription"),
    });

    /// <summary>The subject type by whichever of the two texts is the word: XML and CSV have them the other way round.</summary>
    public static SubjectType? SubjectType(string code, string classification) => (code, classification) switch
    {
        ("person", _) or (_, "person") => Domain.Lists.SubjectType.Person,
        ("enterprise", _) or (_, "enterprise") => Domain.Lists.SubjectType.Enterprise,
        ("vessel", _) or (_, "vessel") => Domain.Lists.SubjectType.Vessel,
        ("aircraft", _) or (_, "aircraft") => Domain.Lists.SubjectType.Aircraft,
        _ => null,
    };

    private static T Shared<T>(Fields from, Children children, T part)
        where T : EntryPart
        => part with
        {
            RegulationLanguage = from.Pooled("regulationLanguage"),
            LogicalId = from.Id(),
            Remarks = children.Remarks,
            Act = children.Act,
            Oddities = from.Oddities(),
        };

    private static BirthCalendar Calendar(Fields from)
    {
        switch (from.Pooled("calendarType"))
        {
            case "GREGORIAN" or "": return BirthCalendar.Gregorian;
            case "ISLAMIC": return BirthCalendar.Islamic;
            case var other:
                from.Contradiction("calendarType", $"The calendar '{other}' is unknown; GREGORIAN and ISLAMIC are known.");
                return BirthCalendar.Gregorian;
        }
    }
}

/// <summary>The child elements of a part.</summary>
internal readonly record struct Children(Sequence<string> Remarks, ActSummary? Act, Sequence<Contact> Contacts);
