namespace ExternalAction.Journal;

/// <summary>The points of the write path at which the tests throw; the numbers are those of <see cref="Executor{TState, TEvent}"/>.</summary>
internal enum WriteStep
{
    /// <summary>1. The batch is taken from the queue.</summary>
    Taken,

    /// <summary>2. The lock is held and the rows behind it are read and folded.</summary>
    Locked,

    /// <summary>3. Everything is decided, nothing is written.</summary>
    Decided,

    /// <summary>4. The store has committed, nothing is published.</summary>
    Committed,
}
