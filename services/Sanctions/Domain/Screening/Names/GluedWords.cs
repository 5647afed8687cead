using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>Words of organisations that are spaced out or glued: "O O O" is one word, "ARGUMENTJSC" two.</summary>
internal static class GluedWords
{
    /// <summary>Spaced or dotted letters become one word: "O O O", "L.L.C.", "P L C".</summary>
    internal static string[] JoinLetters(string[] words)
    {
        var joined = new List<string>(words.Length);
        bool open = false;
        foreach (string word in words)
        {
            bool letter = word.Length == 1 && char.IsLetter(word[0]);
            if (letter && open)
            {
                joined[^1] += word;
            }
            else
            {
                joined.Add(word);
            }

            open = letter;
        }

        return [.. joined];
    }

    internal static List<RawToken> JoinLetters(List<RawToken> raw)
    {
        var joined = new List<RawToken>(raw.Count);
        bool open = false;
        foreach (RawToken token in raw)
        {
            bool letter = token.Folded.Length == 1 && token.Script is Script.Latin or Script.Cyrillic or Script.Greek && char.IsLetter(token.Folded[0]);
            if (letter && open)
            {
                joined[^1] = Concat(joined[^1], token);
            }
            else
            {
                joined.Add(token);
            }

            open = letter;
        }

        return joined;
    }

    /// <summary>"ARGUMENTJSC": a legal form glued to the end of a long word is cut off.</summary>
    internal static List<RawToken> CutLegalForms(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            string word = raw[i].Folded;
            int form = word.EndsWith("jsc", StringComparison.Ordinal) || word.EndsWith("llc", StringComparison.Ordinal) || word.EndsWith("ltd", StringComparison.Ordinal) ? 3
                : word.EndsWith("gmbh", StringComparison.Ordinal) ? 4 : 0;
            if (form > 0 && word.Length >= form + 5)
            {
                raw.Insert(i + 1, raw[i] with { Display = word[^form..], Folded = word[^form..], Reading = word[^form..] });
                raw[i] = raw[i] with { Display = raw[i].Display[..^Math.Min(form, raw[i].Display.Length - 1)], Folded = word[..^form], Reading = raw[i].Reading[..^Math.Min(form, raw[i].Reading.Length - 1)] };
                i++;
            }
        }

        return raw;
    }

    private static RawToken Concat(RawToken a, RawToken b) =>
        a with { Display = a.Display + b.Display, Folded = a.Folded + b.Folded, Reading = a.Reading + b.Reading };
}
