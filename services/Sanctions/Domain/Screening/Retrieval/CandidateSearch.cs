using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Finds the names of a segment that may score for a query: those whose words may cover <see cref="NameScorer.LeastCoverage"/> of the
/// lighter name; below that the scorer itself says "too little in common", so nothing that scores is lost. Steps: (1) the listed
/// words near each word of the query, kept with their distances; (2) for each name the most that they can cover; (3) the names that
/// are nearly one text with the query. The distances then serve to pair the words of each candidate without comparing them again.
/// Scratch memory of one thread.
/// </summary>
internal sealed class CandidateSearch
{
    private const float InitialGain = 0.34f;

    private readonly WordSearch search = new();
    private readonly DistanceTable near = new(), nearJoined = new();
    private readonly uint[] skeletons = new uint[ParsedName.MaxTokens];
    private readonly byte[] lengths = new byte[ParsedName.MaxTokens];
    private readonly List<(int Word, float Gain)> links = [];
    private readonly List<int> texts = [];
    private Covered[] covered = [];
    private int[] touched = [];
    private int touchedCount;
    private int firstPart;
    private int part;
    private float heavy;
    private float slack;
    private NameSegment? segment;
    private NameToken[] query = [];

    /// <summary>What the words of a query may cover of one name.</summary>
    private struct Covered
    {
        /// <summary>The word of the query that came last, of all words that were ever asked for; or which query keeps the name.</summary>
        internal int Part;

        /// <summary>The most that this word may cover.</summary>
        internal float OfPart;

        /// <summary>The most that all words so far may cover.</summary>
        internal float Total;
    }

    /// <summary>Collects the candidates, in the order of their positions.</summary>
    internal void Find(NameSegment names, ParsedName asking, List<int> result)
    {
        Begin(names, asking);
        FindWords();
        Keep(result);
        AddWholeTexts(asking, result);
        result.Sort();
    }

    /// <summary>Drops the candidates that the scorer would call hopeless, before their words are paired.</summary>
    internal void DropHopeless(ParsedName asking, List<int> candidates) => candidates.RemoveAll(name => CoversTooLittle(name) && segment!.IsOtherText(asking, name));

    /// <summary>The words of one candidate of the last query, and how far they are from the query's.</summary>
    internal KnownWords WordsOf(int name) => new(this, name);

    private void Begin(NameSegment names, ParsedName asking)
    {
        (segment, query, heavy) = (names, asking.Tokens, (float)asking.Weight);
        near.Clear(names.Words.Count);
        nearJoined.Clear(names.Words.Count);
        touchedCount = 0;
        links.Clear();
        slack = 0.01f;
        if (covered.Length < names.NameCount || part > int.MaxValue / 2)
        {
            covered = new Covered[Math.Max(names.NameCount, covered.Length)];
            touched = new int[covered.Length];
            part = 0;
        }

        firstPart = part + 1;
    }

    /// <summary>Steps 1 and 2; the slack is what words that are not looked up may cover.</summary>
    private void FindWords()
    {
        for (int t = 0; t < query.Length; t++)
        {
            NameToken token = query[t];
            ReadOnlyMemory<WordMatch> matches = segment!.Memory.Find(token, search);
            near.Set(t, matches);
            (skeletons[t], lengths[t]) = (Skeleton.Hash(token.Sounds, ""), (byte)Math.Min(byte.MaxValue, token.Folded.Length));
            if (token.Kind == TokenKind.Initial)
            {
                slack += InitialGain;
            }
            else if (token.Kind is TokenKind.Name or TokenKind.Number or TokenKind.OrganisationWord)
            {
                Cover(matches.Span, token.Weight);
                CoverJoinedListed(token, skeletons[t]);
            }
            else
            {
                links.Add((t, Math.Max(0.14f, (float)token.Weight)));
                slack += links[^1].Gain;
            }

            if (t + 1 < query.Length)
            {
                segment.Words.SearchJoined(token, query[t + 1], search);
                if (search.Found.Count > 0)
                {
                    matches = search.Found.ToArray();
                    nearJoined.Set(t, matches);
                    Cover(matches.Span, token.Weight + query[t + 1].Weight);
                }
            }
        }
    }

    private void Cover(ReadOnlySpan<WordMatch> matches, double weight)
    {
        part++;
        foreach (WordMatch match in matches)
        {
            float distance = match.Distance > TokenComparer.Different ? TokenComparer.AbbreviationDistance : match.Distance;
            float gain = Math.Max(0.001f, (float)(weight + segment!.Words.Weights[match.Word]) / 2 * (1 - (1.8f * distance)));
            Cover(segment.NamesWith(match.Word), gain);
        }
    }

    private void Cover(ReadOnlySpan<int> names, float gain)
    {
        foreach (int name in names)
        {
            ref Covered of = ref covered[name];
            if (of.Part < firstPart)
            {
                of = new Covered { Part = part, OfPart = gain, Total = gain };
                touched[touchedCount++] = name;
            }
            else if (of.Part != part)
            {
                (of.Part, of.OfPart) = (part, gain);
                of.Total += gain;
            }
            else if (gain > of.OfPart)
            {
                of.Total += gain - of.OfPart;
                of.OfPart = gain;
            }
        }
    }

