namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>A citizenship (persons) as a list states it.</summary>
public sealed record Citizenship : EntryPart
{
    /// <summary>Region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Country.</summary>
    public Country Country { get; init; } = Country.None;
}

/// <summary>An address with its contact data.</summary>
public sealed record Address : EntryPart
{
    /// <summary>City.</summary>
    public string City { get; init; } = "";

    /// <summary>Street and number.</summary>
    public string Street { get; init; } = "";

    /// <summary>Post office box.</summary>
    public string PoBox { get; init; } = "";

    /// <summary>Postal code.</summary>
    public string ZipCode { get; init; } = "";

    /// <summary>Region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Place, where it is not a city.</summary>
    public string Place { get; init; } = "";

    /// <summary>Whether the act says that the address held at the time of listing.</summary>
    public bool AsAtListingTime { get; init; }

    /// <summary>Country.</summary>
    public Country Country { get; init; } = Country.None;

    /// <summary>Telephone, fax, mail, web; values may carry stray spaces.</summary>
    public Sequence<Contact> Contacts { get; init; }
}

/// <summary>One way to reach a subject.</summary>
/// <param name="Key"><c>PHONE</c>, <c>FAX</c>, <c>EMAIL</c>, <c>WEB</c>.</param>
/// <param name="Value">As printed.</param>
public sealed record Contact(string Key, string Value);
