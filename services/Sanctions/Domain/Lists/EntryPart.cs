namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>One statement about a listed subject (a name, a citizenship, a birth date, an address, an identification), and the act behind it.</summary>
public abstract record EntryPart
{
    /// <summary>Language of the act, lower case.</summary>
    public string RegulationLanguage { get; init; } = "";

    /// <summary>The list's number of the part; null where it gives none.</summary>
    public long? LogicalId { get; init; }

    /// <summary>Remarks on the part; old data keeps whole identity numbers here.</summary>
    public Sequence<string> Remarks { get; init; }

    /// <summary>The act that says so; null where the list does not name it.</summary>
    public ActSummary? Act { get; init; }

    /// <summary>Where the source spelled the element unusually.</summary>
    public Sequence<Oddity> Oddities { get; init; }
}
