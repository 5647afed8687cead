using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Tests.Listings;

namespace ExternalAction.Sanctions.Tests.Subjects;

/// <summary>
/// Short words for what clients leave here. Unless told otherwise: subject <c>s1</c>, the bank's customer <c>c1</c>. Hashes and
/// ciphertexts are plain words here: the domain compares and keeps them, and reads none.
/// </summary>
internal static class SubjectSteps
{
    public const string Bank = "bank";
    public const string Rival = "rival";

    /// <summary>Stored and screened on the lists as they are, or as they were some rows before; what is excluded is left out.</summary>
    public static Step IsStored(string id = "s1", string reference = "c1", string content = "x", string client = Bank, string[]? hits = null, long behind = 0, params string[] lists) => new((s, _) =>
        Domain.Subjects.Store(s, new StoreSubject(
            new SubjectStored(
                id, client, $"{client}/{reference}", content, "Ag", "onboarding@1", 0.4m, [.. (lists.Length == 0 ? [SanctionsState.Eu, SanctionsState.Un] : lists).Select(l => new ListVersion(l, s.Lists[l].Position - behind))]),
            Hits(s, [.. (hits ?? []).Where(l => !IsLeftOut(s, client, reference, l))]),
            [.. (hits ?? []).Where(l => IsLeftOut(s, client, reference, l))])));

    /// <summary>Stored in a state, after it was screened in the one before it.</summary>
    public static Step IsStoredAsScreened(SanctionsState then, Step stored) => new((s, m) =>
    {
        var events = stored.Decide(then, m).Events;
        var matched = events.OfType<SubjectMatched>().Select(e => new SubjectHit(e.ListingId, e.List, e.ListPosition, e.NamesPosition, e.Score, e.Band, e.MatchedName)).ToImmutableArray();
        var subject = (SubjectStored)events[0];
        return Domain.Subjects.Store(s, new StoreSubject(subject, matched, [.. then.Exclusions.ByReference.GetValueOrDefault(subject.ReferenceHash, []).Select(id => then.Exclusions.ById[id].Recorded.ListingId)]));
    });

    public static Step IsDeleted(string id = "s1", string client = Bank) => new((s, _) => Domain.Subjects.Delete(s, client, id));

    /// <summary>Compared with a list's changes: what was stored under that row, or what is stored now.</summary>
    public static Step Matches(string id = "s1", long? stored = null, params string[] listings) =>
        new((s, _) => Domain.Subjects.Raise(s, new SubjectCompared(id, stored ?? s.Subjects.ById.GetValueOrDefault(id)?.Position ?? 0, Hits(s, listings))));

    /// <summary>Several subjects compared with a list's changes, as each was stored.</summary>
    public static Step MatchesOfMany(IReadOnlyDictionary<string, long> stored, params string[] listings) =>
        new((s, _) => Domain.Subjects.Raise(s, [.. stored.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new SubjectCompared(p.Key, p.Value, Hits(s, listings)))]));

    public static Step AllAreRescreened(string list = SanctionsState.Eu, long? upTo = null) =>
        new((s, _) => Domain.Subjects.Rescreen(s, new SubjectsRescreened(list, upTo ?? s.Lists[list].Position, 1, 0)));

    /// <summary>Cleared; the first one is <c>e1</c>.</summary>
    public static Step IsExcluded(string listing = Steps.Id, string? id = null, string reference = "c1", string client = Bank, string reason = "Another person.", long behind = 0) =>
        new((s, _) => Exclusions.Exclude(s, new ExclusionRecorded(id ?? $"e{s.Exclusions.ById.Count + 1}", client, $"{client}/{reference}", listing, (s.Listings.GetValueOrDefault(listing)?.NamesPosition ?? 0) - behind, reason)));

    /// <summary>Taken back; the subject, where it is stored, was compared with these listings first.</summary>
    public static Step IsTakenBack(string id = "e1", string client = Bank, params string[] matching) => new((s, _) => Exclusions.Withdraw(
        s, client, id, s.Exclusions.Of(client, id) is { } exclusion ? s.Subjects.By(exclusion.Recorded.ReferenceHash) : null, Hits(s, matching)));

    /// <summary>The names of a listing change under an act.</summary>
    public static Step IsRenamed(string name, string id = Steps.Id) => Steps.IsAmended(Steps.Nothing with { Names = [new Domain.Lists.Name { Whole = name }] }, Steps.AnAct(), id: id);

    /// <summary>The alert of a listing as it now is.</summary>
    public static SubjectMatched Alert(Spec given, string id = "s1", string listing = Steps.Id, string client = Bank) =>
        new(id, client, listing, SanctionsState.Eu, given.State.Lists[SanctionsState.Eu].Position, given.State.Listings[listing].NamesPosition, 0.9m, ScreeningBand.Alert, "Aw");

    /// <summary>The listings that raised an alert of a client, in order.</summary>
    public static string[] Alerts(Spec given, string client = Bank) => [.. given.State.Subjects.Of(client).Alerts.Values.Select(a => $"{a.SubjectId}:{a.ListingId}")];

    private static bool IsLeftOut(SanctionsState s, string client, string reference, string listing) => s.Exclusions.Holds($"{client}/{reference}", listing, s.Listings[listing].NamesPosition);

    private static ImmutableArray<SubjectHit> Hits(SanctionsState s, string[] listings) =>
        [.. listings.Select(l => new SubjectHit(l, SanctionsState.Eu, s.Lists[SanctionsState.Eu].Position, s.Listings[l].NamesPosition, 0.9m, ScreeningBand.Alert, "Aw"))];
}
