namespace ExternalAction.Journal;

/// <content>What the relay reads: every event of the service in order, whatever its stream.</content>
public sealed partial class Journal<TState, TEvent>
{
    /// <summary>The service's events after a position up to another (included), oldest first.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    internal IAsyncEnumerable<JournalEvent<TEvent>> ReadEventsAsync(long afterPosition, long upToPosition, CancellationToken ct)
        => ReadUpToAsync(null, afterPosition, AsOf.At(upToPosition), ct);
}
