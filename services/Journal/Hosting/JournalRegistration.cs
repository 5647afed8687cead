using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Journal;

/// <summary>
/// Puts a service's journal into the host: the journal itself, its start and stop, and its health. One line in
/// <c>AddDecisions()</c>.
/// </summary>
public static class JournalRegistration
{
    /// <summary>
    /// Registers <see cref="Journal{TState, TEvent}"/> (and it as one of the <see cref="ServiceJournal"/>s), starts it with the
    /// host and adds the health check <c>journal:{service}</c> with the tag <c>ready</c>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Read as <see cref="JournalOptions.FromConfiguration"/> says.</param>
    /// <param name="definition">The service's journal.</param>
    public static IServiceCollection AddJournal<TState, TEvent>(
        this IServiceCollection services, IConfiguration configuration, JournalDefinition<TState, TEvent> definition)
        where TState : class
        where TEvent : class
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Journal<TState, TEvent>(
            definition,
            JournalOptions.FromConfiguration(configuration, definition.Service),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Journal<TState, TEvent>>>()));
        services.AddSingleton<ServiceJournal>(provider => provider.GetRequiredService<Journal<TState, TEvent>>());
        services.AddSingleton<IHostedService>(provider => new JournalHostedService(
            provider.GetRequiredService<Journal<TState, TEvent>>(),
            JournalOptions.FromConfiguration(configuration, definition.Service).StartWait,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<JournalHostedService>>()));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"journal:{definition.Service}",
            provider => new JournalHealthCheck(provider.GetRequiredService<Journal<TState, TEvent>>()),
            HealthStatus.Unhealthy,
            ["ready"]));
        return services;
    }
}

/// <summary>
/// Starts a journal with the host. It waits for the replay, but not for ever: while the database is missing the process
/// still answers its health endpoint, and says so there.
/// </summary>
internal sealed partial class JournalHostedService(
    ServiceJournal journal, TimeSpan startWait, IHostApplicationLifetime lifetime, ILogger<JournalHostedService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = StartOrEndAsync();
        await Task.WhenAny(_starting, Task.Delay(startWait, cancellationToken));
        if (_starting.IsFaulted)
        {
            await _starting; // A journal that cannot be opened ends the start with its own message.
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await journal.StopAsync();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task StartOrEndAsync()
    {
        try
        {
            await journal.StartAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped before it was ready.
        }
        catch (Exception failure)
        {
            LogCannotOpen(journal.Service, failure);
            lifetime.StopApplication();
            throw;
        }
    }

    [LoggerMessage(20, LogLevel.Critical, "Journal {Service} cannot be opened; the service ends")]
    private partial void LogCannotOpen(string service, Exception failure);
}

/// <summary>Healthy once the journal is replayed and its store answers; tells about refused integration events.</summary>
internal sealed class JournalHealthCheck(ServiceJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>
        {
            ["position"] = journal.Position,
            ["rejectedIntegrationEvents"] = journal.RejectedIntegrationEventCount,
        };
        return Task.FromResult(journal.Problem is { } problem
            ? new HealthCheckResult(context.Registration.FailureStatus, problem, data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
