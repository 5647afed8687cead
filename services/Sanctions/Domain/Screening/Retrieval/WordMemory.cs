using System.Collections.Concurrent;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// What was found for words asked about before, because given names come again and again. Bounded: once it holds
/// <see cref="MostMatches"/> it begins anew. Any number of threads may use it.
/// </summary>
internal sealed class WordMemory(WordTable words)
{
    /// <summary>Eight bytes each.</summary>
    private const int MostMatches = 500_000;

    private readonly ConcurrentDictionary<NameToken, WordMatch[]> known = new(SameWord.Comparer);
    private int matches;

    /// <summary>All listed words that are not different from a word of the query.</summary>
    internal WordMatch[] Find(NameToken token, WordSearch search)
    {
        if (known.TryGetValue(token, out WordMatch[]? found))
        {
            return found;
        }

        words.Search(token, search);
        found = [.. search.Found];
        if (Interlocked.Add(ref matches, found.Length + 16) > MostMatches)
        {
            known.Clear();
            Volatile.Write(ref matches, 0);
        }

        known[token] = found;
        return found;
    }
}
