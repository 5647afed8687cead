using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>The different pairs of neighbouring words of the listed names, by the skeleton that they have together. Immutable.</summary>
internal sealed class PairTable
{
    private readonly (int First, int Second)[] pairs;
    private readonly HashPostings bySkeleton;
    private readonly Postings names;

    internal PairTable(WordTable words, int[] wordStarts, int[] wordsOfNames)
    {
        var numbers = new Dictionary<(int, int), int>(wordsOfNames.Length);
        var different = new List<(int, int)>(wordsOfNames.Length);
        var occurrences = new List<(int, int)>(wordsOfNames.Length);
        for (int name = 0; name + 1 < wordStarts.Length; name++)
        {
            for (int word = wordStarts[name]; word + 1 < wordStarts[name + 1]; word++)
            {
                (int, int) pair = (wordsOfNames[word], wordsOfNames[word + 1]);
                if (!numbers.TryGetValue(pair, out int number))
                {
                    numbers[pair] = number = different.Count;
                    different.Add(pair);
                }

                occurrences.Add((number, name));
            }
        }

        pairs = [.. different];
        bySkeleton = new HashPostings([.. pairs.Select((pair, number) => (Skeleton.Hash(words[pair.First].Sounds, words[pair.Second].Sounds), number))]);
        names = new Postings(pairs.Length, occurrences);
    }

    /// <summary>The two words of a pair.</summary>
    internal (int First, int Second) this[int pair] => pairs[pair];

    /// <summary>The pairs that have a skeleton together.</summary>
    internal ReadOnlySpan<int> WithSkeleton(uint skeleton) => bySkeleton[skeleton];

    /// <summary>The names that a pair occurs in.</summary>
    internal ReadOnlySpan<int> NamesWith(int pair) => names[pair];
}
