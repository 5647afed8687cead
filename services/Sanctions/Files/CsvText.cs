using System.Text.RegularExpressions;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// How the CSV format packs several values into one cell: each remark in brackets, contact data as "KEY: value", one per line.
/// </summary>
internal static partial class CsvText
{
    private const string BetweenRemarks = ")\n(";

    /// <summary>Remarks as one cell.</summary>
    public static string Pack(Sequence<string> remarks) => remarks.IsEmpty ? "" : "(" + string.Join(BetweenRemarks, remarks.Items) + ")";

    /// <summary>The remarks of a cell; text without brackets is one remark.</summary>
    public static Sequence<string> Remarks(string cell) => cell switch
    {
        "" => [],
        ['(', .. var inside, ')'] => inside.Split(BetweenRemarks).Select(text => Pool.Shared.Text(text)).ToSequence(),
        _ => [cell],
    };

    /// <summary>Contact data as one cell.</summary>
    public static string Pack(Sequence<Contact> contacts) => string.Join('\n', contacts.Items.Select(contact => $"{contact.Key}: {contact.Value}"));

    /// <summary>The contact data of a cell; a line without a key continues the value before it.</summary>
    public static Sequence<Contact> Contacts(string cell)
    {
        var contacts = new List<Contact>();
        foreach (var line in cell.Length == 0 ? [] : cell.Split('\n'))
        {
            if (Keyed().Match(line) is { Success: true } match)
            {
                contacts.Add(new(Pool.Shared.Text(match.Groups["key"].Value), match.Groups["value"].Value));
            }
            else if (contacts.Count > 0)
            {
                contacts[^1] = contacts[^1] with { Value = contacts[^1].Value + "\n" + line };
            }
            else
            {
                contacts.Add(new("", line));
            }
        }

        return contacts.ToSequence();
    }

    /// <summary>Why a text cannot be part of a list, or null: XML could not carry it, or it was not UTF-8.</summary>
    public static string? Unsound(string text)
    {
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '\t' or '\n' or '\r':
                    break;
                case < ' ' or '\uFFFE' or '\uFFFF':
                    return $"The text holds the control character U+{(int)letter:X4}.";
                case '\uFFFD':
                    return "The text is not UTF-8 (or holds the replacement character U+FFFD).";
            }
        }

        return null;
    }

    [GeneratedRegex(@"^(?<key>[A-Z]{2,20}): (?<value>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Keyed();
}
