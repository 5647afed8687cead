using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain.Screening;

/// <summary>What kind of subject a listing or a query is about.</summary>
public enum SubjectType
{
    /// <summary>Not said: the query is compared with everything.</summary>
    Unknown,
    Person,
    Enterprise,
    Vessel,
    Aircraft,
}

/// <summary>Gender as documents state it.</summary>
public enum Gender
{
    Unknown,
    Male,
    Female,
}

/// <summary>The calendar that a date of birth was given in.</summary>
public enum BirthCalendar
{
    Gregorian,

    /// <summary>The Islamic civil calendar; converted by arithmetic, which may differ from observation by a day or two.</summary>
    Islamic,
}

/// <summary>One name of a listed subject.</summary>
/// <param name="Id">The name's own id in the list, returned with a hit.</param>
/// <param name="Text">The whole name as listed; never empty for a name that can be found.</param>
/// <param name="Family">The family name, when the list has it apart from other parts; see <see cref="FamilyOf"/>.</param>
/// <param name="Language">ISO 639-1 code as listed, or "".</param>
/// <param name="Strong">False for a weak ("low quality") alias: it must match in full and scores 0.8 at most.</param>
public readonly record struct ScreenedName(string Id, string Text, string? Family = null, string Language = "", bool Strong = true)
{
    /// <summary>The family name of a person whose name stands on the list in parts; a last part without others is no family name.</summary>
    public static string? FamilyOf(string? first, string? middle, string? last) =>
        string.IsNullOrWhiteSpace(last) || (string.IsNullOrWhiteSpace(first) && string.IsNullOrWhiteSpace(middle)) ? null : last;
}

/// <summary>When somebody was born, as exactly as is known. A year range wins over <paramref name="Year"/>.</summary>
/// <param name="Year">Year in the named calendar.</param>
/// <param name="Month">1 to 12, or null.</param>
/// <param name="Day">1 to 31, or null.</param>
/// <param name="Circa">Approximate: two years either side count as agreeing.</param>
/// <param name="YearFrom">First year of a range.</param>
/// <param name="YearTo">Last year of a range.</param>
/// <param name="Calendar">The calendar of all these numbers.</param>
public sealed record BirthDate(
    int? Year, int? Month = null, int? Day = null, bool Circa = false, int? YearFrom = null, int? YearTo = null, BirthCalendar Calendar = BirthCalendar.Gregorian)
{
    /// <summary>Reads "1970", "1970-05" or "1970-05-01"; null when it is none of these or no date that exists.</summary>
    public static BirthDate? Parse(string? text) => Attributes.BirthDates.Parse(text);
}

/// <summary>A document or register number.</summary>
/// <param name="Type">"passport", "imo", "lei", "bic", "inn", "ogrn", "regnumber", "id", … in any case; FSF codes such as "swiftbic" and "fiscalcode" are understood.</param>
/// <param name="Value">As written; spaces, dots and hyphens do not matter.</param>
/// <param name="Country">ISO 3166-1 alpha-2 of the issuer, or "".</param>
public sealed record Identifier(string Type, string Value, string Country = "");

/// <summary>A listed subject in the form that screening needs.</summary>
/// <param name="Id">Returned with a hit; unique in an index.</param>
/// <param name="Type">Persons are compared as persons, everything else as organisations.</param>
/// <param name="Names">All names, strong and weak.</param>
/// <param name="Genders">All genders stated.</param>
/// <param name="BirthDates">All dates stated; the best agreement counts.</param>
/// <param name="Countries">Citizenship, country of birth or seat, ISO 3166-1 alpha-2.</param>
/// <param name="Identifiers">All numbers.</param>
/// <param name="Addresses">Addresses as text.</param>
public sealed record ScreenedEntity(
    string Id,
    SubjectType Type,
    ImmutableArray<ScreenedName> Names,
    ImmutableArray<Gender> Genders = default,
    ImmutableArray<BirthDate> BirthDates = default,
    ImmutableArray<string> Countries = default,
    ImmutableArray<Identifier> Identifiers = default,
    ImmutableArray<string> Addresses = default);

/// <summary>Who is to be screened. Every name is tried; the best match counts.</summary>
public sealed record ScreeningQuery(
    ImmutableArray<string> Names,
    SubjectType Type = SubjectType.Unknown,
    BirthDate? Birth = null,
    Gender Gender = Gender.Unknown,
    ImmutableArray<string> Countries = default,
    ImmutableArray<Identifier> Identifiers = default,
    ImmutableArray<string> Addresses = default);

/// <summary>Entities that come, change or go. An entity in <paramref name="Upserted"/> replaces the one of the same id.</summary>
public sealed record ScreeningDelta(ImmutableArray<ScreenedEntity> Upserted, ImmutableArray<string> RemovedIds);
