namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>A document or number that identifies a subject.</summary>
public sealed record Identification : EntryPart
{
    /// <summary>Type code: <c>passport</c>, <c>id</c>, <c>regnumber</c>, <c>fiscalcode</c>, <c>taxid</c>, <c>imo</c>, <c>swiftbic</c> … <c>other</c>.</summary>
    public string TypeCode { get; init; } = "";

    /// <summary>The list's words for the type; may be empty.</summary>
    public string TypeDescription { get; init; } = "";

    /// <summary>The number, as printed.</summary>
    public string Number { get; init; } = "";

    /// <summary>The number in Latin letters.</summary>
    public string LatinNumber { get; init; } = "";

    /// <summary>The name on the document.</summary>
    public string NameOnDocument { get; init; } = "";

    /// <summary>Issuing authority.</summary>
    public string IssuedBy { get; init; } = "";

    /// <summary>Day of issue.</summary>
    public DateOnly? IssuedDate { get; init; }

    /// <summary>First day of validity.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>Last day of validity.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>Whether it is a diplomatic document.</summary>
    public bool Diplomatic { get; init; }

    /// <summary>Whether it is known to have expired.</summary>
    public bool KnownExpired { get; init; }

    /// <summary>Whether it is known to be false.</summary>
    public bool KnownFalse { get; init; }

    /// <summary>Whether it was reported lost.</summary>
    public bool ReportedLost { get; init; }

    /// <summary>Whether its issuer revoked it.</summary>
    public bool RevokedByIssuer { get; init; }

    /// <summary>Region of issue.</summary>
    public string Region { get; init; } = "";

    /// <summary>Country of issue.</summary>
    public Country Country { get; init; } = Country.None;
}
