using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// How far apart two words are: 0 for one word, up to <see cref="Far"/> for words still taken for spellings of one another,
/// <see cref="Different"/> beyond. The lesser of the distance by sound and the distance by spelling counts, per letter of the longer word.
/// </summary>
internal static class TokenComparer
{
    internal const float Different = 1f;

    /// <summary>Stands for "different words, one of which abbreviates the other" where distances are kept in tables.</summary>
    internal const float Abbreviated = 2f;

    /// <summary>The largest distance at which two words can still be one.</summary>
    internal const float Far = 0.36f;

    /// <summary>The largest distance at which two words written together can be one word: gluing explains the difference, so little else may.</summary>
    internal const float FarJoined = 0.13f;

    /// <summary>The largest distance at which two patronymics can come from one name.</summary>
    internal const float FarStem = 0.34f;

    /// <summary>The largest distance of their whole spellings at which two patronymics can come from one name whatever the stems say.</summary>
    internal const float FarPatronymic = 0.15f;

    internal const float VariantDistance = 0.05f;
    internal const float AbbreviationDistance = 0.10f;
    internal const int SpellingVowel = 75;
    internal const int SpellingWrong = 100;

    /// <summary>The letters that an abbreviation has, and that it leaves out at least.</summary>
    internal const int LeastAbbreviation = 3, LongestAbbreviation = 6, LeastAbbreviated = 3;

    /// <summary>Longer words are not compared by spelling.</summary>
    internal const int LongestSpelling = 64;

    private const float SyllableStrictness = 2f;
    private const int SpellingTransposed = 70;

    /// <summary>Up to this distance by sound, the spelling is not looked at.</summary>
    private const float SameSound = 0.02f;

    internal static float Compare(NameToken a, NameToken b)
    {
        if (a.Symbol != 0 && a.Symbol == b.Symbol)
        {
            return a.Folded == b.Folded ? 0 : 0.01f;
        }

        if (a.Kind == TokenKind.Number || b.Kind == TokenKind.Number)
        {
            return Different;
        }

        if (ReferenceEquals(a.Folded, b.Folded) || a.Folded == b.Folded)
        {
            return 0;
        }

        if (a.Kind == TokenKind.Initial || b.Kind == TokenKind.Initial || IsLink(a.Kind) != IsLink(b.Kind))
        {
            return Different; // initials are a matter of the alignment
        }

        if (a.PatronymicStem > 0 && b.PatronymicStem > 0)
        {
            return ComparePatronymics(a, b);
        }

        float distance = NameVariants.Share(a.Variants, b.Variants) ? VariantDistance : Different;
        if (Signature.Near(a.Signature, b.Signature))
        {
            distance = Math.Min(distance, BySound(a.Script, b.Script, Measure(a.Sounds, a.Abjad, b.Sounds, b.Abjad, Far)));
            if (NeedsSpelling(a.Script, b.Script, distance))
            {
                distance = Math.Min(distance, Spelling(a.Folded, b.Folded, Math.Min(Far, distance)));
            }
        }

        return distance <= Far ? distance : Different;
    }

    /// <summary>A syllable is short and its romanisation regular, so that what differs counts for more.</summary>
    internal static float BySound(Script a, Script b, float sound) => Scripts.IsSyllabic(a) != Scripts.IsSyllabic(b) && sound > SameSound ? sound * SyllableStrictness : sound;

    /// <summary>Whether the spelling may still bring two words nearer.</summary>
    internal static bool NeedsSpelling(Script a, Script b, float distance) => a == b && distance > SameSound;

    /// <summary>Links and titles are compared with their like only: "al" is never a spelling of "Ali".</summary>
    internal static bool IsLink(TokenKind kind) => kind is TokenKind.Particle or TokenKind.Title or TokenKind.StopWord or TokenKind.LegalForm;

    private static float ComparePatronymics(NameToken a, NameToken b)
    {
        float stems = ByStem(a, b, Measure(a.Sounds.AsSpan(0, a.PatronymicStem), a.Abjad, b.Sounds.AsSpan(0, b.PatronymicStem), b.Abjad, FarStem));
        if (NeedsSpelling(a.Script, b.Script, stems))
        {
            // one wrong letter in the ending must not count as a wrong stem
            stems = Math.Min(stems, Spelling(a.Folded, b.Folded, FarPatronymic));
        }

        return stems <= FarStem ? stems : Different;
    }

