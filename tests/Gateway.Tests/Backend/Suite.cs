using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Gateway.Tests.Backend;

/// <summary>
/// A gateway and the probe service behind it, each a Kestrel of its own on loopback, as they run in two processes. Both
/// trust the gateway's development issuer. An Error in either log that a test did not announce fails the test that asks.
/// </summary>
public sealed class Suite : IAsyncDisposable
{
    private readonly WebApplication _service;
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-tests-").FullName;
    private readonly Dictionary<string, string> _tokens = [];

    private Suite(Dictionary<string, string?> settings, string environment, string? serviceAuthority, Action<IServiceCollection>? change)
    {
        HttpPort = FreePort.Next();
        GrpcPort = FreePort.Next();
        var (serviceHttp, serviceGrpc) = (FreePort.Next(), FreePort.Next());
        (ServiceHttpPort, ServiceGrpcPort) = (serviceHttp, serviceGrpc);
        var authority = serviceAuthority ?? $"http://127.0.0.1:{HttpPort}/dev";

        var service = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = _folder });
        service.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Authentication:Authority"] = authority, ["Authentication:Audience"] = "external-action-dev" });
        service.Logging.ClearProviders().AddProvider(Log);
        service.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, serviceHttp, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, serviceGrpc, listen => listen.Protocols = HttpProtocols.Http2);
        });
        service.AddBasicServiceDefaults();
        service.Services.AddGrpcServices().AddSingleton(State);
        service.Services.AddHealthChecks().AddCheck("probe", () => State.Healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        _service = service.Build();
        _service.UseProblems();
        _service.UseAuthentication();
        _service.MapDefaultEndpoints();
        _service.MapGrpcService<ProbeService>();

        var gateway = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = _folder });
        gateway.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:http:Url"] = $"http://127.0.0.1:{HttpPort}",
            ["Kestrel:Endpoints:http:Protocols"] = "Http1",
            ["Kestrel:Endpoints:grpc:Url"] = $"http://127.0.0.1:{GrpcPort}",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
            ["services:probe:http:0"] = $"http://127.0.0.1:{serviceHttp}",
            ["services:probe:grpc:0"] = $"http://127.0.0.1:{serviceGrpc}",
            ["Gateway:DataFolder"] = Path.Combine(_folder, "data"),
        });
        gateway.Configuration.AddInMemoryCollection(settings);
        gateway.Logging.ClearProviders().AddProvider(Log);
        gateway.AddGateway(new GatewayService("probe", ProbeReflection.Descriptor));
        change?.Invoke(gateway.Services);
        Gateway = gateway.Build();
        Gateway.MapGateway();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}") };
    }

    public int HttpPort { get; }

    public int GrpcPort { get; }

    /// <summary>The service's own gRPC port, for a second gateway.</summary>
    public int ServiceGrpcPort { get; }

    /// <summary>The service's own port for health.</summary>
    public int ServiceHttpPort { get; }

    public ProbeState State { get; } = new();

    /// <summary>A second gateway before the same service, trusting the same issuer.</summary>
    public Task<Suite> StartReplicaAsync(Dictionary<string, string?> settings) => StartAsync(new(settings)
    {
        ["services:probe:grpc:0"] = $"http://127.0.0.1:{ServiceGrpcPort}",
        ["Authentication:Authority"] = $"http://127.0.0.1:{HttpPort}/dev",
        ["Gateway:DataFolder"] = Path.Combine(_folder, "data"),
    });

    public WebApplication Gateway { get; }

    public HttpClient Client { get; }

    public LogSink Log { get; } = new();

    /// <param name="settings">What the gateway is configured with besides.</param>
    /// <param name="environment">The gateway's environment.</param>
    /// <param name="serviceAuthority">Whose tokens the service believes; the gateway's unless named.</param>
    /// <param name="change">Replaces parts of the gateway, for example to give one a clock that a test sets.</param>
    public static async Task<Suite> StartAsync(Dictionary<string, string?>? settings = null, string environment = "Development", string? serviceAuthority = null, Action<IServiceCollection>? change = null)
    {
        var suite = new Suite(settings ?? [], environment, serviceAuthority, change);
        await suite._service.StartAsync();
        await suite.Gateway.StartAsync();
        return suite;
    }

    /// <summary>A token of this role.</summary>
    public async Task<string> TokenAsync(string role = "secretariat", string? memberState = null)
    {
        var key = $"{role}/{memberState}";
        if (!_tokens.TryGetValue(key, out var token))
        {
            var response = await Client.PostAsJsonAsync("/dev/tokens", memberState is null ? new { role } : (object)new { role, memberState });
            response.EnsureSuccessStatusCode();
            _tokens[key] = token = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        }

        return token;
    }

    /// <summary>Sends a request with a token.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? role = "secretariat", Action<HttpRequestMessage>? change = null)
    {
        // The raw target matters to these tests: no canonicalisation on the way.
        using var request = new HttpRequestMessage(method, new Uri(Client.BaseAddress + path.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (role is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role, role == "delegation" ? "FR" : null));
        }

        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string json => new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            byte[] bytes => new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } },
            _ => JsonContent.Create(body),
        };
        change?.Invoke(request);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Sends a request and reads the JSON of its reply.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> JsonAsync(HttpMethod method, string path, object? body = null, string? role = "secretariat", Action<HttpRequestMessage>? change = null)
    {
        using var response = await SendAsync(method, path, body, role, change);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Sends a request to the port that speaks HTTP/2, where body and reply may go at the same time.</summary>
    public void OverHttp2(HttpRequestMessage request)
    {
        request.RequestUri = new UriBuilder(request.RequestUri!) { Port = GrpcPort }.Uri;
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.StopAsync();
        await _service.StopAsync();
        await Gateway.DisposeAsync();
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
