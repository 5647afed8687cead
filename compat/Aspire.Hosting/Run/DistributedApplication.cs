// The built application: a host whose one real service is the orchestrator. Run prints what keeps it from starting as
// one plain sentence and ends with exit code 1.

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several processes.</summary>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private bool _begun;
    private bool _started;

    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    internal TestingHook? Hook { get; init; }

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>
    /// Starts everything, waits for Ctrl+C or SIGTERM, stops everything. What keeps the application from starting is
    /// printed as one sentence, and the process ends with exit code 1.
    /// </summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        // Inside a test the test starts and stops the application; the AppHost's Main waits here until it is done.
        if (Hook is not null)
        {
            await _disposed.Task.WaitAsync(cancellationToken);
            return;
        }
        try
        {
            await StartAsync(cancellationToken);
            await host.WaitForShutdownAsync(cancellationToken);
        }
        catch (DistributedApplicationException e)
        {
            await DisposeAsync();
            await Console.Error.WriteLineAsync(e.Message);
            // Not thrown, which would print a stack trace, and not left to the AppHost, whose last line may be "return 0".
            Environment.Exit(1);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <summary>Allocates the addresses and begins to start the resources; returns before they run.</summary>
    /// <exception cref="DistributedApplicationException">The application cannot run as it is described.</exception>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_started)
                return;
            _begun = true;
            await host.StartAsync(cancellationToken);
            _started = true;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Stops the resources in the reverse of the order they waited for each other.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        if (_disposed.Task.IsCompleted)
            return;

        try
        {
            if (_begun)
                await host.StopAsync();
            if (host is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
        }
        finally
        {
            _disposed.TrySetResult();
        }
        GC.SuppressFinalize(this);
    }

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}
