using System.Security.Cryptography;
using ExternalAction.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Sanctions.Private;

/// <summary>Opens the private store and its vault when the service starts, and again until it is there; ready is who has it.</summary>
internal sealed partial class PrivateStore(Vault vault, TimeProvider clock, ILogger<PrivateStore> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private volatile string? _problem = "The private store is not open yet.";

    /// <summary>Registers it.</summary>
    public static void Add(WebApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(_ => new PrivateDatabase(JournalOptions.FromConfiguration(builder.Configuration, service)));
        builder.Services.AddSingleton(services => new Vault(
            services.GetRequiredService<PrivateDatabase>(), JournalOptions.FromConfiguration(builder.Configuration, service), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<PrivateStore>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PrivateStore>());
        builder.Services.AddHealthChecks().AddCheck<PrivateStore>($"{service}:private", tags: ["ready"]);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_problem is { } told)
        {
            try
            {
                await vault.OpenAsync(stoppingToken);
                _problem = null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is JournalException or CryptographicException or IOException or UnauthorizedAccessException)
            {
                if (fault.Message != told)
                {
                    LogWaiting(logger, fault.Message);
                }
                _problem = fault.Message;
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "The private store is not open: {Why}")]
    private static partial void LogWaiting(ILogger logger, string why);
}
