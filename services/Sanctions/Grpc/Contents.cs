using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.Collections;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>What people write of a subject, read from a request: form only, each refusal with the field.</summary>
internal static class Contents
{
    private const int NamesMax = 200;
    private const int PartsMax = 50;

    /// <summary>The content of a proposal or an amendment.</summary>
    public static Content Read(Proto.Content? content, RepeatedField<string> evidence)
    {
        content ??= new Proto.Content();
        return new Content(
            Each(content.Names, "content.names", NamesMax, Name),
            Each(content.BirthDates, "content.birthDates", PartsMax, Birth),
            Each(content.Citizenships, "content.citizenships", PartsMax, (code, field) => new Citizenship { Country = CountryOf(Form.Printable(code, field, 2, required: true), field) }),
            Each(content.Addresses, "content.addresses", PartsMax, AddressOf),
            Each(content.Identifications, "content.identifications", PartsMax, IdentificationOf),
            Each(content.Remarks, "content.remarks", PartsMax, (text, field) => Form.Printable(text, field, 2_000, required: true)),
            Form.Printable(content.StatementOfReasons, "content.statementOfReasons", 10_000),
            Each(content.Measures, "content.measures", 6, Names.Read<Proto.Measure.Types.Value, Measure>).Distinct().ToSequence(),
            Each(evidence, "evidence", 100, (text, field) => Form.Printable(text, field, 500, required: true)));
    }

    /// <summary>A member state of the Union by its code.</summary>
    public static string MemberState(string code, string field) => Form.MemberState(code, field) is var read && MemberStates.All.Contains(read)
        ? read
        : throw FormErrors.Invalid(field, $"'{read}' is no member state; give its two letters, EL for Greece.");

    /// <summary>A content that says nothing.</summary>
    public static Content Nothing { get; } = Read(null, []);

    /// <summary>What an amendment empties; refused is what it gives as well.</summary>
    public static Sequence<ContentPart> Cleared(Proto.AmendListingRequest request)
    {
        var content = request.Content ?? new Proto.Content();
        return Each(request.Clear, "clear", PartsMax, (value, field) =>
        {
            var part = Names.Read<Proto.ContentPart.Types.Value, ContentPart>(value, field);
            var given = part switch
            {
                ContentPart.BirthDates => content.BirthDates.Count,
                ContentPart.Citizenships => content.Citizenships.Count,
                ContentPart.Addresses => content.Addresses.Count,
                ContentPart.Identifications => content.Identifications.Count,
                ContentPart.Remarks => content.Remarks.Count,
                _ => request.Evidence.Count,
            };
            return given == 0 ? part : throw FormErrors.Invalid(field, "cannot be emptied and given in one amendment.");
        });
    }

    /// <summary>An act named by hand; null when none is given.</summary>
    public static Act? ActOf(Proto.LegalAct? act) => act is null ? null
        : act.Kind.Length > 0 ? throw FormErrors.Invalid("act.kind", "what kind an act is follows from its number; leave it out.")
        : act.Organisation.Length > 0 ? throw FormErrors.Invalid("act.organisation", "acts recorded here are the Council's; leave it out.")
        : new Act(
            Form.Printable(act.Number, "act.number", 200, required: true),
            "",
            "",
            Form.Printable(act.Url, "act.url", 500),
            Form.Day(act.PublicationDate, "act.publicationDate"),
            Form.Day(act.EffectDate, "act.effectDate"),
            act.DecisionId.Length > 0 ? Form.Id(act.DecisionId, "act.decisionId") : null);

