using System.Collections.Frozen;
using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>A listed name, parsed, and whose it is.</summary>
internal readonly record struct IndexedName(ParsedName Parsed, int[] Words, int Entity, int Name, bool Strong, byte Initials);

/// <summary>
/// The names of one kind (persons, or everything else) of a set of entities, with postings from words to names. Immutable.
/// A name is a candidate for a query when the words that can come together may cover <see cref="NameScorer.LeastCoverage"/> of the
/// lighter name; below that the scorer itself says "too little in common", so nothing that scores is lost.
/// </summary>
internal sealed class NameSegment
{
    private const float InitialGain = 0.34f;

    private readonly IndexedName[] names;
    private readonly WordTable words;
    private readonly int[] postingStarts;
    private readonly int[] postings;
    private readonly FrozenDictionary<uint, (int Name, byte Position)[]> joined;
    private readonly WholeTextTable wholeTexts;

    internal NameSegment(ImmutableArray<ScreenedEntity> entities, bool person)
    {
        Person = person;
        Entities = entities;
        var interned = new Dictionary<(string, string, TokenKind, bool), NameToken>();
        var ids = new Dictionary<(string, TokenKind, int), int>();
        var table = new List<NameToken>();
        var all = new List<IndexedName>();
        for (int e = 0; e < entities.Length; e++)
        {
            if ((entities[e].Type == SubjectType.Person) != person && entities[e].Type != SubjectType.Unknown)
            {
                continue;
            }

            for (int n = 0; n < entities[e].Names.Length; n++)
            {
                ScreenedName name = entities[e].Names[n];
                ParsedName parsed = ListedNames.Parse(name, person);
                var wordIds = new int[parsed.Tokens.Length];
                for (int t = 0; t < wordIds.Length; t++)
                {
                    NameToken token = parsed.Tokens[t];
                    (string, string, TokenKind, bool) key = (token.Display, token.Sounds, token.Kind, token.Family || token.PatronymicStem > 0);
                    if (interned.TryGetValue(key, out NameToken? known) && known.PatronymicStem == token.PatronymicStem && known.Weight == token.Weight && known.Family == token.Family)
                    {
                        parsed.Tokens[t] = token = known;
                    }
                    else
                    {
                        interned[key] = token;
                    }

                    if (!ids.TryGetValue((token.Folded, token.Kind, token.PatronymicStem), out int id))
                    {
                        ids[(token.Folded, token.Kind, token.PatronymicStem)] = id = table.Count;
                        table.Add(token);
                    }

                    wordIds[t] = id;
                }

                all.Add(new IndexedName(parsed, wordIds, e, n, name.Strong, (byte)parsed.Tokens.Count(t => t.Kind == TokenKind.Initial)));
            }
        }

        names = [.. all];
        words = new WordTable([.. table], person);
        (postingStarts, postings) = Post(names, table.Count);
        joined = Pairs(names);
        wholeTexts = new WholeTextTable(names);
    }

    internal bool Person { get; }

    internal ImmutableArray<ScreenedEntity> Entities { get; }

    internal int NameCount => names.Length;

    internal ref readonly IndexedName this[int name] => ref names[name];

    /// <summary>Collects every name that may score, in the order of their positions.</summary>
    internal void Candidates(ParsedName query, Workspace workspace, List<int> result)
    {
        Span<float> gains = workspace.Gains(names.Length);
        Span<int> stamps = workspace.Stamps(names.Length, out int stamp);
        List<int> touched = workspace.Touched;
        touched.Clear();
        float slack = 0.01f;
        NameToken[] tokens = query.Tokens;
        var joins = new List<WordMatch>();
        for (int t = 0; t < tokens.Length; t++)
        {
            NameToken token = tokens[t];
            if (token.Kind == TokenKind.Initial)
            {
                slack += InitialGain;
            }
            else if (token.Kind is TokenKind.Name or TokenKind.Number or TokenKind.OrganisationWord)
            {
                stamp = workspace.NextStamp();
                foreach (WordMatch match in words.Find(token))
                {
                    Post(match, token.Weight, stamp, gains, stamps, touched);
                }

                PostJoinedListed(token, gains, touched);
            }
            else
            {
                slack += Math.Max(0.14f, (float)token.Weight);
            }

            if (t + 1 < tokens.Length)
            {
                joins.Clear();
                words.FindJoined(token, tokens[t + 1], joins);
                stamp = workspace.NextStamp();
                foreach (WordMatch match in joins)
                {
                    Post(match, token.Weight + tokens[t + 1].Weight, stamp, gains, stamps, touched);
                }
            }
        }

        float heavy = (float)query.Weight;
        foreach (int name in touched)
        {
            float possible = gains[name] + slack + (names[name].Initials * InitialGain);
            if (possible >= NameScorer.LeastCoverage(Person) * Math.Min(heavy, (float)names[name].Parsed.Weight))
            {
                result.Add(name);
            }

            gains[name] = 0;
        }

        AddWholeTexts(query, workspace, result);
    }

