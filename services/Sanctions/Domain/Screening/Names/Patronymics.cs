namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// Finds the father's name in a patronymic by its sounds: "-ovich", "-evič", "-avitj", "-ovna", "-ivna", "-yevna".
/// Two patronymics share their ending anyway; only the stems say whether they are one.
/// </summary>
internal static class Patronymics
{
    /// <summary>The number of sounds of the stem, or 0 when the word does not end like a patronymic.</summary>
    internal static int Stem(ReadOnlySpan<char> sounds)
    {
        int n = sounds.Length;
        if (n >= 6 && IsV(sounds[n - 3]) && sounds[n - 2] is 'i' or 'e' or 'U' && sounds[n - 1] is 'C' or 'c' or '1' or '5' or 'T' or 'S' or 't' or 's')
        {
            return StemBefore(sounds, n - 3);
        }

        if (n >= 6 && IsV(sounds[n - 3]) && sounds[n - 2] == 'n' && sounds[n - 1] is 'a' or 'e')
        {
            return StemBefore(sounds, n - 3);
        }

        return 0;
    }

    /// <summary>Of two words that were paired: whether one is a patronymic and the other the name of the father, or its initial.</summary>
    internal static bool IsOf(NameToken patronymic, NameToken father) => patronymic.PatronymicStem > 0 && father.PatronymicStem == 0 && Stem(father.Sounds) == 0;

    private static bool IsV(char sound) => sound is 'v' or 'w' or 'f' or 'W' or 'u';

    private static int StemBefore(ReadOnlySpan<char> sounds, int end)
    {
        while (end > 2 && Phonetics.SoundCosts.IsSoft(sounds[end - 1]))
        {
            end--;
        }

        return end >= 2 ? end : 0;
    }
}
