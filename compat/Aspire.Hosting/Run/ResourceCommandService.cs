// Start, stop and restart of single resources while the application runs.

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands every process has. Use these constants: the texts differ between versions of the API.</summary>
public static class KnownResourceCommands
{
    public static readonly string StartCommand = "resource-start";
    public static readonly string StopCommand = "resource-stop";

    /// <summary>Stop, then start with the same ports and a newly resolved environment.</summary>
    public static readonly string RestartCommand = "resource-restart";
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    /// <summary>Why it did not work.</summary>
    public string? ErrorMessage { get; init; }
}

public static class CommandResults
{
    public static ExecuteCommandResult Success() => new() { Success = true };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, ErrorMessage = errorMessage };

    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

/// <summary>
/// Runs commands by resource id: a name means every replica, <c>name-2</c> the second one alone. A start is done when
/// the process runs, which is before it is healthy.
/// </summary>
public class ResourceCommandService(IServiceProvider services)
{
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        // Not a constructor argument: the orchestrator is made when the application starts, this service may be asked for earlier.
        var orchestrator = (Run.Orchestrator)services.GetService(typeof(Run.Orchestrator))!;
        try
        {
            return await orchestrator.ExecuteAsync(resourceId, commandName, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
    }
}
