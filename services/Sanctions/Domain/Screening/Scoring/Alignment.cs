using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>How a pair of words came together.</summary>
internal enum LinkKind : byte
{
    Word,
    Initial,
    Abbreviation,
    Joined,
}

/// <summary>Words of the query and words of the candidate that are taken for one another.</summary>
/// <param name="Query">The first word in the query.</param>
/// <param name="QueryCount">1, or 2 when two words of the query are one in the candidate.</param>
/// <param name="Candidate">The first word in the candidate.</param>
/// <param name="CandidateCount">1, or 2 when two words of the candidate are one in the query.</param>
/// <param name="Distance">See <see cref="TokenComparer"/>.</param>
/// <param name="Kind">How they came together.</param>
internal readonly record struct Link(int Query, int QueryCount, int Candidate, int CandidateCount, float Distance, LinkKind Kind);

/// <summary>
/// Finds the pairing of words with the greatest total weight: exactly (by dynamic programming over the set of used candidate words)
/// up to <see cref="MaxExact"/> words a side, best pair first beyond. Neighbouring words may be joined on either side.
/// </summary>
internal static class Alignment
{
    internal const int MaxExact = 8;
    private const float OrderBonus = 0.004f;

    internal static List<Link> Align(ParsedName query, ParsedName candidate)
    {
        List<Link> options = Options(query, candidate);
        return query.Tokens.Length <= MaxExact && candidate.Tokens.Length <= MaxExact
            ? Exact(query.Tokens, candidate.Tokens, options)
            : Greedy(query.Tokens, candidate.Tokens, options);
    }

    /// <summary>What a link is worth: the weight of its words, less the nearer they are to being different.</summary>
    internal static float Gain(in Link link, NameToken[] query, NameToken[] candidate)
    {
        double weight = 0;
        for (int i = 0; i < link.QueryCount; i++)
        {
            weight += query[link.Query + i].Weight;
        }

        for (int i = 0; i < link.CandidateCount; i++)
        {
            weight += candidate[link.Candidate + i].Weight;
        }

        float quality = link.Kind == LinkKind.Initial ? 0.5f : 1 - (1.8f * link.Distance);
        float order = Math.Abs(link.Query - link.Candidate) * OrderBonus;
        return Math.Max(0.001f, ((float)weight / 2 * quality) - order);
    }

    private static List<Link> Options(ParsedName query, ParsedName candidate)
    {
        NameToken[] q = query.Tokens, c = candidate.Tokens;
        var options = new List<Link>(q.Length + c.Length);
        for (int i = 0; i < q.Length; i++)
        {
            for (int j = 0; j < c.Length; j++)
            {
                float distance = TokenComparer.Compare(q[i], c[j]);
                if (distance < TokenComparer.Different)
                {
                    options.Add(new Link(i, 1, j, 1, distance, LinkKind.Word));
                }
                else if ((q[i].Kind == TokenKind.Initial && TokenComparer.StandsFor(q[i], c[j])) || (c[j].Kind == TokenKind.Initial && TokenComparer.StandsFor(c[j], q[i])))
                {
                    options.Add(new Link(i, 1, j, 1, 0, LinkKind.Initial));
                }
                else if (!query.Person && TokenComparer.Abbreviates(q[i], c[j]))
                {
                    options.Add(new Link(i, 1, j, 1, TokenComparer.AbbreviationDistance, LinkKind.Abbreviation));
                }
            }
        }

        AddJoined(q, c, options, querySide: true);
        AddJoined(c, q, options, querySide: false);
        return options;
    }

    /// <summary>Two neighbours of one name against one word of the other.</summary>
    private static void AddJoined(NameToken[] pairs, NameToken[] singles, List<Link> options, bool querySide)
    {
        for (int i = 0; i + 1 < pairs.Length; i++)
        {
            NameToken a = pairs[i], b = pairs[i + 1];
            for (int j = 0; j < singles.Length; j++)
            {
                float distance = Joins.Compare(a, b, singles[j]);
                if (distance <= TokenComparer.FarJoined)
                {
                    options.Add(querySide ? new Link(i, 2, j, 1, distance, LinkKind.Joined) : new Link(j, 1, i, 2, distance, LinkKind.Joined));
                }
            }
        }
    }

