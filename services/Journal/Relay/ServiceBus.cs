using ExternalAction.Contracts.Events;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// The one bus of a process: RabbitMQ when <c>ConnectionStrings:messaging</c> names a broker, else MassTransit's in-memory
/// transport. Services and the gateway add their queues while they are registered, in any order; the bus is made from all
/// of them once, when the host starts. Without a broker the process starts all the same and says so in its health.
/// </summary>
public static class ServiceBus
{
    /// <summary>Adds the bus, once however often it is called. <c>AddRelay</c>, <c>AddConsumer</c> and <see cref="AddEphemeralSubscription"/> do it themselves.</summary>
    /// <exception cref="InvalidOperationException">The connection string is not an AMQP address.</exception>
    public static IHostApplicationBuilder AddServiceBus(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(Broker)))
        {
            return builder;
        }

        var isInMemory = Broker.FromConfiguration(builder.Configuration, TimeProvider.System).IsInMemory;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => Broker.FromConfiguration(builder.Configuration, services.GetRequiredService<TimeProvider>()));

        // While the broker is down MassTransit logs every attempt to reach it, twenty a second; relay and health say it once.
        builder.Logging.AddFilter("MassTransit", LogLevel.None);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(check =>
            {
                // The journal is the outbox: without a broker nothing is lost, others only learn of it later.
                check.Name = Broker.ConnectionName;
                check.MinimalFailureStatus = HealthStatus.Degraded;
            });
            if (isInMemory)
            {
                bus.UsingInMemory((context, memory) => AddQueues(context, (queue, services) => queue.AddTo(memory, services)));
            }
            else
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    rabbit.Host(context.GetRequiredService<Broker>().Address!);
                    AddQueues(context, (queue, services) => queue.AddTo(rabbit, services));
                });
            }
        });
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = isInMemory;
            host.StopTimeout = TimeSpan.FromSeconds(5);
        });
        return builder;
    }

    /// <summary>
    /// Shows this process every event of a source from now on, through a queue of its own that ends with it: for what may miss one.
    /// Events come one at a time and in order; during a broken connection they are missed, and an exception of
    /// <paramref name="handle"/> is logged and the event forgotten.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="source">The journal's service, for example <c>decisions</c>.</param>
    /// <param name="handle">Called for each event.</param>
    public static IHostApplicationBuilder AddEphemeralSubscription(
        this IHostApplicationBuilder builder, string source, Func<IServiceProvider, IntegrationEvent, CancellationToken, Task> handle)
        => builder.AddEphemeralQueue(source, Subscriptions.ExchangeOf(source), (endpoint, services, forgive) =>
        {
            endpoint.Handler<IntegrationEvent>(context => forgive(context, ct => handle(services, context.Message, ct)));
            endpoint.Handler<IntegrationEvents>(async context =>
            {
                foreach (var envelope in context.Message.Events)
                {
                    await forgive(context, ct => handle(services, envelope, ct));
                }
            });
        });

    /// <summary>
    /// Tells this process how far a source's journal is, from now on and whenever it has grown: for caches. However many rows are
    /// written, it is told about fifty times a second at most; what is missed during a broken connection is made up for by
    /// the next. An exception of <paramref name="handle"/> is logged.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="source">The journal's service, for example <c>decisions</c>.</param>
    /// <param name="handle">Called with the last position.</param>
    public static IHostApplicationBuilder AddPositionSubscription(
        this IHostApplicationBuilder builder, string source, Action<IServiceProvider, long> handle)
        => builder.AddEphemeralQueue(source, Subscriptions.PositionsOf(source), (endpoint, services, forgive) => endpoint.Handler<JournalMoved>(context => forgive(context, _ =>
        {
            handle(services, context.Message.Position);
            return Task.CompletedTask;
        })));

    /// <param name="builder">The host.</param>
    /// <param name="source">The journal's service.</param>
    /// <param name="exchange">What the queue receives.</param>
    /// <param name="addHandlers">Adds the handlers to the endpoint; what they do goes through the last argument, which logs a failure and forgets it.</param>
    private static IHostApplicationBuilder AddEphemeralQueue(
        this IHostApplicationBuilder builder, string source, string exchange,
        Action<IReceiveEndpointConfigurator, IServiceProvider, Func<ConsumeContext, Func<CancellationToken, Task>, Task>> addHandlers)
    {
        builder.AddServiceBus();
        var name = $"{builder.Environment.ApplicationName.ToLowerInvariant()}.{source}.{Guid.NewGuid():N}";
        builder.Services.AddSingleton(new BusQueue(exchange, name, IsEphemeral: true, (endpoint, services) =>
        {
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServiceBus));
            addHandlers(endpoint, services, async (context, handle) =>
            {
                try
                {
                    await handle(context.CancellationToken);
                }
                catch (Exception failure) when (!context.CancellationToken.IsCancellationRequested)
                {
                    logger.LogWarning(failure, "A message of {Source} could not be handled and is forgotten: {MessageId}", source, context.MessageId);
                }
            });
        }));
        return builder;
    }

    private static void AddQueues(IBusRegistrationContext context, Action<BusQueue, IServiceProvider> add)
    {
        // MassTransit's context stands before the container and knows no keyed services.
        var services = context.GetRequiredService<IServiceProvider>();
        foreach (var queue in services.GetServices<BusQueue>())
        {
            add(queue, services);
        }
    }
}