    /// <summary>The distance of patronymics by their stems.</summary>
    /// <param name="sound">How far the stems are apart by sound.</param>
    internal static float ByStem(NameToken a, NameToken b, float sound) => NameVariants.Share(a.Variants, b.Variants) ? Math.Min(sound, VariantDistance) : sound;

    /// <summary>The distance by sound.</summary>
    internal static float Measure(ReadOnlySpan<char> a, bool aAbjad, ReadOnlySpan<char> b, bool bAbjad, float limit)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return Different;
        }

        int longer = Longer(a.Length, aAbjad, b.Length, bAbjad);
        int cost = SoundDistance.Compare(a, aAbjad, b, bAbjad, (int)(limit * longer * SoundCosts.WrongLetter));
        return cost == int.MaxValue ? Different : cost / (float)(longer * SoundCosts.WrongLetter);
    }

    /// <summary>The length that differences are measured against; a consonant script says little, so there it is what was written.</summary>
    internal static int Longer(int length, bool abjad, int otherLength, bool otherAbjad) =>
        Math.Max(3, abjad == otherAbjad ? Math.Max(length, otherLength) : abjad ? length + 1 : otherLength + 1);

    /// <summary>The distance by spelling: wrong, missing, added or swapped letters.</summary>
    internal static float Spelling(ReadOnlySpan<char> a, ReadOnlySpan<char> b, float limit)
    {
        int longer = Math.Max(3, Math.Max(a.Length, b.Length));
        int most = (int)(limit * longer * 100);
        if (Math.Abs(a.Length - b.Length) * 100 > most || longer > LongestSpelling)
        {
            return Different;
        }

        const int Cells = LongestSpelling + 1;
        Span<int> rows = stackalloc int[3 * Cells];
        Span<int> before = rows[..Cells], last = rows.Slice(Cells, Cells), row = rows[(2 * Cells)..];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j * 100;
        }

        for (int i = 0; i < a.Length; i++)
        {
            row[0] = (i + 1) * 100;
            int least = row[0];
            for (int j = 0; j < b.Length; j++)
            {
                int substitution = a[i] == b[j] ? 0 : IsVowel(a[i]) && IsVowel(b[j]) ? SpellingVowel : 100;
                int cost = Math.Min(last[j] + substitution, Math.Min(last[j + 1], row[j]) + 100);
                if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
                {
                    cost = Math.Min(cost, before[j - 1] + SpellingTransposed);
                }

                row[j + 1] = cost;
                least = Math.Min(least, cost);
            }

            if (least > most)
            {
                return Different;
            }

            Span<int> free = before;
            before = last;
            last = row;
            row = free;
        }

        return last[b.Length] <= most ? last[b.Length] / (longer * 100f) : Different;
    }

    /// <summary>Whether one of two words is an initial that can stand for the other.</summary>
    internal static bool MeetAsInitial(NameToken a, NameToken b) => (a.Kind == TokenKind.Initial && StandsFor(a, b)) || (b.Kind == TokenKind.Initial && StandsFor(b, a));

    private static bool StandsFor(NameToken initial, NameToken word)
    {
        if (word.Kind is not (TokenKind.Name or TokenKind.Initial) || word.Folded.Length == 0)
        {
            return false;
        }

        return initial.Folded[0] == word.Folded[0]
            || (initial.Sounds.Length > 0 && word.Sounds.Length > 0 && initial.Script != word.Script && SoundCosts.Substitute(initial.Sounds[0], word.Sounds[0]) <= 20);
    }

    /// <summary>"Comm" for "Communication", "Tech" for "Technology": the beginning of a word of an organisation's name.</summary>
    internal static bool Abbreviates(NameToken a, NameToken b)
    {
        (NameToken shorter, NameToken longer) = a.Folded.Length <= b.Folded.Length ? (a, b) : (b, a);
        return a.Script == b.Script && shorter.Folded.Length is >= LeastAbbreviation and <= LongestAbbreviation && longer.Folded.Length >= shorter.Folded.Length + LeastAbbreviated
            && longer.Kind is TokenKind.Name or TokenKind.OrganisationWord && shorter.Kind is TokenKind.Name or TokenKind.OrganisationWord
            && longer.Folded.StartsWith(shorter.Folded, StringComparison.Ordinal);
    }

    internal static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' or 'а' or 'е' or 'и' or 'о' or 'у' or 'ы' or 'э' or 'ю' or 'я' or 'і';
}
