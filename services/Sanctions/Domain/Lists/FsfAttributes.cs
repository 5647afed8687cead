using System.Globalization;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// The attributes of each part of an entry under the names of FSF XML 1.1 and in its order: what a writer prints and what the
/// comparison of two versions speaks of. A null value is an attribute that is not printed.
/// </summary>
public static class FsfAttributes
{
    /// <summary>Attributes of the <c>sanctionEntity</c> element.</summary>
    public static IEnumerable<(string Name, string? Value)> Of(Entry entry)
    {
        yield return ("designationDate", Text(entry.DesignationDate));
        yield return ("designationDetails", entry.DesignationDetails);
        yield return ("unitedNationId", entry.UnitedNationId);
        yield return ("euReferenceNumber", entry.EuReferenceNumber);
        yield return ("logicalId", entry.Key);
    }

    /// <summary>Attributes of a <c>regulation</c>; its <c>publicationUrl</c> is a child element.</summary>
    public static IEnumerable<(string Name, string? Value)> Of(Regulation act)
    {
        yield return ("regulationType", act.Type);
        yield return ("organisationType", act.OrganisationType);
        yield return ("publicationDate", Text(act.PublicationDate) ?? "");
        yield return ("entryIntoForceDate", Text(act.EntryIntoForceDate) ?? "");
        yield return ("numberTitle", act.NumberTitle);
        yield return ("programme", act.Programme);
        yield return ("logicalId", Text(act.LogicalId) ?? "");
    }

    /// <summary>Attributes of a <c>regulationSummary</c>.</summary>
    public static IEnumerable<(string Name, string? Value)> Of(ActSummary act)
    {
        yield return ("regulationType", act.Type);
        yield return ("publicationDate", Text(act.PublicationDate) ?? "");
        yield return ("numberTitle", act.NumberTitle);
        yield return ("publicationUrl", act.PublicationUrl);
    }

