using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening;

/// <summary>Compares one name with another, by the same scorer that screens a list.</summary>
public static class NameComparer
{
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

        ParsedName[] readings = NameParser.Readings(query, type == SubjectType.Person);
        ParsedName c = type == SubjectType.Person ? NameParser.Person(candidate) : NameParser.Organisation(candidate);
        if (readings.Length == 0 || c.Tokens.Length == 0)
        {
            return new NameComparison(0m, [new Evidence("caution", "There is no name to compare.", query.Length > 80 ? query[..80] : query, "", "neutral")]);
        }

        (ParsedName q, Link[] links, double odds) = readings
            .Select(reading => (Reading: reading, Links: Alignment.Align(reading, c)))
            .Select(read => (read.Reading, read.Links, Odds: NameScorer.LogOdds(read.Reading, c, strong: true, read.Links)))
            .MaxBy(read => read.Odds);
        var evidence = ImmutableArray.CreateBuilder<Evidence>();
        EvidenceWriter.Write(q, c, links, strong: true, evidence);
        return new NameComparison(NameScorer.Round(NameScorer.Probability(odds)), evidence.ToImmutable());
    }

    /// <summary>Whether a name has anything to compare: a letter or a digit, not signs only ("???").</summary>
    public static bool CanRead(string name) => RawTokenizer.Split(name).Exists(word => word.Folded.Length > 0);
}
