using System.Diagnostics.CodeAnalysis;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// Hands out one instance for equal values while a list is read: links, act titles, country names and codes repeat tens of
/// thousands of times. A fixed number of slots: a value that finds its slot taken by another moves in, so memory is bounded and
/// nothing needs clearing. Safe from many threads (the worst case is a second instance).
/// </summary>
public sealed class Pool
{
    /// <summary>Texts longer than this are not pooled.</summary>
    public const int LongestText = 200;

    private const int Slots = 1 << 14;

    private readonly string?[] _texts = new string?[Slots];
    private readonly ActSummary?[] _acts = new ActSummary?[Slots / 4];
    private readonly Country?[] _countries = new Country?[Slots / 16];

    /// <summary>The pool shared by everything that reads entries.</summary>
    public static Pool Shared { get; } = new();

    /// <summary>A string with this text.</summary>
    public string Text(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return "";
        }

        if (text.Length > LongestText)
        {
            return text.ToString();
        }

        ref var slot = ref _texts[string.GetHashCode(text, StringComparison.Ordinal) & (Slots - 1)];
        var found = slot;
        return found is not null && text.SequenceEqual(found) ? found : slot = text.ToString();
    }

    /// <summary>This text, or an equal one handed out before.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Text(string? text)
    {
        if (text is null or "" || text.Length > LongestText)
        {
            return text;
        }

        ref var slot = ref _texts[text.GetHashCode(StringComparison.Ordinal) & (Slots - 1)];
        var found = slot;
        return found is not null && found == text ? found : slot = text;
    }

    /// <summary>This act, or an equal one handed out before.</summary>
    public ActSummary Act(ActSummary act)
    {
        ref var slot = ref _acts[act.GetHashCode() & ((Slots / 4) - 1)];
        var found = slot;
        return found is not null && found.Equals(act) ? found : slot = act;
    }

    /// <summary>A country with this code and description.</summary>
    public Country Country(string code, string description)
    {
        ref var slot = ref _countries[HashCode.Combine(code, description) & ((Slots / 16) - 1)];
        var found = slot;
        return found is not null && found.Code == code && found.Description == description ? found : slot = new Country(Text(code), Text(description));
    }
}
