using ExternalAction.Contracts.Events;
using MassTransit;

namespace ExternalAction.Gateway.Caching;

/// <summary>
/// Evicts what an integration event outdates. Each replica of the gateway has a queue of its own that ends with it: evictions of
/// the time before a start concern nobody, since a replica starts with no knowledge and entries live for seconds.
/// Standalone registers this consumer on its in-memory bus; the gateway's own process uses <see cref="AddCacheEvictions"/>.
/// </summary>
public sealed class CacheEvictions(OutputCache cache) : IConsumer<IntegrationEvent>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<IntegrationEvent> context)
    {
        cache.Evict(context.Message.Source, context.Message.Position);
        return Task.CompletedTask;
    }
}

/// <summary>The bus of a gateway process.</summary>
public static class CacheEvictionExtensions
{
    /// <summary>Listens to the events of these services over RabbitMQ.</summary>
    /// <param name="services">The container.</param>
    /// <param name="connection">Address of the broker, <c>amqp://user:password@host:port</c>.</param>
    /// <param name="sources">Names of the services whose events evict.</param>
    public static IServiceCollection AddCacheEvictions(this IServiceCollection services, string connection, IEnumerable<string> sources) => services.AddMassTransit(bus =>
    {
        bus.AddConsumer<CacheEvictions>();
        bus.UsingRabbitMq((context, broker) =>
        {
            broker.Host(new Uri(connection));
            broker.ReceiveEndpoint(new TemporaryEndpointDefinition("gateway-cache"), endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false; // the sources' own exchanges, not one per message type
                foreach (var source in sources)
                {
                    endpoint.Bind(Subscriptions.ExchangeOf(source), exchange => exchange.ExchangeType = "fanout");
                }

                endpoint.ConfigureConsumer<CacheEvictions>(context);
            });
        });
    });
}
