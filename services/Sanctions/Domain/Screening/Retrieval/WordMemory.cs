using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// What was found for words asked about before, because given names come again and again; a word is remembered from the second time on, since most
/// never come again. Bounded: once the newer half is full, it becomes the older one, and what was the older is forgotten. Any number
/// of threads may use it.
/// </summary>
internal sealed class WordMemory(WordTable words)
{
    private const int MostPlaces = 1 << 14;

    private readonly int[] asked = new int[Math.Min(MostPlaces, BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, words.Count)))]; // the hash of the word last asked at each place
    private volatile Half newer = new(words.Count);
    private volatile Half older = new(words.Count);

    /// <summary>All listed words that are not different from a word of the query.</summary>
    internal ReadOnlyMemory<WordMatch> Find(NameToken token, WordSearch search)
    {
        if (newer.TryFind(token, out ReadOnlyMemory<WordMatch> known))
        {
            return known;
        }

        if (older.TryFind(token, out known))
        {
            return Keep(token, known.Span);
        }

        words.Search(token, search);
        return WasAsked(token) ? Keep(token, CollectionsMarshal.AsSpan(search.Found)) : search.Found.ToArray();
    }

    private bool WasAsked(NameToken token)
    {
        int hash = SameWord.Comparer.GetHashCode(token);
        ref int place = ref asked[hash & (asked.Length - 1)];
        bool before = place == hash;
        place = hash;
        return before;
    }

    private ReadOnlyMemory<WordMatch> Keep(NameToken token, ReadOnlySpan<WordMatch> found)
    {
        while (true)
        {
            Half half = newer;
            if (half.TryKeep(token, found, out Memory<WordMatch> kept))
            {
                return kept;
            }

            if (ReferenceEquals(half, Interlocked.CompareExchange(ref newer, new Half(words.Count), half)))
            {
                older = half;
            }
        }
    }

    /// <summary>The matches of many words one after another in one array: forgotten, they leave the collector one object and not thousands.</summary>
    private sealed class Half(int listed)
    {
        private const int MostWords = 4_096;
        private const int MostMatches = 32 * MostWords; // eight bytes each

        private readonly ConcurrentDictionary<NameToken, ReadOnlyMemory<WordMatch>> words = new(SameWord.Comparer);
        private readonly Lazy<WordMatch[]> matches = new(() => new WordMatch[Math.Min(MostMatches, 8 * listed)]);
        private int count;
        private int used;

        internal bool TryFind(NameToken token, out ReadOnlyMemory<WordMatch> found) => words.TryGetValue(token, out found);

        /// <summary>False when there is no room left.</summary>
        internal bool TryKeep(NameToken token, ReadOnlySpan<WordMatch> found, out Memory<WordMatch> kept)
        {
            int end = Interlocked.Add(ref used, found.Length);
            if (Interlocked.Increment(ref count) > MostWords || end > matches.Value.Length)
            {
                kept = default;
                return false;
            }

            kept = matches.Value.AsMemory(end - found.Length, found.Length);
            found.CopyTo(kept.Span);
            words[token] = kept;
            return true;
        }
    }
}
