namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>The scripts that names on the lists are written in.</summary>
public enum NameScript
{
    /// <summary>No letters, or of a script not named here.</summary>
    Other,

    /// <summary>Latin.</summary>
    Latin,

    /// <summary>Cyrillic.</summary>
    Cyrillic,

    /// <summary>Arabic, also as Persian, Dari, Pashto and Urdu use it.</summary>
    Arabic,

    /// <summary>Greek.</summary>
    Greek,

    /// <summary>Hangul.</summary>
    Hangul,

    /// <summary>Han.</summary>
    Han,

    /// <summary>Hebrew.</summary>
    Hebrew,

    /// <summary>Hiragana and Katakana.</summary>
    Kana,

    /// <summary>Georgian.</summary>
    Georgian,

    /// <summary>Armenian.</summary>
    Armenian,

    /// <summary>Devanagari.</summary>
    Devanagari,

    /// <summary>Myanmar.</summary>
    Myanmar,

    /// <summary>Thai.</summary>
    Thai,
}

/// <summary>Tells the script of a text by the Unicode blocks of its letters.</summary>
public static class NameScripts
{
    /// <summary>The script with the most letters in the text; of equals, the one that comes first in the text.</summary>
    public static NameScript Of(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[(int)NameScript.Thai + 1];
        var best = NameScript.Other;
        foreach (var letter in text)
        {
            var script = Of(letter);
            counts[(int)script]++;
        }

        counts[(int)NameScript.Other] = 0;
        foreach (var letter in text)
        {
            var script = Of(letter);
            if (counts[(int)script] > counts[(int)best])
            {
                best = script;
            }
        }

        return best;
    }

    /// <summary>The script of one UTF-16 unit; <see cref="NameScript.Other"/> for signs, digits and surrogates.</summary>
    public static NameScript Of(char letter) => letter switch
    {
        (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => NameScript.Latin,
        < '\u00C0' => NameScript.Other,
        '\u00D7' or '\u00F7' => NameScript.Other,
        <= '\u02AF' or (>= '\u1E00' and <= '\u1EFF') or (>= '\u2C60' and <= '\u2C7F') or (>= '\uA720' and <= '\uA7FF') => NameScript.Latin,
        (>= '\uFF21' and <= '\uFF3A') or (>= '\uFF41' and <= '\uFF5A') or (>= '\uFB00' and <= '\uFB06') => NameScript.Latin,
        '\u00B5' or (>= '\u0370' and <= '\u03FF') or (>= '\u1F00' and <= '\u1FFF') => NameScript.Greek,
        (>= '\u0400' and <= '\u052F') or (>= '\u1C80' and <= '\u1C8F') or (>= '\u2DE0' and <= '\u2DFF') or (>= '\uA640' and <= '\uA69F') => NameScript.Cyrillic,
        (>= '\u0531' and <= '\u058F') or (>= '\uFB13' and <= '\uFB17') => NameScript.Armenian,
        (>= '\u0590' and <= '\u05FF') or (>= '\uFB1D' and <= '\uFB4F') => NameScript.Hebrew,
        (>= '\u0600' and <= '\u06FF') or (>= '\u0750' and <= '\u077F') or (>= '\u08A0' and <= '\u08FF') => NameScript.Arabic,
        (>= '\uFB50' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC') => NameScript.Arabic,
        >= '\u0900' and <= '\u097F' => NameScript.Devanagari,
        >= '\u0E00' and <= '\u0E7F' => NameScript.Thai,
        >= '\u1000' and <= '\u109F' => NameScript.Myanmar,
        (>= '\u10A0' and <= '\u10FF') or (>= '\u1C90' and <= '\u1CBF') or (>= '\u2D00' and <= '\u2D2F') => NameScript.Georgian,
        (>= '\u1100' and <= '\u11FF') or (>= '\u3130' and <= '\u318F') or (>= '\uAC00' and <= '\uD7AF') => NameScript.Hangul,
        >= '\u3040' and <= '\u30FF' => NameScript.Kana,
        (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') => NameScript.Han,
        _ => NameScript.Other,
    };
}
