namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// The least cost of turning one word's sounds into another's (weighted edit distance with transposition), in hundredths of a
/// wrong letter. Beside a vowel, another vowel is cheap to add (ae, eu, ie); against a consonant script, vowels cost next to nothing.
/// </summary>
internal static class SoundDistance
{
    internal const int MaxSounds = 64;
    private const int Transposed = 70, InitialGlide = 50;

    /// <returns>The cost, or <see cref="int.MaxValue"/> once it is known to exceed <paramref name="limit"/>.</returns>
    internal static int Compare(ReadOnlySpan<char> a, bool aAbjad, ReadOnlySpan<char> b, bool bAbjad, int limit)
    {
        if (a.Length > MaxSounds || b.Length > MaxSounds)
        {
            a = a[..Math.Min(a.Length, MaxSounds)];
            b = b[..Math.Min(b.Length, MaxSounds)];
        }

        bool aFull = bAbjad && !aAbjad, bFull = aAbjad && !bAbjad;
        Span<int> omitB = stackalloc int[MaxSounds];
        for (int j = 0; j < b.Length; j++)
        {
            omitB[j] = Omission(b, j, bFull);
        }

        Span<int> rows = stackalloc int[3 * (MaxSounds + 1)];
        Span<int> before = rows[..(MaxSounds + 1)], last = rows.Slice(MaxSounds + 1, MaxSounds + 1), row = rows[(2 * (MaxSounds + 1))..];
        last[0] = 0;
        for (int j = 0; j < b.Length; j++)
        {
            last[j + 1] = last[j] + omitB[j];
        }

        for (int i = 0; i < a.Length; i++)
        {
            int omitA = Omission(a, i, aFull);
            char sound = a[i];
            row[0] = last[0] + omitA;
            int least = row[0];
            for (int j = 0; j < b.Length; j++)
            {
                int cost = last[j] + SoundCosts.Substitute(sound, b[j]);
                cost = Math.Min(cost, last[j + 1] + omitA);
                cost = Math.Min(cost, row[j] + omitB[j]);
                if (i > 0 && j > 0 && sound == b[j - 1] && a[i - 1] == b[j])
                {
                    cost = Math.Min(cost, before[j - 1] + Transposed);
                }

                row[j + 1] = cost;
                least = Math.Min(least, cost);
            }

            if (least > limit)
            {
                return int.MaxValue;
            }

            Span<int> free = before;
            before = last;
            last = row;
            row = free;
        }

        return last[b.Length] <= limit ? last[b.Length] : int.MaxValue;
    }

    /// <summary>The cost of leaving out one sound where it stands; <paramref name="full"/> when the other word writes no vowels.</summary>
    internal static int Omission(ReadOnlySpan<char> word, int i, bool full)
    {
        char sound = word[i];
        if (SoundCosts.IsVowel(sound))
        {
            if (full)
            {
                return i == 0 ? 15 : 8;
            }

            bool besideVowel = (i > 0 && SoundCosts.IsSoft(word[i - 1])) || (i + 1 < word.Length && SoundCosts.IsSoft(word[i + 1]));
            bool silentEnd = sound == 'e' && i == word.Length - 1 && i > 0;
            return besideVowel || silentEnd ? Math.Min(20, SoundCosts.Omit(sound)) : SoundCosts.Omit(sound);
        }

        if (i == 0 && sound is 'y' or 'j' && word.Length > 1 && word[1] != 'e')
        {
            return InitialGlide; // Yevgeni and Evgeni are one name, Jafari and Afari are not
        }

        if (i == word.Length - 1 && i > 1)
        {
            return sound switch { 'h' => 10, 's' => 60, _ => SoundCosts.Omit(sound) };
        }

        return SoundCosts.Omit(sound);
    }
}
