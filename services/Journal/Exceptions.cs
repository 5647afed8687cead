namespace ExternalAction.Journal;

/// <summary>Base of what a journal throws when it cannot do what was asked; each kind maps to one gRPC status.</summary>
public abstract class JournalException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The queue of waiting commands is full (RESOURCE_EXHAUSTED). Nothing was written.</summary>
public sealed class JournalOverloadedException(string service, int queueLimit)
    : JournalException($"The journal of '{service}' has {queueLimit} commands waiting; try again later.");

/// <summary>
/// The journal cannot answer now (UNAVAILABLE): the store is down, the wait was too long, or it is still replaying.
/// <see cref="MayHaveHappened"/> tells whether the command may nevertheless have been written; a retry with the same
/// idempotency key is right in both cases.
/// </summary>
public sealed class JournalUnavailableException(string message, bool mayHaveHappened = false, Exception? inner = null)
    : JournalException(message, inner)
{
    /// <summary>True when the outcome of the commit could not be found out.</summary>
    public bool MayHaveHappened { get; } = mayHaveHappened;

    /// <summary>True when the store has no room to write: its disk or its file is at the limit. Reads still work.</summary>
    public bool NoRoom { get; } = StoreRoom.IsMissing(inner);
}

/// <summary>The same actor used the same idempotency key on the same rpc with another input (ABORTED, HTTP 409).</summary>
public sealed class IdempotencyKeyReusedException(string rpc, string key)
    : JournalException($"The idempotency key '{key}' was used on {rpc} with another request.")
{
    /// <summary>The key that was used twice.</summary>
    public string Key { get; } = key;
}

/// <summary>The journal did not reach the least position a reader asked for in time (POSITION_NOT_REACHED).</summary>
public sealed class PositionNotReachedException(long wanted, long reached)
    : JournalException($"Position {wanted} was not reached in time; this replica is at {reached}.")
{
    /// <summary>The position asked for.</summary>
    public long Wanted { get; } = wanted;

    /// <summary>The position this replica had when the wait ended.</summary>
    public long Reached { get; } = reached;
}

/// <summary>An integration event arrived before the one that precedes it: wait for that one and alert.</summary>
public sealed class ConsumerGapException(ConsumedEvent consumed, EventPlace cursor)
    : JournalException($"Event {consumed.Place} of '{consumed.Source}' follows {consumed.Previous}, but only {cursor} has been consumed.")
{
    /// <summary>The event that came too early.</summary>
    public ConsumedEvent Consumed { get; } = consumed;

    /// <summary>What has been consumed from the source so far.</summary>
    public EventPlace Cursor { get; } = cursor;
}

/// <summary>The store refused the rows of this one command for what they contain; nothing was written.</summary>
public sealed class RowsRefusedException(string message, Exception inner) : JournalException(message, inner);

/// <summary>The journal is not whole: a row was changed, lost or inserted behind its back. The service must not go on.</summary>
public sealed class ChainBrokenException(string service, long position, string problem)
    : JournalException($"The journal of '{service}' is broken at position {position}: {problem}.")
{
    /// <summary>The first row that is not sound.</summary>
    public long Position { get; } = position;
}
