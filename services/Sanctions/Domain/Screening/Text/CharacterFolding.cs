using System.Globalization;
using System.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Text;

/// <summary>
/// Folds characters that mean the same in a name: width and compatibility forms, case, accents and stress marks,
/// letter forms of Arabic, Persian and Hebrew. A table is used instead of the runtime's normalisation because the
/// suite runs without ICU, and because a table gives the same answer on every machine.
/// </summary>
internal static class CharacterFolding
{
    private const int PageBits = 8;

    private static readonly string?[][] Pages = Load(); // most of them are empty, and that is one page

    /// <summary>The folded text of one character; null when the character folds to itself.</summary>
    internal static string? Fold(char c) => Pages[c >> PageBits][c & ((1 << PageBits) - 1)];

    /// <summary>Letters, digits and marks that belong to words; everything else separates words or vanishes.</summary>
    internal static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || IsScriptMark(c);

    /// <summary>Vowel signs of Indic and other scripts: marks that must not be dropped.</summary>
    private static bool IsScriptMark(char c) =>
        c >= '\u0900' && c < '\u1DC0' && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Invisible characters (bidirectional controls, joiners, soft hyphens), accents, and apostrophes inside words.</summary>
    internal static bool Vanishes(char c) => c switch
    {
        '\'' or '’' or '‘' or '‛' or '`' or '´' or '′' or '＇' or 'ʻ' or 'ʼ' or 'ʿ' or 'ʾ' or 'ʹ' or 'ʺ' or '՚' or '׳' or '״' or 'ـ' => true,
        _ when c < 0x80 => false,
        _ => char.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.Format or UnicodeCategory.EnclosingMark => true,
            UnicodeCategory.NonSpacingMark => !IsScriptMark(c),
            _ => false,
        },
    };

    /// <summary>
    /// The plain letter or digit that a letter of two UTF-16 units is a style of: mathematical (𝐏, 𝒫, 𝟗), squared and circled (🄿, 🅟). Null for every other.
    /// </summary>
    internal static char? Plain(char high, char low)
    {
        const int Alphabet = 26, Math = 0x1D400, GreekMath = 0x1D6A4, MathDigits = 0x1D7CE, MathEnd = 0x1D800, Squared = 0x1F130, SquaredEnd = 0x1F18A, Step = 0x20;
        if (!char.IsSurrogatePair(high, low))
        {
            return null;
        }

        int code = char.ConvertToUtf32(high, low);
        return code switch
        {
            >= Math and < GreekMath => (char)('a' + ((code - Math) % Alphabet)),
            >= MathDigits and < MathEnd => (char)('0' + ((code - MathDigits) % 10)),
            >= Squared and < SquaredEnd when (code - Squared) % Step < Alphabet => (char)('a' + ((code - Squared) % Step)),
            _ => null,
        };
    }

    /// <summary>Folds a whole vocabulary entry to words joined by single spaces.</summary>
    internal static string FoldWords(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (RawToken token in RawTokenizer.Split(text))
        {
            if (words.Length > 0)
            {
                words.Append(' ');
            }

            words.Append(token.Folded);
        }

        return words.ToString();
    }

    private static string?[][] Load()
    {
        var table = new string?[char.MaxValue + 1];
        for (int c = 0; c <= char.MaxValue; c++)
        {
            char lower = char.ToLowerInvariant((char)c);
            if (lower != c)
            {
                table[c] = lower.ToString();
            }
        }

        foreach (string line in NameResources.Lines("folding.txt"))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            string folded = string.Intern(line[..tab]);
            foreach (char c in line.AsSpan(tab + 1))
            {
                table[c] = folded;
            }
        }

        var empty = new string?[1 << PageBits];
        return [.. table.Chunk(empty.Length).Select(page => Array.TrueForAll(page, folded => folded is null) ? empty : page)];
    }
}
