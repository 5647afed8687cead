namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// A count for each of many words. The words themselves are not kept, only 64 bits of hash: of a hundred thousand words and a million asked, one is
/// taken for another with a chance of one in a hundred million. Immutable.
/// </summary>
internal sealed class SoundCounts
{
    private readonly ulong[] hashes;
    private readonly ushort[] counts;

    internal SoundCounts(IReadOnlyCollection<KeyValuePair<string, int>> words)
    {
        hashes = [.. words.Select(w => Hash(w.Key))];
        counts = [.. words.Select(w => (ushort)Math.Min(w.Value, ushort.MaxValue))];
        Array.Sort(hashes, counts);
    }

    /// <summary>The count of a word, 65,535 at most; 0 when it has none.</summary>
    internal int this[string word] => Array.BinarySearch(hashes, Hash(word)) is >= 0 and var at ? counts[at] : 0;

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(string word)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in word)
        {
            hash = unchecked((hash ^ letter) * 1099511628211);
        }

        return hash;
    }
}
