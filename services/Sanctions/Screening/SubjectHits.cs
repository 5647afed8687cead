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
    /// <summary>The best hits on each list.</summary>
    /// <param name="id">The subject.</param>
    /// <param name="subject">Who it is; its form was checked when it was stored.</param>
    /// <param name="options">Profile and threshold.</param>
    /// <param name="key">Its key.</param>
    /// <param name="against">The lists, or the part of them that changed.</param>
    public static ImmutableArray<SubjectHit> Of(string id, ScreeningQuery subject, MatchOptions options, DataKey key, IEnumerable<ScreeningList> against) =>
    [
        .. from list in against
           from hit in list.Index.Match(subject, options with { Limit = Subjects.MostAlerts })
           let listing = list.Listings[hit.EntityId]
           select new SubjectHit(listing.Id, list.List, list.Position, listing.NamesPosition, hit.Score, hit.Band, OpenSubject.SealName(key, id, listing.Id, hit.Matched.Text)),
    ];

    /// <summary>The same of a stored subject.</summary>
    public static ImmutableArray<SubjectHit> Of(OpenSubject subject, IEnumerable<ScreeningList> against)
    {
        var stored = subject.Stored;
        // A profile that a later version no longer has leaves its threshold: it was stored as applied.
        var profile = ScreeningProfile.Find(stored.Profile.Split('@')[0]) ?? ScreeningProfile.Onboarding;
        return Of(stored.Id, ScreeningsService.SubjectOf(subject.Read(), "subject"), new MatchOptions(profile, stored.Threshold), subject.Key, against);
    }

    /// <summary>A list with nothing but some of its listings to compare with.</summary>
    public static ScreeningList Only(ScreeningList list, IEnumerable<Listing> listings) => list with { Index = ScreeningIndex.Build(listings.Select(ScreenedEntities.Of)) };

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
        };
        view.Lists.Add(subject.Screened.Items.Select(s => s.List));
        return view;
    }
}
