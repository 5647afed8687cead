using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>Says in plain sentences why two names were taken for one, or not.</summary>
internal static class EvidenceWriter
{
    internal static void Write(ParsedName query, ParsedName candidate, ReadOnlySpan<Link> links, bool strong, ImmutableArray<Evidence>.Builder evidence)
    {
        uint usedQuery = 0, usedCandidate = 0;
        foreach (Link link in links)
        {
            string q = Words(query, link.Query, link.QueryCount), c = Words(candidate, link.Candidate, link.CandidateCount);
            usedQuery |= ((1u << link.QueryCount) - 1) << link.Query;
            usedCandidate |= ((1u << link.CandidateCount) - 1) << link.Candidate;
            evidence.Add(Pair(query.Tokens[link.Query], candidate.Tokens[link.Candidate], link, q, c));
            if (query.Tokens[link.Query].HomoglyphsUndone || candidate.Tokens[link.Candidate].HomoglyphsUndone)
            {
                evidence.Add(new Evidence("homoglyph", $"\"{q}\" contains letters of another script that only look right; they were read as what they look like.", q, c, "neutral"));
            }
        }

        Left(query.Tokens, usedQuery, inQuery: true, evidence);
        Left(candidate.Tokens, usedCandidate, inQuery: false, evidence);
        if (Contradicts(query.Tokens, usedQuery, candidate.Tokens, usedCandidate) is var (a, b))
        {
            evidence.Add(new Evidence("contradiction", $"\"{a}\" and \"{b}\" stand in the same place and are different words, which speaks against one subject.", a, b, "against"));
        }

        if (Inverted(links))
        {
            evidence.Add(new Evidence("order", "The words stand in another order.", "", "", "neutral"));
        }

        int slips = WholeText.Distance(query, candidate, candidate.Outline.Slips);
        if (slips is > 0 and <= TextOutline.MostSlips && slips <= candidate.Outline.Slips)
        {
            evidence.Add(new Evidence("name", $"Written in one, the two names differ by {(slips == 1 ? "one letter" : "two letters")} only.", query.Text, candidate.Text, "for"));
        }

        if (!strong)
        {
            evidence.Add(new Evidence("weakAlias", "The listed name is marked as a weak alias: it counts only in full, and never above 0.80.", "", candidate.Text, "neutral"));
        }

        Span<double> features = stackalloc double[NameFeatures.Count];
        NameFeatures.Compute(query, candidate, links, features);
        if (NameScorer.IsPlaceOnly(query, candidate, links, features))
        {
            evidence.Add(new Evidence("caution", "Only a place and words of trade agree, and not all of them: many organisations are called so.", "", "", "against"));
        }

        if (query.Person && Math.Min(query.NameCount, candidate.NameCount) <= 1)
        {
            evidence.Add(new Evidence("caution", "Only one word could be compared, which many people share; look at birth date, country or documents.", "", "", "against"));
        }
    }

    private static Evidence Pair(NameToken q, NameToken c, Link link, string query, string listed)
    {
        (string kind, string text) = link.Kind switch
        {
            LinkKind.Initial => ("initial", $"The initial \"{query}\" can stand for \"{listed}\"."),
            _ when Patronymics.IsOf(c, q) => ("patronymic", $"\"{query}\" agrees with the patronymic \"{listed}\", which names the father, and not with the given name."),
            _ when Patronymics.IsOf(q, c) => ("patronymic", $"The patronymic \"{query}\", which names the father, agrees with \"{listed}\"."),
            LinkKind.Joined => ("joined", $"\"{query}\" and \"{listed}\" are the same once written together."),
            LinkKind.Abbreviation => ("abbreviation", $"\"{query}\" and \"{listed}\": one begins the other, as abbreviations do."),
            _ when q.Kind == TokenKind.Number => ("number", $"The number \"{query}\" agrees with \"{listed}\"."),
            _ when q.Kind == TokenKind.LegalForm => ("legalForm", $"\"{query}\" and \"{listed}\" are legal forms of one kind."),
            _ when q.Symbol != 0 && q.Folded != c.Folded => ("name", $"\"{query}\" and \"{listed}\" are words for the same thing."),
            _ when q.Folded == c.Folded => ("name", $"\"{query}\" is the same word."),
            _ when q.Script != c.Script && link.Distance <= 0.08 => ("name", $"\"{query}\" reads as \"{listed}\" in another script."),
            _ when NameVariants.Share(q.Variants, c.Variants) => ("name", $"\"{query}\" and \"{listed}\" are forms of one name."),
            _ when link.Distance <= 0.08 => ("name", $"\"{query}\" and \"{listed}\" are spellings of the same sound."),
            _ => ("name", string.Create(CultureInfo.InvariantCulture, $"\"{query}\" is similar to \"{listed}\" (about {link.Distance * 100:0} % of it differs).")),
        };
        return new Evidence(kind, text, query, listed, kind == "patronymic" || link.Distance > 0.26 ? "neutral" : "for");
    }

    private static void Left(NameToken[] tokens, uint used, bool inQuery, ImmutableArray<Evidence>.Builder evidence)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            NameToken t = tokens[i];
            if ((used & (1u << i)) != 0 || t.Kind is TokenKind.StopWord or TokenKind.Title or TokenKind.Particle)
            {
                continue;
            }

            string what = t.Kind switch
            {
                TokenKind.LegalForm => "legal form",
                TokenKind.Number => "number",
                TokenKind.Initial => "initial",
                _ when t.PatronymicStem > 0 => "patronymic",
                _ => "word",
            };
            evidence.Add(inQuery
                ? new Evidence("extra", $"The {what} \"{t.Display}\" is not in the listed name.", t.Display, "", t.Kind == TokenKind.LegalForm ? "neutral" : "against")
                : new Evidence("missing", $"The {what} \"{t.Display}\" of the listed name was not given.", "", t.Display, t.Kind == TokenKind.LegalForm ? "neutral" : "against"));
        }
    }

    /// <summary>The weightiest unmatched words when both sides have one.</summary>
    private static (string A, string B)? Contradicts(NameToken[] query, uint usedQuery, NameToken[] candidate, uint usedCandidate)
    {
        NameToken? a = Heaviest(query, usedQuery), b = Heaviest(candidate, usedCandidate);
        return a is not null && b is not null ? (a.Display, b.Display) : null;
    }

    private static NameToken? Heaviest(NameToken[] tokens, uint used)
    {
        NameToken? heaviest = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            if ((used & (1u << i)) == 0 && tokens[i].Kind is TokenKind.Name or TokenKind.Number && (used & (1u << i)) == 0 && tokens[i].Weight > (heaviest?.Weight ?? 0))
            {
                heaviest = tokens[i];
            }
        }

        return heaviest;
    }

    private static bool Inverted(ReadOnlySpan<Link> links)
    {
        for (int i = 1; i < links.Length; i++)
        {
            if (links[i].Candidate < links[i - 1].Candidate)
            {
                return true;
            }
        }

        return false;
    }

    private static string Words(ParsedName name, int from, int count) => string.Join(' ', name.Tokens.Skip(from).Take(count).Select(t => t.Display));
}
