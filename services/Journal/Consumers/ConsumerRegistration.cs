using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Relay;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Consumers;

/// <summary>Puts a consumer into the host. One call for each source a service listens to.</summary>
public static class ConsumerRegistration
{
    /// <summary>
    /// Consumes a source's events: exactly once in effect and in order, as <c>system:{source}</c>. Adds the bus, the queue's
    /// consumer and the health check <c>consumer:{queue}</c>.
    /// </summary>
    /// <param name="builder">The host; <c>AddJournal</c> is called there too.</param>
    /// <param name="source">The service to listen to, for example <c>decisions</c>.</param>
    /// <param name="queue">The queue that <see cref="Subscriptions.All"/> or <c>Relay:Queues:{source}</c> lists, or nothing would arrive in it.</param>
    /// <param name="describe">A rejection in words, for the list of rejected events.</param>
    /// <param name="handle">Adds what is done on each type of event.</param>
    /// <exception cref="InvalidOperationException">The subscription is listed nowhere.</exception>
    public static IHostApplicationBuilder AddConsumer<TState, TEvent, TRejection>(
        this IHostApplicationBuilder builder, string source, string queue, Func<TRejection, string> describe, Action<EventHandlers<TState, TEvent, TRejection>> handle)
        where TState : class
        where TEvent : class
        where TRejection : class
    {
        if (!RelaySettings.FromConfiguration(builder.Configuration, source).Queues.Contains(queue))
        {
            throw new InvalidOperationException($"Nobody declares the queue '{queue}' of '{source}': add it to {nameof(Subscriptions)}.{nameof(Subscriptions.All)}, or to Relay:Queues:{source}.");
        }

        builder.AddServiceBus();
        var handlers = new EventHandlers<TState, TEvent, TRejection>();
        handle(handlers);
        builder.Services.AddKeyedSingleton<QueueConsumer>(queue, (services, _) => new QueueConsumer<TState, TEvent, TRejection>(
            services.GetRequiredService<Journal<TState, TEvent>>(),
            source,
            queue,
            handlers,
            describe,
            services.GetRequiredService<Broker>().IsInMemory,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<QueueConsumer<TState, TEvent, TRejection>>>(),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        builder.Services.AddSingleton(services => services.GetRequiredKeyedService<QueueConsumer>(queue));
        builder.Services.AddSingleton(new BusQueue(
            Subscriptions.ExchangeOf(source), queue, IsEphemeral: false, (endpoint, services) =>
        {
            var consumer = services.GetRequiredKeyedService<QueueConsumer>(queue);
            endpoint.Handler<IntegrationEvent>(consumer.HandleAsync);
            endpoint.Handler<IntegrationEvents>(consumer.HandleAsync);
        }));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"consumer:{queue}",
            services => new ConsumerHealth(
                services.GetRequiredKeyedService<QueueConsumer>(queue), services.GetRequiredService<Broker>(), services.GetRequiredService<TimeProvider>()),
            HealthStatus.Unhealthy,
            ["ready"]));
        return builder;
    }
}
