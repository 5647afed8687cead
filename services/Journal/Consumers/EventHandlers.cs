using System.Text.Json;
using ExternalAction.Contracts.Events;

namespace ExternalAction.Journal.Consumers;

/// <summary>
/// What a service does on a source's events: for each type it cares about, a pure decision like that of a command. Types
/// without an entry have no effect; the cursor moves past them.
/// </summary>
public sealed class EventHandlers<TState, TEvent, TRejection>
    where TState : class
    where TEvent : class
    where TRejection : class
{
    private readonly Dictionary<Type, Handler> _handlers = [];

    /// <summary>What an event asks to be decided.</summary>
    internal delegate Decision<TEvent, TRejection> Handler(TState state, DecideContext context, object happened, IntegrationEvent envelope);

    /// <summary>Adds what is done on one type of event.</summary>
    /// <param name="decide">
    /// State, moment, event and its envelope (place, actor and times at the source) → events of this service, nothing, or a
    /// rejection, which is recorded and shown to people. Pure; it may run twice.
    /// </param>
    /// <exception cref="ArgumentException">The type is no integration event, or was added before.</exception>
    public EventHandlers<TState, TEvent, TRejection> On<T>(Func<TState, DecideContext, T, IntegrationEvent, Decision<TEvent, TRejection>> decide)
        where T : class
    {
        EventTypes.NameOf(typeof(T));
        _handlers.Add(typeof(T), (state, context, happened, envelope) => decide(state, context, (T)happened, envelope));
        return this;
    }

    /// <summary>What an envelope asks to be decided; null if it has no effect here, and then nobody reads its payload.</summary>
    /// <exception cref="UnreadableEventException">The payload is not what the type says.</exception>
    internal Func<TState, DecideContext, Decision<TEvent, TRejection>>? Read(IntegrationEvent envelope)
    {
        if (EventTypes.TypeOf(envelope.Type) is not { } type || !_handlers.TryGetValue(type, out var handler))
        {
            return null;
        }

        object? happened;
        try
        {
            happened = EventTypes.Deserialize(envelope);
        }
        catch (JsonException malformed)
        {
            throw new UnreadableEventException($"The payload is not that of '{envelope.Type}'.", malformed);
        }

        return happened is not null
            ? (state, context) => handler(state, context, happened, envelope)
            : throw new UnreadableEventException($"The payload is not that of '{envelope.Type}'.");
    }
}

/// <summary>A message that is not an integration event; it goes to the error queue.</summary>
internal sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);
