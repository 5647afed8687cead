namespace ExternalAction.Journal;

/// <content>What stands in the journal before a batch is decided: read behind the lock, folded, and looked up when a commit got no answer.</content>
internal sealed partial class Executor<TState, TEvent>
{
    /// <summary>The write transaction with the rest of the journal behind the lock; who is far behind catches up outside it first.</summary>
    private async Task<LockedRead> BeginAtEndAsync(IReadOnlyList<Pending<TState, TEvent>> batch)
    {
        var keys = batch.Where(pending => pending.Id is not null).Select(pending => pending.Id!.Value).Distinct().ToList();
        var cursors = batch.Where(pending => pending.Consumed is not null)
            .Select(pending => new CursorId(pending.Consumed!.Source, pending.Consumed.JournalId)).Distinct().ToList();
        while (true)
        {
            var read = await store.BeginAsync(_published.Position, keys, cursors, CancellationToken.None);
            if (read.Rows.Count < StoreLimits.RowsPerRead)
            {
                return read;
            }

            await store.RollbackAsync();
            await CatchUpAsync();
        }
    }

    private Folding<TState, TEvent> FoldRead(LockedRead read)
    {
        var folding = BeginFolding();
        foreach (var row in read.Rows)
        {
            folding.Append(row);
        }

        return folding;
    }

    /// <summary>All of a batch stands in the journal or nothing: its first row answers for it.</summary>
    private async Task<bool> StandsInJournalAsync(BatchPlan<TState, TEvent> plan)
    {
        if (plan.Write.Rows is not [var first, ..])
        {
            return false; // Records only: the look-up by key has found them, if they are there.
        }

        var stored = await store.ReadRowsAsync(first.Position - 1, first.Position, 1, CancellationToken.None);
        return stored is [var row] && row.Hash == first.Hash;
    }

    /// <summary>Folds what others wrote and publishes it once, at the end: a page may end inside a transaction, and nobody is shown half of one.</summary>
    private async Task CatchUpAsync()
    {
        var folding = BeginFolding();
        List<JournalRow> rows;
        do
        {
            rows = await store.ReadRowsAsync(folding.Position, long.MaxValue, StoreLimits.RowsPerRead, CancellationToken.None);
            rows.ForEach(folding.Append);
        }
        while (rows.Count == StoreLimits.RowsPerRead);
        Publish(folding);
    }

    private async Task CatchUpQuietlyAsync()
    {
        try
        {
            await CatchUpAsync();
            StoreFailure = null;
        }
        catch (ChainBrokenException broken)
        {
            LogBroken(definition.Service, broken);
            Broken = broken;
        }
        catch (Exception failure)
        {
            // The next command or the next poll tries again; the log hears of it once.
            if (StoreFailure is null)
            {
                LogFailure(definition.Service, 1, false, failure);
            }

            StoreFailure = failure;
        }
    }
}
