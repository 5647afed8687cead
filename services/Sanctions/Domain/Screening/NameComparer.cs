using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening;

/// <summary>Compares one name with another, by the same scorer that screens a list.</summary>
public static class NameComparer
{
    /// <summary>The version of rules, vocabularies and weights; part of every screening record.</summary>
    public const string EngineVersion = "1";

    /// <summary>The least threshold that may be asked for.</summary>
    public const decimal LeastThreshold = 0.30m;

    /// <summary>
    /// The score of two names, with reasons. The order of the two does not matter to the score by more than the weight of extra words.
    /// Empty names, and names without a letter or digit, score 0. Text beyond 600 characters is not read.
    /// </summary>
    /// <param name="type">Persons are compared by the rules for persons, all else by those for organisations; unknown takes the better.</param>
    public static NameComparison Compare(SubjectType type, string query, string candidate)
    {
        if (type == SubjectType.Unknown)
        {
            NameComparison person = Compare(SubjectType.Person, query, candidate), organisation = Compare(SubjectType.Enterprise, query, candidate);
            return person.Score >= organisation.Score ? person : organisation;
        }

        ParsedName q = Parse(type, query), c = Parse(type, candidate);
        if (q.Tokens.Length == 0 || c.Tokens.Length == 0)
        {
            return new NameComparison(0m, [new Evidence("caution", "There is no name to compare.", query.Length > 80 ? query[..80] : query, "", "neutral")]);
        }

        Link[] links = Alignment.Align(q, c);
        double odds = NameScorer.LogOdds(q, c, strong: true, links);
        var evidence = ImmutableArray.CreateBuilder<Evidence>();
        EvidenceWriter.Write(q, c, links, strong: true, evidence);
        return new NameComparison(NameScorer.Round(NameScorer.Probability(odds)), evidence.ToImmutable());
    }

    internal static ParsedName Parse(SubjectType type, string name) => type == SubjectType.Person ? NameParser.Person(name) : NameParser.Organisation(name);
}
