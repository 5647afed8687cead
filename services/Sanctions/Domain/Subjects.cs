using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Domain;

/// <summary>A listing that came near a subject, found outside the executor, where the subject could be read.</summary>
/// <param name="ListingId">The listing.</param>
/// <param name="List">Its list.</param>
/// <param name="ListPosition">The version of the list.</param>
/// <param name="NamesPosition">The version of its names.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Band">By the subject's profile.</param>
/// <param name="MatchedName">The listed name, encrypted; base64url.</param>
public sealed record SubjectHit(string ListingId, string List, long ListPosition, long NamesPosition, decimal Score, ScreeningBand Band, string MatchedName);

/// <summary>Store a subject that was encrypted and screened just now.</summary>
/// <param name="Subject">What is stored.</param>
/// <param name="Hits">What it matched, at the versions of the lists that <paramref name="Subject"/> names.</param>
public sealed record StoreSubject(SubjectStored Subject, ImmutableArray<SubjectHit> Hits);

/// <summary>
/// Subjects that clients leave here to be screened again with every change of a list. The rules work on hashes and hits: who a
/// subject is, they never see. A client sees its own subjects only, and another's is to it as one that never was.
/// </summary>
public static class Subjects
{
    /// <summary>Most subjects of one client.</summary>
    public const int Most = 100_000;

    /// <summary>Most hits that become alerts when a subject is compared with a list: the best.</summary>
    public const int MostAlerts = 100;

    /// <summary>
    /// Stores. 1. The id is still the one of that client's subject, or of none. 2. The same again changes nothing. 3. The client has
    /// room. 4. The lists are still those the subject was screened on, so that between this row and the next change of a list
    /// nothing is missed. Every hit that is not excluded becomes an alert in the same transaction.
    /// </summary>
    public static Verdict Store(SanctionsState state, StoreSubject command)
    {
        // 1.
        var wanted = command.Subject;
        var known = state.Subjects.By(wanted.ReferenceHash);
        if (known is null ? state.Subjects.ById.ContainsKey(wanted.Id) || state.Subjects.Deleted.ContainsKey(wanted.Id) : known.Id != wanted.Id)
        {
            return Again("The subject was stored or deleted by another request at the same time");
        }

        // 2.
        if (known is not null && known.ContentHash == wanted.ContentHash && known.Profile == wanted.Profile && known.Threshold == wanted.Threshold
            && known.Screened.Items.Select(s => s.List).SequenceEqual(wanted.Screened.Items.Select(s => s.List)))
        {
            return Verdict.Nothing;
        }

        // 3.
        if (known is null && state.Subjects.Of(wanted.Client).Subjects.Count >= Most)
        {
            return new Refusal(RefusalCode.TooManySubjects, $"This client has {Most} subjects stored, and there may not be more. Delete what is no longer needed.");
        }

        // 4.
        if (wanted.Screened.Items.Any(s => state.Lists[s.List].Position != s.Position))
        {
            return Again("A list changed while the subject was screened");
        }
        return Verdict.Of([wanted, .. New(state, wanted.Id, wanted.Client, wanted.ReferenceHash, null, command.Hits)]);
    }

    /// <summary>Deletes. What was deleted already stays so.</summary>
    public static Verdict Delete(SanctionsState state, string client, string id) =>
        state.Subjects.Of(client, id) is not null ? new SubjectDeleted(id)
        : state.Subjects.Deleted.TryGetValue(id, out var gone) && gone.Client == client ? Verdict.Nothing
        : NotFound(id);

    /// <summary>
    /// Raises the alerts of a subject that was compared with changed listings. One that was replaced or deleted meanwhile has none: its
    /// new content was screened when it was stored.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The subject.</param>
    /// <param name="position">The row that stored what was compared.</param>
    /// <param name="hits">What it matched.</param>
    public static Verdict Raise(SanctionsState state, string id, long position, ImmutableArray<SubjectHit> hits) =>
        state.Subjects.ById.TryGetValue(id, out var subject) && subject.Position == position
            ? Verdict.Of(New(state, id, subject.Client, subject.ReferenceHash, subject, hits))
            : Verdict.Nothing;

    /// <summary>All subjects of a list were compared up to a position.</summary>
    public static Verdict Rescreen(SanctionsState state, SubjectsRescreened done) =>
        state.Subjects.Progress.TryGetValue(done.List, out var before) && before is { Subjects: > 0 } && before.Position < done.Position ? done : Verdict.Nothing;

    internal static Refusal NotFound(string id) => new(RefusalCode.SubjectNotFound, $"There is no subject '{id}'.", "id");

    /// <summary>What was not alerted before and is not excluded.</summary>
    private static IEnumerable<SanctionsEvent> New(SanctionsState state, string id, string client, string referenceHash, Subject? known, ImmutableArray<SubjectHit> hits) =>
        hits.Where(h => known?.WasAlerted(h.ListingId, h.NamesPosition) != true && !state.Exclusions.Holds(referenceHash, h.ListingId, h.NamesPosition))
            .Select(h => new SubjectMatched(id, client, h.ListingId, h.List, h.ListPosition, h.NamesPosition, h.Score, h.Band, h.MatchedName));

    internal static Refusal Again(string why) => new(RefusalCode.ImportInProgress, $"{why}; repeat the request.");
}
