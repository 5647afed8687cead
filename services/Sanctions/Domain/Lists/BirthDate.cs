namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// A birth date as far as it is known, and the place of birth. Anything from a full date to nothing but a place; a year range
/// where the act gives one. With <see cref="BirthCalendar.Islamic"/>, day, month and year are of that calendar and
/// <see cref="Date"/> is the Gregorian day.
/// </summary>
public sealed record BirthDate : EntryPart
{
    /// <summary>Whether the date is approximate.</summary>
    public bool Circa { get; init; }

    /// <summary>The calendar that <see cref="Day"/>, <see cref="Month"/> and <see cref="Year"/> count in.</summary>
    public BirthCalendar Calendar { get; init; }

    /// <summary>The full Gregorian date, where known.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Day of the month, 1 to 31.</summary>
    public int? Day { get; init; }

    /// <summary>Month, 1 to 12.</summary>
    public int? Month { get; init; }

    /// <summary>Year.</summary>
    public int? Year { get; init; }

    /// <summary>First year of a range.</summary>
    public int? YearFrom { get; init; }

    /// <summary>Last year of a range.</summary>
    public int? YearTo { get; init; }

    /// <summary>City.</summary>
    public string City { get; init; } = "";

    /// <summary>Postal code.</summary>
    public string ZipCode { get; init; } = "";

    /// <summary>Region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Place, where it is not a city.</summary>
    public string Place { get; init; } = "";

    /// <summary>Country.</summary>
    public Country Country { get; init; } = Country.None;
}

/// <summary>The calendar of a birth date.</summary>
public enum BirthCalendar
{
    /// <summary>FSF <c>GREGORIAN</c>.</summary>
    Gregorian,

    /// <summary>FSF <c>ISLAMIC</c>: in practice the Persian solar calendar or the lunar one, the list does not say which.</summary>
    Islamic,
}

/// <summary>A country as a list names it.</summary>
/// <param name="Code">ISO 3166-1 alpha-2; <c>00</c> stands for unknown, and codes of former states such as <c>CS</c> occur. Empty where the list gives only a name (UN).</param>
/// <param name="Description">The list's own name of it; often empty.</param>
public sealed record Country(string Code, string Description)
{
    /// <summary>Nothing printed at all.</summary>
    public static Country None { get; } = new("", "");

    /// <summary>What FSF prints for a country that is not known.</summary>
    public static Country Unknown { get; } = new("00", "UNKNOWN");

    /// <summary>Whether it names a country.</summary>
    public bool IsKnown => Code is not ("00" or "") || (Description.Length > 0 && Description != "UNKNOWN");
}
