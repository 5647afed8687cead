using System.Text.Json.Serialization;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// Everything a list file says about one listed subject, attribute by attribute, so that what was read can be written again
/// without loss. The shape follows the EU's Financial Sanctions Files (FSF) 1.1; entries of the United Nations list and of our
/// own listings use the same shape. Immutable; two entries are equal when they say the same in the same order
/// (whether the order matters is a question for the comparison of lists, not for the record).
/// </summary>
[JsonConverter(typeof(EntryJson))]
public sealed record Entry
{
    /// <summary>What identifies the subject on its list: the FSF <c>logicalId</c>, the UN <c>DATAID</c>. Never empty.</summary>
    public required string Key { get; init; }

    /// <summary>For example <c>EU.27.28</c>; null where the list gives none (<see cref="Reference"/> falls back to the key).</summary>
    public string? EuReferenceNumber { get; init; }

    /// <summary>The United Nations' reference, for example <c>QDi.002</c>; empty for a subject the EU alone listed.</summary>
    public string UnitedNationId { get; init; } = "";

    /// <summary>Day of designation, where stated.</summary>
    public DateOnly? DesignationDate { get; init; }

    /// <summary>Free text on the designation.</summary>
    public string DesignationDetails { get; init; } = "";

    /// <summary>What kind of subject it is.</summary>
    public SubjectType SubjectType { get; init; }

    /// <summary>Remarks on the subject as a whole.</summary>
    public Sequence<string> Remarks { get; init; }

    /// <summary>The acts that list the subject; exactly one in every entry of the EU list seen so far, none in a few old extracts.</summary>
    public Sequence<Regulation> Regulations { get; init; }

    /// <summary>Names and aliases in the file's order. At least one in any entry that a reader accepts.</summary>
    public Sequence<Name> Names { get; init; }

    /// <summary>Citizenships.</summary>
    public Sequence<Citizenship> Citizenships { get; init; }

    /// <summary>Birth dates and places; several may be given, all count.</summary>
    public Sequence<BirthDate> BirthDates { get; init; }

    /// <summary>Addresses with their contact data.</summary>
    public Sequence<Address> Addresses { get; init; }

    /// <summary>Passports, registration numbers, IMO numbers and the like.</summary>
    public Sequence<Identification> Identifications { get; init; }

    /// <summary>Where the source spelled the element unusually.</summary>
    public Sequence<Oddity> Oddities { get; init; }

    /// <summary>Names, citizenships, birth dates, addresses and identifications, in this order.</summary>
    [JsonIgnore]
    public IEnumerable<EntryPart> Parts => [.. Names, .. Citizenships, .. BirthDates, .. Addresses, .. Identifications];

    /// <summary>What people cite: the EU reference, else the UN reference, else the key.</summary>
    [JsonIgnore]
    public string Reference => EuReferenceNumber is { Length: > 0 } eu ? eu : UnitedNationId.Length > 0 ? UnitedNationId : Key;

    /// <summary>The programmes (regimes) the subject is listed under, each once.</summary>
    [JsonIgnore]
    public IEnumerable<string> Programmes => Regulations.Select(act => act.Programme).Where(code => code.Length > 0).Distinct();
}

/// <summary>What is listed. FSF knows persons and enterprises only; vessels and aircraft come from our own listings.</summary>
public enum SubjectType
{
    /// <summary>A natural person (FSF <c>person</c>, <c>P</c>).</summary>
    Person,

    /// <summary>A body, group or company (FSF <c>enterprise</c>, <c>E</c>).</summary>
    Enterprise,

    /// <summary>A ship.</summary>
    Vessel,

    /// <summary>An aircraft.</summary>
    Aircraft,
}

/// <summary>
/// An attribute that the source spelled otherwise than the format usually does. Kept so that an export repeats what an
/// import read; it says nothing about the subject, unless the attribute is one the format does not know.
/// </summary>
/// <param name="Attribute">The attribute's name in FSF XML.</param>
/// <param name="Value">Null: usually printed, here missing. Empty: usually missing, here printed empty. Text: the value of an attribute unknown to format 1.1.</param>
public sealed record Oddity(string Attribute, string? Value)
{
    /// <summary>Whether it carries content, and not just spelling.</summary>
    public bool HasContent => Value is { Length: > 0 };
}
