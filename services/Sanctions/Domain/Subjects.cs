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
/// <param name="Excluded">Listings that it matched, too, and that were left out because its client had excluded them.</param>
public sealed record StoreSubject(SubjectStored Subject, ImmutableArray<SubjectHit> Hits, ImmutableArray<string> Excluded);

/// <summary>What a stored subject matched when it was compared with changed listings.</summary>
/// <param name="Id">The subject.</param>
/// <param name="Position">The row that stored what was compared.</param>
/// <param name="Hits">What it matched.</param>
public sealed record SubjectCompared(string Id, long Position, ImmutableArray<SubjectHit> Hits);

/// <summary>
/// Subjects that clients leave here to be screened again with every change of a list. The rules work on hashes and hits: who a
/// subject is, they never see. A client sees its own subjects only, and another's is to it as one that never was.
/// </summary>
public static class Subjects
{
    /// <summary>Most subjects of one client.</summary>
    public const int Most = 100_000;

    /// <summary>What is known without screening: the same again changes nothing, and a client may have no room. Null when the subject is to be screened.</summary>
    /// <param name="state">The state.</param>
    /// <param name="wanted">What is to be stored; its ciphertext and the versions of its lists do not matter.</param>
    public static Verdict? Foresee(SanctionsState state, SubjectStored wanted)
    {
        var known = state.Subjects.By(wanted.ReferenceHash);
        if (known is not null && known.ContentHash == wanted.ContentHash && known.Profile == wanted.Profile && known.Threshold == wanted.Threshold
            && known.Screened.Items.Select(s => s.List).SequenceEqual(wanted.Screened.Items.Select(s => s.List)))
        {
            return Verdict.Nothing;
        }
        if (known is null && state.Subjects.Of(wanted.Client).Subjects.Count >= Most)
        {
            return new Refusal(RefusalCode.TooManySubjects, $"This client has {Most} subjects stored, and there may not be more. Delete what is no longer needed.");
        }
        return null;
    }

    /// <summary>
    /// Stores. 1. The id is still the one of that client's subject, or of none. 2. The same again changes nothing, and there is room.
    /// 3. The lists are still those the subject was screened on, so that between this row and the next change of a list nothing is
    /// missed. 4. The client excludes what it excluded then. Every hit becomes an alert in the same transaction: the alerts are what
    /// the record of the screening counts.
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
        if (Foresee(state, wanted) is { } foreseen)
        {
            return foreseen;
        }

        // 3.
        if (wanted.Screened.Items.Any(s => state.Lists[s.List].Position != s.Position))
        {
            return Again("A list changed while the subject was screened");
        }

        // 4.
        if (command.Hits.Any(h => state.Exclusions.Holds(wanted.ReferenceHash, h.ListingId, h.NamesPosition))
            || command.Excluded.Any(id => !state.Exclusions.Holds(wanted.ReferenceHash, id, state.Listings[id].NamesPosition)))
        {
            return Again("An exclusion was recorded or taken back while the subject was screened");
        }
        return Verdict.Of([wanted, .. command.Hits.Select(h => AlertOf(h, wanted.Id, wanted.Client))]);
    }

    /// <summary>Deletes. What was deleted already stays so.</summary>
    public static Verdict Delete(SanctionsState state, string client, string id) =>
        state.Subjects.Of(client, id) is not null ? new SubjectDeleted(id)
        : state.Subjects.Deleted.TryGetValue(id, out var gone) && gone.Client == client ? Verdict.Nothing
        : NotFound(id);

    /// <summary>
    /// Raises the alerts of subjects that were compared with changed listings: what was not alerted before and is not excluded. One
    /// that was replaced or deleted meanwhile has none: its new content was screened when it was stored.
    /// </summary>
    public static Verdict Raise(SanctionsState state, params IReadOnlyCollection<SubjectCompared> compared) => Verdict.Of(compared.SelectMany(c => New(state, c)));

    /// <summary>All subjects of a list were compared up to a position.</summary>
    public static Verdict Rescreen(SanctionsState state, SubjectsRescreened done) =>
        state.Subjects.Progress.TryGetValue(done.List, out var before) && before is { Subjects: > 0 } && before.Position < done.Position ? done : Verdict.Nothing;

    internal static Refusal NotFound(string id) => new(RefusalCode.SubjectNotFound, $"There is no subject '{id}'.", "id");

    private static IEnumerable<SanctionsEvent> New(SanctionsState state, SubjectCompared compared) =>
        state.Subjects.ById.TryGetValue(compared.Id, out var subject) && subject.Position == compared.Position
            ? compared.Hits.Where(h => !subject.WasAlerted(h.ListingId, h.NamesPosition) && !state.Exclusions.Holds(subject.ReferenceHash, h.ListingId, h.NamesPosition))
                .Select(h => AlertOf(h, subject.Id, subject.Client))
            : [];

    private static SubjectMatched AlertOf(SubjectHit hit, string id, string client) =>
        new(id, client, hit.ListingId, hit.List, hit.ListPosition, hit.NamesPosition, hit.Score, hit.Band, hit.MatchedName);

    internal static Refusal Again(string why) => new(RefusalCode.ImportInProgress, $"{why}; repeat the request.");
}