    private static Sequence<TTo> Each<TFrom, TTo>(RepeatedField<TFrom> items, string field, int limit, Func<TFrom, string, TTo> read) =>
        Form.List(items, field, limit).Select((item, i) => read(item, string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"))).ToSequence();

    private static Name Name(Proto.Name name, string field)
    {
        var read = new Name
        {
            Whole = Form.Printable(name.WholeName, $"{field}.wholeName", 500),
            First = Form.Printable(name.FirstName, $"{field}.firstName", 200),
            Middle = Form.Printable(name.MiddleName, $"{field}.middleName", 200),
            Last = Form.Printable(name.LastName, $"{field}.lastName", 200),
            Language = Form.Printable(name.Language, $"{field}.language", 2).ToUpperInvariant(),
            Title = Form.Printable(name.Title, $"{field}.title", 200),
            Function = Form.Printable(name.Function, $"{field}.function", 500),
            Gender = GenderOf(name.Gender, $"{field}.gender"),
            MarkedWeak = name.Weak,
            Remarks = Form.Printable(name.Remark, $"{field}.remark", 500) is { Length: > 0 } remark ? [remark] : [],
        };
        return read.Text.Length == 0 ? throw FormErrors.Required($"{field}.wholeName")
            : !read.Text.Any(char.IsLetterOrDigit) ? throw FormErrors.Invalid($"{field}.wholeName", "a name has letters or digits.")
            : read.Whole.Length > 0 ? read : read with { Whole = read.Text };
    }

    private static BirthDate Birth(Proto.BirthDate birth, string field)
    {
        // The parts of a date are of its calendar; the date itself is the Gregorian day.
        var date = Form.DayOrNull(birth.Date, $"{field}.date");
        var parts = birth.Calendar == "ISLAMIC" ? null : date;
        return new BirthDate
        {
            Date = date,
            Year = Number(birth.Year, 1, 9_999, $"{field}.year") ?? parts?.Year,
            Month = Number(birth.Month, 1, 12, $"{field}.month") ?? parts?.Month,
            Day = Number(birth.Day, 1, 31, $"{field}.day") ?? parts?.Day,
            YearFrom = Number(birth.YearFrom, 1, 9_999, $"{field}.yearFrom"),
            YearTo = Number(birth.YearTo, 1, 9_999, $"{field}.yearTo"),
            Circa = birth.Circa,
            Calendar = birth.Calendar switch
            {
                "" or "GREGORIAN" => BirthCalendar.Gregorian,
                "ISLAMIC" => BirthCalendar.Islamic,
                _ => throw FormErrors.Invalid($"{field}.calendar", "GREGORIAN or ISLAMIC."),
            },
            City = Form.Printable(birth.City, $"{field}.city", 200),
            Place = Form.Printable(birth.Place, $"{field}.place", 200),
            Region = Form.Printable(birth.Region, $"{field}.region", 200),
            Country = CountryOf(birth.Country, $"{field}.country"),
            ZipCode = Form.Printable(birth.ZipCode, $"{field}.zipCode", 32),
        };
    }

    private static Address AddressOf(Proto.Address address, string field) => new()
    {
        Street = Form.Printable(address.Street, $"{field}.street", 500),
        City = Form.Printable(address.City, $"{field}.city", 200),
        ZipCode = Form.Printable(address.ZipCode, $"{field}.zipCode", 32),
        PoBox = Form.Printable(address.PoBox, $"{field}.poBox", 64),
        Region = Form.Printable(address.Region, $"{field}.region", 200),
        Place = Form.Printable(address.Place, $"{field}.place", 200),
        Country = CountryOf(address.Country, $"{field}.country"),
        AsAtListingTime = address.AsAtListingTime,
        Contacts = Each(address.Contacts, $"{field}.contacts", PartsMax, (contact, at) =>
            new Contact(Form.Printable(contact.Key, $"{at}.key", 32, required: true), Form.Printable(contact.Value, $"{at}.value", 500, required: true))),
        Remarks = Form.Printable(address.Remark, $"{field}.remark", 500) is { Length: > 0 } remark ? [remark] : [],
    };

    private static Identification IdentificationOf(Proto.Identification identification, string field) => new()
    {
        TypeCode = Form.Printable(identification.Type, $"{field}.type", 32, required: true),
        Number = Form.Printable(identification.Number, $"{field}.number", 100, required: true),
        Country = CountryOf(identification.Country, $"{field}.country"),
        IssuedBy = Form.Printable(identification.IssuedBy, $"{field}.issuedBy", 200),
        IssuedDate = Form.DayOrNull(identification.Issued, $"{field}.issued"),
        ValidTo = Form.DayOrNull(identification.ValidTo, $"{field}.validTo"),
        KnownExpired = identification.KnownExpired,
        KnownFalse = identification.KnownFalse,
        ValidFrom = Form.DayOrNull(identification.ValidFrom, $"{field}.validFrom"),
        Diplomatic = identification.Diplomatic,
        ReportedLost = identification.ReportedLost,
        RevokedByIssuer = identification.RevokedByIssuer,
        LatinNumber = Form.Printable(identification.LatinNumber, $"{field}.latinNumber", 100),
        NameOnDocument = Form.Printable(identification.NameOnDocument, $"{field}.nameOnDocument", 500),
        Region = Form.Printable(identification.Region, $"{field}.region", 200),
        TypeDescription = Form.Printable(identification.TypeDescription, $"{field}.typeDescription", 200),
        Remarks = Form.Printable(identification.Remark, $"{field}.remark", 500) is { Length: > 0 } remark ? [remark] : [],
    };

    private static Country CountryOf(string code, string field) => code.Trim() switch
    {
        "" => Country.Unknown,
        { Length: 2 } letters when char.IsAsciiLetter(letters[0]) && char.IsAsciiLetter(letters[1]) => new Country(letters.ToUpperInvariant(), ""),
        _ => throw FormErrors.Invalid(field, "a country is two letters (ISO 3166-1)."),
    };

    private static string? GenderOf(string gender, string field) => gender switch
    {
        "" => null,
        "M" or "F" => gender,
        _ => throw FormErrors.Invalid(field, "M or F."),
    };

    private static int? Number(int value, int least, int most, string field) =>
        value == 0 ? null : value >= least && value <= most ? value : throw FormErrors.Invalid(field, $"{value} is not between {least} and {most}.");
}
