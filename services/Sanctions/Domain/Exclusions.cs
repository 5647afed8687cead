using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain;

/// <summary>A hit that a client cleared for one of its subjects.</summary>
/// <param name="Recorded">What it recorded.</param>
/// <param name="RecordedAt">When.</param>
/// <param name="Position">The position of its first row: its place in the client's list.</param>
/// <param name="IsWithdrawn">True once the client took it back.</param>
public sealed record Exclusion(ExclusionRecorded Recorded, DateTimeOffset RecordedAt, long Position, bool IsWithdrawn)
{
    /// <summary>Whether it holds: not taken back, the listing in force, its names the ones that were looked at.</summary>
    public bool IsInEffect(SanctionsState state) =>
        !IsWithdrawn && state.Listings.TryGetValue(Recorded.ListingId, out var listing) && listing.IsInForce && listing.NamesPosition == Recorded.NamesPosition;
}

/// <summary>All exclusions.</summary>
/// <param name="ById">By id.</param>
/// <param name="ByReference">Those not taken back, by the keyed hash of client and subject.</param>
/// <param name="ByClient">Ids by place.</param>
public sealed record RecordedExclusions(
    ImmutableDictionary<string, Exclusion> ById, ImmutableDictionary<string, ImmutableList<string>> ByReference, ImmutableDictionary<string, ImmutableSortedDictionary<long, string>> ByClient)
{
    /// <summary>None yet.</summary>
    public static readonly RecordedExclusions None = new(
        ImmutableDictionary.Create<string, Exclusion>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ImmutableList<string>>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ImmutableSortedDictionary<long, string>>(StringComparer.Ordinal));

    /// <summary>Whether a client left a listing by these names out of the answers about a subject.</summary>
    public bool Holds(string referenceHash, string listingId, long namesPosition) => Find(referenceHash, listingId, namesPosition) is not null;

    /// <summary>The exclusion of a listing by these names; null when there is none.</summary>
    public Exclusion? Find(string referenceHash, string listingId, long namesPosition) => ByReference.GetValueOrDefault(referenceHash, [])
        .Select(id => ById[id]).FirstOrDefault(e => e.Recorded.ListingId == listingId && e.Recorded.NamesPosition == namesPosition);

    /// <summary>A client's exclusion; null when there is none, or it is another's.</summary>
    public Exclusion? Of(string client, string id) => ById.TryGetValue(id, out var exclusion) && exclusion.Recorded.Client == client ? exclusion : null;

    /// <summary>The exclusions after an event.</summary>
    public RecordedExclusions Evolve(ExclusionEvent happened, in Stamp stamp) => happened switch
    {
        ExclusionRecorded e when ById.TryGetValue(e.Id, out var before) => this with { ById = ById.SetItem(e.Id, before with { Recorded = e }) },
        ExclusionRecorded e => new(
            ById.Add(e.Id, new Exclusion(e, stamp.RecordedAt, stamp.Position, false)),
            ByReference.SetItem(e.ReferenceHash, ByReference.GetValueOrDefault(e.ReferenceHash, []).Add(e.Id)),
            ByClient.SetItem(e.Client, ByClient.GetValueOrDefault(e.Client, ImmutableSortedDictionary<long, string>.Empty).Add(stamp.Position, e.Id))),
        ExclusionWithdrawn e when ById.TryGetValue(e.Id, out var before) => this with
        {
            ById = ById.SetItem(e.Id, before with { IsWithdrawn = true }),
            ByReference = ByReference[before.Recorded.ReferenceHash].Remove(e.Id) is { IsEmpty: false } left
                ? ByReference.SetItem(before.Recorded.ReferenceHash, left)
                : ByReference.Remove(before.Recorded.ReferenceHash),
        },
        _ => this,
    };
}

/// <summary>
/// Hits that a person examined and cleared: left out of the answers about that subject of that client, for as long as the listing's
/// names are the ones that were looked at.
/// </summary>
public static class Exclusions
{
    /// <summary>Most exclusions a client may have recorded, those that ended included.</summary>
    public const int Most = 100_000;

    /// <summary>
    /// Records. The listing is one the client may know of, and its names are still those the hit showed. The same again changes
    /// nothing; with another reason it replaces the reason.
    /// </summary>
    public static Verdict Exclude(SanctionsState state, ExclusionRecorded wanted)
    {
        if (!state.Listings.TryGetValue(wanted.ListingId, out var listing) || !listing.IsPublic)
        {
            return new Refusal(RefusalCode.ListingNotFound, $"There is no listing '{wanted.ListingId}'.", "listingId");
        }
        if (!listing.IsInForce || listing.NamesPosition != wanted.NamesPosition)
        {
            return new Refusal(
                RefusalCode.AliasVersionPassed,
                listing.IsInForce ? $"The listing's names are those of version {listing.NamesPosition}, not {wanted.NamesPosition}: look at the hit again." : "The listing is not in force any more: there is no hit to exclude.",
                "aliasVersion");
        }
        if (state.Exclusions.Find(wanted.ReferenceHash, wanted.ListingId, wanted.NamesPosition) is { } known)
        {
            return known.Recorded.Reason == wanted.Reason ? Verdict.Nothing : wanted with { Id = known.Recorded.Id };
        }
        return state.Exclusions.ByClient.TryGetValue(wanted.Client, out var others) && others.Count >= Most
            ? new Refusal(RefusalCode.TooManyExclusions, $"This client has recorded {Most} exclusions, and there may not be more.")
            : wanted;
    }

    /// <summary>
    /// Takes back: the hit is shown again, and where the subject is stored, it is an alert if it has not been one. What was taken
    /// back already stays so.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="id">The exclusion.</param>
    /// <param name="subject">The stored subject of that reference, as it was compared with the listing; null when there is none.</param>
    /// <param name="hits">What that found.</param>
    public static Verdict Withdraw(SanctionsState state, string client, string id, Subject? subject, ImmutableArray<SubjectHit> hits)
    {
        if (state.Exclusions.Of(client, id) is not { } exclusion)
        {
            return new Refusal(RefusalCode.ExclusionNotFound, $"There is no exclusion '{id}'.", "id");
        }
        if (exclusion.IsWithdrawn)
        {
            return Verdict.Nothing;
        }
        if (state.Subjects.By(exclusion.Recorded.ReferenceHash)?.Position != subject?.Position)
        {
            return Subjects.Again("The subject was stored or deleted by another request at the same time");
        }
        var withdrawn = new ExclusionWithdrawn(id);
        var without = state with { Exclusions = state.Exclusions.Evolve(withdrawn, default) };
        return Verdict.Of([withdrawn, .. subject is null ? [] : Subjects.Raise(without, new SubjectCompared(subject.Id, subject.Position, hits)).Events]);
    }
}
