using System.Security.Cryptography;
using ExternalAction.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.Sanctions.Private;

/// <summary>Opens the private store and its vault when the service starts, and again until it is there; ready is who has it.</summary>
internal sealed partial class PrivateStore(Vault vault, PrivateDatabase database, TimeProvider clock, ILogger<PrivateStore> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);
    private volatile string? _problem = "The private store is not open yet.";
    private DateTimeOffset _written;

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
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (_problem ?? await WriteProblemAsync(cancellationToken)) is { } problem ? HealthCheckResult.Unhealthy($"Nothing is screened or stored: {problem}") : HealthCheckResult.Healthy();

    /// <summary>Why the store cannot be written; null when it can. After a failure, and now and then without one, something is written: only that tells.</summary>
    private async Task<string?> WriteProblemAsync(CancellationToken cancellation)
    {
        if (database.Problem is null && clock.GetUtcNow() - _written < BetweenProbes)
        {
            return null;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ProbeLimit);
        try
        {
            await database.WriteAsync(connection => connection.RunAsync("UPDATE master_keys SET created_at = created_at", limit.Token), limit.Token);
            _written = clock.GetUtcNow();
            return null;
        }
        catch (JournalException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return database.Problem ?? "The private store does not answer.";
        }
    }

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
