using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// What a pairing of words says, as numbers between 0 and about 1 that <see cref="NameModel"/> weighs. Shares are of the mean
/// weight of both names, so that a rare family name counts more than "al".
/// </summary>
internal static class NameFeatures
{
    internal static readonly string[] Names =
    [
        "constant", "same word", "same sound", "slightly different", "one letter", "two letters", "contradicted", "extra in query", "extra in candidate",
        "information", "initials", "joined words", "other family name", "family name distance", "other patronymic", "numbers differ", "single word",
        "order", "distance", "other legal form", "other given name", "few names", "contradicted squared", "rare contradiction",
        "letters differing", "words differing", "joined all",
    ];

    private const double SameSound = 0.021, OtherName = 0.16, ShortStrictness = 2;
    private const int ShortWord = 3;

    internal static int Count => Names.Length;

    internal static void Compute(ParsedName query, ParsedName candidate, ReadOnlySpan<Link> links, Span<double> f)
    {
        f.Clear();
        NameToken[] q = query.Tokens, c = candidate.Tokens;
        double total = Math.Max(0.05, (query.Weight + candidate.Weight) / 2);
        uint usedQ = 0, usedC = 0;
        double information = 0;
        int matchedNames = 0, inversions = 0, lastCandidate = -1, inexact = 0;
        double letters = 0;
        int fathers = 0; // 1: a patronymic of the query is in a link, 2: one of the candidate
        int sons = 0; // 1: a patronymic of the query is in a link with a name that is none, 2: one of the candidate
        bool sameFather = false;
        f[0] = 1;
        foreach (Link link in links)
        {
            double ofQuery = 0, ofCandidate = 0;
            bool family = false, names = false;
            for (int i = 0; i < link.QueryCount; i++)
            {
                NameToken t = q[link.Query + i];
                ofQuery += t.Weight;
                usedQ |= 1u << (link.Query + i);
                family |= t.Family;
                names |= t.Kind == TokenKind.Name;
            }

            for (int i = 0; i < link.CandidateCount; i++)
            {
                NameToken t = c[link.Candidate + i];
                ofCandidate += t.Weight;
                usedC |= 1u << (link.Candidate + i);
                family |= t.Family;
            }

            double weight = (ofQuery + ofCandidate) / 2, share = weight / total;
            double distance = Judged(link, q, c);
            fathers |= (q[link.Query].PatronymicStem > 0 ? 1 : 0) | (c[link.Candidate].PatronymicStem > 0 ? 2 : 0);
            sameFather |= q[link.Query].PatronymicStem > 0 && c[link.Candidate].PatronymicStem > 0;
            sons |= Patronymics.IsOf(q[link.Query], c[link.Candidate]) ? 1 : Patronymics.IsOf(c[link.Candidate], q[link.Query]) ? 2 : 0;
            if (link.Kind == LinkKind.Initial)
            {
                f[10] += share;
            }
            else
            {
                f[distance <= 0.021 ? 1 : distance <= 0.08 ? 2 : distance <= 0.16 ? 3 : distance <= 0.26 ? 4 : 5] += share;
                // a word without vowels tells no more than it says, however rare the name that it may stand for
                double told = (q[link.Query].Abjad, c[link.Candidate].Abjad) switch { (true, false) => Math.Min(weight, ofQuery), (false, true) => Math.Min(weight, ofCandidate), _ => weight };
                information += told * (1 - (2 * distance));
                f[18] += share * distance;
                matchedNames += names ? 1 : 0;
                letters += distance * Math.Max(3, q[link.Query].Sounds.Length);
                inexact += names && distance > 0.08 ? 1 : 0;
                if (family)
                {
                    f[13] = Math.Max(f[13], distance);
                }
            }

            if (link.Kind == LinkKind.Joined)
            {
                f[11] += share;
            }

            if (names && link.Candidate < lastCandidate)
            {
                inversions++;
            }

            lastCandidate = names ? link.Candidate : lastCandidate;
        }

        Unmatched left = Unmatched.Of(q, usedQ), right = Unmatched.Of(c, usedC);
        double contradicted = Math.Min(left.Weight, right.Weight);
        f[6] = contradicted / total;
        f[7] = (left.Weight - contradicted) / total;
        f[8] = (right.Weight - contradicted) / total;
        f[9] = Math.Log(0.15 + Math.Max(0, information));
        f[12] = query.FamilyKnown && candidate.FamilyKnown && left.Family && right.Family ? 1 : 0;
        bool crossed = fathers == 3 && !sameFather && !left.Patronymic && !right.Patronymic; // Ivan Igorevich is not Igor Ivanovich
        bool father = ((sons & 1) != 0 && left.Given) || ((sons & 2) != 0 && right.Given); // Dmitri Peskov is not Nikolay Dmitrievich Peskov
        f[14] = crossed || father || (left.Patronymic && right.Patronymic) ? 1 : 0;
        f[15] = left.Numbers > 0 && right.Numbers > 0 ? 1 : left.Numbers + right.Numbers > 0 ? 0.4 : 0;
        int fewest = Math.Min(query.NameCount, candidate.NameCount), most = Math.Max(query.NameCount, candidate.NameCount);
        f[16] = fewest <= 1 && most > 1 && f[11] < 0.5 && f[10] == 0 ? 1 : 0;
        f[17] = matchedNames > 1 ? inversions / (double)(matchedNames - 1) : 0;
        f[19] = left.LegalForms > 0 && right.LegalForms > 0 ? 1 : 0;
        f[20] = father || (left.Given && right.Given) ? 1 : 0;
        f[21] = matchedNames <= 1 && most > 1 && f[11] < 0.5 && f[10] == 0 ? 1 : 0;
        f[22] = f[6] * f[6];
        f[23] = Math.Min(left.Rarest, right.Rarest);
        f[24] = Math.Min(4, letters) / 2;
        f[25] = Math.Max(0, inexact - 1);
        f[26] = f[11] > 0.8 ? 1 : 0;
    }

