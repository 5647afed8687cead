using Google.Protobuf;

namespace ExternalAction.Journal;

/// <summary>
/// A request to change something, ready for the queue: who asks, under which key, with what input, how to decide it and
/// how to answer. Role and form are checked before; <see cref="Decide"/> holds the rules and nothing else.
/// </summary>
/// <typeparam name="TState">The service's state.</typeparam>
/// <typeparam name="TEvent">The service's events.</typeparam>
/// <typeparam name="TRejection">Why a command may be refused: a value with a stable code.</typeparam>
/// <typeparam name="TReply">The rpc's reply message, stored under the key.</typeparam>
public sealed record Command<TState, TEvent, TRejection, TReply>
    where TState : class
    where TEvent : class
    where TRejection : class
    where TReply : class, IMessage<TReply>, new()
{
    /// <summary>Subject of the caller's token, or <c>system:…</c> for timers and consumers; 1 to 200 characters.</summary>
    public required string Actor { get; init; }

    /// <summary>Name of the rpc: keys of different rpcs do not collide. 1 to 200 characters.</summary>
    public required string Rpc { get; init; }

    /// <summary>The idempotency key (1 to 200 characters), or null: then a repetition is a new command.</summary>
    public string? Key { get; init; }

    /// <summary>The request. Its deterministic proto bytes are hashed: the same key with another input is an error.</summary>
    public required IMessage Input { get; init; }

    /// <summary>When the serving replica received the request; decides what was in time.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>State → events or a rejection. Pure and quick: it runs in the one executor. New ids come in by closure.</summary>
    public required Func<TState, DecideContext, Decision<TEvent, TRejection>> Decide { get; init; }

    /// <summary>
    /// State after the command, and its rows with positions and hashes → the reply. Runs before the commit, so that what is
    /// stored under the key is the very reply (signed receipt included) that the first caller gets. Pure: replies of one
    /// batch are built side by side.
    /// </summary>
    public required Func<TState, IReadOnlyList<JournalEvent<TEvent>>, TReply> Reply { get; init; }
}

/// <summary>What a decision may know besides the state.</summary>
/// <param name="Now">The time that the events will carry as recorded_at; never runs backwards.</param>
/// <param name="ReceivedAt">When the request reached the serving replica.</param>
public readonly record struct DecideContext(DateTimeOffset Now, DateTimeOffset ReceivedAt);

/// <summary>What a decision comes to: events (none if nothing has to happen) or a rejection.</summary>
public sealed class Decision<TEvent, TRejection>
    where TEvent : class
    where TRejection : class
{
    private Decision(IReadOnlyList<NewEvent<TEvent>> events, TRejection? rejection) => (Events, Rejection) = (events, rejection);

    /// <summary>The events to append, in order; empty for a rejection or when nothing has to happen.</summary>
    public IReadOnlyList<NewEvent<TEvent>> Events { get; }

    /// <summary>Why not, or null.</summary>
    public TRejection? Rejection { get; }

    /// <summary>Accepted, and nothing has to happen.</summary>
    public static Decision<TEvent, TRejection> Nothing { get; } = new([], null);

    /// <summary>Accepted with these events.</summary>
    public static Decision<TEvent, TRejection> Accept(params IReadOnlyList<NewEvent<TEvent>> events) => new(events, null);

    /// <summary>Refused. Nothing is written, and nothing is kept under the key.</summary>
    public static Decision<TEvent, TRejection> Reject(TRejection rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        return new([], rejection);
    }
}

/// <summary>The answer to a command: either a reply or a rejection.</summary>
/// <param name="Reply">The reply, or null if the command was rejected.</param>
/// <param name="Rejection">The rejection, or null if the command was accepted.</param>
/// <param name="Position">The position to send as <c>ea-position</c>: the command's last row, or the state it was decided on.</param>
/// <param name="IsStored">True when the key had been used before and this is the reply of then.</param>
public sealed record CommandResult<TRejection, TReply>(TReply? Reply, TRejection? Rejection, long Position, bool IsStored)
    where TRejection : class
    where TReply : class
{
    /// <summary>The reply if there is one, else the rejection: exactly one of the two is not null.</summary>
    public bool TryGetReply(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TReply? reply,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out TRejection? rejection)
    {
        (reply, rejection) = (Reply, Rejection);
        return reply is not null;
    }
}
