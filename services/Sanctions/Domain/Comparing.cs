using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Domain;

/// <summary>
/// What a file changes of a list: by key and content, and in the light of what was decided here. A file lags the law: it neither lists again
/// who was delisted, nor undoes what an act changed, and what it adds may be what was listed here first.
/// </summary>
public static class Comparing
{
    /// <summary>Most changes of one entry that are told by name.</summary>
    private const int ChangesKept = 50;

    /// <summary>Compares a file with the list.</summary>
    /// <param name="state">The list as it stands, and what was decided here.</param>
    /// <param name="header">What will be recorded of the import; its counts are filled in here.</param>
    /// <param name="entriesOf">The file's entries, completed from what files said before (by key) where its format cannot carry it.</param>
    /// <param name="rejected">The file's entities that could not be taken; what stands of them stays.</param>
    /// <param name="force">Removals and an older file are meant.</param>
    public static ImportList Compare(
        SanctionsState state, ListImported header, Func<IReadOnlyDictionary<string, Entry>, ImmutableArray<Entry>> entriesOf, ImmutableArray<Rejection> rejected, bool force)
    {
        var standing = state.InForce(header.List).ToList();
        var onFile = standing.Where(l => l.IsOnFile).ToDictionary(l => l.Kept.Key, StringComparer.Ordinal);
        var ours = standing.Where(l => !l.IsOnFile).ToDictionary(l => l.Kept.Key, StringComparer.Ordinal);
        var current = onFile.ToDictionary(l => l.Key, l => l.Value.Entry, StringComparer.Ordinal);

        // What a format cannot carry is what the file before it said; what an act changed since was never in a file.
        var filed = onFile.ToDictionary(l => l.Key, l => l.Value.Filed?.Unpack() ?? current[l.Key], StringComparer.Ordinal);
        var entries = entriesOf(filed);

        // A file lags the law: a subject whose listing was ended here, and of whom it says nothing new, is not listed again by it.
        var ended = state.Listings.Values.Where(l => l.List == header.List && Importing.IsEndedHere(l)).ToList();
        entries = ended.Count == 0 ? entries : [.. entries.Where(e => !ended.Exists(l => Importing.IsStale(l, e)))];

        // Nor does it undo what an act changed here, as long as it repeats what it said before.
        entries = [.. entries.Select(e => onFile.GetValueOrDefault(e.Key) is { } listing ? Importing.Said(listing, e) : e)];
        var diff = ListDiff.Between(current, entries.Where(e => !ours.ContainsKey(e.Key)), rejected);

        // Of what the file adds, some was decided here first: it becomes one with it.
        var added = ImmutableArray.CreateBuilder<Entry>();
        var amended = ImmutableArray.CreateBuilder<AmendedEntry>();
        amended.AddRange(diff.Amended.Select(a => new AmendedEntry(onFile[a.After.Key].Id, a.After, a.Changes.Take(ChangesKept).Select(c => c.Field).ToSequence())));
        foreach (var entry in diff.Added)
        {
            if (Importing.Ours(ours.Values, entry) is { } own)
            {
                ours.Remove(own.Kept.Key);
                amended.Add(new AmendedEntry(own.Id, entry, ["entry of the file"]));
            }
            else
            {
                added.Add(entry);
            }
        }

        // An export of this suite names our own listings by their keys; what it says of them as they are changes nothing.
        var unchanged = diff.Unchanged;
        foreach (var entry in entries)
        {
            if (ours.TryGetValue(entry.Key, out var own))
            {
                var changes = EntryChanges.Between(own.Entry, entry);
                unchanged += changes.IsEmpty ? 1 : 0;
                if (!changes.IsEmpty)
                {
                    amended.Add(new AmendedEntry(own.Id, entry, changes.Take(ChangesKept).Select(c => c.Field).ToSequence()));
                }
            }
        }
        return new ImportList(
            header.List,
            state.Lists[header.List].Position,
            added.ToImmutable(),
            amended.ToImmutable(),
            [.. diff.Removed.Select(e => onFile[e.Key].Id)],
            header with { Added = added.Count, Amended = amended.Count, Removed = diff.Removed.Length, Unchanged = unchanged },
            force);
    }
}
