namespace ExternalAction.Journal;

/// <content>The relay's lease.</content>
internal sealed partial class SqliteJournalStore
{
    /// <summary>Within one process a semaphore is lock enough: the lock file keeps other processes out.</summary>
    private sealed class Lease(SqliteJournalStore store, string relay) : RelayLease
    {
        private bool _disposed;

        public override async Task MoveCheckpointAsync(RelayCheckpoint checkpoint, CancellationToken ct)
        {
            try
            {
                await store._transaction.WaitAsync(ct);
                try
                {
                    await store.OnWriterAsync(() => store._statements!.MoveCheckpoint(relay, checkpoint));
                }
                finally
                {
                    store._transaction.Release();
                }
            }
            catch (StoreUnavailableException failure)
            {
                throw new JournalUnavailableException("The relay's checkpoint cannot be moved.", inner: failure);
            }
        }

        public override Task ConfirmAsync(CancellationToken ct) => Task.CompletedTask;

        public override ValueTask DisposeAsync()
        {
            if (!_disposed)
            {
                _disposed = true;
                store._relay.Release();
            }

            return ValueTask.CompletedTask;
        }
    }
}
