using ExternalAction.Journal.Relay;

namespace ExternalAction.Journal;

/// <content>What the relay reads: every event of the service in order, whatever its stream, and what it is asked to republish.</content>
public sealed partial class Journal<TState, TEvent>
{
    /// <summary>The service's events after a position up to another (included), oldest first.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    internal IAsyncEnumerable<JournalEvent<TEvent>> ReadEventsAsync(long afterPosition, long upToPosition, CancellationToken ct)
        => ReadUpToAsync(null, afterPosition, AsOf.At(upToPosition), ct);

    /// <summary>What people asked to be republished: queue → how far that is done.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    internal Task<List<(string Relay, RelayCheckpoint Checkpoint)>> ReadRepublicationsAsync(CancellationToken ct)
        => FromStore(_store.ReadCheckpointsAsync(Republication.NamePrefix, ct));

    /// <summary>Notes how far a republication is done, or (null) that it is; false, and nothing is noted, if it was asked for anew since.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    internal Task<bool> MoveRepublicationAsync(string name, RelayCheckpoint from, RelayCheckpoint? to, CancellationToken ct)
        => FromStore(_store.MoveCheckpointAsync(name, from, to, ct));
}
