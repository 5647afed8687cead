// Traces, metrics and logs arrive at an OTLP collector: a small real one that keeps the bytes it is sent.
using System.Collections.Concurrent;
using System.Text;
using ExternalAction.House.Tests.Probe.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace ExternalAction.House.Tests.Defaults;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Traces_metrics_and_logs_arrive_at_an_otlp_collector()
    {
        await using var collector = await Collector.StartAsync();
        var settings = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "probe-under-test",
        };
        var host = await ProbeHost.StartAsync(settings);
        host.App.Logger.LogWarning("A sentence for the collector");
        await host.Client.ForEveryoneAsync(new ProbeRequest());
        await host.Http.GetStringAsync("/errors/decisions");
        await host.Http.GetStringAsync("/health");
        await host.DisposeAsync(); // sends what is left

        var traces = collector.Received("/v1/traces");
        Assert.Contains("GET /errors/{service}", traces, StringComparison.Ordinal);
        Assert.Contains("http.response.status_code", traces, StringComparison.Ordinal);
        Assert.Contains("POST /externalaction.probe.v1.Probe/ForEveryone", traces, StringComparison.Ordinal);
        Assert.Contains("probe-under-test", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /health", traces, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Received("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("A sentence for the collector", collector.Received("/v1/logs"), StringComparison.Ordinal);
        Assert.Contains("probe-under-test", collector.Received("/v1/logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_endpoint_no_telemetry_is_collected()
    {
        await using var host = await ProbeHost.StartAsync();
        Assert.Null(host.App.Services.GetService<OpenTelemetrySdk>());
    }

    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> _bodies = new();

        public string Address => app.Urls.First();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost("/v1/{kind}", async (HttpContext http) =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                collector._bodies.Enqueue((http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            });
            await app.StartAsync();
            return collector;
        }

        public string Received(string path) => string.Concat(_bodies.Where(entry => entry.Path == path).Select(entry => entry.Body));

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
