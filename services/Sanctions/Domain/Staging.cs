using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain;

/// <summary>The rows of an import of several transactions, as far as they are written.</summary>
/// <param name="Import">Which import.</param>
/// <param name="First">Position of its first row.</param>
/// <param name="Last">Position of its last row so far.</param>
/// <param name="LastAt">When that was recorded.</param>
/// <param name="Rows">What each will change.</param>
public sealed record StagedImport(string Import, long First, long Last, DateTimeOffset LastAt, ImmutableList<EntryStaged> Rows)
{
    /// <summary>With one row more. The first row of another import drops the one before: a list has one at most.</summary>
    public static StagedImport With(StagedImport? before, EntryStaged row, in Stamp stamp) => before?.Import == row.Import
        ? before with { Last = stamp.Position, LastAt = stamp.RecordedAt, Rows = before.Rows.Add(row) }
        : new StagedImport(row.Import, stamp.Position, stamp.Position, stamp.RecordedAt, [row]);
}

/// <summary>
/// An import that changes more than fits in one transaction.
/// <list type="number">
/// <item>Its rows are staged, some in each transaction. They wait beside the list; nobody sees them and nothing follows from them.</item>
/// <item>One row completes it: at its position, and not before, everything staged takes effect.</item>
/// <item>The header, in the same transaction, tells that the list was imported.</item>
/// </list>
/// Each step finds the list as it was compared and the import as the step before left it, or is refused. So whatever ends an import half-way
/// leaves the old list whole: its rows stay without effect, and the list's next change, its next import or the clock drops them from memory.
/// </summary>
public static class Staging
{
    /// <summary>Rows of one transaction. Fewer than there may be, because other commands wait while they are written.</summary>
    public const int RowsAtOnce = 2_500;

    /// <summary>So long after its last row an import that was not completed counts as abandoned; between two rows of one pass seconds.</summary>
    public static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    /// <summary>Stages some of an import's rows.</summary>
    /// <param name="state">The state.</param>
    /// <param name="import">The import.</param>
    /// <param name="id">Its id, of its own for every attempt.</param>
    /// <param name="from">How many of its rows are staged already.</param>
    /// <param name="count">How many more, at most.</param>
    public static Verdict Stage(SanctionsState state, ImportList import, string id, int from, int count = RowsAtOnce)
    {
        // The first part may find what another import left behind, and takes its place.
        var begins = from == 0 && state.Lists[import.List].Staged?.Import != id;
        if ((Importing.Refused(state, import) ?? (begins ? null : Interrupted(state, import, id, from))) is { } refusal)
        {
            return refusal;
        }
        return Verdict.Of(Importing.Rows(state, import).Skip(from).Take(count)
            .Select(row => new EntryStaged(import.List, id, row as EntryAdded, row as EntryAmended, row as EntryRemoved)));
    }

    /// <summary>Completes an import whose rows are all staged.</summary>
    public static Verdict Complete(SanctionsState state, ImportList import, string id)
    {
        if ((Importing.Refused(state, import) ?? Interrupted(state, import, id, Importing.RowsOf(import))) is { } refusal)
        {
            return refusal;
        }
        var staged = state.Lists[import.List].Staged!;
        return Verdict.Of([new ImportCompleted(import.List, id, staged.First, staged.Last, staged.Rows.Count), import.Header]);
    }

    /// <summary>Drops what is staged of an import that was abandoned, so that it is not kept in memory until the list changes.</summary>
    public static Verdict Abandon(SanctionsState state, string list, string import, Moment moment) =>
        state.Lists[list].Staged is { } staged && staged.Import == import && staged.LastAt + AbandonedAfter <= moment.Now ? new ImportAbandoned(list, import) : Verdict.Nothing;

    private static Refusal? Interrupted(SanctionsState state, ImportList import, string id, int from) =>
        state.Lists[import.List].Staged is { } staged && staged.Import == id && staged.Rows.Count == from
            ? null
            : new Refusal(RefusalCode.ImportInProgress, $"Another import of the list {import.List} came between the parts of this one; repeat the import.");
}
