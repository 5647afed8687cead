using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Scoring;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Words by their spelling, to be compared sixteen at a time; gives exactly what <see cref="TokenComparer.Spelling"/> gives for each pair.
/// Letters become codes of one comparison: those of the word asked for by their order in it, all other vowels one code, all other
/// consonants another. Immutable.
/// </summary>
internal sealed class SpellingTable
{
    private const byte OtherConsonant = SpellingCodes.OtherConsonant, OtherVowel = SpellingCodes.OtherVowel, FirstOwn = SpellingCodes.FirstOwn;
    private const int Wrong = TokenComparer.SpellingWrong;

    private static readonly byte[] AllWrong = [.. Enumerable.Repeat((byte)Wrong, LaneDistance.Lanes * LaneDistance.MaxLength)];

    /// <summary>The most that spellings of each length may differ by; beyond, they are not compared.</summary>
    private static readonly int[] MostFar = [.. Enumerable.Range(0, TokenComparer.LongestSpelling + 1).Select(length => Most(TokenComparer.Far, length))];

    private readonly char[] text;
    private readonly int[] starts;
    private readonly (Script Script, int Length, LetterSet Letters)[] looks;

    internal SpellingTable(NameToken[] words)
    {
        text = string.Concat(words.Select(word => word.Folded)).ToCharArray();
        int end = 0;
        starts = [0, .. words.Select(word => end += word.Folded.Length)];

        looks = [.. words.Select(word => (word.Script, word.Folded.Length, new LetterSet(word.Folded)))];
    }

    /// <summary>The script of a word of the table.</summary>
    internal Script ScriptOf(int word) => looks[word].Script;

    /// <summary>False when script, length and letters alone show that the spelling of a word of the table cannot bring it nearer.</summary>
    /// <param name="letters">Those of the one word.</param>
    /// <param name="doubt">The word of the table.</param>
    internal bool MayLower(NameToken word, LetterSet letters, SpellingDoubt doubt) =>
        TokenComparer.NeedsSpelling(word.Script, looks[doubt.Word].Script, doubt.Distance)
        && MayBeNear(word, letters, doubt.Word, Most(doubt.Limit, Longer(word.Folded.Length, looks[doubt.Word].Length)));

    /// <summary>The same of a word whose sounds are different.</summary>
    internal bool MayBeNear(NameToken word, LetterSet letters, int other)
    {
        int longer = Longer(word.Folded.Length, looks[other].Length);
        return longer < MostFar.Length && MayBeNear(word, letters, other, MostFar[longer]);
    }

    private bool MayBeNear(NameToken word, LetterSet letters, int other, int most)
    {
        ref readonly (Script Script, int Length, LetterSet Letters) look = ref looks[other];
        return (word.Script == look.Script) & (Math.Abs(word.Folded.Length - look.Length) * Wrong <= most) & (LetterSet.LeastCost(letters, look.Letters) <= most); // no branch: which holds cannot be foreseen
    }

    /// <summary>Lowers each distance to that of the spellings where they are nearer.</summary>
    /// <param name="word">The one spelling.</param>
    /// <param name="doubts">The others, with the distances known so far.</param>
    internal void Lower(string word, Span<SpellingDoubt> doubts, SpellingCodes codes, LaneBuffers buffers)
    {
        if (word.Length is 0 or > LaneDistance.MaxLength)
        {
            foreach (ref SpellingDoubt doubt in doubts)
            {
                Lower(word, ref doubt);
            }

            return;
        }

        // 1. Codes and costs of this word.
        Span<byte> own = stackalloc byte[word.Length], substitutions = stackalloc byte[word.Length * LaneDistance.Codes];
        Span<char> letters = stackalloc char[word.Length];
        byte[] codeOf = codes.CodeOf;
        int different = Encode(word, codeOf, own, letters);
        FillCosts(own, letters[..different], substitutions);

        // 2. Others of one length go together.
        Span<int> ends = stackalloc int[LaneDistance.MaxLength + 1];
        Span<int> order = buffers.Order(doubts.Length);
        Sort(doubts, order, ends);
        int done = 0;
        for (int length = 0; length < ends.Length; length++)
        {
            for (; done < ends[length]; done += LaneDistance.Lanes)
            {
                LowerBatch(own, substitutions, doubts, order[done..Math.Min(done + LaneDistance.Lanes, ends[length])], length, codeOf, buffers);
            }

            done = ends[length];
        }

        foreach (int tooLong in order[done..])
        {
            Lower(word, ref doubts[tooLong]);
        }

        // 3. Forget the codes of this word.
        foreach (char letter in letters[..different])
        {
            codeOf[letter] = TokenComparer.IsVowel(letter) ? OtherVowel : OtherConsonant;
        }
    }

