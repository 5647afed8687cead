using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// The weighted edit distance of one word to sixteen words of one length at once: the same recurrence as
/// <see cref="SoundDistance"/>, with one word in each lane of a vector. Letters are codes below <see cref="Codes"/>, so that the
/// cost of taking one for another is a look-up in a row of 64 bytes; costs are small whole numbers, so both ways agree exactly.
/// </summary>
internal static class LaneDistance
{
    internal const int Lanes = 16;

    /// <summary>Longer words are compared one by one.</summary>
    internal const int MaxLength = 32;

    /// <summary>How many different letters there may be.</summary>
    internal const int Codes = 64;

    private const ushort Transposed = 70;

    /// <param name="word">The codes of the one word, at most <see cref="MaxLength"/>.</param>
    /// <param name="substitutions">For each letter of the word the costs of all <see cref="Codes"/> letters in its place.</param>
    /// <param name="omissions">For each letter of the word the cost of leaving it out.</param>
    /// <param name="others">The codes of the sixteen words: all first letters, all second letters, and so on.</param>
    /// <param name="otherOmissions">The costs of leaving out the letters of the sixteen words, in the same order.</param>
    /// <param name="costs">Receives the sixteen distances.</param>
    /// <param name="worst">Receives, for each lane, the least cost of the dearest row: beyond a limit, <see cref="SoundDistance"/> gives up there.</param>
    internal static void Compare(
        ReadOnlySpan<byte> word, ReadOnlySpan<byte> substitutions, ReadOnlySpan<byte> omissions, ReadOnlySpan<byte> others, ReadOnlySpan<byte> otherOmissions, Span<ushort> costs, Span<ushort> worst)
    {
        int length = others.Length / Lanes;
        int cells = length + 1;
        Span<Vector256<ushort>> rows = stackalloc Vector256<ushort>[3 * cells];
        Span<Vector256<ushort>> before = rows[..cells], last = rows.Slice(cells, cells), row = rows[(2 * cells)..];
        last[0] = Vector256<ushort>.Zero;
        for (int j = 0; j < length; j++)
        {
            last[j + 1] = last[j] + Widen(Vector128.Create(otherOmissions.Slice(j * Lanes, Lanes)));
        }

        Vector256<ushort> dearest = Vector256<ushort>.Zero, swap = Vector256.Create(Transposed);
        for (int i = 0; i < word.Length; i++)
        {
            ReadOnlySpan<byte> table = substitutions.Slice(i * Codes, Codes);
            Vector128<byte> low = Vector128.Create(table[..16]), second = Vector128.Create(table[16..32]), third = Vector128.Create(table[32..48]), high = Vector128.Create(table[48..]);
            Vector128<byte> own = Vector128.Create(word[i]), previous = Vector128.Create(i > 0 ? word[i - 1] : byte.MaxValue), beside = Vector128<byte>.Zero;
            Vector256<ushort> omitted = Vector256.Create((ushort)omissions[i]);
            Vector256<ushort> cell = last[0] + omitted, least = cell;
            row[0] = cell;
            for (int j = 0; j < length; j++)
            {
                Vector128<byte> letters = Vector128.Create(others.Slice(j * Lanes, Lanes));
                Vector128<byte> cost = Vector128.Shuffle(low, letters) | Vector128.Shuffle(second, letters - Vector128.Create((byte)16))
                    | Vector128.Shuffle(third, letters - Vector128.Create((byte)32)) | Vector128.Shuffle(high, letters - Vector128.Create((byte)48));
                Vector256<ushort> kept = last[j] + Widen(cost);
                cell = Vector256.Min(Vector256.Min(kept, last[j + 1] + omitted), cell + Widen(Vector128.Create(otherOmissions.Slice(j * Lanes, Lanes))));
                Vector128<byte> swapped = Vector128.Equals(beside, own) & Vector128.Equals(letters, previous);
                if (j > 0 && swapped != Vector128<byte>.Zero)
                {
                    Vector256<ushort> mask = Vector256.Create(Vector128.WidenLower(swapped.AsSByte()), Vector128.WidenUpper(swapped.AsSByte())).AsUInt16();
                    cell = Vector256.ConditionalSelect(mask, Vector256.Min(cell, before[j - 1] + swap), cell);
                }

                beside = letters;
                row[j + 1] = cell;
                least = Vector256.Min(least, cell);
            }

            dearest = Vector256.Max(dearest, least);
            Span<Vector256<ushort>> free = before;
            before = last;
            last = row;
            row = free;
        }

        last[length].CopyTo(costs);
        dearest.CopyTo(worst);
    }

    private static Vector256<ushort> Widen(Vector128<byte> bytes) =>
        Avx2.IsSupported ? Avx2.ConvertToVector256Int16(bytes).AsUInt16() : Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
}
