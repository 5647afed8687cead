namespace ExternalAction.Sanctions.Domain.Screening.Text;

/// <summary>
/// How accented Latin letters sound, written with plain letters: š is sh, not s. Kept beside the folded spelling,
/// because "Šojgu" must meet both "Sojgu" (accents lost on the way) and "Shoigu" (another convention).
/// </summary>
internal static class LatinLetters
{
    /// <summary>The reading of a letter before folding, or null when it reads as its folded form.</summary>
    internal static string? Reading(char c) => char.ToLowerInvariant(c) switch
    {
        'š' or 'ş' or 'ș' or 'ŝ' or 'ś' => "sh",
        'č' or 'ć' or 'ĉ' or 'ċ' => "ch'",
        'ç' => "ch'",
        'ž' or 'ż' or 'ź' => "zh",
        'ř' => "rzh",
        'đ' or 'ǆ' or 'ǰ' or 'ǧ' => "dj",
        'ț' or 'ţ' => "ts",
        'ñ' => "n",
        'ł' => "l",
        'ä' or 'æ' or 'ě' => "e",
        'ö' or 'ø' or 'œ' or 'ő' => "o",
        'ü' or 'ű' or 'ů' => "u",
        'å' => "o",
        'ğ' => "g",
        'ḫ' or 'ẖ' or 'ĥ' => "kh",
        'ə' => "a",
        _ => null,
    };

    /// <summary>The letter that a plain letter and a following combining mark make up, or '\0'.</summary>
    internal static char Compose(char letter, char mark) => (char.ToLowerInvariant(letter), mark) switch
    {
        ('s', '\u030C') => 'š',
        ('c', '\u030C') => 'č',
        ('z', '\u030C') => 'ž',
        ('r', '\u030C') => 'ř',
        ('s', '\u0327') or ('s', '\u0326') => 'ş',
        ('c', '\u0327') => 'ç',
        ('t', '\u0327') or ('t', '\u0326') => 'ţ',
        ('c', '\u0301') => 'ć',
        ('s', '\u0301') => 'ś',
        ('z', '\u0307') => 'ż',
        ('z', '\u0301') => 'ź',
        ('a', '\u0308') => 'ä',
        ('o', '\u0308') => 'ö',
        ('u', '\u0308') => 'ü',
        ('a', '\u030A') => 'å',
        ('е', '\u0308') => 'ё',
        ('у', '\u0306') => 'ў',
        _ => '\0',
    };
}
