using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>Chinese and Korean writing leaves no gaps: names are cut after the family name, organisations at known words.</summary>
internal static class Ideographs
{
    /// <summary>Chinese and Korean names written together: the family name is the first character (two for the compound ones).</summary>
    internal static List<RawToken> SplitNames(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            RawToken token = raw[i];
            if (token.Script is Script.Han or Script.Hangul && token.Folded.Length is >= 2 and <= 4 && (raw.Count == 1 || token.Folded.Length >= 3))
            {
                int family = token.Folded.Length >= 3 && token.Folded[..2] is "欧阳" or "歐陽" or "司马" or "司馬" or "诸葛" or "諸葛" or "上官" or "夏侯" or "皇甫" or "남궁" or "황보" or "제갈" or "선우" or "독고" || token.Folded.Length == 4 && token.Script == Script.Han ? 2 : 1;
                raw[i] = token with { Display = token.Folded[..family], Folded = token.Folded[..family], Reading = token.Folded[..family] };
                raw.Insert(i + 1, token with { Display = token.Folded[family..], Folded = token.Folded[family..], Reading = token.Folded[family..] });
                i++;
            }
        }

        return raw;
    }

    /// <summary>Organisation names written together are cut at known words: 公司, 集团, 银行, 회사.</summary>
    internal static List<RawToken> SplitPhrases(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            RawToken token = raw[i];
            string word = token.Folded;
            if (token.Script is not (Script.Han or Script.Hangul) || word.Length < 3)
            {
                continue;
            }

            for (int at = 0; at < word.Length; at++)
            {
                int length = Math.Min(8, word.Length - at);
                while (length >= 2 && !(Vocabulary.Phrases.TryGetValue(word.Substring(at, length), out Vocabulary.Phrase[]? p) && p[^1].Words.Length == 1))
                {
                    length--;
                }

                if (length >= 2 && length < word.Length)
                {
                    var parts = new List<string> { word[..at], word.Substring(at, length), word[(at + length)..] };
                    raw.RemoveAt(i);
                    raw.InsertRange(i, parts.Where(p => p.Length > 0).Select(p => token with { Display = p, Folded = p, Reading = p }));
                    i += at > 0 ? 1 : 0;
                    break;
                }
            }
        }

        return raw;
    }
}
