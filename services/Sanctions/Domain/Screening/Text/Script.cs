namespace ExternalAction.Sanctions.Domain.Screening.Text;

/// <summary>The writing systems that are told apart; anything else is compared by spelling only.</summary>
internal enum Script : byte
{
    Other, Latin, Digit, Cyrillic, Greek, Arabic, Hebrew, Hangul, Han, Georgian, Armenian, Kana,
}

/// <summary>Finds the writing system of a character.</summary>
internal static class Scripts
{
    internal static Script Of(char c) => c switch
    {
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' => Script.Latin,
        >= '0' and <= '9' => Script.Digit,
        >= '\u00C0' and <= '\u024F' or >= '\u1E00' and <= '\u1EFF' => Script.Latin,
        >= '\u0370' and <= '\u03FF' or >= '\u1F00' and <= '\u1FFF' => Script.Greek,
        >= '\u0400' and <= '\u052F' => Script.Cyrillic,
        >= '\u0530' and <= '\u058F' => Script.Armenian,
        >= '\u0590' and <= '\u05FF' => Script.Hebrew,
        >= '\u0600' and <= '\u077F' or >= '\u08A0' and <= '\u08FF' or >= '\uFB50' and <= '\uFDFF' or >= '\uFE70' and <= '\uFEFF' => Script.Arabic,
        >= '\u10A0' and <= '\u10FF' or >= '\u1C90' and <= '\u1CBF' => Script.Georgian,
        >= '\uAC00' and <= '\uD7A3' => Script.Hangul,
        >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF' or >= '\uF900' and <= '\uFAFF' => Script.Han,
        >= '\u3040' and <= '\u30FF' => Script.Kana,
        _ => Script.Other,
    };

    /// <summary>Chinese and Korean, one sign a syllable.</summary>
    internal static bool IsSyllabic(Script script) => script is Script.Han or Script.Hangul;

    /// <summary>Scripts that write consonants and leave out most vowels.</summary>
    internal static bool IsAbjad(Script script) => script is Script.Arabic or Script.Hebrew;
}
