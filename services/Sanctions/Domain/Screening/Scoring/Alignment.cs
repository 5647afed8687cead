using ExternalAction.Sanctions.Domain.Screening.Names;

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
/// What pairing asks of the words of a candidate, and how far they are from those of the query: measured anew, or known from the search that
/// brought the names together.
/// </summary>
internal interface ICandidateWords
{
    /// <summary>The number of words of the candidate.</summary>
    int Count { get; }

    /// <summary>The weight of a word of the candidate.</summary>
    double Weight(int candidate);

    /// <summary>Whether one of the two words is an initial that may stand for the other.</summary>
    bool MeetAsInitial(int query, int candidate);

    /// <summary>The distances of a word of the query from all words of the candidate, <see cref="TokenComparer.Different"/> and <see cref="TokenComparer.Abbreviated"/> too.</summary>
    void Words(int query, Span<float> candidate);

    /// <summary>False when no word of any candidate is a word of the query and the next, written together.</summary>
    bool HasQueryPair(int query);

    /// <summary>The distance of a word of the query and the next, written together, from one word of the candidate.</summary>
    float QueryPair(int query, int candidate);

    /// <summary>The distance of a word of the candidate and the next, written together, from one word of the query.</summary>
    float CandidatePair(int candidate, int query);
}

/// <summary>Pairs the words of two names so that the whole fits best, and says what a link is worth.</summary>
internal static class Alignment
{
    private const float OrderBonus = 0.004f;

    /// <summary>Pairs the words of two names, comparing each with each.</summary>
    internal static Link[] Align(ParsedName query, ParsedName candidate)
    {
        using var workspace = Retrieval.Workspace.Rent();
        return workspace.Aligner.Align(query.Tokens, new MeasuredWords(query, candidate)).ToArray();
    }

    /// <summary>What links are worth together.</summary>
    internal static double Covered<TWords>(ReadOnlySpan<Link> links, NameToken[] query, TWords candidate)
        where TWords : struct, ICandidateWords
    {
        double covered = 0;
        foreach (ref readonly Link link in links)
        {
            covered += Gain(link, query, candidate);
        }

        return covered;
    }

    /// <summary>What a link is worth: the weight of its words, less the nearer they are to being different.</summary>
    internal static float Gain<TWords>(in Link link, NameToken[] query, TWords candidate)
        where TWords : struct, ICandidateWords
    {
        double weight = 0;
        for (int i = 0; i < link.QueryCount; i++)
        {
            weight += query[link.Query + i].Weight;
        }

        for (int i = 0; i < link.CandidateCount; i++)
        {
            weight += candidate.Weight(link.Candidate + i);
        }

        float quality = link.Kind == LinkKind.Initial ? 0.5f : 1 - (1.8f * link.Distance);
        float order = Math.Abs(link.Query - link.Candidate) * OrderBonus;
        return Math.Max(0.001f, ((float)weight / 2 * quality) - order);
    }
}

/// <summary>Compares the words whenever it is asked.</summary>
internal readonly struct MeasuredWords(ParsedName query, ParsedName candidate) : ICandidateWords
{
    public int Count => candidate.Tokens.Length;

    public double Weight(int c) => candidate.Tokens[c].Weight;

    public bool MeetAsInitial(int q, int c) => TokenComparer.MeetAsInitial(query.Tokens[q], candidate.Tokens[c]);

    public void Words(int q, Span<float> distances)
    {
        NameToken a = query.Tokens[q];
        for (int c = 0; c < distances.Length; c++)
        {
            NameToken b = candidate.Tokens[c];
            float distance = TokenComparer.Compare(a, b);
            distances[c] = distance >= TokenComparer.Different && !query.Person && TokenComparer.Abbreviates(a, b) ? TokenComparer.Abbreviated : distance;
        }
    }

    public bool HasQueryPair(int q) => true;

    public float QueryPair(int q, int c) => Joins.Compare(query.Tokens[q], query.Tokens[q + 1], candidate.Tokens[c]);

    public float CandidatePair(int c, int q) => Joins.Compare(candidate.Tokens[c], candidate.Tokens[c + 1], query.Tokens[q]);
}