    /// <summary>Attributes of a <c>nameAlias</c>, <c>citizenship</c>, <c>birthdate</c>, <c>address</c> or <c>identification</c>.</summary>
    public static IEnumerable<(string Name, string? Value)> Of(EntryPart part) => part switch
    {
        Name name => Of(name),
        Citizenship citizenship => Of(citizenship),
        BirthDate birth => Of(birth),
        Address address => Of(address),
        Identification id => Of(id),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    /// <summary>All that an entry says by itself, without its parts and remarks.</summary>
    public static IEnumerable<(string Name, string? Value)> AllOf(Entry entry) => Of(entry).Concat(Of(entry.Oddities));

    /// <summary>All that a <c>regulation</c> says.</summary>
    public static IEnumerable<(string Name, string? Value)> AllOf(Regulation act) => Of(act).Append(("publicationUrl", act.PublicationUrl)).Concat(Of(act.Oddities));

    /// <summary>All that a part says: its attributes, contacts, remarks and the act behind it.</summary>
    public static IEnumerable<(string Name, string? Value)> AllOf(EntryPart part)
    {
        var contacts = part is Address address ? address.Contacts : [];
        return Of(part)
            .Concat(contacts.Select(contact => ($"contact {contact.Key} {contact.Value}", (string?)contact.Value)))
            .Concat(Of(part.Oddities))
            .Concat(part.Remarks.Select(remark => ("remark", (string?)remark)))
            .Concat(part.Act is { } act ? Of(act).Concat(Of(act.Oddities)).Select(field => ($"act {field.Name}", field.Value)) : []);
    }

    /// <summary>The format's word for a subject type and its classification code. FSF defines the first two; vessels and aircraft are our extension.</summary>
    public static (string Code, string Classification) Of(SubjectType type) => type switch
    {
        SubjectType.Person => ("person", "P"),
        SubjectType.Enterprise => ("enterprise", "E"),
        SubjectType.Vessel => ("vessel", "V"),
        SubjectType.Aircraft => ("aircraft", "A"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static IEnumerable<(string Name, string? Value)> Of(Name name)
    {
        yield return ("firstName", name.First);
        yield return ("middleName", name.Middle);
        yield return ("lastName", name.Last);
        yield return ("wholeName", name.Whole);
        yield return ("function", name.Function);
        yield return ("gender", name.Gender);
        yield return ("title", name.Title);
        yield return ("nameLanguage", name.Language);
        yield return ("strong", Text(name.Strong));
        yield return ("regulationLanguage", name.RegulationLanguage);
        yield return ("logicalId", Text(name.LogicalId) ?? "");
    }

    private static IEnumerable<(string Name, string? Value)> Of(Citizenship citizenship)
    {
        yield return ("region", citizenship.Region);
        yield return ("countryIso2Code", citizenship.Country.Code);
        yield return ("countryDescription", citizenship.Country.Description);
        yield return ("regulationLanguage", citizenship.RegulationLanguage);
        yield return ("logicalId", Text(citizenship.LogicalId) ?? "");
    }

    private static IEnumerable<(string Name, string? Value)> Of(BirthDate birth)
    {
        yield return ("circa", Text(birth.Circa));
        yield return ("calendarType", birth.Calendar is BirthCalendar.Islamic ? "ISLAMIC" : "GREGORIAN");
        yield return ("city", birth.City);
        yield return ("zipCode", birth.ZipCode);
        yield return ("birthdate", Text(birth.Date));
        yield return ("dayOfMonth", Text(birth.Day));
        yield return ("monthOfYear", Text(birth.Month));
        yield return ("year", Text(birth.Year));
        yield return ("yearRangeFrom", Text(birth.YearFrom));
        yield return ("yearRangeTo", Text(birth.YearTo));
        yield return ("region", birth.Region);
        yield return ("place", birth.Place);
        yield return ("countryIso2Code", birth.Country.Code);
        yield return ("countryDescription", birth.Country.Description);
        yield return ("regulationLanguage", birth.RegulationLanguage);
        yield return ("logicalId", Text(birth.LogicalId) ?? "");
    }

    private static IEnumerable<(string Name, string? Value)> Of(Address address)
    {
        yield return ("city", address.City);
        yield return ("street", address.Street);
        yield return ("poBox", address.PoBox);
        yield return ("zipCode", address.ZipCode);
        yield return ("region", address.Region);
        yield return ("place", address.Place);
        yield return ("asAtListingTime", Text(address.AsAtListingTime));
        yield return ("countryIso2Code", address.Country.Code);
        yield return ("countryDescription", address.Country.Description);
        yield return ("regulationLanguage", address.RegulationLanguage);
        yield return ("logicalId", Text(address.LogicalId) ?? "");
    }

    private static IEnumerable<(string Name, string? Value)> Of(Identification id)
    {
        yield return ("diplomatic", Text(id.Diplomatic));
        yield return ("knownExpired", Text(id.KnownExpired));
        yield return ("knownFalse", Text(id.KnownFalse));
        yield return ("reportedLost", Text(id.ReportedLost));
        yield return ("revokedByIssuer", Text(id.RevokedByIssuer));
        yield return ("issuedBy", id.IssuedBy);
        yield return ("issuedDate", Text(id.IssuedDate));
        yield return ("validFrom", Text(id.ValidFrom));
        yield return ("validTo", Text(id.ValidTo));
        yield return ("latinNumber", id.LatinNumber);
        yield return ("nameOnDocument", id.NameOnDocument);
        yield return ("number", id.Number);
        yield return ("region", id.Region);
        yield return ("countryIso2Code", id.Country.Code);
        yield return ("countryDescription", id.Country.Description);
        yield return ("identificationTypeCode", id.TypeCode);
        yield return ("identificationTypeDescription", id.TypeDescription);
        yield return ("regulationLanguage", id.RegulationLanguage);
        yield return ("logicalId", Text(id.LogicalId) ?? "");
    }

    private static IEnumerable<(string Name, string? Value)> Of(Sequence<Oddity> oddities) => oddities.Select(oddity => (oddity.Attribute, oddity.Value));

    private static string Text(bool value) => value ? "true" : "false";

    private static string? Text(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
