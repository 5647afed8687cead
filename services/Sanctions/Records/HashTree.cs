using System.Numerics;
using System.Security.Cryptography;

namespace ExternalAction.Sanctions.Records;

/// <summary>
/// The hash tree of a batch, as RFC 6962 (2.1) has it: a leaf is SHA-256 over the byte 0 and a record's fields (that is the
/// record's hash), a node SHA-256 over the byte 1 and its two children; the left child covers the largest power of two of leaves
/// that is smaller than all. One root stands for all records, and some twenty hashes prove that one of them is among them.
/// </summary>
internal static class HashTree
{
    private const byte NodePrefix = 1;

    /// <summary>The root of these leaves, at least one.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => throw new ArgumentException("A batch has at least one record.", nameof(leaves)),
        1 => leaves[0],
        _ => Node(Root(leaves[..Split(leaves.Length)]), Root(leaves[Split(leaves.Length)..])),
    };

    /// <summary>What leads from a leaf to the root: the sibling of each level, lowest first.</summary>
    public static IReadOnlyList<byte[]> Proof(ReadOnlySpan<byte[]> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        var proof = new List<byte[]>();
        while (leaves.Length > 1)
        {
            var split = Split(leaves.Length);
            if (index < split)
            {
                proof.Add(Root(leaves[split..]));
                leaves = leaves[..split];
            }
            else
            {
                proof.Add(Root(leaves[..split]));
                leaves = leaves[split..];
                index -= split;
            }
        }
        proof.Reverse();
        return proof;
    }

    /// <summary>Whether a proof leads from a leaf at a place among so many to a root. It needs nothing of the service.</summary>
    public static bool Verify(byte[] leaf, int index, int count, IReadOnlyList<byte[]> proof, byte[] root)
    {
        if (index < 0 || index >= count)
        {
            return false;
        }

        // RFC 9162, 2.1.3.2: node and last walk up side by side; at the right edge, levels without a sibling are passed over.
        var (node, last, hash) = (index, count - 1, leaf);
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }
            if (int.IsOddInteger(node) || node == last)
            {
                hash = Node(sibling, hash);
                while (int.IsEvenInteger(node) && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                hash = Node(hash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    private static int Split(int count) => 1 << BitOperations.Log2((uint)(count - 1));

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([NodePrefix, .. left, .. right]);
}
