using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// Scores two parsed names. Steps: (1) pair the words, (2) weigh the pairing (<see cref="NameModel"/>), (3) apply the cautions that no
/// weight may outvote: too little in common, a single common word, nothing but words of trade, numbers that differ, weak aliases.
/// </summary>
internal static class NameScorer
{
    /// <summary>Below this share of the lighter name's weight, two names have too little in common; the index relies on it.</summary>
    internal static double LeastCoverage(bool person) => person ? 0.5 : 0.4;

    /// <summary>The log-odds that <see cref="LeastCoverage"/> leaves at most: a score below every threshold that may be asked for.</summary>
    internal const double TooLittle = -1.0;

    /// <summary>No name alone makes a match certain: 0.9975.</summary>
    internal const double MostFromName = 6.0;

    private const double WeakAliasMost = 1.386; // 0.80
    private const double SingleWordMost = 0.0; // 0.50
    private const double OtherMost = -0.7; // 0.33
    private const double DoubtfulMost = 0.3; // 0.57

    /// <summary>What one of two names may say beyond the other and still be as good as the same: a legal form, an acronym, "of".</summary>
    private const double LeastSaid = 0.1;

    /// <summary>A word of trade that is told from another by more than this is another.</summary>
    private const float Loose = 0.16f;

    /// <summary>So many words of trade that agree, and that are nearly all of both names, describe one organisation among many.</summary>
    private const int DescriptiveWords = 3;

    private const double MostOfBoth = 0.75;

    internal static double LogOdds(ParsedName query, ParsedName candidate, bool strong, ReadOnlySpan<Link> links)
    {
        if (query.Tokens.Length == 0 || candidate.Tokens.Length == 0)
        {
            return -9;
        }

        Span<double> features = stackalloc double[NameFeatures.Count];
        NameFeatures.Compute(query, candidate, links, features);
        double odds = Math.Clamp(NameModel.LogOdds(features, query.Person), -9, MostFromName);
        return Caution(query, candidate, strong, links, features, odds);
    }

    /// <summary>
    /// Whether the words have too little in common: if the text as a whole says nothing either (<see cref="WholeText.IsOther"/>), the score is
    /// below every threshold.
    /// </summary>
    /// <param name="covered">What the links are worth together.</param>
    /// <param name="candidateWeight">The weight of all words of the candidate.</param>
    internal static bool IsTooLittle(double covered, ParsedName query, double candidateWeight) => covered < LeastCoverage(query.Person) * Math.Min(query.Weight, candidateWeight);

    private static double Caution(ParsedName query, ParsedName candidate, bool strong, ReadOnlySpan<Link> links, ReadOnlySpan<double> features, double odds)
    {
        double covered = Alignment.Covered(links, query.Tokens, new MeasuredWords(query, candidate));
        bool distinctive = false;
        double rarest = 0;
        bool given = false;
        int ofTrade = 0;
        foreach (Link link in links)
        {
            ofTrade += query.Tokens[link.Query].Kind == TokenKind.OrganisationWord ? 1 : 0;
            if (link.Kind == LinkKind.Initial)
            {
                continue;
            }

            for (int i = 0; i < link.QueryCount; i++)
            {
                NameToken word = query.Tokens[link.Query + i];
                distinctive |= word.Kind is TokenKind.Name or TokenKind.Number;
                rarest = Math.Max(rarest, word.Weight);
                given |= word.Variants is not null;
            }
        }

        if (IsTooLittle(covered, query, candidate.Weight))
        {
            odds = Math.Min(odds, TooLittle);
        }

        bool descriptive = ofTrade >= DescriptiveWords && covered >= MostOfBoth * Math.Max(query.Weight, candidate.Weight); // "Engineering Centre of Innovative Technologies"
        if (!distinctive && !descriptive && (query.NameCount > 0 || candidate.NameCount > 0 || query.Tokens.Length < 2))
        {
            odds = Math.Min(odds, TooLittle - 1); // nothing but "Group", "Ltd", "al" in common
        }

        // one word of several, or one common word, is half the truth at best
        int fewest = Math.Min(query.NameCount, candidate.NameCount), most = Math.Max(query.NameCount, candidate.NameCount);
        if (query.Person && ((features[16] > 0) || (fewest <= 1 && most <= 1 && rarest < 0.6)))
        {
            odds = Math.Min(odds, SingleWordMost);
        }

        if (!query.Person && fewest <= 1 && rarest < (most > 1 || given ? 0.75 : 0.6) && features[11] < 0.5 && query.Tokens.Length < 3)
        {
            odds = Math.Min(odds, SingleWordMost);
        }

        if (query.Person && IsDisplaced(query, candidate, links))
        {
            odds = Math.Min(odds, DoubtfulMost);
        }

        if (IsPlaceOnly(query, candidate, links, features))
        {
            odds = Math.Min(odds, features[6] > LeastSaid ? OtherMost : DoubtfulMost); // a place and a word of trade: "Central Bank of Libya", "Libyan Agricultural Bank"
        }

        // what the words leave in doubt, the text as a whole may settle
        odds = Math.Max(odds, WholeText.LeastOdds(query, candidate));
        if (features[14] > 0)
        {
            odds = Math.Min(odds, features[20] > 0 ? OtherMost : SingleWordMost); // sons of different fathers; with other given names too, at most brothers
        }

        if (features[15] >= 1)
        {
            odds = Math.Min(odds, OtherMost); // "Fund 5" is not "Fund 8"
        }

        if (!strong)
        {
            double apart = features[6] + features[7] + features[8] + features[18];
            odds = Math.Min(odds - (8 * apart), WeakAliasMost);
        }

        return odds;
    }

    /// <summary>
    /// Whether a place and words of trade are all that agrees, and not all of them do: "Bank of Korea", "Foreign Trade Bank of Korea".
    /// </summary>
    internal static bool IsPlaceOnly(ParsedName query, ParsedName candidate, ReadOnlySpan<Link> links, ReadOnlySpan<double> features)
    {
        bool placed = false, loose = false;
        foreach (Link link in links)
        {
            loose |= link.Kind != LinkKind.Initial && link.Distance > Loose;
            for (int i = 0; i < link.QueryCount && link.Kind != LinkKind.Initial; i++)
            {
                NameToken word = query.Tokens[link.Query + i];
                if (Vocabulary.IsPlace(word.Symbol))
                {
                    placed = true;
                }
                else if (word.Kind == TokenKind.Name && candidate.Tokens[link.Candidate].Kind == TokenKind.Name)
                {
                    return false;
                }
            }
        }

        return placed && (loose || features[6] + features[7] + features[8] > LeastSaid);
    }

    /// <summary>
    /// Whether of three names each two agree, and the third is another name in another place: Kim Ji-young is not Kim Young-nam.
    /// </summary>
    private static bool IsDisplaced(ParsedName query, ParsedName candidate, ReadOnlySpan<Link> links)
    {
        if (query.NameCount != 3 || candidate.NameCount != 3 || query.Tokens.Length != 3 || candidate.Tokens.Length != 3 || links.Length != 2)
        {
            return false;
        }

        int left = 0 + 1 + 2, right = 0 + 1 + 2;
        foreach (Link link in links)
        {
            if (link.QueryCount > 1 || link.CandidateCount > 1)
            {
                return false;
            }

            left -= link.Query;
            right -= link.Candidate;
        }

        return left != right;
    }

    internal static double Probability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    /// <summary>A score as it is shown: four places, rounded half to even.</summary>
    internal static decimal Round(double probability) => Math.Round((decimal)Math.Clamp(probability, 0, 1), 4);
}
