using System.Numerics;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Which letters a spelling has, in 32 bits for consonants and 32 for vowels. Two letters may share a bit, so that a set never has
/// more of them than the spelling: what it says is missing is missing.
/// </summary>
internal readonly record struct LetterSet
{
    private readonly uint consonants, vowels;

    internal LetterSet(ReadOnlySpan<char> spelling)
    {
        foreach (char letter in spelling)
        {
            uint bit = 1u << (letter & 31);
            if (TokenComparer.IsVowel(letter))
            {
                vowels |= bit;
            }
            else
            {
                consonants |= bit;
            }
        }
    }

    /// <summary>Turning the one spelling into the other costs no less than this, as <see cref="TokenComparer.Spelling"/> counts: every letter that the other has not is wrong or left out.</summary>
    internal static int LeastCost(LetterSet a, LetterSet b) => Math.Max(a.Missing(b), b.Missing(a));

    private int Missing(LetterSet other)
    {
        uint known = other.consonants | other.vowels;
        return unchecked((BitOperations.PopCount(consonants & ~known) * TokenComparer.SpellingWrong) + (BitOperations.PopCount(vowels & ~known) * TokenComparer.SpellingVowel));
    }
}
