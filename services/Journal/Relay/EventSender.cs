using ExternalAction.Contracts.Events;
using MassTransit;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Sends envelopes, one confirmed before the next: the broker has taken it to every queue when <see cref="SendAsync"/>
/// returns. A send that is given up may still arrive; it is sent again, and consumers know it by its place.
/// </summary>
internal sealed class EventSender(IBus bus)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, ISendEndpoint> _endpoints = new(StringComparer.Ordinal);

    /// <summary>Sends to a fanout exchange: a source's, or the one before a queue that bears the queue's name.</summary>
    /// <exception cref="TimeoutException">The broker has not confirmed in time.</exception>
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
    }

    /// <summary>An exchange's address for MassTransit.</summary>
    public static Uri AddressOf(string exchange) => new($"exchange:{exchange}?type=fanout");
}
