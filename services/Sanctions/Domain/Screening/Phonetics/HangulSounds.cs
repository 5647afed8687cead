using System.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// The sounds of Korean syllables. A syllable's code point says which consonants and vowel it is made of; the letters
/// K, D, B, 9 and R keep open what the two usual romanisations write differently (Pak and Bak, Choe and Choi, Ri and Lee).
/// </summary>
internal static class HangulSounds
{
    private static readonly string[] Initials = ["K", "k", "n", "D", "t", "R", "m", "B", "p", "s", "s", "", "9", "9", "C", "k", "t", "p", "h"];
    private static readonly string[] Vowels =
        ["a", "e", "ya", "ye", "0", "e", "y0", "ye", "o", "wa", "we", "we", "yo", "u", "w0", "we", "wi", "yu", "U", "Ui", "i"];

    private static readonly string[] Finals =
        ["", "K", "K", "K", "n", "n", "n", "D", "R", "K", "m", "R", "R", "R", "B", "R", "m", "B", "B", "D", "D", "ng", "D", "D", "K", "D", "B", "D"];

    internal static void Write(char syllable, StringBuilder sounds)
    {
        int index = syllable - '\uAC00';
        sounds.Append(Initials[index / 588]).Append(Vowels[index % 588 / 28]).Append(Finals[index % 28]);
    }
}
