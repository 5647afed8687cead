using System.Numerics;
using System.Runtime.InteropServices;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// Finds the pairing of words with the greatest total weight. Steps: (1) every link that is possible, with its worth; (2) where no
/// two links want the same word, all of them; (3) else exactly (by dynamic programming over the set of used candidate words) up to
/// <see cref="MaxExact"/> words a side, best pair first beyond. Neighbouring words may be joined on either side. Holds scratch memory: for one thread.
/// </summary>
internal sealed class Aligner
{
    internal const int MaxExact = 8;

    private readonly List<Link> options = [];
    private readonly List<float> gains = [];
    private readonly List<Link> links = [];

    /// <summary>What the last links are worth together.</summary>
    internal double Covered { get; private set; }

    /// <summary>The links of the best pairing in the order of the query's words; valid until the next call.</summary>
    internal ReadOnlySpan<Link> Align<TWords>(NameToken[] query, TWords candidate)
        where TWords : struct, ICandidateWords
    {
        options.Clear();
        gains.Clear();
        links.Clear();
        AddOptions(query, candidate); // (1)
        if (!Disputed()) // (2)
        {
            links.AddRange(options);
            SortByQuery();
        }
        else if (query.Length <= MaxExact && candidate.Count <= MaxExact) // (3)
        {
            Exact(query.Length);
        }
        else
        {
            Greedy();
        }

        ReadOnlySpan<Link> best = CollectionsMarshal.AsSpan(links);
        Covered = Alignment.Covered(best, query, candidate);
        return best;
    }

    private void AddOptions<TWords>(NameToken[] q, TWords c)
        where TWords : struct, ICandidateWords
    {
        Span<float> row = stackalloc float[c.Count];
        for (int i = 0; i < q.Length; i++)
        {
            c.Words(i, row);
            for (int j = 0; j < row.Length; j++)
            {
                float distance = row[j];
                if (distance < TokenComparer.Different)
                {
                    Add(new Link(i, 1, j, 1, distance, LinkKind.Word), q, c);
                }
                else if (c.MeetAsInitial(i, j))
                {
                    Add(new Link(i, 1, j, 1, 0, LinkKind.Initial), q, c);
                }
                else if (distance > TokenComparer.Different)
                {
                    Add(new Link(i, 1, j, 1, TokenComparer.AbbreviationDistance, LinkKind.Abbreviation), q, c);
                }
            }
        }

        for (int i = 0; i + 1 < q.Length; i++)
        {
            for (int j = 0; j < row.Length && c.HasQueryPair(i); j++)
            {
                if (c.QueryPair(i, j) is var distance && distance <= TokenComparer.FarJoined)
                {
                    Add(new Link(i, 2, j, 1, distance, LinkKind.Joined), q, c);
                }
            }
        }

        for (int i = 0; i + 1 < row.Length; i++)
        {
            for (int j = 0; j < q.Length; j++)
            {
                if (c.CandidatePair(i, j) is var distance && distance <= TokenComparer.FarJoined)
                {
                    Add(new Link(j, 1, i, 2, distance, LinkKind.Joined), q, c);
                }
            }
        }
    }

    private void Add<TWords>(in Link link, NameToken[] query, TWords candidate)
        where TWords : struct, ICandidateWords
    {
        options.Add(link);
        gains.Add(Alignment.Gain(link, query, candidate));
    }

    private static uint QueryMask(in Link link) => ((1u << link.QueryCount) - 1) << link.Query;

    private static uint CandidateMask(in Link link) => ((1u << link.CandidateCount) - 1) << link.Candidate;

    private bool Disputed()
    {
        uint usedQuery = 0, usedCandidate = 0;
        foreach (ref readonly Link link in CollectionsMarshal.AsSpan(options))
        {
            if ((usedQuery & QueryMask(link)) != 0 || (usedCandidate & CandidateMask(link)) != 0)
            {
                return true;
            }

            usedQuery |= QueryMask(link);
            usedCandidate |= CandidateMask(link);
        }

        return false;
    }

    private void Exact(int queryLength)
    {
        // candidate words that any link wants; the sets are of these only
        ReadOnlySpan<Link> all = CollectionsMarshal.AsSpan(options);
        uint wanted = 0;
        foreach (ref readonly Link link in all)
        {
            wanted |= CandidateMask(link);
        }

        Span<int> masks = stackalloc int[all.Length];
        for (int k = 0; k < all.Length; k++)
        {
            int before = BitOperations.PopCount(wanted & ((1u << all[k].Candidate) - 1));
            masks[k] = ((1 << all[k].CandidateCount) - 1) << before;
        }

        // row i: the best that the words of the query from i on can still gain, for every set of used words
        int sets = 1 << BitOperations.PopCount(wanted);
        Span<float> best = stackalloc float[(queryLength + 1) * sets];
        Span<short> choice = stackalloc short[queryLength * sets];
        best[(queryLength * sets)..].Clear();
        ReadOnlySpan<float> worth = CollectionsMarshal.AsSpan(gains);
        Span<short> own = stackalloc short[all.Length];
        for (int i = queryLength - 1; i >= 0; i--)
        {
            int count = 0;
            for (int k = 0; k < all.Length; k++)
            {
                if (all[k].Query == i)
                {
                    own[count++] = (short)k;
                }
            }

            for (int used = 0; used < sets; used++)
            {
                float value = best[((i + 1) * sets) + used];
                short taken = -1;
                foreach (short k in own[..count])
                {
                    if ((used & masks[k]) == 0)
                    {
                        float gained = worth[k] + best[((i + all[k].QueryCount) * sets) + (used | masks[k])];
                        if (gained > value)
                        {
                            value = gained;
                            taken = k;
                        }
                    }
                }

                best[(i * sets) + used] = value;
                choice[(i * sets) + used] = taken;
            }
        }

        int set = 0;
        for (int i = 0; i < queryLength;)
        {
            int k = choice[(i * sets) + set];
            if (k < 0)
            {
                i++;
                continue;
            }

            links.Add(all[k]);
            set |= masks[k];
            i += all[k].QueryCount;
        }
    }

    private void Greedy()
    {
        int[] order = [.. Enumerable.Range(0, options.Count)];
        Array.Sort(order, (x, y) =>
        {
            int byGain = gains[y].CompareTo(gains[x]);
            return byGain != 0 ? byGain
                : (options[x].Query, options[x].Candidate, options[x].QueryCount, x).CompareTo((options[y].Query, options[y].Candidate, options[y].QueryCount, y));
        });
        uint usedQuery = 0, usedCandidate = 0;
        foreach (int k in order)
        {
            Link link = options[k];
            if ((usedQuery & QueryMask(link)) == 0 && (usedCandidate & CandidateMask(link)) == 0)
            {
                usedQuery |= QueryMask(link);
                usedCandidate |= CandidateMask(link);
                links.Add(link);
            }
        }

        SortByQuery();
    }

    /// <summary>By insertion: the links are few and nearly in order.</summary>
    private void SortByQuery()
    {
        for (int i = 1; i < links.Count; i++)
        {
            Link link = links[i];
            int at = i;
            for (; at > 0 && links[at - 1].Query > link.Query; at--)
            {
                links[at] = links[at - 1];
            }

            links[at] = link;
        }
    }
}
