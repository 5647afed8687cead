using ExternalAction.Contracts.Events;
using MassTransit;
using RabbitMQ.Client;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Sends envelopes, one confirmed before the next: the broker has taken it to every queue when <see cref="SendAsync"/>
/// returns. A send that is given up may still arrive; it is sent again, and consumers know it by its place.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="witness">
/// The connection on which the queues were declared. If it is lost the broker may have been restarted without them, and a
/// confirmation that MassTransit got after it had connected again means nothing. Null without a broker.
/// </param>
internal sealed class EventSender(IBus bus, IConnection? witness)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, ISendEndpoint> _endpoints = new(StringComparer.Ordinal);

    /// <summary>Sends to a fanout exchange: a source's, or the one before a queue that bears the queue's name.</summary>
    /// <exception cref="TimeoutException">The broker has not confirmed in time.</exception>
    /// <exception cref="IOException">The broker was lost meanwhile; whether it still has its queues must be seen.</exception>
    public async Task SendAsync(string exchange, IntegrationEvent envelope, CancellationToken ct)
    {
        if (!_endpoints.TryGetValue(exchange, out var endpoint))
        {
            _endpoints[exchange] = endpoint = await bus.GetSendEndpoint(AddressOf(exchange));
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var id = EventIds.Of(envelope.JournalId, new EventPlace(envelope.Position, envelope.Index));
            await endpoint.Send(envelope, context => context.MessageId = id, limit.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The broker did not confirm within {Patience.TotalSeconds:0} s.", late);
        }

        if (witness is { IsOpen: false })
        {
            throw new IOException("The connection to the broker was lost.");
        }
    }

    /// <summary>An exchange's address for MassTransit.</summary>
    public static Uri AddressOf(string exchange) => new($"exchange:{exchange}?type=fanout");
}
