namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// Words with any one letter left out, and the word that each was. The shortened forms, thirty thousand of them, are not kept: a place in the table
/// holds the number of a word, and whether that word without one letter is the form asked for is seen by comparing. Immutable.
/// </summary>
internal sealed class MistypedWords
{
    private readonly string[] words;
    private readonly ushort[] places; // number of a word + 1; 0 where nothing is

    /// <summary>Of words that become alike without a letter, the first counts.</summary>
    internal MistypedWords(IEnumerable<string> words)
    {
        this.words = [.. words];
        places = new ushort[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * this.words.Sum(w => w.Length)) + 2)];
        Span<char> shorter = stackalloc char[this.words.Max(w => w.Length)];
        for (int number = 0; number < this.words.Length; number++)
        {
            string word = this.words[number];
            for (int i = 0; i < word.Length; i++)
            {
                word.AsSpan(0, i).CopyTo(shorter);
                word.AsSpan(i + 1).CopyTo(shorter[i..]);
                int place = Find(shorter[..(word.Length - 1)]);
                if (places[place] == 0)
                {
                    places[place] = checked((ushort)(number + 1));
                }
            }
        }
    }

    /// <summary>The word that is this one with a letter more; null when none is.</summary>
    internal string? this[ReadOnlySpan<char> shorter] => places[Find(shorter)] is > 0 and var number ? words[number - 1] : null;

    /// <summary>The place where a shortened form stands, or the free one where it would.</summary>
    private int Find(ReadOnlySpan<char> shorter)
    {
        uint hash = 2166136261;
        foreach (char letter in shorter)
        {
            hash = unchecked((hash ^ letter) * 16777619); // FNV-1a
        }

        int place = unchecked((int)(hash ^ (hash >> 15)) & (places.Length - 1));
        while (places[place] != 0 && !IsShortened(words[places[place] - 1], shorter))
        {
            place = (place + 1) & (places.Length - 1);
        }

        return place;
    }

    private static bool IsShortened(string word, ReadOnlySpan<char> shorter)
    {
        if (word.Length != shorter.Length + 1)
        {
            return false;
        }

        int same = word.AsSpan().CommonPrefixLength(shorter);
        return word.AsSpan(same + 1).SequenceEqual(shorter[same..]);
    }
}
