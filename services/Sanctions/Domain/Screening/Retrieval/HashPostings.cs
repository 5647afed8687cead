namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>What was noted under a hash; two arrays however many hashes there are. Immutable.</summary>
internal sealed class HashPostings
{
    private readonly uint[] hashes;
    private readonly int[] values;

    internal HashPostings(List<(uint Hash, int Value)> notes)
    {
        notes.Sort();
        hashes = [.. notes.Select(n => n.Hash)];
        values = [.. notes.Select(n => n.Value)];
    }

    /// <summary>What was noted under a hash, in ascending order.</summary>
    internal ReadOnlySpan<int> this[uint hash]
    {
        get
        {
            int from = Array.BinarySearch(hashes, hash);
            if (from < 0)
            {
                return [];
            }

            int to = from + 1;
            while (from > 0 && hashes[from - 1] == hash)
            {
                from--;
            }

            while (to < hashes.Length && hashes[to] == hash)
            {
                to++;
            }

            return values.AsSpan(from, to - from);
        }
    }
}