    private static List<Link> Exact(NameToken[] query, NameToken[] candidate, List<Link> options)
    {
        int sets = 1 << candidate.Length;
        Span<float> best = stackalloc float[(MaxExact + 3) * 256];
        Span<short> choice = stackalloc short[(MaxExact + 3) * 256];
        best.Clear();
        choice.Fill(-1);
        for (int i = query.Length - 1; i >= 0; i--)
        {
            for (int used = 0; used < sets; used++)
            {
                float value = best[((i + 1) * 256) + used];
                short taken = -1;
                for (int k = 0; k < options.Count; k++)
                {
                    Link link = options[k];
                    int mask = ((1 << link.CandidateCount) - 1) << link.Candidate;
                    if (link.Query == i && (used & mask) == 0)
                    {
                        float gained = Gain(link, query, candidate) + best[((i + link.QueryCount) * 256) + (used | mask)];
                        if (gained > value)
                        {
                            value = gained;
                            taken = (short)k;
                        }
                    }
                }

                best[(i * 256) + used] = value;
                choice[(i * 256) + used] = taken;
            }
        }

        var links = new List<Link>(query.Length);
        int set = 0;
        for (int i = 0; i < query.Length;)
        {
            int k = choice[(i * 256) + set];
            if (k < 0)
            {
                i++;
                continue;
            }

            Link link = options[k];
            links.Add(link);
            set |= ((1 << link.CandidateCount) - 1) << link.Candidate;
            i += link.QueryCount;
        }

        return links;
    }

    private static List<Link> Greedy(NameToken[] query, NameToken[] candidate, List<Link> options)
    {
        options.Sort((x, y) =>
        {
            int byGain = Gain(y, query, candidate).CompareTo(Gain(x, query, candidate));
            return byGain != 0 ? byGain : (x.Query, x.Candidate, x.QueryCount).CompareTo((y.Query, y.Candidate, y.QueryCount));
        });
        uint usedQuery = 0, usedCandidate = 0;
        var links = new List<Link>(query.Length);
        foreach (Link link in options)
        {
            uint queryMask = ((1u << link.QueryCount) - 1) << link.Query, candidateMask = ((1u << link.CandidateCount) - 1) << link.Candidate;
            if ((usedQuery & queryMask) == 0 && (usedCandidate & candidateMask) == 0)
            {
                usedQuery |= queryMask;
                usedCandidate |= candidateMask;
                links.Add(link);
            }
        }

        links.Sort((x, y) => x.Query.CompareTo(y.Query));
        return links;
    }
}

/// <summary>
/// Two neighbouring words against one: "Hajizadeh" and "Haji zadeh", "JSCARGUMENT" and "JSC ARGUMENT". The order of consonant
/// groups must be the same (which the index can look up), and the rest nearly so.
/// </summary>
internal static class Joins
{
    internal static float Compare(NameToken first, NameToken second, NameToken whole)
    {
        if (whole.Kind is TokenKind.Number or TokenKind.Initial || whole.Sounds.Length < 4)
        {
            return TokenComparer.Different;
        }

        if (first.Script == whole.Script && first.Folded.Length + second.Folded.Length == whole.Folded.Length
            && whole.Folded.StartsWith(first.Folded, StringComparison.Ordinal) && whole.Folded.EndsWith(second.Folded, StringComparison.Ordinal))
        {
            return 0;
        }

        int length = first.Sounds.Length + second.Sounds.Length;
        if (Math.Abs(length - whole.Sounds.Length) > 2 + ((whole.Abjad != first.Abjad) ? length / 2 : 0)
            || Skeleton.Hash(first.Sounds, second.Sounds) != Skeleton.Hash(whole.Sounds, ""))
        {
            return TokenComparer.Different;
        }

        return TokenComparer.Measure(SoundWriter.Join(first.Sounds, second.Sounds), first.Abjad, whole.Sounds, whole.Abjad, TokenComparer.FarJoined);
    }
}
