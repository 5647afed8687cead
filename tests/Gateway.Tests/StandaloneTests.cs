using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;
using ExternalAction.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Gateway.Tests;

/// <summary>Gateway and service in one process: the same behaviour, and a request counts once though it comes in twice.</summary>
public sealed class StandaloneTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-standalone-").FullName;
    private readonly int _http = FreePort.Next();
    private readonly int _grpc = FreePort.Next();
    private readonly LogSink _log = new();
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = _folder });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:http:Url"] = $"http://127.0.0.1:{_http}",
            ["Kestrel:Endpoints:http:Protocols"] = "Http1",
            ["Kestrel:Endpoints:grpc:Url"] = $"http://127.0.0.1:{_grpc}",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
            ["Gateway:DataFolder"] = _folder,
            ["Gateway:RateLimit:PerSecond"] = "1",
            ["Gateway:RateLimit:Burst"] = "10",
        });
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddGrpcServices().AddSingleton(new ProbeState());
        builder.AddGateway(new GatewayService("probe", ProbeReflection.Descriptor) { Local = true });
        _app = builder.Build();
        _app.MapGateway();
        _app.MapGrpcService<ProbeService>();
        await _app.StartAsync();
        _client.BaseAddress = new Uri($"http://localhost:{_http}");
        using var response = await _client.PostAsJsonAsync("/dev/tokens", new { role = "secretariat" });
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString());
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose()
    {
        _client.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_rest_request_counts_once_against_the_rate_and_stands_once_in_the_log()
    {
        for (var i = 0; i < 9; i++)
        {
            using var response = await _client.GetAsync(new Uri($"/v1/reports/{i}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(9, _log.Lines.Count(line => line.Category == "ExternalAction.Gateway.Access" && line.Text.Contains("/v1/reports/{id}", StringComparison.Ordinal)));
        Assert.DoesNotContain(_log.Lines, line => line.Category == "ExternalAction.Gateway.Access" && line.Text.Contains("GetReport", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_forged_mark_of_an_own_call_does_not_help_past_the_limit()
    {
        _client.DefaultRequestHeaders.Add("ea-hop", "0123456789abcdef0123456789abcdef");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 200 && !statuses.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            using var response = await _client.GetAsync(new Uri("/v1/reports/r", UriKind.Relative));
            statuses.Add(response.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task Streams_gRPC_health_and_keys_work_as_in_two_processes()
    {
        Assert.Contains("id: 2", await _client.GetStringAsync(new Uri("/v1/things/a:watch?count=2", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("probe-1", await _client.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("Healthy", await _client.GetStringAsync(new Uri("/health", UriKind.Relative)), StringComparison.Ordinal);

        using var channel = GrpcChannel.ForAddress($"http://localhost:{_grpc}");
        var headers = new Metadata { { "authorization", _client.DefaultRequestHeaders.Authorization!.ToString() } };
        Assert.Equal("x", (await new Probe.ProbeClient(channel).EchoAsync(new Everything { Text = "x" }, headers)).Text);
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(async () => await new Probe.ProbeClient(channel).EchoAsync(new Everything()))).StatusCode);
    }
}
