using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Decisions.Domain;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;

namespace ExternalAction.Decisions.Grpc;

/// <summary>
/// The one way from a request to the journal and back: who asks, under which key, decided by a function of the domain,
/// answered with what was stored. Reads go past the executor, to the published state.
/// </summary>
internal sealed class Commands(Journal<DecisionsState, DecisionsEvent> journal, TimeProvider clock)
{
    /// <summary>Executes a client's command; it happened when it was received.</summary>
    public async Task<TReply> ExecuteAsync<TReply>(
        ServerCallContext context,
        IMessage request,
        Func<DecisionsState, Moment, Verdict> decide,
        Func<DecisionsState, IReadOnlyList<JournalEvent<DecisionsEvent>>, TReply> reply)
        where TReply : class, IMessage<TReply>, new()
    {
        var facts = context.Facts();
        var result = await journal.ExecuteAsync(
            new Command<DecisionsState, DecisionsEvent, Refusal, TReply>
            {
                Actor = context.Caller().Subject,
                Rpc = context.Method,
                Key = facts.IdempotencyKey,
                Input = request,
                ReceivedAt = facts.ReceivedAt,
                Decide = (state, at) => Decided(decide(state, new Moment(at.Now, at.ReceivedAt)), at.ReceivedAt),
                Reply = reply,
            },
            context.CancellationToken);
        facts.SetPosition(result.Position);
        return result.TryGetReply(out var answer, out var refusal) ? answer : throw Errors.Of(refusal);
    }

    /// <summary>Executes a command of the service itself: a deadline, a seed. Its key makes it happen once, whoever else submits it.</summary>
    /// <param name="actor">Who acts, for example <c>system:clock</c>.</param>
    /// <param name="key">What is done, once.</param>
    /// <param name="occurredAt">When it happened; null for now.</param>
    /// <param name="decide">The domain's decision.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null when it was done (now or before), else why not.</returns>
    public async Task<Refusal?> ExecuteAsync(string actor, string key, DateTimeOffset? occurredAt, Func<DecisionsState, Moment, Verdict> decide, CancellationToken cancellation)
    {
        var result = await journal.ExecuteAsync(
            new Command<DecisionsState, DecisionsEvent, Refusal, Google.Protobuf.WellKnownTypes.Empty>
            {
                Actor = actor,
                Rpc = actor,
                Key = key,
                Input = new Google.Protobuf.WellKnownTypes.StringValue { Value = key },
                ReceivedAt = clock.GetUtcNow(),
                Decide = (state, at) => Decided(decide(state, new Moment(at.Now, at.ReceivedAt)), occurredAt ?? at.Now),
                Reply = (_, _) => new Google.Protobuf.WellKnownTypes.Empty(),
            },
            cancellation);
        return result.Rejection;
    }

    /// <summary>The published state, at least at the position the caller asked for; the reply names the position it is read at.</summary>
    public async Task<Snapshot<DecisionsState>> ReadAsync(ServerCallContext context)
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

    /// <summary>What the journal throws, as the contract says it.</summary>
    public static RpcException? Map(Exception fault) => fault switch
    {
        JournalOverloadedException => RpcErrors.Create(PlatformError.Types.Code.Overloaded, fault.Message),
        IdempotencyKeyReusedException => RpcErrors.Create(PlatformError.Types.Code.IdempotencyKeyReused, fault.Message, "Idempotency-Key"),
        PositionNotReachedException => RpcErrors.Create(PlatformError.Types.Code.PositionNotReached, fault.Message, "ea-min-position"),
        JournalException => RpcErrors.Create(PlatformError.Types.Code.Unavailable, "The journal cannot be reached just now; repeat the request with the same Idempotency-Key."),
        _ => null,
    };

    private static Decision<DecisionsEvent, Refusal> Decided(Verdict verdict, DateTimeOffset occurredAt) => verdict.Refusal is { } refusal
        ? Decision<DecisionsEvent, Refusal>.Reject(refusal)
        : Decision<DecisionsEvent, Refusal>.Accept([.. verdict.Events.Select(e => new NewEvent<DecisionsEvent>(e, occurredAt))]);
}
