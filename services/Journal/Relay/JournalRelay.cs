using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Consumers;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Tells the other services what happened: reads a journal's rows in order, turns them into integration events and
/// publishes them, each confirmed before the next. The journal is the outbox; nothing is published from the request path.
/// <list type="number">
/// <item>Wait until the journal is replayed and the broker is there.</item>
/// <item>Become the one relay of this journal, or stand by.</item>
/// <item>Declare every subscribed queue, so that nothing is confirmed into nothing.</item>
/// <item>Find out where to begin.</item>
/// <item>Publish row by row; move the checkpoint behind what was confirmed, at most once a second.</item>
/// <item>Whatever goes wrong ends in step 1 again, after a pause. Events since the checkpoint are sent twice; consumers know them by their place.</item>
/// </list>
/// </summary>
internal sealed partial class JournalRelay<TState, TEvent>(
    Journal<TState, TEvent> journal,
    EventMap<TState, TEvent> map,
    RelaySettings settings,
    Broker broker,
    IBusControl bus,
    IEnumerable<QueueConsumer> consumers,
    RelayStatus status,
    TimeProvider clock,
    ILogger<JournalRelay<TState, TEvent>> logger) : BackgroundService
    where TState : class
    where TEvent : class
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeclarationSettles = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StandByInterval = TimeSpan.FromSeconds(2);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private readonly IReadOnlyList<QueueConsumer> _consumers = [.. consumers.Where(consumer => consumer.Source == journal.Service)];
    private readonly string _exchange = Subscriptions.ExchangeOf(journal.Service);
    private RelayCheckpoint _reached = new(0, EventPlace.Start);
    private RelayCheckpoint _stored = new(0, EventPlace.Start);
    private long _storedAt;

    /// <summary>How far it has published.</summary>
    internal RelayCheckpoint Reached => Volatile.Read(ref _reached);

    /// <summary>Tests throw here.</summary>
    internal Action<RelayStep>? Faults { get; set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitUntilReadyAsync(stoppingToken);
                await RelayWhileLeaderAsync(stoppingToken);
                await Task.Delay(StandByInterval, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // 6. Broker or store are away, or the service's mapping fails: in any case nothing may be left out.
                status.Problem = failure.Message;
                LogInterrupted(journal.Service, failure.Message, failure);
                await Task.Delay(_backoff.Next(), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        while (!journal.IsReady || _consumers.Any(consumer => !consumer.IsReady) || bus.CheckHealth().Status != BusHealthStatus.Healthy)
        {
            status.Problem = journal.IsReady ? "The broker cannot be reached." : "The journal is not ready.";
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, ct);
        }

        status.Problem = null;
    }

    private async Task RelayWhileLeaderAsync(CancellationToken ct)
    {
        // 2. One relay per journal. Losing the lease shows when the checkpoint is to be moved; until then both publish the same.
        await using var lease = await journal.TryTakeRelayLeaseAsync(broker.RelayName, ct);
        if (lease is null)
        {
            return;
        }

        // 3. Queues before events.
        await using var witness = broker.IsInMemory ? null : await DeclareQueuesAsync(ct);
        var sender = new EventSender(bus, witness);

        // 4. Where to begin.
        _reached = _stored = await BeginAsync(ct);
        _storedAt = clock.GetTimestamp();
        status.Begin(_reached);
        LogBegun(journal.Service, _reached.LastEvent);
        try
        {
            await PublishAsync(lease, sender, ct);
        }
        finally
        {
            status.End();
            await StoreCheckpointQuietlyAsync(lease);
        }
    }

    /// <summary>Declares the queues; returns the connection on which that was done.</summary>
    private async Task<IConnection> DeclareQueuesAsync(CancellationToken ct)
    {
        var connection = await broker.ConnectAsync($"relay of {journal.Service}", ct);
        try
        {
            var created = await BusQueue.DeclareAsync(connection, journal.Service, settings.Queues, ct);
            if (created.Count > 0)
            {
                LogCreated(journal.Service, string.Join(", ", created));
            }

            // RabbitMQ writes a new queue's name to disk half a second late: killed before that, it has forgotten the queue and
            // every event it confirmed for it. The queue may be new although another created it.
            await Task.Delay(DeclarationSettles, clock, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Behind the checkpoint; without a broker behind what the slowest consumer of this process has consumed.</summary>
    private async Task<RelayCheckpoint> BeginAsync(CancellationToken ct)
    {
        if (!broker.IsInMemory || _consumers.Count == 0)
        {
            return await journal.ReadCheckpointAsync(broker.RelayName, ct);
        }

        var reached = await Task.WhenAll(_consumers.Select(consumer => consumer.LoadReachedAsync(journal.JournalId, ct)));

        // That row itself once more: it may have had events after that one.
        var slowest = reached.Min();
        return new RelayCheckpoint(Math.Max(slowest.Position - 1, 0), slowest);
    }

    private async Task PublishAsync(RelayLease lease, EventSender sender, CancellationToken ct)
    {
        var outstanding = new Outstanding(journal.JournalId, broker.IsInMemory ? _consumers : []);
        var republisher = new Republisher<TState, TEvent>(journal, map, sender, settings, clock, logger);
        while (true)
        {
            // 5. Row by row, up to what is published: the state is then at or after every row.
            var published = journal.Current;
            await foreach (var row in journal.ReadEventsAsync(_reached.Position, published.Position, ct))
            {
                foreach (var (place, envelope) in map.Of(published.State, row, _reached.LastEvent))
                {
                    await outstanding.AddAsync(place, ct);
                    await sender.SendAsync(_exchange, envelope, ct);
                    _reached = _reached with { LastEvent = place };
                    Faults?.Invoke(RelayStep.Published);
                    await StoreCheckpointAsync(lease, ct);
                }

                status.Reached = _reached = _reached with { Position = row.Position };
                _backoff.Reset();
            }

            // The rows in between are the journal's own and mean nothing to others.
            status.Reached = _reached = _reached with { Position = Math.Max(_reached.Position, published.Position) };
            await StoreCheckpointAsync(lease, ct);
            if (!broker.IsInMemory)
            {
                await republisher.CarryOutAsync(_reached, ct);
            }

            if (!await HasMoreAsync(ct))
            {
                await lease.ConfirmAsync(ct);
            }
        }
    }

    /// <summary>Waits for rows; false if there were none for a while and it is time to look around.</summary>
    private async Task<bool> HasMoreAsync(CancellationToken ct)
    {
        using var pause = new CancellationTokenSource(CheckpointInterval, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, ct);
        try
        {
            await journal.WaitForRowsAsync(_reached.Position, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task StoreCheckpointAsync(RelayLease lease, CancellationToken ct)
    {
        if (_reached == _stored || clock.GetElapsedTime(_storedAt) < CheckpointInterval)
        {
            return;
        }

        Faults?.Invoke(RelayStep.MovingCheckpoint);
        await lease.MoveCheckpointAsync(_reached, ct);
        (_stored, _storedAt) = (_reached, clock.GetTimestamp());
    }

    /// <summary>At the end of a term, so that the next begins without repetitions; if it fails, it begins with some.</summary>
    private async Task StoreCheckpointQuietlyAsync(RelayLease lease)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
            _storedAt = 0;
            await StoreCheckpointAsync(lease, limit.Token);
        }
        catch (Exception failure)
        {
            LogCheckpoint(journal.Service, failure.Message);
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Relay {Service}: publishing after {Place}")]
    private partial void LogBegun(string service, EventPlace place);

    [LoggerMessage(33, LogLevel.Information, "Relay {Service}: created {Queues}; what was published before is not in there, see republish")]
    private partial void LogCreated(string service, string queues);

    [LoggerMessage(31, LogLevel.Warning, "Relay {Service}: interrupted ({Reason}); it goes on where it was")]
    private partial void LogInterrupted(string service, string reason, Exception failure);

    [LoggerMessage(32, LogLevel.Information, "Relay {Service}: the checkpoint stays where it was ({Reason}); some events will be sent again")]
    private partial void LogCheckpoint(string service, string reason);
}

/// <summary>Where a test can interrupt the relay.</summary>
internal enum RelayStep
{
    /// <summary>An event is confirmed, the checkpoint does not say so yet.</summary>
    Published,

    /// <summary>The checkpoint is about to be moved.</summary>
    MovingCheckpoint,
}
