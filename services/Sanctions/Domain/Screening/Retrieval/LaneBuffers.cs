using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>Scratch memory for comparing in lanes: sixteen words lie side by side in it, all first letters, all second letters, and so on.</summary>
internal sealed class LaneBuffers
{
    /// <summary>A table of letters is read by eights, so that it needs this much behind its last word.</summary>
    internal const int Padding = 8;

    private const int Lanes = LaneDistance.Lanes;

    private readonly byte[] letters = new byte[Lanes * LaneDistance.MaxLength];
    private readonly byte[] omissions = new byte[Lanes * LaneDistance.MaxLength];
    private int[] order = [];

    /// <summary>Room for the letters of sixteen words of one length.</summary>
    internal Span<byte> Letters(int length) => letters.AsSpan(0, length * Lanes);

    /// <summary>The letters of sixteen words of one length, side by side.</summary>
    /// <param name="table">Words one after another.</param>
    /// <param name="starts">Where each of the sixteen begins.</param>
    internal ReadOnlySpan<byte> Letters(byte[] table, ReadOnlySpan<int> starts, int length) => SideBySide(table, starts, length, letters);

    /// <summary>The costs of leaving out these letters, likewise.</summary>
    internal ReadOnlySpan<byte> Omissions(byte[] table, ReadOnlySpan<int> starts, int length) => SideBySide(table, starts, length, omissions);

    internal Span<int> Order(int count)
    {
        if (order.Length < count)
        {
            order = new int[2 * count];
        }

        return order.AsSpan(0, count);
    }

    /// <summary>
    /// Eight letters of all words at a time: sixteen rows of eight bytes become eight rows of sixteen. A byte's place has seven bits, of
    /// which the first four are its word; to interleave the first half of all bytes with the second moves the first bit to the end, and doing so
    /// four times moves the word behind the letter.
    /// </summary>
    private static Span<byte> SideBySide(byte[] table, ReadOnlySpan<int> starts, int length, byte[] rows)
    {
        for (int at = 0; at < length; at += Padding)
        {
            Vector128<byte> a = Two(table, starts, 0, at), b = Two(table, starts, 2, at), c = Two(table, starts, 4, at), d = Two(table, starts, 6, at);
            Vector128<byte> e = Two(table, starts, 8, at), f = Two(table, starts, 10, at), g = Two(table, starts, 12, at), h = Two(table, starts, 14, at);
            for (int bit = 0; bit < 4; bit++)
            {
                (a, b, c, d, e, f, g, h) = (Low(a, e), High(a, e), Low(b, f), High(b, f), Low(c, g), High(c, g), Low(d, h), High(d, h));
            }

            Span<byte> eight = rows.AsSpan(at * Lanes, Padding * Lanes);
            a.CopyTo(eight);
            b.CopyTo(eight[Lanes..]);
            c.CopyTo(eight[(2 * Lanes)..]);
            d.CopyTo(eight[(3 * Lanes)..]);
            e.CopyTo(eight[(4 * Lanes)..]);
            f.CopyTo(eight[(5 * Lanes)..]);
            g.CopyTo(eight[(6 * Lanes)..]);
            h.CopyTo(eight[(7 * Lanes)..]);
        }

        return rows.AsSpan(0, length * Lanes);
    }

    private static Vector128<byte> Two(byte[] table, ReadOnlySpan<int> starts, int word, int at) => Vector128.Create(
        BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(starts[word] + at)), BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(starts[word + 1] + at))).AsByte();

    /// <summary>The first halves of two vectors, byte by byte in turn.</summary>
    private static Vector128<byte> Low(Vector128<byte> x, Vector128<byte> y) => Sse2.IsSupported
        ? Sse2.UnpackLow(x, y)
        : (Vector128.WidenLower(x) | Vector128.ShiftLeft(Vector128.WidenLower(y), 8)).AsByte();

    /// <summary>The second halves.</summary>
    private static Vector128<byte> High(Vector128<byte> x, Vector128<byte> y) => Sse2.IsSupported
        ? Sse2.UnpackHigh(x, y)
        : (Vector128.WidenUpper(x) | Vector128.ShiftLeft(Vector128.WidenUpper(y), 8)).AsByte();
}
