namespace ExternalAction.Contracts.Events;

/// <summary>
/// What travels between services: one event of one journal, in an envelope. A source's envelopes arrive in the order of
/// their sequence; each names the one before it, so a consumer knows when something is missing.
/// </summary>
/// <param name="Source">The journal's service, for example <c>decisions</c>.</param>
/// <param name="JournalId">The journal's random id from its genesis row; a restored copy keeps it, a new journal does not.</param>
/// <param name="Position">Journal position of the row the event comes from.</param>
/// <param name="Index">0 for the first event of a row, 1 for the second.</param>
/// <param name="PreviousPosition">Position of the source's previous integration event; 0 for the first.</param>
/// <param name="PreviousIndex">Its index within that row.</param>
/// <param name="Type">Versioned name of the event, see <see cref="EventTypes"/>.</param>
/// <param name="Actor">Who caused it: the token's subject, or <c>system:…</c>.</param>
/// <param name="OccurredAt">When it happened in the world.</param>
/// <param name="RecordedAt">When the journal took it.</param>
/// <param name="Payload">The event as JSON.</param>
public sealed record IntegrationEvent(
    string Source,
    Guid JournalId,
    long Position,
    int Index,
    long PreviousPosition,
    int PreviousIndex,
    string Type,
    string Actor,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    string Payload);

/// <summary>
/// Events that followed each other closely, in one message. Each is the one that the next names as the one before it; an event
/// that comes alone travels as an <see cref="IntegrationEvent"/>.
/// </summary>
/// <param name="Events">The envelopes in order, at least one.</param>
public sealed record IntegrationEvents(IReadOnlyList<IntegrationEvent> Events);

/// <summary>
/// A journal has grown. Sent at most every few milliseconds, however many rows there were, for those who keep copies of replies and only
/// need to know that they are out of date; it may be lost.
/// </summary>
/// <param name="Source">The journal's service.</param>
/// <param name="JournalId">The journal's random id.</param>
/// <param name="Position">Its last position.</param>
public sealed record JournalMoved(string Source, Guid JournalId, long Position);
