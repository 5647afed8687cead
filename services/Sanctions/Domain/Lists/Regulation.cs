namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// The legal act that lists a subject. The publication in the Official Journal is the legal truth; this is the list's copy of
/// its particulars.
/// </summary>
public sealed record Regulation
{
    /// <summary><c>regulation</c>, <c>amendment</c> or <c>repealing</c>; kept as printed.</summary>
    public string Type { get; init; } = "";

    /// <summary><c>council</c>, <c>commission</c> or <c>un</c>; kept as printed.</summary>
    public string OrganisationType { get; init; } = "";

    /// <summary>Day of publication.</summary>
    public DateOnly? PublicationDate { get; init; }

    /// <summary>Day of entry into force; may lie before the publication in old data.</summary>
    public DateOnly? EntryIntoForceDate { get; init; }

    /// <summary>For example <c>1210/2003 (OJ L169)</c>.</summary>
    public string NumberTitle { get; init; } = "";

    /// <summary>Programme code, for example <c>UKR</c>. Mind that <c>HR</c> is the human rights regime and not Croatia.</summary>
    public string Programme { get; init; } = "";

    /// <summary>Where the act is published.</summary>
    public string PublicationUrl { get; init; } = "";

    /// <summary>The list's number of the act. Unique per kind of element, not across kinds; CSV does not carry it.</summary>
    public long? LogicalId { get; init; }

    /// <summary>Where the source spelled the element unusually.</summary>
    public Sequence<Oddity> Oddities { get; init; }
}

/// <summary>
/// The act behind one part of an entry (a name, a birth date …), in short: FSF's <c>regulationSummary</c>. Readers hand out one
/// instance for equal acts, because 41,524 elements of the EU list name about a thousand acts.
/// </summary>
public sealed record ActSummary
{
    /// <summary><c>regulation</c>, <c>amendment</c> or <c>repealing</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Day of publication.</summary>
    public DateOnly? PublicationDate { get; init; }

    /// <summary>For example <c>2018/223 (OJ L43)</c>.</summary>
    public string NumberTitle { get; init; } = "";

    /// <summary>Where the act is published.</summary>
    public string PublicationUrl { get; init; } = "";

    /// <summary>Where the source spelled the element unusually.</summary>
    public Sequence<Oddity> Oddities { get; init; }
}
