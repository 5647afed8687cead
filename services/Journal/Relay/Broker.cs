using MassTransit;
using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Where integration events go: the RabbitMQ server that <c>ConnectionStrings:messaging</c> names, or nowhere outside this
/// process. It also asks the broker what MassTransit does not tell: how many messages stand in a queue.
/// </summary>
internal sealed class Broker(Uri? address, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan CountAge = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, (long At, uint? Count)> _counts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private IConnection? _connection;

    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "messaging";

    /// <summary>The broker's AMQP address; null for the in-memory transport.</summary>
    public Uri? Address { get; } = address;

    /// <summary>True when events live and die with the process (embedded mode).</summary>
    public bool IsInMemory => Address is null;

    /// <summary>A relay keeps one checkpoint for each kind of transport: what an in-memory one has seen, no broker has.</summary>
    public string RelayName => IsInMemory ? "memory" : "rabbitmq";

    /// <summary>Reads <c>ConnectionStrings:messaging</c>.</summary>
    /// <exception cref="InvalidOperationException">It is not an AMQP address.</exception>
    public static Broker FromConfiguration(IConfiguration configuration, TimeProvider clock)
    {
        var text = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrWhiteSpace(text))
        {
            return new Broker(null, clock);
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? new Broker(address, clock)
            : throw new InvalidOperationException($"ConnectionStrings:{ConnectionName} is not an address such as amqp://user:password@host:5672.");
    }

    /// <summary>A connection of the caller's own.</summary>
    public Task<IConnection> ConnectAsync(string purpose, CancellationToken ct) => new ConnectionFactory
    {
        Uri = Address ?? throw new InvalidOperationException("The in-memory transport has no broker."),
        AutomaticRecoveryEnabled = false,
        ClientProvidedName = purpose,
    }.CreateConnectionAsync(ct);

    /// <summary>Messages that stand ready in a queue, at most 5 s old; 0 if there is no such queue, null if the broker does not answer.</summary>
    public async Task<uint?> CountAsync(string queue, CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            if (!_counts.TryGetValue(queue, out var known) || clock.GetElapsedTime(known.At) > CountAge)
            {
                _counts[queue] = known = (clock.GetTimestamp(), await AskAsync(queue, ct));
            }

            return known.Count;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _asking.Dispose();
    }

    private async Task<uint?> AskAsync(string queue, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            if (_connection is not { IsOpen: true })
            {
                _connection?.Dispose();
                _connection = null;
                _connection = await ConnectAsync("health", limit.Token);
            }

            await using var channel = await _connection.CreateChannelAsync(cancellationToken: limit.Token);
            try
            {
                return (await channel.QueueDeclarePassiveAsync(queue, limit.Token)).MessageCount;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                return 0;
            }
        }
        catch (Exception failure) when (failure is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or OperationCanceledException or TimeoutException)
        {
            ct.ThrowIfCancellationRequested();
            return null;
        }
    }
}
