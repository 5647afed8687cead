using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>Words by their beginnings: finds what a word abbreviates, and what abbreviates it (<see cref="TokenComparer.Abbreviates"/>). Immutable.</summary>
internal sealed class AbbreviationTable(NameToken[] words)
{
    private readonly int[] byFolded = [.. Enumerable.Range(0, words.Length).OrderBy(w => words[w].Folded, StringComparer.Ordinal)];

    /// <summary>Adds the words that are not found yet and abbreviate a word, or are abbreviated by it.</summary>
    internal void Add(NameToken token, WordSearch search)
    {
        if (token.Folded.Length < TokenComparer.LeastAbbreviation)
        {
            return;
        }

        if (token.Folded.Length <= TokenComparer.LongestAbbreviation)
        {
            for (int i = LowerBound(token.Folded); i < byFolded.Length && words[byFolded[i]].Folded.StartsWith(token.Folded, StringComparison.Ordinal); i++)
            {
                Add(token, byFolded[i], search);
            }
        }

        for (int length = TokenComparer.LeastAbbreviation; length <= Math.Min(TokenComparer.LongestAbbreviation, token.Folded.Length - TokenComparer.LeastAbbreviated); length++)
        {
            ReadOnlySpan<char> beginning = token.Folded.AsSpan(0, length);
            for (int i = LowerBound(beginning); i < byFolded.Length && words[byFolded[i]].Folded.AsSpan().SequenceEqual(beginning); i++)
            {
                Add(token, byFolded[i], search);
            }
        }
    }

    private void Add(NameToken token, int word, WordSearch search)
    {
        if (!search.IsFound(word) && TokenComparer.Abbreviates(token, words[word]))
        {
            search.Found.Add(new WordMatch(word, TokenComparer.Abbreviated));
        }
    }

    private int LowerBound(ReadOnlySpan<char> folded)
    {
        int low = 0, high = byFolded.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (words[byFolded[middle]].Folded.AsSpan().SequenceCompareTo(folded) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
