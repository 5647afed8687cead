namespace ExternalAction.Journal;

/// <summary>Where an integration event stands in its source's journal: the row, and which of the row's events it is.</summary>
/// <param name="Position">Journal position of the row; 0 before the first event.</param>
/// <param name="Index">0 for the row's first integration event.</param>
public readonly record struct EventPlace(long Position, int Index) : IComparable<EventPlace>
{
    /// <summary>Before every event.</summary>
    public static EventPlace Start { get; }

    /// <inheritdoc/>
    public int CompareTo(EventPlace other)
        => Position != other.Position ? Position.CompareTo(other.Position) : Index.CompareTo(other.Index);

    /// <summary>For logs and messages: <c>position/index</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Position}/{Index}");
}

/// <summary>
/// An integration event on its way into a command. It travels with the command that consumes it, so that the cursor
/// moves in the same transaction as the effect: at least once on the wire, exactly once in effect, in order.
/// </summary>
/// <param name="Source">The service it comes from, for example <c>decisions</c>.</param>
/// <param name="JournalId">The id of the source's journal; one cursor is kept for each source and id.</param>
/// <param name="Place">Where the event stands there.</param>
/// <param name="Previous">Where the integration event before it stands; <see cref="EventPlace.Start"/> for the first.</param>
/// <param name="Type">The event's type name, kept with a rejection.</param>
public sealed record ConsumedEvent(string Source, Guid JournalId, EventPlace Place, EventPlace Previous, string Type);

/// <summary>What became of an integration event.</summary>
public enum Consumption
{
    /// <summary>The command was executed and the cursor moved.</summary>
    Done,

    /// <summary>The event is at or below the cursor: it had its effect before.</summary>
    AlreadyDone,

    /// <summary>The domain refused it: <c>journal.integration-event-rejected</c> stands in the journal and the cursor moved on.</summary>
    Rejected,
}
