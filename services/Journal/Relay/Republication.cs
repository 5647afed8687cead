using ExternalAction.Contracts.Events;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// A request to send a stretch of the past to one queue again. It is kept as a checkpoint of its own in the journal's
/// database: the tool puts it there, the running relay carries it out and takes it away.
/// </summary>
internal static class Republication
{
    /// <summary>Name of the checkpoint: this, then the queue.</summary>
    public const string NamePrefix = "republish:";

    /// <summary>Asks for everything from a position on. A request for the same queue that is under way begins anew.</summary>
    public static Task RequestAsync(IJournalStore store, string queue, long fromPosition, CancellationToken ct)
        => store.SetCheckpointAsync(NamePrefix + queue, new RelayCheckpoint(fromPosition - 1, EventPlace.Start), ct);
}

/// <summary>
/// Carries out republications, between two of the relay's own events: what is published next follows what the queue was
/// sent last. One that is interrupted goes on where it was; some events then come twice.
/// </summary>
internal sealed partial class Republisher<TState, TEvent>(
    Journal<TState, TEvent> journal, EventMap<TState, TEvent> map, EventSender sender, RelaySettings settings, TimeProvider clock, ILogger logger)
    where TState : class
    where TEvent : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _lookedAt;

    /// <summary>Does what was asked for since the last look, a second ago or longer.</summary>
    /// <param name="upTo">How far the relay itself has published.</param>
    /// <param name="ct">Stops at once.</param>
    public async Task CarryOutAsync(RelayCheckpoint upTo, CancellationToken ct)
    {
        if (_lookedAt != 0 && clock.GetElapsedTime(_lookedAt) < Interval)
        {
            return;
        }

        foreach (var (name, asked) in await journal.ReadRepublicationsAsync(ct))
        {
            var queue = name[Republication.NamePrefix.Length..];
            var done = asked;
            if (settings.Queues.Contains(queue))
            {
                done = await SendAsync(name, queue, asked, upTo, ct);
            }
            else
            {
                // Behind the past the future must follow, and that only reaches queues that are subscribed.
                LogUnknownQueue(journal.Service, queue);
            }

            // Asked for anew meanwhile, it stays for the next look.
            await journal.MoveRepublicationAsync(name, done, null, ct);
        }

        _lookedAt = clock.GetTimestamp();
    }

    /// <summary>Sends; gives where the request was left standing.</summary>
    private async Task<RelayCheckpoint> SendAsync(string name, string queue, RelayCheckpoint done, RelayCheckpoint upTo, CancellationToken ct)
    {
        LogBegun(journal.Service, queue, done.Position + 1);
        var state = journal.Current.State;
        var last = done.LastEvent == EventPlace.Start ? await map.LastBeforeAsync(done.Position + 1, ct) : done.LastEvent;
        var (count, noted) = (0L, clock.GetTimestamp());
        await foreach (var row in journal.ReadEventsAsync(done.Position, upTo.Position, ct))
        {
            foreach (var (place, envelope) in map.Of(state, row, last))
            {
                await sender.SendAsync(queue, envelope, ct);
                (last, count) = (place, count + 1);
                if (sender.IsFull)
                {
                    await sender.ConfirmAsync(ct);
                }
            }

            if (clock.GetElapsedTime(noted) >= Interval)
            {
                await sender.ConfirmAsync(ct);
                var reached = new RelayCheckpoint(row.Position, last);
                if (!await journal.MoveRepublicationAsync(name, done, reached, ct))
                {
                    return done;
                }

                done = reached;
                noted = clock.GetTimestamp();
            }
        }

        await sender.ConfirmAsync(ct);
        LogDone(journal.Service, queue, count, last);
        return done;
    }

    [LoggerMessage(35, LogLevel.Information, "Relay {Service}: republishing to {Queue} from position {From}; nothing else is published meanwhile")]
    private partial void LogBegun(string service, string queue, long from);

    [LoggerMessage(36, LogLevel.Information, "Relay {Service}: {Count} events were republished to {Queue}, up to {Place}")]
    private partial void LogDone(string service, string queue, long count, EventPlace place);

    [LoggerMessage(37, LogLevel.Warning, "Relay {Service}: '{Queue}' is not one of its queues; nothing is republished there")]
    private partial void LogUnknownQueue(string service, string queue);
}
