// What every process of the suite has, under the method names of the Aspire template: telemetry, health, service
// discovery, resilience, and beyond the template authentication, access control, error handling and a clean stop.
using ExternalAction.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.Registry;

namespace Microsoft.Extensions.Hosting;

/// <summary>The defaults of services and gateway.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>How long a stopping process lets running calls finish. The runner kills after 10 s.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    private const string Live = "live";

    /// <summary>Everything a process needs that also calls others: the basic defaults, service discovery, resilient HTTP clients and gRPC channels. A second call adds nothing.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddBasicServiceDefaults();
        if (builder.Services.Any(service => service.ServiceType == typeof(ResiliencePipelineRegistry<string>)))
        {
            return builder;
        }

        builder.Services.AddGrpcChannels();
        builder.Services.AddSingleton<ResiliencePipelineRegistry<string>>();
        builder.Services.AddTransient<ResilienceHandler>();
        builder.Services.AddTransient<ServiceDiscoveryHandler>();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddHttpMessageHandler<ServiceDiscoveryHandler>();
            http.AddHttpMessageHandler<ResilienceHandler>();
        });
        return builder;
    }

    /// <summary>What a process needs that calls nobody: telemetry, health, authentication, access control, a clean stop.</summary>
    public static TBuilder AddBasicServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.AddBearerAuthentication();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, AccessCheck>());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        return builder;
    }

    /// <summary>A check <c>self</c> that says the process runs, and is not stopping.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(StoppingCheck)))
        {
            return builder;
        }

        builder.Services.AddSingleton<StoppingCheck>();
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [Live])
            .AddCheck<StoppingCheck>("accepting");
        return builder;
    }

    /// <summary>
    /// <c>/health</c>: every check, as JSON, 503 when one is unhealthy. <c>/alive</c>: whether the process answers at all.
    /// In every environment, on the service's own ports; the gateway does not route them.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReply.WriteAsync })
            .AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live), ResponseWriter = HealthReply.WriteAsync })
            .AllowAnonymous().DisableHttpMetrics();
        return app;
    }
}

/// <summary>Unhealthy from the moment a stop begins, so that nobody sends new work here.</summary>
internal sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The process is stopping.")
            : HealthCheckResult.Healthy());
}
