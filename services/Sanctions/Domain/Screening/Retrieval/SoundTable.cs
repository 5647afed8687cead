using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Words by their sounds, ready to be compared sixteen at a time. <see cref="Compare"/> gives exactly what
/// <see cref="TokenComparer.Measure"/> gives for each pair. Immutable.
/// </summary>
internal sealed class SoundTable
{
    private const int Lengths = LaneDistance.MaxLength + 1;

    private readonly (string Sounds, bool Abjad)[] words;
    private readonly int[] starts;
    private readonly byte[] codes;
    private readonly byte[] omissions;
    private readonly byte[] omissionsInFull; // when the other word writes no vowels
    private readonly byte[] kinds; // length, and beyond it the same for words without vowels; the last kind does not fit into lanes

    internal SoundTable((string Sounds, bool Abjad)[] words)
    {
        this.words = words;
        starts = new int[words.Length + 1];
        kinds = new byte[words.Length];
        for (int w = 0; w < words.Length; w++)
        {
            starts[w + 1] = starts[w] + words[w].Sounds.Length;
        }

        codes = new byte[starts[^1] + LaneBuffers.Padding];
        omissions = new byte[codes.Length];
        omissionsInFull = new byte[codes.Length];
        for (int w = 0; w < words.Length; w++)
        {
            string sounds = words[w].Sounds;
            bool inLanes = sounds.Length is > 0 and <= LaneDistance.MaxLength && SoundAlphabet.Encode(sounds, codes.AsSpan(starts[w]));
            kinds[w] = (byte)(inLanes ? (words[w].Abjad ? Lengths : 0) + sounds.Length : 2 * Lengths);
            for (int i = 0; i < sounds.Length; i++)
            {
                omissions[starts[w] + i] = (byte)SoundDistance.Omission(sounds, i, full: false);
                omissionsInFull[starts[w] + i] = (byte)SoundDistance.Omission(sounds, i, full: true);
            }
        }
    }

    /// <summary>Compares a word with some of the table.</summary>
    /// <param name="entries">Positions in the table.</param>
    /// <param name="distances">Receives the distance to each of them, in their order.</param>
    internal void Compare(ReadOnlySpan<char> word, bool abjad, float limit, ReadOnlySpan<int> entries, Span<float> distances, LaneBuffers buffers)
    {
        Span<byte> own = stackalloc byte[LaneDistance.MaxLength];
        if (word.Length is 0 or > LaneDistance.MaxLength || !SoundAlphabet.Encode(word, own))
        {
            for (int e = 0; e < entries.Length; e++)
            {
                distances[e] = TokenComparer.Measure(word, abjad, words[entries[e]].Sounds, words[entries[e]].Abjad, limit);
            }

            return;
        }

        own = own[..word.Length];
        Span<byte> substitutions = stackalloc byte[LaneDistance.MaxLength * LaneDistance.Codes];
        for (int i = 0; i < own.Length; i++)
        {
            SoundAlphabet.CostsOf(own[i]).CopyTo(substitutions[(i * LaneDistance.Codes)..]);
        }

        // words of one length and one way of writing go together
        Span<int> ends = stackalloc int[2 * Lengths];
        Span<int> order = buffers.Order(entries.Length);
        Sort(entries, order, ends);
        int done = 0;
        Span<byte> ownOmissions = stackalloc byte[own.Length];
        for (int kind = 0; kind < ends.Length; kind++)
        {
            if (kind == 0 || kind == Lengths)
            {
                for (int i = 0; i < own.Length; i++)
                {
                    ownOmissions[i] = (byte)SoundDistance.Omission(word, i, full: kind == Lengths && !abjad);
                }
            }

            for (; done < ends[kind]; done += LaneDistance.Lanes)
            {
                ReadOnlySpan<int> batch = order[done..Math.Min(done + LaneDistance.Lanes, ends[kind])];
                CompareBatch(own, substitutions, ownOmissions, word.Length, abjad, kind >= Lengths, kind % Lengths, limit, entries, batch, distances, buffers);
            }

            done = ends[kind];
        }

        // what does not fit into lanes was put last
        foreach (int e in order[done..])
        {
            distances[e] = TokenComparer.Measure(word, abjad, words[entries[e]].Sounds, words[entries[e]].Abjad, limit);
        }
    }

    private void CompareBatch(
        ReadOnlySpan<byte> own, ReadOnlySpan<byte> substitutions, ReadOnlySpan<byte> ownOmissions, int ownLength, bool ownAbjad, bool abjad, int length, float limit,
        ReadOnlySpan<int> entries, ReadOnlySpan<int> batch, Span<float> distances, LaneBuffers buffers)
    {
        Span<int> from = stackalloc int[LaneDistance.Lanes];
        for (int lane = 0; lane < from.Length; lane++)
        {
            from[lane] = starts[entries[batch[Math.Min(lane, batch.Length - 1)]]];
        }

        ReadOnlySpan<byte> letters = buffers.Letters(codes, from, length), dropped = buffers.Omissions(ownAbjad && !abjad ? omissionsInFull : omissions, from, length);
        Span<ushort> costs = stackalloc ushort[LaneDistance.Lanes], worst = stackalloc ushort[LaneDistance.Lanes];
        LaneDistance.Compare(own, substitutions, ownOmissions, letters, dropped, costs, worst);
        int longer = TokenComparer.Longer(ownLength, ownAbjad, length, abjad), most = unchecked((int)(limit * longer * SoundCosts.WrongLetter));
        for (int lane = 0; lane < batch.Length; lane++)
        {
            distances[batch[lane]] = costs[lane] > most || worst[lane] > most ? TokenComparer.Different : costs[lane] / (float)(longer * SoundCosts.WrongLetter);
        }
    }

    /// <summary>Orders positions of <paramref name="entries"/> by kind (abjad or not, then length); words that do not fit into lanes come last.</summary>
    private void Sort(ReadOnlySpan<int> entries, Span<int> order, Span<int> ends)
    {
        Span<int> next = stackalloc int[ends.Length + 1];
        next.Clear();
        foreach (int entry in entries)
        {
            next[kinds[entry]]++;
        }

        int sum = 0;
        for (int kind = 0; kind < next.Length; kind++)
        {
            (next[kind], sum) = (sum, sum + next[kind]);
        }

        for (int e = 0; e < entries.Length; e++)
        {
            order[next[kinds[entries[e]]]++] = e;
        }

        next[..ends.Length].CopyTo(ends);
    }
}
