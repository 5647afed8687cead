using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>Commands in this domain's words: a verdict at a moment becomes events of the journal, or a refusal.</summary>
internal sealed class Commands(Journal<SanctionsState, SanctionsEvent> journal, TimeProvider clock)
    : JournalCommands<SanctionsState, SanctionsEvent, Refusal>(journal, clock, Errors.Of)
{
    /// <summary>Executes a client's command; it happened when it was received.</summary>
    public Task<TReply> ExecuteAsync<TReply>(
        ServerCallContext context,
        IMessage request,
        Func<SanctionsState, Moment, Verdict> decide,
        Func<SanctionsState, IReadOnlyList<JournalEvent<SanctionsEvent>>, TReply> reply)
        where TReply : class, IMessage<TReply>, new() =>
        base.ExecuteAsync(context, request, (state, at) => Decided(decide(state, new Moment(at.Now, at.ReceivedAt)), at.ReceivedAt), reply);

    /// <summary>Executes a part of a client's command that is not its answer yet. It is not kept under the client's key; the part that answers is.</summary>
    public Task StageAsync(ServerCallContext context, Func<SanctionsState, Verdict> decide) =>
        base.ExecuteAsync(context, new Empty(), (state, at) => Decided(decide(state), at.ReceivedAt), (_, _) => new Empty(), isPart: true);

    /// <summary>Executes a command of the service itself.</summary>
    /// <param name="actor">Who acts, for example <c>system:clock</c>.</param>
    /// <param name="key">What is done, once.</param>
    /// <param name="occurredAt">When it happened; null for now.</param>
    /// <param name="decide">The domain's decision.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null when it was done (now or before), else why not.</returns>
    public Task<Refusal?> ExecuteAsync(string actor, string key, DateTimeOffset? occurredAt, Func<SanctionsState, Moment, Verdict> decide, CancellationToken cancellation) =>
        ExecuteAsync(actor, key, (state, at) => Decided(decide(state, new Moment(at.Now, at.ReceivedAt)), occurredAt ?? at.Now), cancellation);

    private static Decision<SanctionsEvent, Refusal> Decided(Verdict verdict, DateTimeOffset occurredAt) => verdict.Refusal is { } refusal
        ? Decision<SanctionsEvent, Refusal>.Reject(refusal)
        : Decision<SanctionsEvent, Refusal>.Accept([.. verdict.Events.Select(e => new NewEvent<SanctionsEvent>(e, occurredAt))]);
}
