using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// What an incoming list changes on the current one: by key and content, never by order or text. The same list again, or the
/// same content in another order, changes nothing. An entity that was rejected is neither amended nor removed: what the
/// list held of it stays until a file says something readable.
/// </summary>
public sealed record ListDiff
{
    /// <summary>Entries with a key the list does not have.</summary>
    public required ImmutableArray<Entry> Added { get; init; }

    /// <summary>Entries whose content differs.</summary>
    public required ImmutableArray<Amendment> Amended { get; init; }

    /// <summary>Entries the incoming list no longer has.</summary>
    public required ImmutableArray<Entry> Removed { get; init; }

    /// <summary>Number of entries that say the same as before.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Number of entries that stay as they are because the incoming entity was rejected.</summary>
    public required int HeldBack { get; init; }

    /// <summary>Whether the incoming list changes nothing.</summary>
    public bool IsEmpty => Added.IsEmpty && Amended.IsEmpty && Removed.IsEmpty;

    /// <summary>Removed entries as a share of the current list, 0 to 1; 0 for an empty list. Above a tenth, ask before applying.</summary>
    public decimal RemovedShare { get; private init; }

    /// <summary>Compares.</summary>
    /// <param name="current">The list as it stands, by key.</param>
    /// <param name="incoming">The entries of the file; each key once.</param>
    /// <param name="rejected">The entities of the file that could not be taken.</param>
    public static ListDiff Between(IReadOnlyDictionary<string, Entry> current, IEnumerable<Entry> incoming, IEnumerable<Rejection>? rejected = null)
    {
        var added = ImmutableArray.CreateBuilder<Entry>();
        var amended = ImmutableArray.CreateBuilder<Amendment>();
        var seen = new HashSet<string>();
        var unchanged = 0;
        foreach (var entry in incoming)
        {
            if (!seen.Add(entry.Key))
            {
                throw new ArgumentException($"The key {entry.Key} stands twice in the incoming list.", nameof(incoming));
            }

            if (!current.TryGetValue(entry.Key, out var old))
            {
                added.Add(entry);
            }
            else if (EntryChanges.Between(old, entry) is { IsEmpty: false } changes)
            {
                amended.Add(new(old, entry, changes));
            }
            else
            {
                unchanged++;
            }
        }

        var unreadable = rejected?.ToList() ?? [];
        var keys = unreadable.Select(rejection => rejection.Key).ToHashSet();
        var references = unreadable.Select(rejection => rejection.Reference).Where(reference => reference.Length > 0).ToHashSet();
        bool HeldBack(Entry entry) => keys.Contains(entry.Key) || references.Contains(entry.Reference);
        var missing = current.Values.Where(entry => !seen.Contains(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        ImmutableArray<Entry> removed = [.. missing.Where(entry => !HeldBack(entry))];
        return new ListDiff
        {
            Added = added.DrainToImmutable(),
            Amended = amended.DrainToImmutable(),
            Removed = removed,
            Unchanged = unchanged,
            HeldBack = missing.Count - removed.Length,
            RemovedShare = current.Count == 0 ? 0 : (decimal)removed.Length / current.Count,
        };
    }
}

/// <summary>An entry that says something else than before.</summary>
/// <param name="Before">As the list had it.</param>
/// <param name="After">As the incoming list has it.</param>
/// <param name="Changes">What differs; never empty.</param>
public sealed record Amendment(Entry Before, Entry After, ImmutableArray<FieldChange> Changes);

/// <summary>One difference between two versions of an entry, in words for a feed of changes.</summary>
/// <param name="Field">For example <c>unitedNationId</c>, <c>name 17: function</c>, <c>birth date 14</c>.</param>
/// <param name="Before">What was said; null if the field or part is new.</param>
/// <param name="After">What is said now; null if it is gone.</param>
public sealed record FieldChange(string Field, string? Before, string? After)
{
    /// <summary>As a sentence.</summary>
    public override string ToString() => (Before, After) switch
    {
        (null, _) => $"{Field} added: {After}",
        (_, null) => $"{Field} removed: {Before}",
        _ => $"{Field} changed from \"{Before}\" to \"{After}\"",
    };
}
