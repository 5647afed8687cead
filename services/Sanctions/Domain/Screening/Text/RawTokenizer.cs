using System.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Text;

/// <summary>
/// A word of a name before it is understood: <paramref name="Display"/> as it was written, <paramref name="Folded"/>
/// as it is compared by spelling, <paramref name="Reading"/> with accented Latin letters written as they sound.
/// </summary>
internal readonly record struct RawToken(string Display, string Folded, string Reading, Script Script, bool Capitals, bool HomoglyphsUndone, bool AfterComma);

/// <summary>
/// Cuts a name into words and folds each of them. Steps: (1) drop what is invisible, (2) cut at everything that is no letter,
/// digit or apostrophe, and between a run of Han or Hangul and other letters, (3) fold characters, (4) undo look-alike letters.
/// Names longer than <see cref="MaxCharacters"/> are cut there: no listed name comes near, and the cost of a match must be bounded.
/// </summary>
internal static class RawTokenizer
{
    internal const int MaxCharacters = 600;
    internal const int MaxTokens = 48;
    private const int MaxTokenCharacters = 64;

    [ThreadStatic]
    private static (StringBuilder Display, StringBuilder Folded, StringBuilder Reading)? scratch;

    internal static List<RawToken> Split(string text)
    {
        var tokens = new List<RawToken>(6);
        (StringBuilder display, StringBuilder folded, StringBuilder reading) = scratch ??= (new(MaxTokenCharacters), new(MaxTokenCharacters), new(MaxTokenCharacters));
        (display.Length, folded.Length, reading.Length) = (0, 0, 0);
        bool comma = false;
        Script current = Script.Other;
        int length = Math.Min(text.Length, MaxCharacters);
        for (int i = 0; i < length && tokens.Count < MaxTokens; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < length && CharacterFolding.Plain(c, text[i + 1]) is { } plain)
            {
                c = plain;
                i++;
            }

            if (CharacterFolding.Vanishes(c))
            {
                // (1) a combining mark may change how the letter before it reads
                if (c >= '\u0300' && c <= '\u036F' && i > 0 && folded.Length > 0 && LatinLetters.Compose(text[i - 1], c) is var composed and not '\0')
                {
                    reading.Length--;
                    reading.Append(LatinLetters.Reading(composed) ?? composed.ToString());
                    if (composed is 'ё' or 'ў')
                    {
                        folded[^1] = composed;
                    }
                }

                continue;
            }

            if (!CharacterFolding.IsWordCharacter(c))
            {
                comma |= Flush(c is ',' or '،');
                continue;
            }

            // (2) ideographs and syllables are cut from letters and digits beside them
            Script script = Scripts.Of(c);
            bool block = script is Script.Han or Script.Hangul;
            bool inBlock = current is Script.Han or Script.Hangul;
            if ((folded.Length > 0 && block != inBlock) || folded.Length >= MaxTokenCharacters)
            {
                Flush(false);
            }

            current = script is Script.Digit && folded.Length > 0 ? current : script;
            display.Append(c);

            // (3)
            string? fold = CharacterFolding.Fold(c);
            if (fold is null)
            {
                folded.Append(c);
            }
            else
            {
                folded.Append(fold);
            }

            if ((LatinLetters.Reading(c) ?? fold) is { } sounds)
            {
                reading.Append(sounds);
            }
            else
            {
                reading.Append(c);
            }
        }

        Flush(false);
        return tokens;

        bool Flush(bool atComma)
        {
            if (folded.Length > 0)
            {
                // (4)
                Span<char> word = stackalloc char[folded.Length];
                folded.CopyTo(0, word, folded.Length);
                bool undone = Homoglyphs.Unify(word);
                string spelled = new(word);
                string read = undone || reading.Equals(spelled) ? spelled : reading.ToString();
                string shown = display.ToString();
                tokens.Add(new RawToken(shown, spelled, read, ScriptOf(spelled), IsCapitals(shown), undone, comma));
            }

            display.Clear();
            folded.Clear();
            reading.Clear();
            return atComma;
        }
    }

    private static Script ScriptOf(string word)
    {
        Script script = Script.Other;
        foreach (char c in word)
        {
            Script here = Scripts.Of(c);
            if (here is not (Script.Other or Script.Digit))
            {
                return here;
            }

            script = here == Script.Digit ? Script.Digit : script;
        }

        return script;
    }

    private static bool IsCapitals(string word)
    {
        int upper = 0;
        foreach (char c in word)
        {
            if (char.IsLower(c))
            {
                return false;
            }

            upper += char.IsUpper(c) ? 1 : 0;
        }

        return upper >= 2;
    }
}
