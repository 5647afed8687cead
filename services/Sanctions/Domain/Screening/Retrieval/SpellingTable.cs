using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Words by their spelling, to be compared sixteen at a time; gives exactly what <see cref="TokenComparer.Spelling"/> gives for each pair.
/// Letters become codes of one comparison: those of the word asked for by their order in it, all other vowels one code, all other
/// consonants another. Immutable.
/// </summary>
internal sealed class SpellingTable
{
    private const byte OtherConsonant = SpellingCodes.OtherConsonant, OtherVowel = SpellingCodes.OtherVowel, FirstOwn = SpellingCodes.FirstOwn;
    private const int Wrong = 100;

    private static readonly byte[] AllWrong = [.. Enumerable.Repeat((byte)Wrong, LaneDistance.Lanes * LaneDistance.MaxLength)];

    private readonly char[] text;
    private readonly int[] starts;

    internal SpellingTable(IReadOnlyList<string> words)
    {
        text = string.Concat(words).ToCharArray();
        starts = new int[words.Count + 1];
        for (int w = 0; w < words.Count; w++)
        {
            starts[w + 1] = starts[w] + words[w].Length;
        }
    }

    /// <summary>Lowers each distance to that of the spellings where they are nearer.</summary>
    /// <param name="word">The one spelling.</param>
    /// <param name="others">Positions in the table.</param>
    /// <param name="limits">The largest distances that count, in the order of the others.</param>
    /// <param name="distances">The distances known so far, in the same order.</param>
    internal void Lower(string word, ReadOnlySpan<int> others, ReadOnlySpan<float> limits, Span<float> distances, SpellingCodes codes, LaneBuffers buffers)
    {
        if (word.Length is 0 or > LaneDistance.MaxLength)
        {
            for (int i = 0; i < others.Length; i++)
            {
                distances[i] = Math.Min(distances[i], TokenComparer.Spelling(word, Word(others[i]), limits[i]));
            }

            return;
        }

        // 1. Codes and costs of this word.
        Span<byte> own = stackalloc byte[word.Length], substitutions = stackalloc byte[word.Length * LaneDistance.Codes];
        Span<char> letters = stackalloc char[word.Length];
        byte[] codeOf = codes.CodeOf;
        int different = Encode(word, codeOf, own, letters);
        FillCosts(own, letters[..different], substitutions);

        // 2. Others of one length go together; those too long or too short for their limit need no look.
        Span<int> ends = stackalloc int[LaneDistance.MaxLength + 1];
        Span<int> order = buffers.Order(others.Length);
        int counted = Sort(word.Length, others, limits, order, ends);
        int done = 0;
        for (int length = 0; length < ends.Length; length++)
        {
            for (; done < ends[length]; done += LaneDistance.Lanes)
            {
                LowerBatch(own, substitutions, others, limits, order[done..Math.Min(done + LaneDistance.Lanes, ends[length])], length, distances, codeOf, buffers);
            }

            done = ends[length];
        }

        foreach (int other in order[done..counted])
        {
            distances[other] = Math.Min(distances[other], TokenComparer.Spelling(word, Word(others[other]), limits[other]));
        }

        // 3. Forget the codes of this word.
        foreach (char letter in letters[..different])
        {
            codeOf[letter] = TokenComparer.IsVowel(letter) ? OtherVowel : OtherConsonant;
        }
    }

    private ReadOnlySpan<char> Word(int word) => text.AsSpan(starts[word], starts[word + 1] - starts[word]);

    private static int Encode(string word, byte[] codeOf, Span<byte> own, Span<char> letters)
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
        ReadOnlySpan<byte> own, ReadOnlySpan<byte> substitutions, ReadOnlySpan<int> others, ReadOnlySpan<float> limits, ReadOnlySpan<int> batch, int length, Span<float> distances, byte[] codeOf, LaneBuffers buffers)
    {
        Span<byte> codes = buffers.Letters(length);
        for (int lane = 0; lane < LaneDistance.Lanes; lane++)
        {
            ReadOnlySpan<char> other = Word(others[batch[Math.Min(lane, batch.Length - 1)]]);
            for (int j = 0; j < other.Length; j++)
            {
                codes[(j * LaneDistance.Lanes) + lane] = codeOf[other[j]];
            }
        }

        Span<ushort> costs = stackalloc ushort[LaneDistance.Lanes], worst = stackalloc ushort[LaneDistance.Lanes];
        LaneDistance.Compare(own, substitutions, AllWrong.AsSpan(0, own.Length), codes, AllWrong.AsSpan(0, codes.Length), costs, worst);
        int longer = Math.Max(3, Math.Max(own.Length, length));
        for (int lane = 0; lane < batch.Length; lane++)
        {
            ref float distance = ref distances[batch[lane]];
            int most = (int)(limits[batch[lane]] * longer * Wrong);
            if (costs[lane] <= most && worst[lane] <= most)
            {
                distance = Math.Min(distance, costs[lane] / (longer * 100f));
            }
        }
    }

    /// <summary>Orders the others that may be near by length, those too long for lanes last; returns how many there are.</summary>
    private int Sort(int ownLength, ReadOnlySpan<int> others, ReadOnlySpan<float> limits, Span<int> order, Span<int> ends)
    {
        const int Long = LaneDistance.MaxLength + 1, Hopeless = Long + 1;
        Span<int> next = stackalloc int[Hopeless + 1];
        next.Clear();
        Span<byte> kinds = others.Length <= 4096 ? stackalloc byte[others.Length] : new byte[others.Length];
        for (int i = 0; i < others.Length; i++)
        {
            int length = starts[others[i] + 1] - starts[others[i]], most = (int)(limits[i] * Math.Max(3, Math.Max(ownLength, length)) * Wrong);
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
}

/// <summary>The code of every letter in one comparison of spellings. Scratch memory of one thread.</summary>
internal sealed class SpellingCodes
{
    internal const byte OtherConsonant = 0, OtherVowel = 1, FirstOwn = 2;

    /// <summary>Between comparisons, vowels and consonants only.</summary>
    internal byte[] CodeOf { get; } = VowelsOnly();

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
