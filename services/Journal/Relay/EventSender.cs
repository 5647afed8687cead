using ExternalAction.Contracts.Events;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Sends a relay's envelopes in order. Sending hands over, perhaps to travel with those that follow; confirming waits: what was sent before <see cref="ConfirmAsync"/>
/// is with the broker, in every queue, when that returns. What is given up in between may still arrive; it is sent again,
/// and consumers know it by its place.
/// </summary>
internal abstract class EventSender : IAsyncDisposable
{
    /// <summary>How long the broker may take to accept or to confirm.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>True when so much is on its way that it is time to confirm.</summary>
    public abstract bool IsFull { get; }

    /// <summary>Sends to a fanout exchange: a source's, or the one before a queue that bears the queue's name.</summary>
    /// <exception cref="TimeoutException">The broker does not take it in time.</exception>
    /// <exception cref="IOException">The broker was lost; whether it still has its queues must be seen.</exception>
    public abstract Task SendAsync(string exchange, IntegrationEvent envelope, CancellationToken ct);

    /// <summary>Tells those who keep copies how far the journal is; to be sent before the events, since nobody waits for it.</summary>
    /// <exception cref="TimeoutException">The broker does not take it in time.</exception>
    /// <exception cref="IOException">The broker was lost.</exception>
    public abstract Task TellAsync(JournalMoved moved, CancellationToken ct);

    /// <summary>Returns when the broker has everything that was sent.</summary>
    /// <exception cref="TimeoutException">The broker has not confirmed in time.</exception>
    /// <exception cref="IOException">The broker was lost, or refused something.</exception>
    public abstract Task ConfirmAsync(CancellationToken ct);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>An exchange's address for MassTransit.</summary>
    public static Uri AddressOf(string exchange) => new($"exchange:{exchange}?type=fanout");
}
