using ExternalAction.Journal.Relay;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Journal.Consumers;

/// <summary>
/// Whether a consumer gets on. Degraded for what passes by itself; unhealthy for what needs people: messages in the error
/// queue, a missing event, an event on which the service's own code fails.
/// </summary>
internal sealed class ConsumerHealth(QueueConsumer consumer, Broker broker, TimeProvider clock) : IHealthCheck
{
    /// <summary>A missing event may be on its way: a republished stretch arrives behind newer events.</summary>
    private static readonly TimeSpan GapPatience = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        var unreadable = consumer.UnreadableCount;
        if (!broker.IsInMemory)
        {
            // The error queue outlives the process; when people have emptied it, it is well again.
            var errors = await broker.CountAsync(BusQueue.ErrorQueueOf(consumer.Queue), cancellationToken);
            var waiting = await broker.CountAsync(consumer.Queue, cancellationToken);
            unreadable = errors ?? unreadable;
            data["waiting"] = waiting is { } count ? count : "unknown";
        }

        data["unreadable"] = unreadable;
        if (unreadable > 0)
        {
            return HealthCheckResult.Unhealthy($"{unreadable} messages could not be read; see {BusQueue.ErrorQueueOf(consumer.Queue)}.", data: data);
        }

        return consumer.Obstacle switch
        {
            null => HealthCheckResult.Healthy(data: data),
            { Kind: ObstacleKind.Infrastructure } obstacle => HealthCheckResult.Degraded(obstacle.Reason, data: data),
            { Kind: ObstacleKind.Gap } obstacle when clock.GetUtcNow() - obstacle.Since < GapPatience => HealthCheckResult.Degraded(obstacle.Reason, data: data),
            var obstacle => HealthCheckResult.Unhealthy(obstacle.Reason, data: data),
        };
    }
}
