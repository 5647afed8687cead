using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>What is written together or apart in Arabic names: names with Abd, the article before certain consonants, and names without a gap.</summary>
internal static class ArabicNames
{
    private const string Article = "ال";

    /// <summary>So many letters stand before an article within a word, and after it: Ghazali (غزالي) and Ronaldo (رونالدو) have none.</summary>
    private const int LeastAround = 3;

    /// <summary>Names that were written without the gap between them are cut before the article: "بشارالاسد".</summary>
    internal static List<RawToken> SplitAtArticle(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            RawToken token = raw[i];
            int at = token.Script == Script.Arabic && token.Folded.Length > 2 * LeastAround && token.Reading.Length == token.Folded.Length && !token.Folded.StartsWith("عبد", StringComparison.Ordinal)
                ? token.Folded.IndexOf(Article, LeastAround, StringComparison.Ordinal)
                : -1;
            if (at > 0 && token.Folded.Length - at - Article.Length >= LeastAround)
            {
                raw[i] = token with { Folded = token.Folded[..at], Reading = token.Reading[..at] };
                raw.Insert(i + 1, token with { Folded = token.Folded[at..], Reading = token.Reading[at..] });
            }
        }

        return raw;
    }

    /// <summary>"Abd al-Rahman", "Abdul Rahman", "Abdurrahman", عبد الرحمن become one word "abdrahman".</summary>
    internal static List<RawToken> JoinAbd(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            RawToken token = raw[i];
            string folded = token.Folded;
            if (folded is "abd" or "abdul" or "abdel" or "abdal" or "abdol" or "abdoul" or "abdil" or "абд" or "абдул" or "абдель" or "عبد" or "عبدال")
            {
                int next = i + 1;
                if (next + 1 < raw.Count && (Vocabulary.Particles.GetValueOrDefault(raw[next].Folded) == Vocabulary.Particles["al"] || IsAssimilatedArticle(raw, next)))
                {
                    next++;
                }

                if (next < raw.Count && raw[next].Folded.Length > 1 && raw[next].Script == token.Script)
                {
                    string rest = AfterArticle(raw[next].Folded, token.Script);
                    string head = token.Script switch { Script.Arabic => "عبد", Script.Cyrillic => "абд", _ => "abd" };
                    raw[i] = token with { Display = token.Display + " " + raw[next].Display, Folded = head + rest, Reading = head + AfterArticle(raw[next].Reading, token.Script) };
                    raw.RemoveRange(i + 1, next - i);
                }
            }
            else if (AbdPrefix(folded) is var length and > 0)
            {
                string rest = folded[length..];
                string readRest = token.Reading.Length == folded.Length ? token.Reading[length..] : rest;
                string head = token.Script switch { Script.Arabic => "عبد", Script.Cyrillic => "абд", _ => "abd" };
                raw[i] = token with { Folded = head + rest, Reading = head + readRest };
            }
        }

        return raw;
    }

    /// <summary>"as-Sayyid", "ar Rahman", "an-Nur": the article takes the first consonant of its word.</summary>
    internal static bool IsAssimilatedArticle(List<RawToken> raw, int i)
    {
        string word = raw[i].Folded;
        return i + 1 < raw.Count && word.Length is 2 or 3 && word[0] is 'a' or 'e' or 'u' && raw[i + 1].Folded.Length > 2
            && raw[i + 1].Folded.StartsWith(word.AsSpan(1), StringComparison.Ordinal) && word[1] is 's' or 'r' or 'd' or 'n' or 't' or 'z';
    }

    /// <summary>The length of "abdul", "abdur" (before r), "abdal" and the like in front of at least three letters; 0 for none.</summary>
    private static int AbdPrefix(string word)
    {
        if (word.StartsWith("عبدال", StringComparison.Ordinal) && word.Length > 6)
        {
            return 5;
        }

        bool latin = word.StartsWith("abd", StringComparison.Ordinal), cyrillic = word.StartsWith("абд", StringComparison.Ordinal);
        if ((!latin && !cyrillic) || word.Length < 7)
        {
            return 0;
        }

        int i = 3;
        while (i < word.Length && i < 5 && "uaeoiуаеои".Contains(word[i], StringComparison.Ordinal))
        {
            i++;
        }

        if (i == 3 || word.Length - i < 3)
        {
            return 0;
        }

        bool l = word[i] is 'l' or 'л';
        return l ? i + 1 : word[i] == word[i + 1] ? i + 1 : 0;
    }

    private static string AfterArticle(string word, Script script) =>
        script == Script.Arabic && word.Length > 3 && word.StartsWith(Article, StringComparison.Ordinal) ? word[2..]
        : script == Script.Latin && word is "allah" or "ellah" or "ollah" ? "lah" : word;
}
