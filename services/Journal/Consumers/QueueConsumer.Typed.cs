using System.Globalization;
using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Relay;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Consumers;

/// <summary>
/// Gives one source's events their effect in a service's journal: one at a time, each exactly once, in order.
/// <list type="number">
/// <item>Read the message. What cannot be read goes to the error queue and turns health red.</item>
/// <item>Decide and write, with the cursor, in one transaction. At or below the cursor it is done already; what the domain refuses is recorded there, and the cursor moves.</item>
/// <item>An event is missing: the message goes behind the others in its queue, where the missing one will arrive if it is republished. Nothing is skipped.</item>
/// <item>Any other fault: try again, for ever, with growing pauses. The message stays unacknowledged; before the broker's patience ends it is handed back and comes again.</item>
/// </list>
/// </summary>
internal sealed partial class QueueConsumer<TState, TEvent, TRejection>(
    Journal<TState, TEvent> journal,
    string source,
    string queue,
    EventHandlers<TState, TEvent, TRejection> handlers,
    Func<TRejection, string> describe,
    bool isInMemory,
    TimeProvider clock,
    ILogger<QueueConsumer<TState, TEvent, TRejection>> logger,
    CancellationToken stopping) : QueueConsumer(journal, source, queue)
    where TState : class
    where TEvent : class
    where TRejection : class
{
    /// <summary>RabbitMQ closes a channel after 30 minutes without acknowledgement.</summary>
    private static readonly TimeSpan HoldMax = TimeSpan.FromMinutes(10);

    private readonly Backoff _gapPause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private EventPlace _lastPutBack;

    /// <inheritdoc/>
    public override async Task HandleAsync(ConsumeContext<IntegrationEvent> context)
    {
        // 1. Read.
        var envelope = context.Message;
        var (consumed, decide) = Read(envelope);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        try
        {
            // 2. Decide and write.
            await ConsumeAsync(consumed, decide, ending.Token);
            Reach(consumed.JournalId, consumed.Place);
            (Obstacle, _lastPutBack) = (null, EventPlace.Start);
            _gapPause.Reset();
        }
        catch (ConsumerGapException gap)
        {
            // 3. Wait for the missing one.
            await PutBackAsync(context, gap, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            throw new HandBackException("The process stops or has lost its connection.");
        }
    }

    private (ConsumedEvent Consumed, Func<TState, DecideContext, Decision<TEvent, TRejection>> Decide) Read(IntegrationEvent envelope)
    {
        try
        {
            if (envelope.Source != Source || envelope.Type is null || envelope.Payload is null || envelope.Actor is null || envelope.JournalId == Guid.Empty
                || envelope.Position < 1 || envelope.Index < 0)
            {
                throw new UnreadableEventException($"It is not an event of '{Source}'.");
            }

            var (decide, isKnown) = handlers.Read(envelope);
            var place = new EventPlace(envelope.Position, envelope.Index);
            if (!isKnown)
            {
                LogUnknown(Queue, envelope.Type, place);
            }

            return (new ConsumedEvent(Source, envelope.JournalId, place, new EventPlace(envelope.PreviousPosition, envelope.PreviousIndex), envelope.Type), decide);
        }
        catch (UnreadableEventException unreadable)
        {
            CountUnreadable();
            LogUnreadable(Queue, BusQueue.ErrorQueueOf(Queue), envelope.Position, unreadable.Message);
            throw;
        }
    }

    /// <summary>4. Until it is done.</summary>
    private async Task ConsumeAsync(ConsumedEvent consumed, Func<TState, DecideContext, Decision<TEvent, TRejection>> decide, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(15));
        while (true)
        {
            try
            {
                if (await journal.ConsumeAsync(consumed, decide, describe, ct) == Consumption.Rejected)
                {
                    LogRejected(Queue, consumed.Type, consumed.Place);
                }

                return;
            }
            catch (Exception passing) when (passing is JournalUnavailableException or JournalOverloadedException)
            {
                Meet(ObstacleKind.Infrastructure, passing.Message);
                LogRetry(Queue, consumed.Place, passing.Message);
            }
            catch (Exception fault) when (fault is not (ConsumerGapException or OperationCanceledException))
            {
                Meet(ObstacleKind.Fault, string.Create(CultureInfo.InvariantCulture, $"{consumed.Type} at {consumed.Place}: {fault.Message}"));
                LogFault(Queue, consumed.Type, consumed.Place, fault);
            }

            // Without a broker handing back would lose it, and nobody minds a message held for long.
            if (!isInMemory && clock.GetElapsedTime(begun) > HoldMax)
            {
                throw new HandBackException("It could not be consumed for a long time.");
            }

            await Task.Delay(backoff.Next(), clock, ct);
        }
    }

    /// <summary>
    /// Behind the others, with a pause whenever the places step back: then the whole queue has been through once. The copy is
    /// confirmed before the original is acknowledged.
    /// </summary>
    private async Task PutBackAsync(ConsumeContext<IntegrationEvent> context, ConsumerGapException gap, CancellationToken ct)
    {
        Meet(ObstacleKind.Gap, gap.Message);
        try
        {
            if (gap.Consumed.Place.CompareTo(_lastPutBack) <= 0)
            {
                LogGap(Queue, gap.Message);
                await Task.Delay(_gapPause.Next(), clock, ct);
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            var endpoint = await context.GetSendEndpoint(EventSender.AddressOf(Queue));
            await endpoint.Send(context.Message, copy => copy.MessageId = context.MessageId, limit.Token);
            _lastPutBack = gap.Consumed.Place;
        }
        catch (Exception failure)
        {
            throw new HandBackException($"It could not be put behind the others: {failure.Message}");
        }
    }

    /// <summary>Notes what is in the way; the same kind of obstacle keeps its beginning.</summary>
    private void Meet(ObstacleKind kind, string reason)
        => Obstacle = new Obstacle(kind, reason, Obstacle is { } known && known.Kind == kind ? known.Since : clock.GetUtcNow());

    [LoggerMessage(40, LogLevel.Warning, "Queue {Queue}: an event of type {Type} at {Place} is not known here and has no effect; does a newer version send it?")]
    private partial void LogUnknown(string queue, string type, EventPlace place);

    [LoggerMessage(41, LogLevel.Error, "Queue {Queue}: a message (position {Position}) cannot be read and goes to {ErrorQueue}: {Reason}")]
    private partial void LogUnreadable(string queue, string errorQueue, long position, string reason);

    [LoggerMessage(42, LogLevel.Warning, "Queue {Queue}: the domain refused {Type} at {Place}; it is on the list of rejected events")]
    private partial void LogRejected(string queue, string type, EventPlace place);

    [LoggerMessage(43, LogLevel.Warning, "Queue {Queue}: the event at {Place} waits ({Reason})")]
    private partial void LogRetry(string queue, EventPlace place, string reason);

    [LoggerMessage(44, LogLevel.Error, "Queue {Queue}: {Type} at {Place} fails; it is tried again until it succeeds")]
    private partial void LogFault(string queue, string type, EventPlace place, Exception fault);

    [LoggerMessage(45, LogLevel.Error, "Queue {Queue}: an event is missing. {Reason} Republish from there")]
    private partial void LogGap(string queue, string reason);
}
