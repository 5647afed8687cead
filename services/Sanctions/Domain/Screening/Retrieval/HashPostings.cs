using System.Numerics;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>What was noted under a hash; three arrays however many hashes there are. Immutable.</summary>
internal sealed class HashPostings
{
    private readonly uint[] hashes; // ascending
    private readonly int[] values;
    private readonly int[] starts; // of the hashes that begin alike
    private readonly int shift;

    internal HashPostings(List<(uint Hash, int Value)> notes)
    {
        ulong[] ordered = [.. notes.Select(n => ((ulong)n.Hash << 32) | (uint)n.Value)]; // one number each sorts many times faster than two
        Array.Sort(ordered);
        hashes = [.. ordered.Select(n => (uint)(n >> 32))];
        values = [.. ordered.Select(n => (int)(n & int.MaxValue))];
        int bits = Math.Clamp(BitOperations.Log2((uint)notes.Count | 1) - 1, 1, 20);
        shift = 32 - bits;
        starts = new int[(1 << bits) + 1];
        foreach (uint hash in hashes)
        {
            starts[(hash >> shift) + 1]++;
        }

        for (int beginning = 1; beginning < starts.Length; beginning++)
        {
            starts[beginning] += starts[beginning - 1];
        }
    }

    /// <summary>The hash of a text that goes on where another ended (FNV-1a, letter by letter).</summary>
    internal static uint Hash(uint before, ReadOnlySpan<char> text)
    {
        uint hash = before;
        foreach (char letter in text)
        {
            hash = unchecked((hash ^ letter) * 16777619);
        }

        return hash;
    }

    /// <summary>What was noted under a hash, in ascending order.</summary>
    internal ReadOnlySpan<int> this[uint hash]
    {
        get
        {
            uint beginning = hash >> shift;
            int from = starts[beginning], end = starts[beginning + 1];
            while (from < end && hashes[from] < hash)
            {
                from++;
            }

            int to = from;
            while (to < end && hashes[to] == hash)
            {
                to++;
            }

            return values.AsSpan(from, to - from);
        }
    }
}
