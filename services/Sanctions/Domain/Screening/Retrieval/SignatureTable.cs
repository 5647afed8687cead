using System.Numerics;
using System.Runtime.Intrinsics;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Different signatures side by side in memory, so that those near one are found in a quick pass over sixteen at a time: Myers' edit
/// distance as in <see cref="Signature.Differences"/>, one signature in each lane of a vector. Immutable.
/// </summary>
internal sealed class SignatureTable
{
    private const int Lanes = 16;

    private readonly (int First, int Count, int Length)[] blocks;
    private readonly byte[] signs; // block by block: all first signs, all second signs, and so on

    /// <param name="signatures">Ordered by length.</param>
    internal SignatureTable(Signature[] signatures)
    {
        var made = new List<(int, int, int)>();
        var transposed = new List<byte>();
        for (int first = 0; first < signatures.Length;)
        {
            int length = signatures[first].Length, count = 1;
            while (count < Lanes && first + count < signatures.Length && signatures[first + count].Length == length)
            {
                count++;
            }

            for (int i = 0; i < length; i++)
            {
                for (int lane = 0; lane < Lanes; lane++)
                {
                    transposed.Add(signatures[first + Math.Min(lane, count - 1)][i]);
                }
            }

            made.Add((first, count, length));
            first += count;
        }

        blocks = [.. made];
        signs = [.. transposed];
    }

    /// <summary>Adds the positions of all signatures for which <see cref="Signature.Near"/> holds.</summary>
    internal void Near(Signature signature, List<int> found)
    {
        var meets = new Meets(signature); // the quick bound of that rule follows from the differences and is not needed here
        int from = 0;
        foreach ((int first, int count, int length) in blocks)
        {
            int allowed = Signature.Allowed(signature.Length, length), size = length * Lanes;
            if (Math.Abs(signature.Length - length) <= allowed)
            {
                uint near = signature.Length == 0 ? uint.MaxValue : meets.WithinOf(signs.AsSpan(from, size), allowed);
                for (near &= (1u << count) - 1; near != 0; near &= near - 1)
                {
                    found.Add(first + BitOperations.TrailingZeroCount(near));
                }
            }

            from += size;
        }
    }

    /// <summary>The places of one signature that a sign meets, as tables of sixteen bytes for the groups 0 to 3 and 4 to 6.</summary>
    private readonly struct Meets
    {
        private readonly int length;
        private readonly Vector128<byte> low, lowBeyond, high, highBeyond; // places 0 to 7, and those beyond

        internal Meets(Signature signature)
        {
            length = signature.Length;
            Span<uint> all = stackalloc uint[Signature.Sets];
            signature.FillMeets(all);
            for (int nibble = 0; nibble < 16; nibble++)
            {
                uint of = all[nibble], ofHigh = all[(nibble << 4) & (Signature.Sets - 1)];
                low = low.WithElement(nibble, (byte)(of & 255));
                lowBeyond = lowBeyond.WithElement(nibble, (byte)(of >> 8));
                high = high.WithElement(nibble, (byte)(ofHigh & 255));
                highBeyond = highBeyond.WithElement(nibble, (byte)(ofHigh >> 8));
            }
        }

        /// <summary>A bit for each of sixteen signatures that differs in no more places than allowed.</summary>
        internal uint WithinOf(ReadOnlySpan<byte> block, int allowed)
        {
            Vector256<ushort> one = Vector256.Create((ushort)1), last = Vector256.Create((ushort)(1 << (length - 1)));
            Vector256<ushort> vp = Vector256.Create((ushort)((1 << length) - 1)), vn = Vector256<ushort>.Zero, distance = Vector256.Create((ushort)length);
            for (int at = 0; at < block.Length; at += Lanes)
            {
                Vector128<byte> sign = Vector128.Create(block.Slice(at, Lanes));
                Vector128<byte> lowGroups = sign & Vector128.Create((byte)15), highGroups = Vector128.ShiftRightLogical(sign, 4);
                Vector256<ushort> equal = Widen(Vector128.Shuffle(low, lowGroups) | Vector128.Shuffle(high, highGroups));
                if (length > 8)
                {
                    equal |= Vector256.ShiftLeft(Widen(Vector128.Shuffle(lowBeyond, lowGroups) | Vector128.Shuffle(highBeyond, highGroups)), 8);
                }

                Vector256<ushort> d0 = (((equal & vp) + vp) ^ vp) | equal | vn;
                Vector256<ushort> hp = vn | ~(d0 | vp), hn = d0 & vp;
                distance -= Vector256.Equals(hp & last, last); // all ones is minus one
                distance += Vector256.Equals(hn & last, last);
                hp = Vector256.ShiftLeft(hp, 1) | one;
                vp = Vector256.ShiftLeft(hn, 1) | ~(d0 | hp);
                vn = hp & d0;
            }

            return Vector256.LessThanOrEqual(distance, Vector256.Create((ushort)allowed)).ExtractMostSignificantBits();
        }

        private static Vector256<ushort> Widen(Vector128<byte> bytes) => Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
    }
}
