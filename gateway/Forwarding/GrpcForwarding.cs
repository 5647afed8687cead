using System.Globalization;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Gateway.Caching;
using ExternalAction.Gateway.Edge;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace ExternalAction.Gateway.Forwarding;

/// <summary>
/// gRPC as it is, from the gateway's gRPC port to the services: YARP copies frames, so deadlines, cancellation, trailers and all
/// kinds of streaming pass through. One cluster for each service that runs in another process, its replicas from service
/// discovery, each asked for its health.
/// </summary>
internal static class GrpcForwarding
{
    /// <summary>Registers a cluster and the routes of each service in another process.</summary>
    public static void AddGrpcForwarding(this WebApplicationBuilder builder, IReadOnlyList<GatewayService> services)
    {
        builder.Services.AddSingleton<IProbingRequestFactory, HealthProbe>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory>(provider => new SpreadConnections(
            provider.GetRequiredService<IOptions<GatewayOptions>>().Value.ConnectionsPerService, provider.GetRequiredService<ILogger<ForwarderHttpClientFactory>>()));
        var remote = services.Where(service => !service.Local).ToList();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [.. remote.SelectMany(RoutesOf)],
            [.. remote.Select(service => ClusterOf(service, builder.Configuration))]);
    }

    /// <summary>
    /// Judges gRPC calls before they are forwarded: 1. an rpc that nobody offers is UNIMPLEMENTED; 2. the caller may call it;
    /// 3. a failure of the forwarding itself becomes a status; 4. the position of a command's reply evicts what is older.
    /// </summary>
    public static void UseGrpcJudgement(this WebApplication app, IReadOnlyList<Rpc> rpcs)
    {
        var byPath = rpcs.ToDictionary(rpc => rpc.Method.FullName);
        var cache = app.Services.GetRequiredService<OutputCache>();
        app.Use(async (context, next) =>
        {
            if (!context.IsGrpc())
            {
                await next(context);
                return;
            }

            // 1 and 2.
            if (!byPath.TryGetValue(context.Request.Path.Value ?? "", out var rpc))
            {
                throw RpcErrors.Create(PlatformError.Types.Code.NoSuchPath, $"There is no rpc {context.Request.Path}.");
            }

            if (rpc.Access.Refuse(context) is { } refusal)
            {
                throw refusal;
            }

            await next(context);

            // 3.
            if (context.Features.Get<IForwarderErrorFeature>() is { } failure && !context.Response.HasStarted)
            {
                throw RefusalOf(failure, rpc);
            }

            // 4.
            if (!rpc.Cacheable && ForwardedHeaders.Parse(context.Response.Headers[ForwardedHeaders.Position]) is { } position)
            {
                cache.Evict(rpc.Service.Name, position);
            }
        });
    }

    private static RpcException RefusalOf(IForwarderErrorFeature failure, Rpc rpc) => failure.Error switch
    {
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled => new RpcException(new Status(StatusCode.Cancelled, "The caller cancelled the call.")),
        ForwarderError.RequestTimedOut => RpcErrors.Create(PlatformError.Types.Code.DeadlineExceeded, $"The service {rpc.Service.Name} has been silent for too long."),
        _ => RpcErrors.Create(PlatformError.Types.Code.Unavailable, $"The service {rpc.Service.Name} cannot be reached just now. The same call may be made again with the same idempotency key."),
    };

    private static IEnumerable<RouteConfig> RoutesOf(GatewayService service) =>
        from file in service.Files
        from declared in file.Services
        select new RouteConfig { RouteId = declared.FullName, ClusterId = service.Name, Match = new() { Path = $"/{declared.FullName}/{{method}}", Methods = ["POST"] } };

    private static ClusterConfig ClusterOf(GatewayService service, IConfiguration configuration)
    {
        var grpc = ServiceEndpoints.Resolve(configuration, service.Name, "grpc");
        var http = ServiceEndpoints.Find(configuration, service.Name, "http");
        return new ClusterConfig
        {
            ClusterId = service.Name,
            LoadBalancingPolicy = "RoundRobin",
            Destinations = grpc.Select((address, i) => (address, i)).ToDictionary(
                replica => string.Create(CultureInfo.InvariantCulture, $"{service.Name}-{replica.i}"),
                replica => new DestinationConfig { Address = replica.address.ToString(), Health = http.Length == grpc.Length ? http[replica.i].ToString() : null }),
            HttpRequest = new ForwarderRequestConfig
            {
                Version = System.Net.HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                ActivityTimeout = TimeSpan.FromMinutes(10), // streams send a heartbeat every 15 s
            },
            HttpClient = new HttpClientConfig { EnableMultipleHttp2Connections = true },
            // The http endpoint answers HTTP/1.1; without one for each replica nobody can be asked.
            HealthCheck = http.Length != grpc.Length ? null : new HealthCheckConfig
            {
                AvailableDestinationsPolicy = "HealthyOrPanic", // if all are ill, their own words are better than the proxy's
                Active = new ActiveHealthCheckConfig { Enabled = true, Interval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(2), Policy = "ConsecutiveFailures", Path = "/health" },
            },
        };
    }
}
