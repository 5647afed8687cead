using ExternalAction.Journal.Consumers;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// Tells the other services what happened: reads a journal's rows in order, turns them into integration events and
/// publishes them, one behind the other. The journal is the outbox; nothing is published from the request path.
/// <list type="number">
/// <item>Wait until the journal is replayed and the broker is there.</item>
/// <item>Become the one relay of this journal, or stand by.</item>
/// <item>Declare every subscribed queue, so that nothing is confirmed into nothing.</item>
/// <item>Find out where to begin.</item>
/// <item>Publish row by row, many before the first is confirmed; move the checkpoint behind what was confirmed, at most once a second.</item>
/// <item>Whatever goes wrong ends in step 1 again, after a pause. Events since the checkpoint are sent twice; consumers know them by their place.</item>
/// </list>
/// This file holds the terms of office, <c>JournalRelay.Publishing.cs</c> what happens in one.
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
    private static readonly TimeSpan StandByInterval = TimeSpan.FromSeconds(2);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private readonly IReadOnlyList<QueueConsumer> _consumers = [.. consumers.Where(consumer => consumer.Source == journal.Service)];
    private RelayCheckpoint _reached = new(0, EventPlace.Start);

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
        await using var connection = broker.IsInMemory ? null : await DeclareQueuesAsync(ct);
        await using EventSender sender = connection is null ? new MemorySender(bus) : await BrokerSender.OpenAsync(connection, ct);

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

    [LoggerMessage(30, LogLevel.Information, "Relay {Service}: publishing after {Place}")]
    private partial void LogBegun(string service, EventPlace place);

    [LoggerMessage(33, LogLevel.Information, "Relay {Service}: created {Queues}; what was published before is not in there, see republish")]
    private partial void LogCreated(string service, string queues);

    [LoggerMessage(31, LogLevel.Warning, "Relay {Service}: interrupted ({Reason}); it goes on where it was")]
    private partial void LogInterrupted(string service, string reason, Exception failure);

    [LoggerMessage(32, LogLevel.Information, "Relay {Service}: the checkpoint stays where it was ({Reason}); some events will be sent again")]
    private partial void LogCheckpoint(string service, string reason);
}
