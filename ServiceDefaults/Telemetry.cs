// Traces, metrics and logs. .NET emits them for HTTP, Kestrel and the runtime by itself; here they are collected by name
// and sent by OTLP, if OTEL_EXPORTER_OTLP_ENDPOINT is set. Without it nothing is collected and nothing is spent.
using ExternalAction.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Registers telemetry.</summary>
    public static class TelemetryExtensions
    {
        private static readonly string[] Sources =
        [
            "ExternalAction.*", "Microsoft.AspNetCore", "System.Net.Http", "Grpc.Net.Client", "Npgsql", "MassTransit",
            "RabbitMQ.Client.Publisher", "RabbitMQ.Client.Subscriber", "Yarp.ReverseProxy",
        ];

        private static readonly string[] Meters =
        [
            "ExternalAction.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting",
            "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit",
        ];

        /// <summary>Collects and exports traces, metrics and logs. Own sources and meters are called <c>ExternalAction.…</c> and need no registration.</summary>
        public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
        {
            builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, HttpServerSpan>());
            var isExported = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

            // This logger writes whole addresses, with their queries, which nobody may read. And as long as it is on at all, every request
            // gets an activity, which every outgoing call then describes in headers: for nothing if nobody collects them.
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", isExported ? LogLevel.Warning : LogLevel.None);
            if (!isExported
                || builder.Services.Any(service => service.ServiceType == typeof(OpenTelemetrySdk)))
            {
                return builder;
            }

            // Settings come from the host's configuration: OTEL_* of the environment, or the same names anywhere else in it.
            var name = builder.Environment.ApplicationName;
            void Describe(ResourceBuilder resource)
            {
                if (string.IsNullOrEmpty(builder.Configuration["OTEL_SERVICE_NAME"]))
                {
                    resource.AddService(name);
                }
            }

            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true;
                var resource = ResourceBuilder.CreateDefault();
                Describe(resource);
                logging.SetResourceBuilder(resource);
                logging.AddOtlpExporter();
            });

            builder.Services.AddSingleton(_ => OpenTelemetrySdk.Create(telemetry =>
            {
                telemetry.Services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(builder.Configuration);
                telemetry.ConfigureResource(Describe);
                telemetry.WithTracing(tracing => tracing.AddSource(Sources));
                telemetry.WithMetrics(metrics => metrics.AddMeter(Meters));
                telemetry.UseOtlpExporter();
            }));
            builder.Services.AddHostedService<TelemetryStart>();
            return builder;
        }
    }
}

namespace ExternalAction.ServiceDefaults
{
    /// <summary>Creates the SDK at start; the container disposes it at the end, which sends what is left.</summary>
    internal sealed class TelemetryStart(OpenTelemetrySdk sdk) : Microsoft.Extensions.Hosting.IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            GC.KeepAlive(sdk);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
