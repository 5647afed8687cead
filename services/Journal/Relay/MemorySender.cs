using ExternalAction.Contracts.Events;
using MassTransit;

namespace ExternalAction.Journal.Relay;

/// <summary>Embedded: over MassTransit's in-memory transport. What was sent is there, and there is nothing to confirm.</summary>
internal sealed class MemorySender(IBus bus) : EventSender
{
    private readonly Dictionary<string, ISendEndpoint> _endpoints = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool IsFull => true; // each is confirmed by itself, at no cost

    /// <inheritdoc/>
    public override async Task SendAsync(string exchange, IntegrationEvent envelope, CancellationToken ct)
    {
        var endpoint = await EndpointAsync(exchange);
        var id = EventIds.Of(envelope.JournalId, new EventPlace(envelope.Position, envelope.Index));
        await endpoint.Send(envelope, context => context.MessageId = id, ct).WaitAsync(Patience, ct);
    }

    /// <inheritdoc/>
    public override async Task TellAsync(JournalMoved moved, CancellationToken ct)
        => await (await EndpointAsync(Subscriptions.PositionsOf(moved.Source))).Send(moved, ct).WaitAsync(Patience, ct);

    /// <inheritdoc/>
    public override Task ConfirmAsync(CancellationToken ct) => Task.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<ISendEndpoint> EndpointAsync(string exchange)
    {
        if (!_endpoints.TryGetValue(exchange, out var endpoint))
        {
            _endpoints[exchange] = endpoint = await bus.GetSendEndpoint(AddressOf(exchange));
        }

        return endpoint;
    }
}
