using System.Collections.Concurrent;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// What was found for words asked about before, because given names come again and again. Bounded: once the newer half holds
/// <see cref="MostMatches"/>, it becomes the older one, and what was the older is forgotten. Any number of threads may use it.
/// </summary>
internal sealed class WordMemory(WordTable words)
{
    /// <summary>Of each half; eight bytes a match.</summary>
    private const int MostMatches = 250_000;

    private volatile ConcurrentDictionary<NameToken, WordMatch[]> newer = new(SameWord.Comparer);
    private volatile ConcurrentDictionary<NameToken, WordMatch[]> older = new(SameWord.Comparer);
    private int matches;

    /// <summary>All listed words that are not different from a word of the query.</summary>
    internal WordMatch[] Find(NameToken token, WordSearch search)
    {
        if (newer.TryGetValue(token, out WordMatch[]? found))
        {
            return found;
        }

        if (!older.TryGetValue(token, out found))
        {
            words.Search(token, search);
            found = [.. search.Found];
        }

        if (Interlocked.Add(ref matches, found.Length + 16) > MostMatches)
        {
            Volatile.Write(ref matches, 0);
            older = newer;
            newer = new(SameWord.Comparer);
        }

        newer[token] = found;
        return found;
    }
}
