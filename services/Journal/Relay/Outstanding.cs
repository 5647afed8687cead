using ExternalAction.Journal.Consumers;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Embedded mode: the in-memory transport confirms nothing and holds what was sent in memory, so the relay stops ahead of
/// the slowest consumer of this process instead of filling it.
/// </summary>
internal sealed class Outstanding(Guid journalId, IReadOnlyList<QueueConsumer> consumers)
{
    /// <summary>Events that may be sent and not yet consumed.</summary>
    public const int Max = 256;

    private readonly Queue<EventPlace> _sent = [];

    /// <summary>Events sent and not yet consumed by all, as far as known.</summary>
    public int Count => _sent.Count;

    /// <summary>Waits until one more may be sent, and counts it.</summary>
    public async Task AddAsync(EventPlace place, CancellationToken ct)
    {
        if (consumers.Count == 0)
        {
            return;
        }

        while (true)
        {
            // The handles first: a consumer that moves after the look has then completed its handle.
            var moved = consumers.Select(consumer => consumer.Moved).ToArray();
            var slowest = consumers.Min(consumer => consumer.ReachedIn(journalId));
            while (_sent.TryPeek(out var oldest) && oldest.CompareTo(slowest) <= 0)
            {
                _sent.Dequeue();
            }

            if (_sent.Count < Max)
            {
                _sent.Enqueue(place);
                return;
            }

            await Task.WhenAny(moved).WaitAsync(ct);
        }
    }
}
