using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.Sanctions.Records;

namespace ExternalAction.Sanctions.Screening;

/// <summary>A hit and the list it is on.</summary>
internal readonly record struct ListedHit(ScreeningList List, ScreeningHit Hit)
{
    /// <summary>The listing that was hit.</summary>
    public Listing Listing => List.Listings[Hit.EntityId];
}

/// <summary>Listings that a client does not want to hear of again for this subject.</summary>
/// <param name="Count">How many at most; so many more hits are looked at.</param>
/// <param name="Has">Whether a listing, as it is now, is one of them.</param>
internal sealed record LeftOut(int Count, Func<Listing, bool> Has)
{
    /// <summary>Nothing is left out.</summary>
    public static LeftOut None { get; } = new(0, _ => false);

    /// <summary>These listings.</summary>
    public static LeftOut Ids(IReadOnlySet<string> ids) => ids.Count == 0 ? None : new(ids.Count, listing => ids.Contains(listing.Id));
}

/// <summary>What a screening came to: the one way from a query to hits, for every rpc and for a replay.</summary>
/// <param name="Hits">Best first.</param>
/// <param name="Excluded">Listings that came before the last hit and were left out, best first.</param>
internal sealed record ScreeningResult(IReadOnlyList<ListedHit> Hits, ImmutableArray<string> Excluded)
{
    /// <summary>A limit that no list comes to: every hit counts.</summary>
    public const int EveryHit = 100_000;

    /// <summary>So many hits are looked at where some are left out.</summary>
    public const int HitsMax = 500;

    /// <summary>Screens a query against lists.</summary>
    /// <param name="query">Who.</param>
    /// <param name="options">How; its limit counts hits that are not left out.</param>
    /// <param name="against">Each list at one version.</param>
    /// <param name="leftOut">What is left out.</param>
    public static ScreeningResult Of(ScreeningQuery query, MatchOptions options, IReadOnlyList<ScreeningList> against, LeftOut leftOut)
    {
        var wider = options with { Limit = Math.Max(options.Limit, Math.Min(options.Limit + leftOut.Count, HitsMax)) };
        var found = against.SelectMany(list => list.Index.Match(query, wider).Select(hit => new ListedHit(list, hit))).OrderByDescending(h => h.Hit.Score).ThenBy(h => h.Hit.EntityId, StringComparer.Ordinal);
        var hits = new List<ListedHit>();
        var excluded = ImmutableArray.CreateBuilder<string>();
        foreach (var hit in found)
        {
            if (hits.Count == options.Limit)
            {
                break;
            }
            if (leftOut.Has(hit.Listing))
            {
                excluded.Add(hit.Hit.EntityId);
            }
            else
            {
                hits.Add(hit);
            }
        }
        return new ScreeningResult(hits, excluded.ToImmutable());
    }

    /// <summary>The band of the best hit.</summary>
    public ScreeningBand Band => Hits.Count > 0 ? Hits[0].Hit.Band : ScreeningBand.None;

    /// <summary>
    /// What was answered, as a hash: for each hit its list, listing, score, band, matched name and alias version, then what was
    /// left out. Words of the evidence are not in it: they may be put better one day without another result.
    /// </summary>
    public byte[] Hash()
    {
        using var hash = new FieldHash();
        hash.Add("result@1").Add(Hits.Count);
        foreach (var hit in Hits)
        {
            hash.Add(
                hit.List.List, hit.Hit.EntityId, hit.Hit.Score.ToString("0.0000", CultureInfo.InvariantCulture), BandName(hit.Hit.Band), hit.Hit.Matched.Text, Views.AliasVersion(hit.Listing));
        }
        return hash.AddAll(Excluded).Finish();
    }

    /// <summary>A band as the contract prints it.</summary>
    public static string BandName(ScreeningBand band) => band switch
    {
        ScreeningBand.Alert => "ALERT",
        ScreeningBand.Review => "REVIEW",
        _ => "NONE",
    };
}
