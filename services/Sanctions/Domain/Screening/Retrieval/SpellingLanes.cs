using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Compares one spelling with many, sixteen at a time; gives exactly what <see cref="TokenComparer.Spelling"/> gives for each. Letters become
/// codes of this one comparison: those of the word by their order in it, all other vowels one code, all other consonants another.
/// </summary>
internal sealed class SpellingLanes
{
    private const byte OtherConsonant = 0, OtherVowel = 1, FirstOwn = 2;
    private const int Wrong = 100;

    private readonly byte[] codeOf = VowelsOnly();
    private readonly byte[] wrong = [.. Enumerable.Repeat((byte)Wrong, LaneDistance.Lanes * LaneDistance.MaxLength)];

    /// <summary>Lowers each distance to that of the spellings where they are nearer.</summary>
    /// <param name="word">The one spelling.</param>
    /// <param name="others">The other spellings.</param>
    /// <param name="distances">The distances known so far, in the order of the others; they are also the limits.</param>
    internal void Lower(string word, ReadOnlySpan<string> others, Span<float> distances, LaneBuffers buffers)
    {
        if (word.Length is 0 or > LaneDistance.MaxLength)
        {
            for (int i = 0; i < others.Length; i++)
            {
                distances[i] = Math.Min(distances[i], TokenComparer.Spelling(word, others[i], Math.Min(TokenComparer.Far, distances[i])));
            }

            return;
        }

        // 1. Codes and costs of this word.
        Span<byte> own = stackalloc byte[word.Length], substitutions = stackalloc byte[word.Length * LaneDistance.Codes];
        Span<char> letters = stackalloc char[word.Length];
        int different = Encode(word, own, letters);
        FillCosts(own, letters[..different], substitutions);

        // 2. Others of one length go together; those too long or too short for their limit need no look.
        Span<int> ends = stackalloc int[LaneDistance.MaxLength + 1];
        Span<int> order = buffers.Order(others.Length);
        int counted = Sort(word.Length, others, distances, order, ends);
        int done = 0;
        for (int length = 0; length < ends.Length; length++)
        {
            for (; done < ends[length]; done += LaneDistance.Lanes)
            {
                LowerBatch(own, substitutions, others, order[done..Math.Min(done + LaneDistance.Lanes, ends[length])], length, distances, buffers);
            }

            done = ends[length];
        }

        foreach (int other in order[done..counted])
        {
            distances[other] = Math.Min(distances[other], TokenComparer.Spelling(word, others[other], Math.Min(TokenComparer.Far, distances[other])));
        }

        // 3. Forget the codes of this word.
        foreach (char letter in letters[..different])
        {
            codeOf[letter] = TokenComparer.IsVowel(letter) ? OtherVowel : OtherConsonant;
        }
    }

    private int Encode(string word, Span<byte> own, Span<char> letters)
    {
        int different = 0;
        for (int i = 0; i < word.Length; i++)
        {
            if (codeOf[word[i]] < FirstOwn)
            {
                letters[different] = word[i];
                codeOf[word[i]] = (byte)(FirstOwn + different++);
            }

            own[i] = codeOf[word[i]];
        }

        return different;
    }

    private static void FillCosts(ReadOnlySpan<byte> own, ReadOnlySpan<char> letters, Span<byte> substitutions)
    {
        substitutions.Fill(Wrong);
        for (int i = 0; i < own.Length; i++)
        {
            Span<byte> costs = substitutions.Slice(i * LaneDistance.Codes, LaneDistance.Codes);
            if (TokenComparer.IsVowel(letters[own[i] - FirstOwn]))
            {
                costs[OtherVowel] = TokenComparer.SpellingVowel;
                for (int other = 0; other < letters.Length; other++)
                {
                    costs[FirstOwn + other] = TokenComparer.IsVowel(letters[other]) ? (byte)TokenComparer.SpellingVowel : (byte)Wrong;
                }
            }

            costs[own[i]] = 0;
        }
    }

    private void LowerBatch(
        ReadOnlySpan<byte> own, ReadOnlySpan<byte> substitutions, ReadOnlySpan<string> others, ReadOnlySpan<int> batch, int length, Span<float> distances, LaneBuffers buffers)
    {
        Span<byte> codes = buffers.Letters(length);
        for (int lane = 0; lane < LaneDistance.Lanes; lane++)
        {
            string other = others[batch[Math.Min(lane, batch.Length - 1)]];
            for (int j = 0; j < other.Length; j++)
            {
                codes[(j * LaneDistance.Lanes) + lane] = codeOf[other[j]];
            }
        }

        Span<ushort> costs = stackalloc ushort[LaneDistance.Lanes], worst = stackalloc ushort[LaneDistance.Lanes];
        LaneDistance.Compare(own, substitutions, wrong.AsSpan(0, own.Length), codes, wrong.AsSpan(0, codes.Length), costs, worst);
        int longer = Math.Max(3, Math.Max(own.Length, length));
        for (int lane = 0; lane < batch.Length; lane++)
        {
            ref float distance = ref distances[batch[lane]];
            int most = (int)(Math.Min(TokenComparer.Far, distance) * longer * Wrong);
            if (costs[lane] <= most && worst[lane] <= most)
            {
                distance = Math.Min(distance, costs[lane] / (longer * 100f));
            }
        }
    }

    /// <summary>Orders the others that may be near by length, those too long for lanes last; returns how many there are.</summary>
    private static int Sort(int ownLength, ReadOnlySpan<string> others, ReadOnlySpan<float> distances, Span<int> order, Span<int> ends)
    {
        const int Long = LaneDistance.MaxLength + 1, Hopeless = Long + 1;
        Span<int> next = stackalloc int[Hopeless + 1];
        next.Clear();
        Span<byte> kinds = others.Length <= 4096 ? stackalloc byte[others.Length] : new byte[others.Length];
        for (int i = 0; i < others.Length; i++)
        {
            int length = others[i].Length, most = (int)(Math.Min(TokenComparer.Far, distances[i]) * Math.Max(3, Math.Max(ownLength, length)) * Wrong);
            kinds[i] = (byte)(Math.Abs(ownLength - length) * Wrong > most ? Hopeless : Math.Min(length, Long));
            next[kinds[i]]++;
        }

        int counted = others.Length - next[Hopeless], sum = 0;
        for (int kind = 0; kind < next.Length; kind++)
        {
            (next[kind], sum) = (sum, sum + next[kind]);
        }

        for (int i = 0; i < others.Length; i++)
        {
            order[next[kinds[i]]++] = i;
        }

        next[..Long].CopyTo(ends);
        return counted;
    }

    private static byte[] VowelsOnly()
    {
        var codes = new byte[char.MaxValue + 1];
        for (int c = 0; c < codes.Length; c++)
        {
            codes[c] = TokenComparer.IsVowel((char)c) ? OtherVowel : OtherConsonant;
        }

        return codes;
    }
}
