using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// How far the other services lag behind this journal. A lag is never unhealthy: nothing is lost, and the service itself
/// answers as ever; it is degraded once the oldest unpublished row is half a minute old.
/// </summary>
internal sealed class RelayHealth(ServiceJournal journal, RelayStatus status, Broker broker, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Alarm = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!journal.IsReady)
        {
            return HealthCheckResult.Degraded("The journal is not ready.");
        }

        try
        {
            var here = status.Reached;
            var reached = here ?? await journal.ReadCheckpointAsync(broker.RelayName, cancellationToken);
            var behind = Math.Max(journal.Position - reached.Position, 0);
            var waiting = behind == 0 ? [] : await journal.ReadRowsAsync(reached.Position, cancellationToken);
            var age = waiting is [var oldest, ..] ? clock.GetUtcNow() - JournalTime.FromMicroseconds(oldest.RecordedAt) : TimeSpan.Zero;
            var data = new Dictionary<string, object>
            {
                ["rowsBehind"] = behind,
                ["oldestSeconds"] = Math.Max((long)age.TotalSeconds, 0),
                ["lastEvent"] = reached.LastEvent.ToString(),
                ["active"] = here is not null,
            };
            return status.Problem is { } problem ? HealthCheckResult.Degraded(problem, data: data)
                : age > Alarm ? HealthCheckResult.Degraded($"Events wait to be published for {age.TotalSeconds:0} s.", data: data)
                : HealthCheckResult.Healthy(data: data);
        }
        catch (JournalUnavailableException unavailable)
        {
            return HealthCheckResult.Degraded(unavailable.Message);
        }
    }
}
