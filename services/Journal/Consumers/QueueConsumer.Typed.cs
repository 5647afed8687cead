using System.Globalization;
using ExternalAction.Contracts.Events;
using ExternalAction.Journal.Relay;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Consumers;

/// <summary>
/// Gives one source's events their effect in a service's journal: each exactly once, in order, one message at a time.
/// <list type="number">
/// <item>Read the message, which holds one event or several. What cannot be read goes to the error queue and turns health red.</item>
/// <item>Decide and write, with the cursor, in one transaction; the events of a message share transactions. At or below the cursor it is done already; what the domain refuses is recorded there, and the cursor moves.</item>
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
    protected override async Task HandleAsync<T>(ConsumeContext<T> context, IReadOnlyList<IntegrationEvent> envelopes)
    {
        // 1. Read.
        var (steps, unreadable) = Read(envelopes);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        try
        {
            // 2. Decide and write.
            await ConsumeAsync(steps, ending.Token);
        }
        catch (ConsumerGapException gap)
        {
            // 3. Wait for the missing one.
            await PutBackAsync(context, gap, ending.Token);
            return;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            throw new HandBackException("The process stops or has lost its connection.");
        }

        if (unreadable is not null)
        {
            throw unreadable;
        }
    }

    /// <summary>The steps of a message, up to the first event that cannot be read.</summary>
    private (IReadOnlyList<EventStep<TState, TEvent, TRejection>> Steps, UnreadableEventException? Unreadable) Read(IReadOnlyList<IntegrationEvent> envelopes)
    {
        var steps = new EventSteps<TState, TEvent, TRejection>();
        long position = 0; // of what is being read
        try
        {
            if (envelopes.Count == 0)
            {
                throw new UnreadableEventException("It has no events.");
            }

            foreach (var envelope in envelopes)
            {
                position = envelope.Position;
                Read(envelope, steps);
            }

            return (steps.All, null);
        }
        catch (UnreadableEventException unreadable)
        {
            CountUnreadable();
            LogUnreadable(Queue, BusQueue.ErrorQueueOf(Queue), position, unreadable.Message);
            return (steps.All, unreadable);
        }
    }

    private void Read(IntegrationEvent? envelope, EventSteps<TState, TEvent, TRejection> steps)
    {
        if (envelope is null || envelope.Source != Source || envelope.Type is null || envelope.Payload is null || envelope.Actor is null || envelope.JournalId == Guid.Empty
            || envelope.Position < 1 || envelope.Index < 0)
        {
            throw new UnreadableEventException($"It is not an event of '{Source}'.");
        }

        var decide = handlers.Read(envelope);
        var place = new EventPlace(envelope.Position, envelope.Index);
        if (EventTypes.TypeOf(envelope.Type) is null)
        {
            LogUnknown(Queue, envelope.Type, place);
        }

        steps.Add(new ConsumedEvent(Source, envelope.JournalId, place, new EventPlace(envelope.PreviousPosition, envelope.PreviousIndex), envelope.Type), decide);
    }

    /// <summary>
    /// 2 and 4. All steps go to the journal at once and in order, so that they share its transactions; the journal itself sees to it that
    /// none has its effect before the one before it. If one fails, it is tried alone until it is done, and then the others.
    /// </summary>
    private async Task ConsumeAsync(IReadOnlyList<EventStep<TState, TEvent, TRejection>> steps, CancellationToken ct)
    {
        for (var done = 0; done < steps.Count;)
        {
            done += await TryAllAsync([.. steps.Skip(done)], ct);
            if (done < steps.Count)
            {
                await ConsumeAsync(steps[done], ct);
                done++;
            }
        }
    }

    /// <summary>Submits steps together; how many were done before the first that was not.</summary>
    private async Task<int> TryAllAsync(EventStep<TState, TEvent, TRejection>[] steps, CancellationToken ct)
    {
        if (steps.Length == 1)
        {
            return 0;
        }

        var submitted = Array.ConvertAll(steps, step => journal.ConsumeAsync(step.Consumed, step.Decide, describe, ct));
        await ((Task)Task.WhenAll(submitted)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var done = 0;
        while (done < steps.Length && submitted[done].IsCompletedSuccessfully)
        {
            Done(steps[done], await submitted[done]);
            done++;
        }

        return done;
    }

    /// <summary>4. Until it is done.</summary>
    private async Task ConsumeAsync(EventStep<TState, TEvent, TRejection> step, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        var consumed = step.Consumed;
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(15));
        while (true)
        {
            try
            {
                Done(step, await journal.ConsumeAsync(consumed, step.Decide, describe, ct));
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

    private void Done(EventStep<TState, TEvent, TRejection> step, Consumption outcome)
    {
        if (outcome == Consumption.Rejected)
        {
            LogRejected(Queue, step.Consumed.Type, step.Consumed.Place);
        }

        Reach(step.Consumed.JournalId, step.Consumed.Place);
        (Obstacle, _lastPutBack) = (null, EventPlace.Start);
        _gapPause.Reset();
    }

    /// <summary>
    /// Behind the others, with a pause whenever the places step back: then the whole queue has been through once. The copy is
    /// confirmed before the original is acknowledged.
    /// </summary>
    private async Task PutBackAsync<T>(ConsumeContext<T> context, ConsumerGapException gap, CancellationToken ct)
        where T : class
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

    [LoggerMessage(41, LogLevel.Error, "Queue {Queue}: a message cannot be read at position {Position} and goes to {ErrorQueue}: {Reason}")]
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
