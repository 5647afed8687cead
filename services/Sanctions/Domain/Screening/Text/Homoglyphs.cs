namespace ExternalAction.Sanctions.Domain.Screening.Text;

/// <summary>
/// Undoes look-alike letters: a word with letters of two scripts, such as "Yоngwоn" with Cyrillic о, is written in one.
/// Words wholly in one script are left alone, since nothing in them says that they were tampered with.
/// </summary>
internal static class Homoglyphs
{
    private const string CyrillicLetters = "аеорсухкмтвніѕјґԁһԛԝгӏ";
    private const string CyrillicLooks = "aeopcyxkmtbhisjrdhqwrl";
    private const string GreekLetters = "αορνυικτμεηχβγ";
    private const string GreekLooks = "aopvuiktmehxby";

    /// <summary>Rewrites a folded word of mixed scripts in place; true when something was changed.</summary>
    internal static bool Unify(Span<char> word)
    {
        int latin = 0, cyrillic = 0, greek = 0;
        foreach (char c in word)
        {
            switch (Scripts.Of(c))
            {
                case Script.Latin: latin++; break;
                case Script.Cyrillic: cyrillic++; break;
                case Script.Greek: greek++; break;
                default: break;
            }
        }

        if (cyrillic > 0 && latin > 0)
        {
            return Replace(word, Script.Cyrillic, CyrillicLetters, CyrillicLooks, latin, cyrillic);
        }

        return greek > 0 && latin > 0 && Replace(word, Script.Greek, GreekLetters, GreekLooks, latin, greek);
    }

    private static bool Replace(Span<char> word, Script foreign, string letters, string looks, int latin, int other)
    {
        bool allForeignLookLatin = true, allLatinLookForeign = true;
        foreach (char c in word)
        {
            Script script = Scripts.Of(c);
            allForeignLookLatin &= script != foreign || letters.Contains(c, StringComparison.Ordinal);
            allLatinLookForeign &= script != Script.Latin || looks.Contains(c, StringComparison.Ordinal);
        }

        bool toLatin = allForeignLookLatin && (latin >= other || !allLatinLookForeign) || (!allLatinLookForeign && latin >= other);
        (string from, string to) = toLatin ? (letters, looks) : (looks, letters);
        for (int i = 0; i < word.Length; i++)
        {
            int at = from.IndexOf(word[i], StringComparison.Ordinal);
            if (at >= 0)
            {
                word[i] = to[at];
            }
        }

        return true;
    }
}