    /// <summary>Names whose words have too little in common and whose text as a whole has enough.</summary>
    private void AddWholeTexts(ParsedName query, Workspace workspace, List<int> result)
    {
        Span<int> stamps = workspace.Stamps(names.Length, out int stamp);
        foreach (int name in result)
        {
            stamps[name] = stamp;
        }

        List<int> found = workspace.Touched;
        found.Clear();
        wholeTexts.Find(query.Whole, found);
        foreach (int name in found)
        {
            if (stamps[name] != stamp && WholeText.Distance(query, names[name].Parsed, WholeText.Slips(names[name].Parsed)) <= WholeText.Slips(names[name].Parsed))
            {
                result.Add(name);
            }

            stamps[name] = stamp;
        }
    }

    private void Post(WordMatch match, double weight, int stamp, Span<float> gains, Span<int> stamps, List<int> touched)
    {
        float gain = (float)(weight + words[match.Word].Weight) / 2 * (1 - (1.8f * match.Distance));
        if (gain <= 0)
        {
            gain = 0.001f;
        }

        foreach (int name in postings.AsSpan(postingStarts[match.Word], postingStarts[match.Word + 1] - postingStarts[match.Word]))
        {
            if (stamps[name] != stamp)
            {
                stamps[name] = stamp;
                if (gains[name] == 0)
                {
                    touched.Add(name);
                }

                gains[name] += gain;
            }
        }
    }

    /// <summary>Two neighbouring listed words that are one word in the query.</summary>
    private void PostJoinedListed(NameToken token, Span<float> gains, List<int> touched)
    {
        if (token.Sounds.Length < 4 || !joined.TryGetValue(Skeleton.Hash(token.Sounds, ""), out (int Name, byte Position)[]? pairs))
        {
            return;
        }

        foreach ((int name, byte position) in pairs)
        {
            NameToken[] listed = names[name].Parsed.Tokens;
            NameToken a = listed[position], b = listed[position + 1];
            if (Joins.Compare(a, b, token) <= TokenComparer.FarJoined)
            {
                if (gains[name] == 0)
                {
                    touched.Add(name);
                }

                gains[name] += (float)(token.Weight + a.Weight + b.Weight) / 2;
            }
        }
    }

    private static (int[] Starts, int[] Postings) Post(IndexedName[] names, int wordCount)
    {
        var starts = new int[wordCount + 1];
        foreach (IndexedName name in names)
        {
            foreach (int word in name.Words)
            {
                starts[word + 1]++;
            }
        }

        for (int w = 0; w < wordCount; w++)
        {
            starts[w + 1] += starts[w];
        }

        var fill = (int[])starts.Clone();
        var flat = new int[starts[wordCount]];
        for (int n = 0; n < names.Length; n++)
        {
            foreach (int word in names[n].Words)
            {
                flat[fill[word]++] = n;
            }
        }

        return (starts, flat);
    }

    private static FrozenDictionary<uint, (int, byte)[]> Pairs(IndexedName[] names)
    {
        var pairs = new Dictionary<uint, List<(int, byte)>>();
        for (int n = 0; n < names.Length; n++)
        {
            NameToken[] tokens = names[n].Parsed.Tokens;
            for (int t = 0; t + 1 < tokens.Length; t++)
            {
                uint hash = Skeleton.Hash(tokens[t].Sounds, tokens[t + 1].Sounds);
                if (!pairs.TryGetValue(hash, out List<(int, byte)>? list))
                {
                    pairs[hash] = list = [];
                }

                list.Add((n, (byte)t));
            }
        }

        return pairs.ToFrozenDictionary(p => p.Key, p => p.Value.ToArray());
    }
}
