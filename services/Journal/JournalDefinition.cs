namespace ExternalAction.Journal;

/// <summary>
/// What a service says about its journal, all of it pure: where the state begins, how an event changes it, how an
/// event is written down and which stream it belongs to. Everything else about journals is the same for all services.
/// </summary>
/// <typeparam name="TState">An immutable value; readers share it without locks.</typeparam>
/// <typeparam name="TEvent">The base of the service's event records.</typeparam>
public sealed record JournalDefinition<TState, TEvent>
    where TState : class
    where TEvent : class
{
    /// <summary>The service's name in lower case, for example <c>decisions</c>. The genesis row holds it.</summary>
    public required string Service { get; init; }

    /// <summary>The state of an empty journal.</summary>
    public required TState Initial { get; init; }

    /// <summary>State before, event → state after. Pure: a replay must give the same value again, years later.</summary>
    public required Func<TState, JournalEvent<TEvent>, TState> Evolve { get; init; }

    /// <summary>The versioned names of the events and their JSON.</summary>
    public required EventCodec<TEvent> Codec { get; init; }

    /// <summary>The stream an event belongs to, 1 to 200 characters, for example <c>decision:7</c>; never <c>journal</c>.</summary>
    public required Func<TEvent, string> StreamOf { get; init; }
}

/// <summary>An event that a decision asks to append.</summary>
/// <param name="Event">What happened.</param>
/// <param name="OccurredAt">When it happened in the world; kept to the microsecond. When it is recorded is the journal's affair.</param>
public readonly record struct NewEvent<TEvent>(TEvent Event, DateTimeOffset OccurredAt)
    where TEvent : class;

/// <summary>An event that stands in the journal, with where, when and by whom it got there.</summary>
/// <param name="Position">Place in the journal, dense from 1 (the genesis row; service events begin later).</param>
/// <param name="Stream">The stream it belongs to.</param>
/// <param name="Version">Place in the stream, dense from 1.</param>
/// <param name="Actor">Who caused it.</param>
/// <param name="OccurredAt">When it happened in the world.</param>
/// <param name="RecordedAt">When it was written; never runs backwards along positions.</param>
/// <param name="Event">What happened.</param>
/// <param name="Hash">The row's hash, which a receipt quotes.</param>
public sealed record JournalEvent<TEvent>(
    long Position,
    string Stream,
    long Version,
    string Actor,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    TEvent Event,
    Digest Hash)
    where TEvent : class;

/// <summary>The published state of a service: an immutable value together with the position it was folded to.</summary>
/// <param name="State">The state; current values only, history is in the rows.</param>
/// <param name="Position">The last row folded into it.</param>
/// <param name="RecordedAt">When that row was recorded.</param>
public sealed record Snapshot<TState>(TState State, long Position, DateTimeOffset RecordedAt)
    where TState : class;
