using ExternalAction.Contracts.Events;
using MassTransit;
using MassTransit.Transports.Fabric;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// A queue that this process reads: all that a source sends to an exchange, one message after the other. A durable one keeps them while nobody
/// reads; an ephemeral one ends with the process. What is said of queues here and what MassTransit declares must agree to
/// the letter, or the broker refuses whoever comes second.
/// </summary>
/// <param name="Exchange">The exchange whose messages it receives.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsEphemeral">True: exclusive to this process and gone with it.</param>
/// <param name="AddHandler">Says what is done with each message.</param>
internal sealed record BusQueue(string Exchange, string Name, bool IsEphemeral, Action<IReceiveEndpointConfigurator, IServiceProvider> AddHandler)
{
    /// <summary>
    /// RabbitMQ 4 drops a message after 20 deliveries unless told otherwise; a consumer that crashes that often still wants it.
    /// Older servers refuse -1 for "no limit".
    /// </summary>
    private const int DeliveriesMax = 1_000_000_000;

    /// <summary>MassTransit moves here what cannot be read.</summary>
    public static string ErrorQueueOf(string queue) => queue + "_error";

    /// <summary>The arguments of a durable queue.</summary>
    private static Dictionary<string, object?> DurableArguments => new(StringComparer.Ordinal)
    {
        ["x-queue-type"] = "quorum",
        ["x-single-active-consumer"] = true,
        ["x-delivery-limit"] = DeliveriesMax,
    };

    /// <summary>Puts the queue on the RabbitMQ bus.</summary>
    public void AddTo(IRabbitMqBusFactoryConfigurator bus, IServiceProvider services) => bus.ReceiveEndpoint(Name, endpoint =>
    {
        if (IsEphemeral)
        {
            (endpoint.Durable, endpoint.AutoDelete, endpoint.Exclusive) = (false, true, true);
        }
        else
        {
            foreach (var (name, value) in DurableArguments)
            {
                endpoint.SetQueueArgument(name, value);
            }
        }

        endpoint.Bind(Exchange, exchange =>
            (exchange.ExchangeType, exchange.Durable, exchange.AutoDelete) = (RabbitMQ.Client.ExchangeType.Fanout, true, false));
        Configure(endpoint, services);
    });

    /// <summary>Puts the queue on the in-memory bus.</summary>
    public void AddTo(IInMemoryBusFactoryConfigurator bus, IServiceProvider services) => bus.ReceiveEndpoint(Name, endpoint =>
    {
        endpoint.Bind(Exchange, MassTransit.Transports.Fabric.ExchangeType.FanOut, null);
        Configure(endpoint, services);
    });

    /// <summary>
    /// Declares a source's exchanges and durable queues, as MassTransit would when their consumers start. The names of those that
    /// were not there are returned.
    /// </summary>
    public static async Task<IReadOnlyList<string>> DeclareAsync(IConnection connection, string source, IReadOnlyCollection<string> queues, CancellationToken ct)
    {
        var created = new List<string>();
        foreach (var queue in queues)
        {
            if (!await ExistsAsync(connection, queue, ct))
            {
                created.Add(queue);
            }
        }

        var exchange = Subscriptions.ExchangeOf(source);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.ExchangeDeclareAsync(exchange, RabbitMQ.Client.ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
        await channel.ExchangeDeclareAsync(Subscriptions.PositionsOf(source), RabbitMQ.Client.ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
        foreach (var queue in queues)
        {
            await channel.ExchangeDeclareAsync(queue, RabbitMQ.Client.ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, DurableArguments, cancellationToken: ct);
            await channel.QueueBindAsync(queue, exchange: queue, routingKey: "", cancellationToken: ct);
            await channel.ExchangeBindAsync(destination: queue, source: exchange, routingKey: "", cancellationToken: ct);
        }

        return created;
    }

    private static async Task<bool> ExistsAsync(IConnection connection, string queue, CancellationToken ct)
    {
        // A channel of its own: the broker closes it with the answer "not found".
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            await channel.QueueDeclarePassiveAsync(queue, ct);
            return true;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    private void Configure(IReceiveEndpointConfigurator endpoint, IServiceProvider services)
    {
        // The exchange of the message's type would bring every source's events; only the source's own exchange is bound.
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        endpoint.PrefetchCount = IsEphemeral ? 64 : 1;
        endpoint.ConcurrentMessageLimit = 1;
        endpoint.ThrowOnSkippedMessages();
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(new HandBackFilter());
            pipe.UseFilter(new MassTransit.Middleware.GenerateFaultFilter());
            pipe.UseFilter(new MassTransit.Middleware.ErrorTransportFilter());
        });
        AddHandler(endpoint, services);
    }
}

/// <summary>The consumer gives a message back: it stays in the queue, at its place, and is delivered again.</summary>
internal sealed class HandBackException(string reason) : Exception(reason);

/// <summary>Stands before the error queue: what was handed back does not belong there.</summary>
internal sealed class HandBackFilter : IFilter<ExceptionReceiveContext>
{
    /// <inheritdoc/>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
        => context.Exception.GetBaseException() is HandBackException handedBack ? throw handedBack : next.Send(context);

    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateFilterScope("handBack");
}