    /// <summary>
    /// The distance of a link as it is weighed: in very short words a letter is much (Li, Liu), and words that are each known, but not as
    /// one, are not spellings of one another: given names (Hassan, Hussein), places (Iraq, Iran), a place and a name (Korea, Koryo), two
    /// known words and one other (Korean Air, Karanir).
    /// </summary>
    private static double Judged(in Link link, NameToken[] query, NameToken[] candidate)
    {
        NameToken q = query[link.Query], c = candidate[link.Candidate];
        if (link.Kind is LinkKind.Initial or LinkKind.Abbreviation || link.Distance <= SameSound)
        {
            return link.Distance;
        }

        if (link.Kind == LinkKind.Joined)
        {
            return AreKnown(query, link.Query, link.QueryCount) || AreKnown(candidate, link.Candidate, link.CandidateCount) ? Math.Min(TokenComparer.Far, link.Distance + OtherName) : link.Distance;
        }

        double distance = Math.Max(q.Sounds.Length, c.Sounds.Length) <= ShortWord ? link.Distance * ShortStrictness : link.Distance;
        bool otherName = q.Variants is not null && c.Variants is not null && q.PatronymicStem == 0 && !NameVariants.Share(q.Variants, c.Variants);
        bool otherPlace = Vocabulary.IsPlace(q.Symbol) || Vocabulary.IsPlace(c.Symbol);
        return Math.Min(TokenComparer.Far, otherName || otherPlace ? distance + OtherName : distance);
    }

    /// <summary>Whether two neighbours are words of trade or places, both.</summary>
    private static bool AreKnown(NameToken[] tokens, int first, int count) => count == 2 && tokens[first].Symbol != 0 && tokens[first + 1].Symbol != 0;

    private readonly record struct Unmatched(double Weight, bool Family, bool Patronymic, bool Given, int Numbers, int LegalForms, double Rarest)
    {
        internal static Unmatched Of(NameToken[] tokens, uint used)
        {
            double weight = 0, rarest = 0;
            bool family = false, patronymic = false, given = false;
            int numbers = 0, legalForms = 0;
            for (int i = 0; i < tokens.Length; i++)
            {
                if ((used & (1u << i)) == 0)
                {
                    NameToken t = tokens[i];
                    weight += t.Weight;
                    family |= t.Family;
                    patronymic |= t.PatronymicStem > 0;
                    given |= t.Kind == TokenKind.Name && !t.Family && t.PatronymicStem == 0;
                    numbers += t.Kind == TokenKind.Number ? 1 : 0;
                    legalForms += t.Kind == TokenKind.LegalForm ? 1 : 0;
                    rarest = t.Kind == TokenKind.Name ? Math.Max(rarest, t.Weight) : rarest;
                }
            }

            return new Unmatched(weight, family, patronymic, given, numbers, legalForms, rarest);
        }
    }
}
