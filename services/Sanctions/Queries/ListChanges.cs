using System.Runtime.CompilerServices;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;

namespace ExternalAction.Sanctions.Queries;

/// <summary>Something that happened to a listing, as who follows a list is told of it.</summary>
/// <param name="Happened">What.</param>
/// <param name="Position">The position it is told under: whoever has read up to it has this change and all before it.</param>
/// <param name="At">When it took effect.</param>
/// <param name="Cursor">Where <see cref="ListChanges.ReadAsync"/> goes on behind it.</param>
internal sealed record ListingChange(ListingEvent Happened, long Position, DateTimeOffset At, long Cursor);

/// <summary>
/// What happened to listings, in the order in which it took effect; read from the journal's rows, so that none is lost and none invented.
/// <para>
/// The rows of a staged import are told where it was completed. They all took effect at that position, so all but the last are told under
/// the one before it: a reader who is cut off between two of them, and comes back with the position of the last one received, is told the
/// import again and misses nothing. A cursor says more exactly where a page ended: below zero, between the staged rows of an import.
/// </para>
/// </summary>
internal static class ListChanges
{
    /// <summary>Everything behind a cursor, or behind a position.</summary>
    public static async IAsyncEnumerable<ListingChange> ReadAsync(
        Journal<SanctionsState, SanctionsEvent> journal, long cursor, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // 1. The rest of an import that the page before ended in.
        if (cursor < 0)
        {
            var completed = await CompletedAsync(journal, -cursor, cancellation);
            await foreach (var change in OfAsync(journal, completed, -cursor, cancellation))
            {
                yield return change;
            }
            cursor = completed.Position;
        }

        // 2. What comes behind it.
        await foreach (var row in journal.ReadAllAsync(cursor, upTo, cancellation))
        {
            await foreach (var change in OfAsync(journal, row, 0, cancellation))
            {
                yield return change;
            }
        }
    }

    /// <summary>What took effect at a row; of a staged import, what was staged behind a position.</summary>
    public static async IAsyncEnumerable<ListingChange> OfAsync(
        Journal<SanctionsState, SanctionsEvent> journal, JournalEvent<SanctionsEvent> row, long stagedAfter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (row.Event is ListingEvent happened)
        {
            yield return new ListingChange(happened, row.Position, row.RecordedAt, row.Position);
        }
        if (row.Event is ImportCompleted import)
        {
            await foreach (var staged in journal.ReadAllAsync(Math.Max(stagedAfter, import.First - 1), import.Last, cancellation))
            {
                if (staged.Event is EntryStaged e && e.Import == import.Import)
                {
                    yield return staged.Position == import.Last
                        ? new ListingChange(e.Staged(), row.Position, row.RecordedAt, row.Position)
                        : new ListingChange(e.Staged(), row.Position - 1, row.RecordedAt, -staged.Position);
                }
            }
        }
    }

    /// <summary>The imports of several transactions that were completed, of all lists.</summary>
    public static async Task<HashSet<string>> CompletedAsync(Journal<SanctionsState, SanctionsEvent> journal, CancellationToken cancellation)
    {
        var completed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stream in SanctionsState.StreamsOfImports)
        {
            await foreach (var row in journal.ReadStreamAsync(stream, 0, cancellation))
            {
                completed.Add(((ImportCompleted)row.Event).Import);
            }
        }
        return completed;
    }

    /// <summary>The row that completed the import a row was staged for.</summary>
    private static async Task<JournalEvent<SanctionsEvent>> CompletedAsync(Journal<SanctionsState, SanctionsEvent> journal, long staged, CancellationToken cancellation)
    {
        await foreach (var row in journal.ReadAllAsync(staged - 1, staged, cancellation))
        {
            if (row.Event is EntryStaged e)
            {
                await foreach (var completed in journal.ReadStreamAsync(SanctionsState.StreamOfImports(e.List), staged, cancellation))
                {
                    if (((ImportCompleted)completed.Event).Import == e.Import)
                    {
                        return completed;
                    }
                }
            }
        }
        throw ServiceDefaults.FormErrors.PageToken();
    }
}