    private void Lower(string word, ref SpellingDoubt doubt) => doubt.Distance = Math.Min(doubt.Distance, TokenComparer.Spelling(word, Word(doubt.Word), doubt.Limit));

    private static int Longer(int length, int otherLength) => Math.Max(3, Math.Max(length, otherLength));

    private static int Most(float limit, int longer) => float.ConvertToIntegerNative<int>(limit * longer * Wrong);

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

    private void LowerBatch(ReadOnlySpan<byte> own, ReadOnlySpan<byte> substitutions, Span<SpellingDoubt> doubts, ReadOnlySpan<int> batch, int length, byte[] codeOf, LaneBuffers buffers)
    {
        Span<byte> codes = buffers.Letters(length);
        for (int lane = 0; lane < LaneDistance.Lanes; lane++)
        {
            ReadOnlySpan<char> other = Word(doubts[batch[Math.Min(lane, batch.Length - 1)]].Word);
            for (int j = 0; j < other.Length; j++)
            {
                codes[(j * LaneDistance.Lanes) + lane] = codeOf[other[j]];
            }
        }

        Span<ushort> costs = stackalloc ushort[LaneDistance.Lanes], worst = stackalloc ushort[LaneDistance.Lanes];
        LaneDistance.Compare(own, substitutions, AllWrong.AsSpan(0, own.Length), codes, AllWrong.AsSpan(0, codes.Length), costs, worst);
        int longer = Longer(own.Length, length);
        for (int lane = 0; lane < batch.Length; lane++)
        {
            ref SpellingDoubt doubt = ref doubts[batch[lane]];
            int most = Most(doubt.Limit, longer);
            if (costs[lane] <= most && worst[lane] <= most)
            {
                doubt.Distance = Math.Min(doubt.Distance, costs[lane] / (longer * 100f));
            }
        }
    }

    /// <summary>Orders the others by length, those too long for lanes last.</summary>
    private void Sort(ReadOnlySpan<SpellingDoubt> doubts, Span<int> order, Span<int> ends)
    {
        Span<int> next = stackalloc int[ends.Length + 1];
        next.Clear();
        foreach (ref readonly SpellingDoubt doubt in doubts)
        {
            next[Math.Min(Word(doubt.Word).Length, ends.Length)]++;
        }

        int sum = 0;
        for (int length = 0; length < next.Length; length++)
        {
            (next[length], sum) = (sum, sum + next[length]);
        }

        for (int d = 0; d < doubts.Length; d++)
        {
            order[next[Math.Min(Word(doubts[d].Word).Length, ends.Length)]++] = d;
        }

        next[..ends.Length].CopyTo(ends);
    }
}

/// <summary>A word that may be nearer by spelling than is known so far.</summary>
/// <param name="Word">Its position in the <see cref="SpellingTable"/>.</param>
/// <param name="Distance">The least distance known.</param>
/// <param name="Limit">The largest distance by spelling that counts.</param>
internal record struct SpellingDoubt(int Word, float Distance, float Limit);

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
