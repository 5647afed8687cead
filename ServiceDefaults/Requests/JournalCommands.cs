using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// The one way from a request to the journal and back: who asks, under which key, decided by a function of the domain,
/// answered with what was stored. Reads go past the executor, to the published state. Each service derives its own, which
/// says how its domain's verdict reads.
/// </summary>
/// <param name="journal">The service's journal.</param>
/// <param name="clock">The time.</param>
/// <param name="refused">How a refusal of the domain leaves the service.</param>
public abstract class JournalCommands<TState, TEvent, TRefusal>(Journal<TState, TEvent> journal, TimeProvider clock, Func<TRefusal, RpcException> refused)
    where TState : class
    where TEvent : class
    where TRefusal : class
{
    /// <summary>Executes a client's command.</summary>
    /// <param name="context">The call: its caller, key and time of receipt.</param>
    /// <param name="request">The request, as it came.</param>
    /// <param name="decide">The domain's decision.</param>
    /// <param name="reply">The reply from the state after it and the rows it wrote.</param>
    /// <param name="isPart">True for a part of the client's command before the one that answers it: the client's key is not used up by it.</param>
    /// <exception cref="RpcException">The domain refused, or the journal cannot be reached.</exception>
    protected async Task<TReply> ExecuteAsync<TReply>(
        ServerCallContext context,
        IMessage request,
        Func<TState, DecideContext, Decision<TEvent, TRefusal>> decide,
        Func<TState, IReadOnlyList<JournalEvent<TEvent>>, TReply> reply,
        bool isPart = false)
        where TReply : class, IMessage<TReply>, new()
    {
        var facts = context.Facts();
        var result = await journal.ExecuteAsync(
            new Command<TState, TEvent, TRefusal, TReply>
            {
                Actor = context.Caller().Subject,
                Rpc = context.Method,
                Key = isPart ? null : facts.IdempotencyKey,
                Input = request,
                ReceivedAt = facts.ReceivedAt,
                Decide = decide,
                Reply = reply,
            },
            context.CancellationToken);
        facts.SetPosition(result.Position);
        return result.TryGetReply(out var answer, out var refusal) ? answer : throw refused(refusal);
    }

    /// <summary>Executes a command of the service itself: a deadline, a seed. Its key makes it happen once, whoever else submits it.</summary>
    /// <param name="actor">Who acts, for example <c>system:clock</c>.</param>
    /// <param name="key">What is done, once.</param>
    /// <param name="decide">The domain's decision.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null when it was done (now or before), else why not.</returns>
    protected async Task<TRefusal?> ExecuteAsync(string actor, string key, Func<TState, DecideContext, Decision<TEvent, TRefusal>> decide, CancellationToken cancellation)
    {
        var result = await journal.ExecuteAsync(
            new Command<TState, TEvent, TRefusal, Empty>
            {
                Actor = actor,
                Rpc = actor,
                Key = key,
                Input = new StringValue { Value = key },
                ReceivedAt = clock.GetUtcNow(),
                Decide = decide,
                Reply = (_, _) => new Empty(),
            },
            cancellation);
        return result.Rejection;
    }

    /// <summary>The published state, at least at the position the caller asked for; the reply names the position it is read at.</summary>
    /// <exception cref="PositionNotReachedException">That position was not reached within 5 s.</exception>
    public async Task<Snapshot<TState>> ReadAsync(ServerCallContext context)
    {
        var facts = context.Facts();
        if (facts.MinPosition is { } least)
        {
            await journal.WaitForPositionAsync(least, context.CancellationToken);
        }
        var current = journal.Current;
        facts.SetPosition(current.Position);
        return current;
    }

    /// <summary>An <c>asOf</c> of a request: an instant or <c>position:N</c>, not in the future; null when it was not given.</summary>
    /// <exception cref="RpcException">INVALID_AS_OF.</exception>
    public AsOf? ReadAsOf(string asOf, long position)
    {
        if (asOf.Length == 0)
        {
            return null;
        }
        if (!AsOf.TryParse(asOf, out var point))
        {
            throw RpcErrors.Create(PlatformError.Types.Code.InvalidAsOf, "asOf is an instant such as 2025-06-01T12:00:00Z, or position:N.", "asOf");
        }
        return (point == AsOf.At(point.Position) ? point.Position <= position : point.RecordedAt <= AsOf.At(clock.GetUtcNow()).RecordedAt)
            ? point
            : throw RpcErrors.Create(PlatformError.Types.Code.InvalidAsOf, "asOf lies in the future.", "asOf");
    }
}

/// <summary>What the journal throws, as the contract says it.</summary>
public static class JournalErrors
{
    /// <summary>The refusal that stands for a journal's exception; null for any other exception.</summary>
    public static RpcException? Map(Exception fault) => fault switch
    {
        JournalOverloadedException => RpcErrors.Create(PlatformError.Types.Code.Overloaded, fault.Message),
        IdempotencyKeyReusedException => RpcErrors.Create(PlatformError.Types.Code.IdempotencyKeyReused, fault.Message, "Idempotency-Key"),
        PositionNotReachedException => RpcErrors.Create(PlatformError.Types.Code.PositionNotReached, fault.Message, "ea-min-position"),
        JournalUnavailableException { NoRoom: true } => RpcErrors.Create(
            PlatformError.Types.Code.Unavailable, "The journal has no room left on its disk. What was acknowledged is kept; repeat this request with the same Idempotency-Key when there is room."),
        JournalException => RpcErrors.Create(PlatformError.Types.Code.Unavailable, "The journal cannot be reached just now; repeat the request with the same Idempotency-Key."),
        _ => null,
    };
}
