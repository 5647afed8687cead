using System.Collections.Frozen;
using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening.Attributes;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Retrieval;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening;

/// <summary>
/// A list of subjects, ready to be screened against. Immutable: one value is one version of the list, may be used by any number of
/// threads, and is replaced as a whole. <see cref="With"/> makes the next version cheaply by keeping changed entities apart
/// until they are many.
/// </summary>
public sealed class ScreeningIndex
{
    /// <summary>Up to so many changed entities are kept apart; with more, the whole is built anew.</summary>
    internal const int MostApart = 256;

    /// <summary>Of subjects that score alike, one that is listed as asked comes first.</summary>
    private const double SameText = 1e-6;

    /// <summary>The weight of a listed name is kept less exactly than it is judged by in the end.</summary>
    private const double WeightAsFloat = 1e-5;

    private readonly Segments bulk;
    private readonly Segments recent;
    private readonly FrozenSet<string> superseded;

    private ScreeningIndex(Segments bulk, Segments recent, FrozenSet<string> superseded)
    {
        this.bulk = bulk;
        this.recent = recent;
        this.superseded = superseded;
    }

    /// <summary>An index without entities.</summary>
    public static ScreeningIndex Empty { get; } = Build([]);

    /// <summary>The number of entities.</summary>
    public int EntityCount => bulk.Entities.Length - superseded.Count + recent.Entities.Length;

    /// <summary>The number of names.</summary>
    public int NameCount => All().Sum(e => e.Names.Length);

    /// <summary>Builds an index; a third of a second for the whole EU list, on two cores.</summary>
    /// <exception cref="ArgumentException">Two entities have the same id.</exception>
    public static ScreeningIndex Build(IEnumerable<ScreenedEntity> entities)
    {
        ImmutableArray<ScreenedEntity> all = [.. entities];
        var ids = new HashSet<string>(all.Length);
        foreach (ScreenedEntity entity in all)
        {
            if (!ids.Add(entity.Id))
            {
                throw new ArgumentException($"Two entities have the id {entity.Id}.", nameof(entities));
            }
        }

        return new ScreeningIndex(Segments.Of(all), Segments.Of([]), FrozenSet<string>.Empty);
    }

    /// <summary>The next version. Removing an id that is not there changes nothing.</summary>
    public ScreeningIndex With(ScreeningDelta delta)
    {
        ImmutableArray<ScreenedEntity> upserted = delta.Upserted.IsDefault ? [] : delta.Upserted;
        ImmutableArray<string> removed = delta.RemovedIds.IsDefault ? [] : delta.RemovedIds;
        HashSet<string> gone = [.. removed, .. upserted.Select(e => e.Id)];
        ImmutableArray<ScreenedEntity> apart = [.. recent.Entities.Where(e => !gone.Contains(e.Id)), .. upserted.GroupBy(e => e.Id).Select(g => g.Last())];
        FrozenSet<string> hidden = superseded.Concat(gone.Where(bulk.ById.ContainsKey)).ToFrozenSet();
        return apart.Length > MostApart
            ? Build(bulk.Entities.Where(e => !hidden.Contains(e.Id)).Concat(apart))
            : new ScreeningIndex(bulk, Segments.Of(apart), hidden);
    }

    /// <summary>
    /// Screens one subject. Hits come best first (then by id), at most <see cref="MatchOptions.Limit"/>, none below the threshold.
    /// The same index, query and options give the same answer always. An empty answer is no clearance.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1.</exception>
    public ImmutableArray<ScreeningHit> Match(ScreeningQuery query, MatchOptions options)
    {
        if (options.Limit < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Limit, "The limit is less than 1.");
        }

        var best = new Dictionary<string, Scored>();
        foreach (Segments segments in new[] { bulk, recent })
        {
            // (1) names, (2) identifiers: a number finds its owner under any name
            if (!query.Names.IsDefaultOrEmpty)
            {
                MatchNames(segments, query, options, best);
            }

            MatchIdentifiers(segments, query, best);
        }

