using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.Sanctions.Private;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// What a subject to be stored, or stored already, matches on lists, in the form the domain records. Stored subjects are screened by
/// the very scorer and index of any other screening.
/// </summary>
internal static class SubjectHits
{
    /// <summary>Hits as they are recorded.</summary>
    /// <param name="id">The subject.</param>
    /// <param name="key">Its key: the listed name, which may well be its own, is encrypted like itself.</param>
    /// <param name="found">Each hit with its list.</param>
    public static ImmutableArray<SubjectHit> Of(string id, DataKey key, IEnumerable<ListedHit> found) =>
    [
        .. found.Select(h => new SubjectHit(
            h.Listing.Id, h.List.List, h.List.Position, h.Listing.NamesPosition, h.Hit.Score, h.Hit.Band, OpenSubject.SealName(key, id, h.Listing.Id, h.Hit.Matched.Text))),
    ];

    /// <summary>Everything on a list, or on the part of it that is looked at, that comes to a stored subject's threshold and was not alerted before.</summary>
    public static ImmutableArray<SubjectHit> New(OpenSubject subject, ScreeningList against)
    {
        var stored = subject.Stored;
        // A profile that a later version no longer has leaves its threshold: it was stored as applied.
        var profile = ScreeningProfile.Find(stored.Profile.Split('@')[0]) ?? ScreeningProfile.Onboarding;
        var found = against.Index.Match(ScreeningsService.SubjectOf(subject.Read(), "subject"), new MatchOptions(profile, stored.Threshold, ScreeningResult.EveryHit));
        return Of(stored.Id, subject.Key, found.Where(h => against.Listings.ContainsKey(h.EntityId)).Select(h => new ListedHit(against, h)).Where(h => !stored.WasAlerted(h.Listing.Id, h.Listing.NamesPosition)));
    }

    /// <summary>
    /// A list with nothing but some of its listings to compare with. They get an index of their own, as long as they are the lesser
    /// part; else the list's index serves, and what it finds of the others is not looked at.
    /// </summary>
    public static ScreeningList Only(ScreeningList list, IReadOnlyCollection<Listing> listings) => list with
    {
        Listings = listings.Count == list.Listings.Count ? list.Listings : listings.ToImmutableDictionary(l => l.Id, StringComparer.Ordinal),
        Index = listings.Count * 2 > list.Listings.Count ? list.Index : ScreeningIndex.Build(listings.Select(ScreenedEntities.Of)),
    };

    /// <summary>What a client sees of a subject; who it is, is added where it can be read.</summary>
    public static Proto.StoredSubject View(SanctionsState state, Subject subject)
    {
        var view = new Proto.StoredSubject
        {
            Id = subject.Id,
            Profile = subject.Profile,
            Threshold = Views.Score(subject.Threshold),
            StoredAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(subject.StoredAt),
            ScreenedVersion = string.Join(',', subject.Screened.Items.Select(s => $"{s.List}-{state.Subjects.ScreenedAt(subject, s)}")),
            Alerts = subject.Alerts.Count,
            Position = subject.Position,
            ScreeningId = subject.ScreeningId,
        };
        view.Lists.Add(subject.Screened.Items.Select(s => s.List));
        return view;
    }
}
