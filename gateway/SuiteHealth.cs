using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Gateway;

/// <summary>The health of the whole: worst of all.</summary>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Services">The gateway's own health and that of every replica of every service, by name.</param>
internal sealed record SuiteHealthReply(string Status, IReadOnlyDictionary<string, HealthReply> Services);

/// <summary>
/// <c>/health</c>: this process's checks (in Standalone those of the services in it too) and what every replica of the other
/// services says of itself. The answer is kept for a second, so that asking often costs the services nothing; bad news for a fifth of
/// that, because who asks then waits for better.
/// </summary>
internal sealed class SuiteHealth(IReadOnlyList<GatewayService> services, IConfiguration configuration, HealthCheckService own, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _freshBadNews = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = _patience };
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SuiteHealthReply? _last;
    private long _askedAt;

    /// <summary>Answers the request: 200, or 503 when something is unhealthy.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var reply = await AskAsync(context.RequestAborted);
        context.Response.StatusCode = reply.Status == nameof(HealthStatus.Unhealthy) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(reply, GatewayJson.Default.SuiteHealthReply, cancellationToken: context.RequestAborted);
    }

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }

    private async Task<SuiteHealthReply> AskAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_last is null || time.GetElapsedTime(_askedAt) > (_last.Status == nameof(HealthStatus.Unhealthy) ? _freshBadNews : _fresh))
            {
                var replicas = services.Where(service => !service.Local).SelectMany(ReplicasOf).ToList();
                var replies = await Task.WhenAll(replicas.Select(replica => ReplicaAsync(replica.Address)).Prepend(OwnAsync()));
                var byName = replicas.Select(replica => replica.Name).Prepend("gateway").Zip(replies).ToDictionary(pair => pair.First, pair => pair.Second);
                _last = new SuiteHealthReply(Worst(replies.Select(reply => reply.Status)), byName);
                _askedAt = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    private IEnumerable<(string Name, Uri? Address)> ReplicasOf(GatewayService service)
    {
        var addresses = ServiceEndpoints.Find(configuration, service.Name, "http");
        return addresses.Length switch
        {
            0 => [(service.Name, null)],
            1 => [(service.Name, addresses[0])],
            _ => addresses.Select((address, i) => ($"{service.Name}-{i}", (Uri?)address)),
        };
    }

    private async Task<HealthReply> OwnAsync()
    {
        var report = await own.CheckHealthAsync();
        return new HealthReply(report.Status.ToString(), [.. report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new HealthCheckReply(
            entry.Key,
            entry.Value.Status.ToString(),
            entry.Value.Description,
            entry.Value.Data.Count == 0 ? null : entry.Value.Data.ToDictionary(fact => fact.Key, fact => fact.Value.ToString()),
            (long)entry.Value.Duration.TotalMilliseconds))]);
    }

    private async Task<HealthReply> ReplicaAsync(Uri? address)
    {
        if (address is null)
        {
            return Unreachable("Configuration does not name its http endpoint.");
        }

        try
        {
            using var response = await _client.GetAsync(new Uri(address, "/health"));
            return await response.Content.ReadFromJsonAsync(GatewayJson.Default.HealthReply) ?? Unreachable("It does not say.");
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or JsonException)
        {
            return Unreachable("It does not answer."); // addresses and faults are for the log of whoever runs it, not for everybody
        }
    }

    private static HealthReply Unreachable(string reason) =>
        new(nameof(HealthStatus.Unhealthy), [new HealthCheckReply("reachable", nameof(HealthStatus.Unhealthy), reason, null, 0)]);

    private static string Worst(IEnumerable<string> all) => all
        .Select(status => Enum.TryParse<HealthStatus>(status, out var known) ? known : HealthStatus.Unhealthy)
        .Min().ToString();
}
