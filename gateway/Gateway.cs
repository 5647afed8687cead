using ExternalAction.Gateway.Caching;
using ExternalAction.Gateway.Development;
using ExternalAction.Gateway.Edge;
using ExternalAction.Gateway.Forwarding;
using ExternalAction.Gateway.OpenApi;
using ExternalAction.Gateway.Rest;
using ExternalAction.Journal.Relay;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ExternalAction.Gateway;

/// <summary>
/// The gateway as two calls, so that it runs in a process of its own (Program.cs) or together with the services
/// (Standalone): <see cref="AddGateway"/> registers, <see cref="MapGateway"/> builds the pipeline.
/// </summary>
public static class GatewayExtensions
{
    /// <summary>The route of everything that nothing else is mapped for.</summary>
    internal const string Everything = "{**path}";

    /// <summary>Registers the gateway for these services.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder, params GatewayService[] services)
    {
        builder.AddServiceDefaults();
        builder.Services.AddOptions<GatewayOptions>().Bind(builder.Configuration.GetSection(GatewayOptions.Section)).Validate(GatewayOptions.IsSound, GatewayOptions.Unsound).ValidateOnStart();
        builder.AddLimits();
        builder.AddDevelopment();
        builder.AddCache(services);

        // Calls to services of this very process go to its own gRPC port.
        foreach (var service in services.Where(service => service.Local))
        {
            builder.Configuration[$"services:{service.Name}:grpc:0"] = OwnAddress(builder.Configuration, "grpc");
        }

        var rpcs = Rpc.Of(services);
        builder.Services.AddSingleton<IReadOnlyList<GatewayService>>(services);
        builder.Services.AddSingleton(rpcs);
        builder.Services.AddSingleton(new RouteTable(rpcs.SelectMany(HttpBinding.Of)));
        builder.Services.AddSingleton(provider => new SpreadChannels(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.ConnectionsPerService, provider));
        builder.Services.AddSingleton<Func<GatewayService, CallInvoker>>(provider => service => service.Local
            ? provider.GetRequiredService<GrpcChannels>().Invoker(service.Name).Intercept(Hop.Mark)
            : provider.GetRequiredService<SpreadChannels>().Next(service.Name));
        builder.Services.AddSingleton<Transcoder>();
        builder.Services.AddSingleton<PublicKeys>();
        builder.Services.AddSingleton<SuiteHealth>();
        builder.AddGrpcForwarding(services);
        return builder;
    }

    /// <summary>
    /// Builds the gateway's pipeline, from the outside in: 1. log and headers; 2. refusals in the caller's dialect; 3. who calls, and how
    /// often; 4. gRPC is judged; 5. endpoints, and REST where nothing else is mapped. Services of the same process are mapped before or after.
    /// </summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        // 1.
        app.UseConfiguredProxies();
        app.UseAccessLog();
        app.UseSecurityHeaders();

        // 2.
        app.UseGrpcRefusals();
        app.UseProblems();

        // 3.
        app.UseDevelopment();
        app.UseStreamLimits();
        app.UseApiKeys();
        app.UseAuthentication();
        app.UseRateLimits();

        // 4.
        app.UseGrpcJudgement(app.Services.GetRequiredService<IReadOnlyList<Rpc>>());

        // 5.
        app.MapReverseProxy().AccessEnforcedBy("the service behind it");
        app.MapGet("/health", app.Services.GetRequiredService<SuiteHealth>().WriteAsync).AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") }).AllowAnonymous().DisableHttpMetrics();
        app.MapGet("/.well-known/jwks.json", app.Services.GetRequiredService<PublicKeys>().WriteAsync).AllowAnonymous();
        app.MapErrorCatalog();
        app.MapOpenApiDocument();
        app.MapGet("/", context => context.Response.WriteAsJsonAsync(Links.Of(app.Environment), GatewayJson.Default.Links, cancellationToken: context.RequestAborted)).AllowAnonymous();
        app.MapFallback(Everything, app.Services.GetRequiredService<Transcoder>().InvokeAsync).AllowAnonymous(); // judged there, rpc by rpc
        return app;
    }

    private static void AddCache(this WebApplicationBuilder builder, GatewayService[] services)
    {
        var redis = builder.Configuration.GetConnectionString("cache");
        builder.Services.AddSingleton<ICacheStore>(provider => string.IsNullOrWhiteSpace(redis)
            ? new MemoryStore(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.CacheBytes, provider.GetRequiredService<TimeProvider>())
            : new RedisStore(redis, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisStore>>()));
        builder.Services.AddSingleton(provider => new OutputCache(provider.GetRequiredService<ICacheStore>(), provider.GetRequiredService<TimeProvider>()));

        // Each replica hears of every change through a queue of its own, which ends with it: a replica starts with nothing kept.
        if (builder.Configuration.GetConnectionString("messaging") is { Length: > 0 } || Array.Exists(services, service => service.Local))
        {
            foreach (var service in services)
            {
                builder.AddPositionSubscription(service.Name, (provider, position) => provider.GetRequiredService<OutputCache>().Evict(service.Name, position));
            }
        }

        // YARP brings Data Protection along for session affinity, which is not used: no key has to be written anywhere.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }

    private static void AddDevelopment(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            return;
        }

        // Unless another authority is named, the gateway trusts its own development issuer.
        var own = OwnAddress(builder.Configuration, "http") + "/dev";
        builder.Services.PostConfigure<BearerOptions>(options =>
        {
            options.Authority = string.IsNullOrWhiteSpace(options.Authority) ? own : options.Authority;
            options.Audience = string.IsNullOrWhiteSpace(options.Audience) ? BearerOptions.DevelopmentAudience : options.Audience;
        });
        builder.Services.AddSingleton(provider => new DevIssuer(
            Path.Combine(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.DataFolder, "development-token-key.pem"),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void UseDevelopment(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        LoopbackOnly.CheckBindings(app.Configuration);
        app.UseLoopbackOnly();
        DevTokens.Map(app, app.Services.GetRequiredService<DevIssuer>(), app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.MemberStates);
        app.Logger.LogWarning("Development: everybody on this machine gets a token with any role from POST /dev/tokens.");
    }

    /// <summary>The address of one of this process's Kestrel endpoints, as this machine reaches it.</summary>
    private static string OwnAddress(ConfigurationManager configuration, string endpoint)
    {
        var url = configuration[$"Kestrel:Endpoints:{endpoint}:Url"] ?? throw new InvalidOperationException($"Kestrel:Endpoints:{endpoint}:Url is not configured.");
        var address = BindingAddress.Parse(url);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}");
    }
}
