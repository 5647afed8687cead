// Channels to the other services, one target each, found by service discovery. Every call carries a deadline and the
// incoming call's bearer token; a call that may be repeated without harm (a read, or one with an idempotency key) is
// tried again while the service is UNAVAILABLE, any other is not.
using System.Collections.Concurrent;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ExternalAction.ServiceDefaults
{
    /// <summary>Holds the channels of this process.</summary>
    public sealed class GrpcChannels(IConfiguration configuration, IHttpContextAccessor incoming, TimeProvider time, ILoggerFactory logging) : IDisposable
    {
        private const int MaxAttempts = 8;
        private readonly ConcurrentDictionary<(string Service, string Endpoint), Lazy<Target>> _targets = new();

        /// <summary>The invoker for a service, for example <c>new Decisions.DecisionsClient(channels.Invoker("decisions"))</c>.</summary>
        /// <exception cref="InvalidOperationException">Configuration does not say where the service is.</exception>
        public CallInvoker Invoker(string service, string endpoint = "grpc") =>
            _targets.GetOrAdd((service, endpoint), key => new Lazy<Target>(() => Connect(key.Service, key.Endpoint))).Value.Invoker;

        /// <inheritdoc/>
        public void Dispose()
        {
            foreach (var target in _targets.Values.Where(target => target.IsValueCreated))
            {
                target.Value.Dispose();
            }
        }

        private Target Connect(string service, string endpoint)
        {
            var addresses = ServiceEndpoints.Resolve(configuration, service, endpoint);
            var once = Channel(addresses, retry: null);
            var again = Channel(addresses, new RetryPolicy
            {
                // Waits are drawn between 0 and the back-off: about 5 s in all, longer than a restart takes.
                MaxAttempts = MaxAttempts,
                InitialBackoff = TimeSpan.FromMilliseconds(300),
                MaxBackoff = TimeSpan.FromSeconds(2),
                BackoffMultiplier = 2,
                RetryableStatusCodes = { StatusCode.Unavailable },
            });
            var invoker = new RepeatingInvoker(once.CreateCallInvoker(), again.CreateCallInvoker())
                .Intercept(new OutgoingCallInterceptor(incoming, time));
            return new Target(invoker, once, again);
        }

        private GrpcChannel Channel(IReadOnlyList<Uri> addresses, RetryPolicy? retry)
        {
            var config = new ServiceConfig();
            if (retry is not null)
            {
                config.MethodConfigs.Add(new MethodConfig { Names = { MethodName.Default }, RetryPolicy = retry });
            }

            if (addresses.Count > 1)
            {
                config.LoadBalancingConfigs.Add(ReplicaBalancer.Config);
            }

            return GrpcChannel.ForAddress(addresses.Count > 1 ? new Uri("static:///replicas") : addresses[0], new GrpcChannelOptions
            {
                LoggerFactory = logging,
                ServiceConfig = config,
                MaxRetryAttempts = MaxAttempts,
                // The library's own bound is two minutes: a service that is back must not be taken for dead that long.
                InitialReconnectBackoff = TimeSpan.FromMilliseconds(200),
                MaxReconnectBackoff = TimeSpan.FromSeconds(2),
                Credentials = addresses[0].Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
                ServiceProvider = addresses.Count > 1 ? Replicas(addresses) : null,
                DisposeHttpClient = true,
                HttpHandler = new SocketsHttpHandler
                {
                    EnableMultipleHttp2Connections = true,
                    ConnectTimeout = TimeSpan.FromSeconds(5),
                    PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                    KeepAlivePingDelay = TimeSpan.FromSeconds(60),
                    KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
                },
            });
        }

        private ServiceProvider Replicas(IReadOnlyList<Uri> addresses) => new ServiceCollection()
            .AddSingleton<LoadBalancerFactory>(new ReplicaBalancer.Factory(time, logging))
            .AddSingleton<ResolverFactory>(new StaticResolverFactory(_ => addresses.Select(address => new BalancerAddress(address.Host, address.Port))))
            .BuildServiceProvider();

        private sealed record Target(CallInvoker Invoker, GrpcChannel Once, GrpcChannel Again) : IDisposable
        {
            public void Dispose()
            {
                Once.Dispose();
                Again.Dispose();
            }
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers typed gRPC clients.</summary>
    public static class GrpcClientExtensions
    {
        /// <summary>Adds a generated client of a service: <c>AddGrpcClient("decisions", invoker => new Decisions.DecisionsClient(invoker))</c>.</summary>
        public static IServiceCollection AddGrpcClient<TClient>(this IServiceCollection services, string service, Func<CallInvoker, TClient> create)
            where TClient : ClientBase
        {
            services.AddGrpcChannels();
            return services.AddSingleton(provider => create(provider.GetRequiredService<GrpcChannels>().Invoker(service)));
        }

        /// <summary>Adds <see cref="GrpcChannels"/>. Part of AddServiceDefaults.</summary>
        public static IServiceCollection AddGrpcChannels(this IServiceCollection services)
        {
            services.AddHttpContextAccessor();
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<GrpcChannels>();
            return services;
        }
    }
}
