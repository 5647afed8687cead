namespace ExternalAction.Contracts.Events;

/// <summary>A durable queue that receives every integration event of a source.</summary>
/// <param name="Source">The journal's service.</param>
/// <param name="Queue">The queue's name.</param>
public sealed record Subscription(string Source, string Queue);

/// <summary>
/// Who listens to whom. A source's relay declares all of its queues before it publishes its first event, so no event is
/// confirmed into nothing because a consumer has not started yet. Queues of gateway replicas are their own affair: they
/// hold cache evictions, which nobody misses after a restart.
/// </summary>
public static class Subscriptions
{
    /// <summary>Every subscription of the suite. Deployments add queues of their own with <c>Relay:Queues</c>.</summary>
    public static IReadOnlyList<Subscription> All { get; } =
    [
        new("decisions", "sanctions.decisions"),
    ];

    /// <summary>The fanout exchange of a source.</summary>
    public static string ExchangeOf(string source) => $"externalaction.{source}";

    /// <summary>The fanout exchange on which a source tells how far its journal is: <see cref="JournalMoved"/>.</summary>
    public static string PositionsOf(string source) => $"externalaction.{source}.positions";
}
