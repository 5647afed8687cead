using System.Text.RegularExpressions;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// One name or alias of a listed subject, in one language and script. The EU list carries five on average and up to 145.
/// </summary>
public sealed partial record Name : EntryPart
{
    /// <summary>First name; filled for persons whose name the act splits.</summary>
    public string First { get; init; } = "";

    /// <summary>Middle name or patronymic.</summary>
    public string Middle { get; init; } = "";

    /// <summary>Family name.</summary>
    public string Last { get; init; } = "";

    /// <summary>The whole name, as the list prints it. May hold stress accents, quotes of any kind and several values in one.</summary>
    public string Whole { get; init; } = "";

    /// <summary>Office held, for example "Former President".</summary>
    public string Function { get; init; } = "";

    /// <summary><c>M</c> or <c>F</c>; null where not stated.</summary>
    public string? Gender { get; init; }

    /// <summary>Title; may hold several in one: "(a) Mullah, (b) Maulavi".</summary>
    public string Title { get; init; } = "";

    /// <summary>ISO 639-1 in upper case; empty where not stated.</summary>
    public string Language { get; init; } = "";

    /// <summary>Whether the list says <c>strong="false"</c> (the UN: quality Low). For screening use <see cref="IsWeak"/>.</summary>
    public bool MarkedWeak { get; init; }

    /// <summary>Whether the name is a good alias by the list's own mark.</summary>
    public bool Strong => !MarkedWeak;

    /// <summary>
    /// Whether the name is a weak alias: marked so, or called "low quality" by a remark (also in the list's own misspellings
    /// "lo quality" and "ood quality", but not "good quality"), which is how the EU list usually says it.
    /// </summary>
    public bool IsWeak => MarkedWeak || Remarks.Any(remark => LowQuality().IsMatch(remark));

    /// <summary>The script most of the name's letters belong to.</summary>
    public NameScript Script => NameScripts.Of(Text);

    /// <summary>The whole name, or its parts joined where the list gives only parts.</summary>
    public string Text => Whole.Length > 0 ? Whole : string.Join(' ', new[] { First, Middle, Last }.Where(part => part.Length > 0));

    [GeneratedRegex(@"(?<!\p{L})(low|lo|ood)[ -]+quality", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LowQuality();
}
