using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// Reads what <see cref="EntryJsonWriter"/> wrote. Texts that repeat across entries come out of the shared pool, so a replay of
/// the whole list holds one instance of every link and title. Properties of a later version are skipped.
/// </summary>
internal static class EntryJsonReader
{
    private delegate void Property<T>(ref Utf8JsonReader json, string name, ref T part, ActSummary[] acts);

    public static Entry Read(ref Utf8JsonReader json)
    {
        var entry = new Entry { Key = "" };
        ActSummary[] acts = [];
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json, out var name))
        {
            switch (name)
            {
                case "key": entry = entry with { Key = Text(ref json) }; break;
                case "eu": entry = entry with { EuReferenceNumber = Text(ref json) }; break;
                case "un": entry = entry with { UnitedNationId = Text(ref json) }; break;
                case "designated": entry = entry with { DesignationDate = Date(ref json) }; break;
                case "details": entry = entry with { DesignationDetails = Text(ref json) }; break;
                case "type": entry = entry with { SubjectType = Enum.Parse<SubjectType>(Pooled(ref json), ignoreCase: true) }; break;
                case "remarks": entry = entry with { Remarks = Texts(ref json) }; break;
                case "acts": acts = [.. List<ActSummary>(ref json, [], Act, () => new()).Items.Select(Pool.Shared.Act)]; break;
                case "regulations": entry = entry with { Regulations = List<Regulation>(ref json, acts, Regulation, () => new()) }; break;
                case "names": entry = entry with { Names = List<Name>(ref json, acts, Name, () => new()) }; break;
                case "citizenships": entry = entry with { Citizenships = List<Citizenship>(ref json, acts, Citizenship, () => new()) }; break;
                case "births": entry = entry with { BirthDates = List<BirthDate>(ref json, acts, BirthDate, () => new()) }; break;
                case "addresses": entry = entry with { Addresses = List<Address>(ref json, acts, Address, () => new()) }; break;
                case "ids": entry = entry with { Identifications = List<Identification>(ref json, acts, Identification, () => new()) }; break;
                case "odd": entry = entry with { Oddities = Odd(ref json) }; break;
                default: json.Skip(); break;
            }
        }

        return entry.Key.Length > 0 ? entry : throw new JsonException("A list entry without a key.");
    }

    private static void Act(ref Utf8JsonReader json, string name, ref ActSummary part, ActSummary[] acts)
    {
        switch (name)
        {
            case "type": part = part with { Type = Pooled(ref json) }; break;
            case "published": part = part with { PublicationDate = Date(ref json) }; break;
            case "number": part = part with { NumberTitle = Pooled(ref json) }; break;
            case "url": part = part with { PublicationUrl = Pooled(ref json) }; break;
            case "odd": part = part with { Oddities = Odd(ref json) }; break;
            default: json.Skip(); break;
        }
    }

    private static void Regulation(ref Utf8JsonReader json, string name, ref Regulation part, ActSummary[] acts)
    {
        switch (name)
        {
            case "type": part = part with { Type = Pooled(ref json) }; break;
            case "organisation": part = part with { OrganisationType = Pooled(ref json) }; break;
            case "published": part = part with { PublicationDate = Date(ref json) }; break;
            case "inForce": part = part with { EntryIntoForceDate = Date(ref json) }; break;
            case "number": part = part with { NumberTitle = Pooled(ref json) }; break;
            case "programme": part = part with { Programme = Pooled(ref json) }; break;
            case "url": part = part with { PublicationUrl = Pooled(ref json) }; break;
            case "id": part = part with { LogicalId = json.GetInt64() }; break;
            case "odd": part = part with { Oddities = Odd(ref json) }; break;
            default: json.Skip(); break;
        }
    }

    private static void Name(ref Utf8JsonReader json, string name, ref Name part, ActSummary[] acts)
    {
        switch (name)
        {
            case "first": part = part with { First = Text(ref json) }; break;
            case "middle": part = part with { Middle = Text(ref json) }; break;
            case "last": part = part with { Last = Text(ref json) }; break;
            case "whole": part = part with { Whole = Text(ref json) }; break;
            case "function": part = part with { Function = Text(ref json) }; break;
            case "gender": part = part with { Gender = Pooled(ref json) }; break;
            case "title": part = part with { Title = Pooled(ref json) }; break;
            case "lang": part = part with { Language = Pooled(ref json) }; break;
            case "weak": part = part with { MarkedWeak = json.GetBoolean() }; break;
            default: Shared(ref json, name, ref part, acts); break;
        }
    }

    private static void Citizenship(ref Utf8JsonReader json, string name, ref Citizenship part, ActSummary[] acts)
    {
        switch (name)
        {
            case "region": part = part with { Region = Pooled(ref json) }; break;
            case "country": part = part with { Country = Pool.Shared.Country(Pooled(ref json), part.Country.Description) }; break;
            case "countryText": part = part with { Country = Pool.Shared.Country(part.Country.Code, Pooled(ref json)) }; break;
            default: Shared(ref json, name, ref part, acts); break;
        }
    }

    private static void BirthDate(ref Utf8JsonReader json, string name, ref BirthDate part, ActSummary[] acts)
    {
        switch (name)
        {
            case "circa": part = part with { Circa = json.GetBoolean() }; break;
            case "islamic": part = part with { Calendar = json.GetBoolean() ? BirthCalendar.Islamic : BirthCalendar.Gregorian }; break;
            case "date": part = part with { Date = Date(ref json) }; break;
            case "day": part = part with { Day = json.GetInt32() }; break;
            case "month": part = part with { Month = json.GetInt32() }; break;
            case "year": part = part with { Year = json.GetInt32() }; break;
            case "yearFrom": part = part with { YearFrom = json.GetInt32() }; break;
            case "yearTo": part = part with { YearTo = json.GetInt32() }; break;
            case "city": part = part with { City = Pooled(ref json) }; break;
            case "zip": part = part with { ZipCode = Pooled(ref json) }; break;
            case "region": part = part with { Region = Pooled(ref json) }; break;
            case "place": part = part with { Place = Pooled(ref json) }; break;
            case "country": part = part with { Country = Pool.Shared.Country(Pooled(ref json), part.Country.Description) }; break;
            case "countryText": part = part with { Country = Pool.Shared.Country(part.Country.Code, Pooled(ref json)) }; break;
            default: Shared(ref json, name, ref part, acts); break;
        }
    }

    private static void Address(ref Utf8JsonReader json, string name, ref Address part, ActSummary[] acts)
    {
        switch (name)
        {
            case "city": part = part with { City = Pooled(ref json) }; break;
            case "street": part = part with { Street = Text(ref json) }; break;
            case "poBox": part = part with { PoBox = Text(ref json) }; break;
            case "zip": part = part with { ZipCode = Text(ref json) }; break;
            case "region": part = part with { Region = Pooled(ref json) }; break;
            case "place": part = part with { Place = Pooled(ref json) }; break;
            case "atListing": part = part with { AsAtListingTime = json.GetBoolean() }; break;
            case "country": part = part with { Country = Pool.Shared.Country(Pooled(ref json), part.Country.Description) }; break;
            case "countryText": part = part with { Country = Pool.Shared.Country(part.Country.Code, Pooled(ref json)) }; break;
            case "contacts": part = part with { Contacts = List<Contact>(ref json, acts, Contact, () => new("", "")) }; break;
            default: Shared(ref json, name, ref part, acts); break;
        }
    }

    private static void Shared<T>(ref Utf8JsonReader json, string name, ref T part, ActSummary[] acts)
        where T : EntryPart
    {
        switch (name)
        {
            case "actLang": part = part with { RegulationLanguage = Pooled(ref json) }; break;
            case "id": part = part with { LogicalId = json.GetInt64() }; break;
            case "remarks": part = part with { Remarks = Texts(ref json) }; break;
            case "act": part = part with { Act = acts[json.GetInt32()] }; break;
            case "odd": part = part with { Oddities = Odd(ref json) }; break;
            default: json.Skip(); break;
        }
    }

    private static void Contact(ref Utf8JsonReader json, string name, ref Contact part, ActSummary[] acts)
    {
        switch (name)
        {
            case "key": part = part with { Key = Pooled(ref json) }; break;
            case "value": part = part with { Value = Text(ref json) }; break;
            default: json.Skip(); break;
        }
    }

    private static void Identification(ref Utf8JsonReader json, string name, ref Identification part, ActSummary[] acts)
    {
        switch (name)
        {
            case "type": part = part with { TypeCode = Pooled(ref json) }; break;
            case "typeText": part = part with { TypeDescription = Pooled(ref json) }; break;
            case "number": part = part with { Number = Text(ref json) }; break;
            case "latin": part = part with { LatinNumber = Text(ref json) }; break;
            case "nameOn": part = part with { NameOnDocument = Text(ref json) }; break;
            case "issuedBy": part = part with { IssuedBy = Pooled(ref json) }; break;
            case "issued": part = part with { IssuedDate = Date(ref json) }; break;
            case "validFrom": part = part with { ValidFrom = Date(ref json) }; break;
            case "validTo": part = part with { ValidTo = Date(ref json) }; break;
            case "diplomatic": part = part with { Diplomatic = json.GetBoolean() }; break;
            case "expired": part = part with { KnownExpired = json.GetBoolean() }; break;
            case "false": part = part with { KnownFalse = json.GetBoolean() }; break;
            case "lost": part = part with { ReportedLost = json.GetBoolean() }; break;
            case "revoked": part = part with { RevokedByIssuer = json.GetBoolean() }; break;
            case "region": part = part with { Region = Pooled(ref json) }; break;
            case "country": part = part with { Country = Pool.Shared.Country(Pooled(ref json), part.Country.Description) }; break;
            case "countryText": part = part with { Country = Pool.Shared.Country(part.Country.Code, Pooled(ref json)) }; break;
            default: Shared(ref json, name, ref part, acts); break;
        }
    }

    private static void Oddity(ref Utf8JsonReader json, string name, ref Oddity part, ActSummary[] acts)
    {
        switch (name)
        {
            case "name": part = part with { Attribute = Pooled(ref json) }; break;
            case "value": part = part with { Value = Pooled(ref json) }; break;
            default: json.Skip(); break;
        }
    }

    private static Sequence<Oddity> Odd(ref Utf8JsonReader json) => List<Oddity>(ref json, [], Oddity, () => new("", null));

    private static Sequence<T> List<T>(ref Utf8JsonReader json, ActSummary[] acts, Property<T> read, Func<T> create)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            var item = create();
            Expect(ref json, JsonTokenType.StartObject);
            while (NextProperty(ref json, out var name))
            {
                read(ref json, name, ref item, acts);
            }

            items.Add(item);
        }

        return new(items.DrainToImmutable());
    }

    private static Sequence<string> Texts(ref Utf8JsonReader json)
    {
        var items = ImmutableArray.CreateBuilder<string>();
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            items.Add(Pooled(ref json));
        }

        return new(items.DrainToImmutable());
    }

    /// <summary>Moves to the next property's value; false at the end of the object.</summary>
    private static bool NextProperty(ref Utf8JsonReader json, out string name)
    {
        name = "";
        if (!json.Read() || json.TokenType is JsonTokenType.EndObject)
        {
            return false;
        }

        name = Pooled(ref json);
        json.Read();
        return true;
    }

    private static string Text(ref Utf8JsonReader json)
        => json.GetString() ?? throw new JsonException("A list entry holds null where it needs text.");

    private static string Pooled(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || Length(ref json) > Pool.LongestText)
        {
            return Text(ref json);
        }

        Span<char> buffer = stackalloc char[Pool.LongestText];
        return Pool.Shared.Text(buffer[..json.CopyString(buffer)]);
    }

    private static DateOnly Date(ref Utf8JsonReader json)
    {
        Span<char> buffer = stackalloc char[10];
        return json.TokenType is JsonTokenType.String && Length(ref json) == 10
            && DateOnly.TryParseExact(buffer[..json.CopyString(buffer)], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new JsonException("A list entry holds a date that is none.");
    }

    /// <summary>Length in UTF-8, which is never less than the length in UTF-16.</summary>
    private static long Length(ref Utf8JsonReader json) => json.HasValueSequence ? json.ValueSequence.Length : json.ValueSpan.Length;

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (json.TokenType != token)
        {
            throw new JsonException($"A list entry holds {json.TokenType} where it needs {token}.");
        }
    }
}
