using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// Writes an entry as compact JSON: what is empty, false or unknown is left out, non-Latin letters are written as themselves,
/// and the acts that the parts of an entry name stand once in a table (<c>acts</c>) to which the parts point by index.
/// The property names here are the storage format: never rename one, add beside it.
/// </summary>
internal static class EntryJsonWriter
{
    public static void Write(Utf8JsonWriter json, Entry entry)
    {
        var acts = new List<ActSummary>();
        json.WriteStartObject();
        Text(json, "key", entry.Key);
        Text(json, "eu", entry.EuReferenceNumber);
        Text(json, "un", entry.UnitedNationId);
        Date(json, "designated", entry.DesignationDate);
        Text(json, "details", entry.DesignationDetails);
        Text(json, "type", entry.SubjectType switch
        {
            SubjectType.Enterprise => "enterprise",
            SubjectType.Vessel => "vessel",
            SubjectType.Aircraft => "aircraft",
            _ => "",
        });
        Texts(json, "remarks", entry.Remarks);
        foreach (var act in entry.Parts.Select(part => part.Act).OfType<ActSummary>())
        {
            if (!acts.Contains(act))
            {
                acts.Add(act);
            }
        }

        Each(json, "acts", acts, Act);
        Each(json, "regulations", entry.Regulations.Items, Regulation);
        Each(json, "names", entry.Names.Items, (to, name) => Name(to, name, acts));
        Each(json, "citizenships", entry.Citizenships.Items, (to, part) =>
        {
            Text(to, "region", part.Region);
            Country(to, part.Country);
            Shared(to, part, acts);
        });
        Each(json, "births", entry.BirthDates.Items, (to, part) => BirthDate(to, part, acts));
        Each(json, "addresses", entry.Addresses.Items, (to, part) => Address(to, part, acts));
        Each(json, "ids", entry.Identifications.Items, (to, part) => Identification(to, part, acts));
        Oddities(json, entry.Oddities);
        json.WriteEndObject();
    }

    private static void Act(Utf8JsonWriter json, ActSummary act)
    {
        Text(json, "type", act.Type);
        Date(json, "published", act.PublicationDate);
        Text(json, "number", act.NumberTitle);
        Text(json, "url", act.PublicationUrl);
        Oddities(json, act.Oddities);
    }

    private static void Regulation(Utf8JsonWriter json, Regulation act)
    {
        Text(json, "type", act.Type);
        Text(json, "organisation", act.OrganisationType);
        Date(json, "published", act.PublicationDate);
        Date(json, "inForce", act.EntryIntoForceDate);
        Text(json, "number", act.NumberTitle);
        Text(json, "programme", act.Programme);
        Text(json, "url", act.PublicationUrl);
        Number(json, "id", act.LogicalId);
        Oddities(json, act.Oddities);
    }

    private static void Name(Utf8JsonWriter json, Name name, List<ActSummary> acts)
    {
        Text(json, "first", name.First);
        Text(json, "middle", name.Middle);
        Text(json, "last", name.Last);
        Text(json, "whole", name.Whole);
        Text(json, "function", name.Function);
        Text(json, "gender", name.Gender);
        Text(json, "title", name.Title);
        Text(json, "lang", name.Language);
        Flag(json, "weak", name.MarkedWeak);
        Shared(json, name, acts);
    }

    private static void BirthDate(Utf8JsonWriter json, BirthDate birth, List<ActSummary> acts)
    {
        Flag(json, "circa", birth.Circa);
        Flag(json, "islamic", birth.Calendar is BirthCalendar.Islamic);
        Date(json, "date", birth.Date);
        Number(json, "day", birth.Day);
        Number(json, "month", birth.Month);
        Number(json, "year", birth.Year);
        Number(json, "yearFrom", birth.YearFrom);
        Number(json, "yearTo", birth.YearTo);
        Text(json, "city", birth.City);
        Text(json, "zip", birth.ZipCode);
        Text(json, "region", birth.Region);
        Text(json, "place", birth.Place);
        Country(json, birth.Country);
        Shared(json, birth, acts);
    }

    private static void Address(Utf8JsonWriter json, Address address, List<ActSummary> acts)
    {
        Text(json, "city", address.City);
        Text(json, "street", address.Street);
        Text(json, "poBox", address.PoBox);
        Text(json, "zip", address.ZipCode);
        Text(json, "region", address.Region);
        Text(json, "place", address.Place);
        Flag(json, "atListing", address.AsAtListingTime);
        Country(json, address.Country);
        Each(json, "contacts", address.Contacts.Items, (to, contact) =>
        {
            Text(to, "key", contact.Key);
            Text(to, "value", contact.Value);
        });
        Shared(json, address, acts);
    }

    private static void Identification(Utf8JsonWriter json, Identification id, List<ActSummary> acts)
    {
        Text(json, "type", id.TypeCode);
        Text(json, "typeText", id.TypeDescription);
        Text(json, "number", id.Number);
        Text(json, "latin", id.LatinNumber);
        Text(json, "nameOn", id.NameOnDocument);
        Text(json, "issuedBy", id.IssuedBy);
        Date(json, "issued", id.IssuedDate);
        Date(json, "validFrom", id.ValidFrom);
        Date(json, "validTo", id.ValidTo);
        Flag(json, "diplomatic", id.Diplomatic);
        Flag(json, "expired", id.KnownExpired);
        Flag(json, "false", id.KnownFalse);
        Flag(json, "lost", id.ReportedLost);
        Flag(json, "revoked", id.RevokedByIssuer);
        Text(json, "region", id.Region);
        Country(json, id.Country);
        Shared(json, id, acts);
    }

    private static void Shared(Utf8JsonWriter json, EntryPart part, List<ActSummary> acts)
    {
        Text(json, "actLang", part.RegulationLanguage);
        Number(json, "id", part.LogicalId);
        Texts(json, "remarks", part.Remarks);
        Number(json, "act", part.Act is null ? null : acts.IndexOf(part.Act));
        Oddities(json, part.Oddities);
    }

    private static void Country(Utf8JsonWriter json, Country country)
    {
        Text(json, "country", country.Code);
        Text(json, "countryText", country.Description);
    }

    private static void Oddities(Utf8JsonWriter json, Sequence<Oddity> oddities)
        => Each(json, "odd", oddities.Items, (to, oddity) =>
        {
            Text(to, "name", oddity.Attribute);
            if (oddity.Value is not null)
            {
                to.WriteString("value", Encode(oddity.Value));
            }
        });

    private static void Each<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, Sequence<string> texts)
    {
        if (texts.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(Encode(text));
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is { Length: > 0 })
        {
            json.WriteString(name, Encode(text));
        }
    }

    private static void Date(Utf8JsonWriter json, string name, DateOnly? date)
    {
        if (date is { } day)
        {
            json.WriteString(name, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void Flag(Utf8JsonWriter json, string name, bool flag)
    {
        if (flag)
        {
            json.WriteBoolean(name, true);
        }
    }

    /// <summary>Stored text is never put into a web page as it stands, so only what JSON itself needs is escaped.</summary>
    private static JsonEncodedText Encode(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
