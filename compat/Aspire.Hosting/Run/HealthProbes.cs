// How the health of one instance is asked, and how often: quickly while it comes up, seldom once it is healthy.

using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Run;

/// <summary>One question; an exception is a no.</summary>
internal sealed record HealthProbe(string Name, Func<CancellationToken, Task<HealthReportSnapshot>> AskAsync);

internal static class HealthProbes
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowestWhileUnhealthy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) });

    /// <summary>The probes written on the resource, for its instance number <paramref name="index"/>.</summary>
    public static ImmutableArray<HealthProbe> Of(IResource resource, int index, HealthCheckService checks)
    {
        var http = resource.Annotations.OfType<HttpProbeAnnotation>().Select(a => HttpProbe(a, resource, index));
        var registered = resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => new HealthProbe(a.Key, async ct =>
        {
            var report = await checks.CheckHealthAsync(registration => registration.Name == a.Key, ct);
            return report.Entries.TryGetValue(a.Key, out var entry)
                ? new HealthReportSnapshot(a.Key, entry.Status, entry.Description, entry.Exception?.ToString())
                : new HealthReportSnapshot(a.Key, HealthStatus.Unhealthy, $"no health check '{a.Key}' is registered", null);
        }));
        return [.. http, .. registered];
    }

    /// <summary>Asks until cancelled; tells every change of the reports.</summary>
    public static async Task PollAsync(ImmutableArray<HealthProbe> probes, Action<ImmutableArray<HealthReportSnapshot>> tell, TimeProvider time, CancellationToken cancellationToken)
    {
        var wait = First;
        ImmutableArray<HealthReportSnapshot> before = [];
        while (true)
        {
            ImmutableArray<HealthReportSnapshot> reports = [.. await Task.WhenAll(probes.Select(p => AskAsync(p, time, cancellationToken)))];
            cancellationToken.ThrowIfCancellationRequested();
            if (!reports.SequenceEqual(before))
                tell(reports);
            before = reports;
            var healthy = reports.All(r => r.Status == HealthStatus.Healthy);
            await Task.Delay(healthy ? WhileHealthy : wait, time, cancellationToken);
            wait = healthy ? First : wait * 1.5 < SlowestWhileUnhealthy ? wait * 1.5 : SlowestWhileUnhealthy;
        }
    }

    private static async Task<HealthReportSnapshot> AskAsync(HealthProbe probe, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(LongestAnswer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await probe.AskAsync(either.Token);
        }
        catch (Exception e)
        {
            // A request that fails while it is being cancelled throws what it likes (refused, reset): who asked has stopped asking.
            cancellationToken.ThrowIfCancellationRequested();
            var why = timeout.IsCancellationRequested ? $"no answer within {LongestAnswer.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s" : e.Message;
            return new HealthReportSnapshot(probe.Name, HealthStatus.Unhealthy, why, null);
        }
    }

    private static HealthProbe HttpProbe(HttpProbeAnnotation annotation, IResource resource, int index)
    {
        var endpoint = annotation.Endpoint();
        // A replica is asked itself, not whoever answers on the shared address.
        var port = ReferenceEquals(endpoint.Resource, resource) ? endpoint.EndpointAnnotation.InstancePorts[index] : endpoint.Port;
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{endpoint.Scheme}://localhost:{port}/{annotation.Path.TrimStart('/')}"));
        var name = $"{endpoint.EndpointName} {annotation.Path}";
        return new HealthProbe(name, async ct =>
        {
            using var response = await Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, ct);
            var status = (int)response.StatusCode;
            return status == annotation.StatusCode
                ? new HealthReportSnapshot(name, HealthStatus.Healthy, null, null)
                : new HealthReportSnapshot(name, HealthStatus.Unhealthy, $"{address} answers {status}, not {annotation.StatusCode}", null);
        });
    }
}
