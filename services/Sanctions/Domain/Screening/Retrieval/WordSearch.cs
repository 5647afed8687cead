using System.Runtime.InteropServices;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>A listed word that a word of the query may be.</summary>
/// <param name="Word">Its position in the <see cref="WordTable"/>.</param>
/// <param name="Distance">As <see cref="TokenComparer"/> measures it, or <see cref="TokenComparer.Abbreviated"/>.</param>
internal readonly record struct WordMatch(int Word, float Distance);

/// <summary>Scratch memory of one search for a word: what was found, what was already looked at, and what waits to be compared by spelling.</summary>
internal sealed class WordSearch
{
    private readonly SpellingCodes codes = new();
    private readonly List<SpellingDoubt> waiting = [];
    private int[] seen = [];
    private int stamp;
    private float[] distances = [];

    /// <summary>What was found so far.</summary>
    internal List<WordMatch> Found { get; } = [];

    internal List<int> Signatures { get; } = [];

    internal List<int> Entries { get; } = [];

    internal ReadOnlySpan<int> EntrySpan => CollectionsMarshal.AsSpan(Entries);

    internal LaneBuffers Lanes { get; } = new();

    /// <summary>Starts a search among this many words.</summary>
    internal void Begin(int words)
    {
        Found.Clear();
        if (seen.Length < words || stamp > int.MaxValue - 4)
        {
            seen = new int[words];
            stamp = 0;
        }

        stamp += 2; // stamp: looked at, stamp + 1: found
    }

    internal Span<float> Distances(int count)
    {
        if (distances.Length < count)
        {
            distances = new float[2 * count];
        }

        return distances.AsSpan(0, count);
    }

    /// <summary>True the first time that a word is asked about.</summary>
    internal bool IsNew(int word)
    {
        bool isNew = seen[word] < stamp;
        seen[word] = Math.Max(seen[word], stamp);
        return isNew;
    }

    internal bool IsFound(int word) => seen[word] > stamp;

    /// <summary>Adds a word, unless it is too far.</summary>
    internal void Add(int word, float distance)
    {
        if (distance <= TokenComparer.Far)
        {
            seen[word] = stamp + 1;
            Found.Add(new WordMatch(word, distance));
        }
    }

    /// <summary>Lets a word wait to be compared by spelling.</summary>
    internal void AddSpelling(SpellingDoubt doubt) => waiting.Add(doubt);

    /// <summary>Compares what waits by spelling, and adds what is near one way or the other.</summary>
    internal void LowerBySpelling(string folded, SpellingTable table)
    {
        Span<SpellingDoubt> doubts = CollectionsMarshal.AsSpan(waiting);
        table.Lower(folded, doubts, codes, Lanes);
        foreach (ref readonly SpellingDoubt doubt in doubts)
        {
            Add(doubt.Word, doubt.Distance);
        }

        waiting.Clear();
    }
}
