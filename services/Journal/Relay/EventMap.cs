using ExternalAction.Contracts.Events;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// From the rows of a journal to the envelopes that travel: the service says which integration events a journal event
/// means, and here each gets its place and the place of the one before it.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="eventsOf">The service's function: a state at or after the event, the event → records of Contracts. Pure.</param>
internal sealed class EventMap<TState, TEvent>(Journal<TState, TEvent> journal, Func<TState, TEvent, IEnumerable<object>> eventsOf)
    where TState : class
    where TEvent : class
{
    /// <summary>The envelopes of one row.</summary>
    /// <param name="state">A state at or after the row.</param>
    /// <param name="row">The row.</param>
    /// <param name="last">The last event before; of the row's own events, those up to it are left out.</param>
    public IEnumerable<(EventPlace Place, IntegrationEvent Envelope)> Of(TState state, JournalEvent<TEvent> row, EventPlace last)
    {
        var index = 0;
        foreach (var happened in eventsOf(state, row.Event))
        {
            var place = new EventPlace(row.Position, index++);
            if (place.CompareTo(last) <= 0)
            {
                continue;
            }

            yield return (place, new IntegrationEvent(
                journal.Service, journal.JournalId, place.Position, place.Index, last.Position, last.Index,
                EventTypes.NameOf(happened.GetType()), row.Actor, row.OccurredAt, row.RecordedAt, EventTypes.Serialize(happened)));
            last = place;
        }
    }

    /// <summary>The last integration event before a position; <see cref="EventPlace.Start"/> if there is none.</summary>
    public async Task<EventPlace> LastBeforeAsync(long position, CancellationToken ct)
    {
        const long Step = 256;
        var state = journal.Current.State;
        for (var upTo = position - 1; upTo > 0; upTo -= Step)
        {
            var last = EventPlace.Start;
            await foreach (var row in journal.ReadEventsAsync(Math.Max(upTo - Step, 0), upTo, ct))
            {
                last = Of(state, row, last).Select(sent => sent.Place).DefaultIfEmpty(last).Last();
            }

            if (last != EventPlace.Start)
            {
                return last;
            }
        }

        return EventPlace.Start;
    }
}