        // (3) rank, (4) explain what is returned
        decimal least = options.EffectiveThreshold;
        return
        [
            .. best.Values
                .Select(s => (Scored: s, Score: NameScorer.Round(NameScorer.Probability(s.Odds))))
                .Where(s => s.Score >= least)
                .OrderByDescending(s => s.Scored.Odds).ThenBy(s => s.Scored.Entity.Id, StringComparer.Ordinal)
                .Take(options.Limit)
                .Select(s => Explain(query, s.Scored, s.Score, options.Profile)),
        ];
    }

    private IEnumerable<ScreenedEntity> All() => bulk.Entities.Where(e => !superseded.Contains(e.Id)).Concat(recent.Entities);

    private void MatchNames(Segments segments, ScreeningQuery query, MatchOptions options, Dictionary<string, Scored> best)
    {
        foreach (NameSegment segment in segments.Kinds)
        {
            if (segment.NameCount == 0 || (query.Type != SubjectType.Unknown && (query.Type == SubjectType.Person) != segment.Person))
            {
                continue;
            }

            foreach (string text in query.Names)
            {
                foreach (ParsedName parsed in NameParser.Readings(text, segment.Person))
                {
                    Score(segment, parsed, query, options, ReferenceEquals(segments, bulk), best);
                }
            }
        }
    }

    private void Score(NameSegment segment, ParsedName parsed, ScreeningQuery query, MatchOptions options, bool inBulk, Dictionary<string, Scored> best)
    {
        using Workspace workspace = Workspace.Rent();
        List<int> candidates = workspace.Names;
        candidates.Clear();
        if (options.Exhaustive)
        {
            candidates.AddRange(Enumerable.Range(0, segment.NameCount));
        }
        else
        {
            segment.Candidates(parsed, workspace, candidates);
        }

        // An identifier may make the hit whatever the names say, and its owner's nearest name is then shown.
        bool everyNameCounts = !query.Identifiers.IsDefaultOrEmpty;
        double least = everyNameCounts ? double.NegativeInfinity : LeastNameOdds(query, options);
        if (!everyNameCounts && !options.Exhaustive)
        {
            workspace.Search.DropHopeless(parsed, candidates);
        }

        foreach (int candidate in candidates)
        {
            // Words and texts in common are judged by what the segment keeps side by side; the name itself lies somewhere in memory.
            ReadOnlySpan<Link> links = options.Exhaustive
                ? workspace.Aligner.Align(parsed.Tokens, new MeasuredWords(parsed, segment[candidate].Parsed))
                : workspace.Aligner.Align(parsed.Tokens, workspace.Search.WordsOf(candidate));
            if (!everyNameCounts && NameScorer.IsTooLittle(workspace.Aligner.Covered + WeightAsFloat, parsed, segment.Weights[candidate]) && segment.IsOtherText(parsed, candidate))
            {
                continue;
            }

            ref readonly IndexedName name = ref segment[candidate];
            double odds = NameScorer.LogOdds(parsed, name.Parsed, name.Strong, links);
            if (odds + SameText < least)
            {
                continue;
            }

            bool asAsked = string.Equals(parsed.Text, name.Parsed.Text, StringComparison.OrdinalIgnoreCase);
            odds += asAsked ? SameText : 0;
            if (odds < least)
            {
                continue;
            }

            ScreenedEntity entity = segment.Entities[name.Entity];
            if (inBulk && superseded.Contains(entity.Id))
            {
                continue;
            }

            // The best name counts; the name written as asked is the one that is shown.
            bool isKnown = best.TryGetValue(entity.Id, out Scored known);
            if (isKnown && (known.AsAsked, asAsked) is (true, false) && odds > known.NameOdds)
            {
                best[entity.Id] = known with { NameOdds = odds, Odds = Math.Max(known.Odds, Combine(odds, query, entity, name.Strong)) };
            }
            else if (!isKnown || (asAsked && !known.AsAsked) || odds > known.NameOdds)
            {
                best[entity.Id] = new Scored(
                    entity, parsed, name.Parsed, links.ToArray(), entity.Names[name.Name], Math.Max(odds, isKnown ? known.NameOdds : odds),
                    Math.Max(Combine(odds, query, entity, name.Strong), isKnown ? known.Odds : double.NegativeInfinity), asAsked, ByIdentifier: null);
            }
        }
    }

    /// <summary>Names below this cannot become a hit, whatever the attributes add, so that nothing need be kept of them.</summary>
    private static double LeastNameOdds(ScreeningQuery query, MatchOptions options)
    {
        bool attributes = query.Birth is not null || query.Gender != Gender.Unknown || !query.Countries.IsDefaultOrEmpty || !query.Addresses.IsDefaultOrEmpty;
        double threshold = Math.Min((double)options.EffectiveThreshold, 1) - 0.0001; // scores are rounded
        return Math.Log(threshold / (1 - threshold)) - (attributes ? AttributeScorer.MostWithoutIdentifier : 0);
    }

    /// <summary>Attributes may lower any score, but never make up for names with too little in common, and never lift a weak alias above its cap.</summary>
    private static double Combine(double nameOdds, ScreeningQuery query, ScreenedEntity entity, bool strong)
    {
        double attributes = AttributeScorer.LogOdds(query, entity, evidence: null);
        double odds = nameOdds + attributes;
        odds = nameOdds <= NameScorer.TooLittle ? Math.Min(odds, nameOdds) : odds;
        return Math.Min(odds, strong ? 9.0 : 1.386);
    }

    private void MatchIdentifiers(Segments segments, ScreeningQuery query, Dictionary<string, Scored> best)
    {
        if (query.Identifiers.IsDefaultOrEmpty)
        {
            return;
        }

        foreach (Identifier asked in query.Identifiers)
        {
            string value = IdentifierChecks.Normalise(asked.Type, asked.Value);
            if (value.Length < IdentifierEvidence.LeastLength)
            {
                continue;
            }

            foreach ((int entityAt, Identifier listed) in segments.ByIdentifier.GetValueOrDefault(IdentifierChecks.Key(value)) ?? [])
            {
                ScreenedEntity entity = segments.Entities[entityAt];
                if ((ReferenceEquals(segments, bulk) && superseded.Contains(entity.Id)) || !IdentifierEvidence.Agree(asked, listed))
                {
                    continue;
                }

                double odds = IdentifierEvidence.Odds(asked, value);
                Scored hit = best.TryGetValue(entity.Id, out Scored known)
                    ? known with { Odds = Math.Max(known.Odds, odds), ByIdentifier = (asked, listed) }
                    : new Scored(entity, null, null, [], entity.Names.IsDefaultOrEmpty ? new ScreenedName("", "") : entity.Names[0], -9, odds, AsAsked: false, (asked, listed));
                best[entity.Id] = hit;
            }
        }
    }

    private static ScreeningHit Explain(ScreeningQuery query, Scored scored, decimal score, ScreeningProfile profile)
    {
        var evidence = ImmutableArray.CreateBuilder<Evidence>();
        if (scored is { Query: { } q, Listed: { } c })
        {
            EvidenceWriter.Write(q, c, scored.Links, scored.Matched.Strong, evidence);
        }

        AttributeScorer.LogOdds(query, scored.Entity, evidence);
        if (scored.ByIdentifier is var (asked, listed))
        {
            evidence.Insert(0, IdentifierEvidence.Describe(asked, listed));
        }

        return new ScreeningHit(scored.Entity.Id, score, profile.BandOf(score), scored.Query?.Text ?? "", scored.Matched, evidence.ToImmutable());
    }

    private readonly record struct Scored(
        ScreenedEntity Entity, ParsedName? Query, ParsedName? Listed, Link[] Links, ScreenedName Matched, double NameOdds, double Odds, bool AsAsked, (Identifier Asked, Identifier Listed)? ByIdentifier);
}