    /// <summary>Two neighbouring listed words that are one word in the query.</summary>
    private void CoverJoinedListed(NameToken token, uint skeleton)
    {
        if (token.Sounds.Length < 4)
        {
            return;
        }

        WordOutline whole = WordOutline.Of(token);
        WordTable words = segment!.Words;
        foreach (int pair in segment.Pairs.WithSkeleton(skeleton))
        {
            (int first, int second) = segment.Pairs[pair];
            if (Joins.MayBeTwo(words.Outlines[first], words.Outlines[second], whole) && Joins.CompareAlike(words[first], words[second], token) <= TokenComparer.FarJoined)
            {
                part++;
                Cover(segment.Pairs.NamesWith(pair), (float)(token.Weight + words.Weights[first] + words.Weights[second]) / 2);
            }
        }
    }

    private float MostCovered(int name) => covered[name].Total + slack + (segment!.Initials[name] * InitialGain);

    private float LeastCovered(int name) => ((float)NameScorer.LeastCoverage(segment!.Person) - 0.0001f) * Math.Min(heavy, segment.Weights[name]);

    /// <summary>
    /// Whether the words of the last query have too little in common with one of its candidates. Closer than what made it a candidate:
    /// titles, legal forms and the like count only where the name has them.
    /// </summary>
    private bool CoversTooLittle(int name)
    {
        float possible = MostCovered(name);
        foreach ((int word, float gain) in links)
        {
            possible -= MayMeet(word, name) ? 0 : gain;
        }

        return possible < LeastCovered(name);
    }

    /// <summary>Whether a word of the query is near a word of a name, or may be two of them written together.</summary>
    private bool MayMeet(int word, int name)
    {
        int from = segment!.WordStarts[name], count = segment.WordStarts[name + 1] - from;
        float[] row = near[word];
        foreach (int listed in row.Length > 0 ? segment.WordsOfNames.AsSpan(from, count) : [])
        {
            if (row[listed] != TokenComparer.Different)
            {
                return true;
            }
        }

        return segment.PairSkeletons.AsSpan(from, count).Contains(skeletons[word]) || segment.PairLengths.AsSpan(from, count).Contains(lengths[word]);
    }

    private void Keep(List<int> result)
    {
        foreach (int name in touched.AsSpan(0, touchedCount))
        {
            if (MostCovered(name) >= LeastCovered(name))
            {
                covered[name].Part = -firstPart; // kept
                result.Add(name);
            }
        }
    }

    /// <summary>Step 3: names whose words have too little in common and whose text as a whole has enough.</summary>
    private void AddWholeTexts(ParsedName asking, List<int> result)
    {
        texts.Clear();
        segment!.WholeTexts.Find(asking.Whole(new char[asking.WholeLength]), texts);
        foreach (int name in texts)
        {
            if (covered[name].Part == -firstPart)
            {
                continue;
            }

            TextOutline outline = segment.Outlines[name];
            if (!WholeText.IsFar(asking.Outline, outline, outline.Slips) && WholeText.Distance(asking, segment[name].Parsed, outline.Slips) <= outline.Slips)
            {
                covered[name].Part = -firstPart;
                result.Add(name);
            }
        }
    }

    /// <summary>Looks up what step 1 found and what the segment keeps of every word, so that neither words are compared again nor the name is loaded.</summary>
    internal readonly struct KnownWords(CandidateSearch search, int name) : ICandidateWords
    {
        private readonly NameSegment segment = search.segment!;
        private readonly int[] words = search.segment!.WordsOfNames;
        private readonly int start = search.segment!.WordStarts[name];

        public int Count { get; } = search.segment!.WordStarts[name + 1] - search.segment.WordStarts[name];

        public double Weight(int candidate) => segment.Words.Weights[words[start + candidate]];

        public bool MeetAsInitial(int query, int candidate)
        {
            NameToken token = search.query[query];
            int word = words[start + candidate];
            return (token.Kind == TokenKind.Initial || segment.Words.Outlines[word].Kind == TokenKind.Initial) && TokenComparer.MeetAsInitial(token, segment.Words[word]);
        }

        public void Words(int query, Span<float> candidate)
        {
            if (search.near[query] is not { Length: > 0 } row)
            {
                candidate.Fill(TokenComparer.Different);
                return;
            }

            ReadOnlySpan<int> listed = words.AsSpan(start, candidate.Length);
            for (int c = 0; c < candidate.Length; c++)
            {
                candidate[c] = row[listed[c]];
            }
        }

        public bool HasQueryPair(int query) => search.nearJoined[query].Length > 0;

        public float QueryPair(int query, int candidate) => search.nearJoined[query][words[start + candidate]];

        public float CandidatePair(int candidate, int query)
        {
            bool sameSkeleton = segment.PairSkeletons[start + candidate] == search.skeletons[query];
            if (!sameSkeleton && segment.PairLengths[start + candidate] != search.lengths[query])
            {
                return TokenComparer.Different;
            }

            NameToken token = search.query[query];
            WordTable table = segment.Words;
            int first = words[start + candidate], second = words[start + candidate + 1];
            return !Joins.MayBeTwo(table.Outlines[first], table.Outlines[second], WordOutline.Of(token)) ? TokenComparer.Different
                : sameSkeleton ? Joins.CompareAlike(table[first], table[second], token)
                : Joins.IsWritten(table[first], table[second], token) ? 0
                : TokenComparer.Different;
        }
    }
}
