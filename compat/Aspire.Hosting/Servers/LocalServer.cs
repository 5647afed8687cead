// What the three servers have in common: a program that must be installed, a folder, a ping, and now and then a process
// that goes with it.

using Aspire.Hosting.Run;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Servers;

/// <summary>"This resource is a server installed on this machine."</summary>
internal sealed record LocalServerAnnotation(Func<Runtime, LocalServer> Make) : IResourceAnnotation;

/// <param name="resource">The resource that is served.</param>
/// <param name="runtime">What every instance works with.</param>
internal abstract class LocalServer(ContainerResource resource, Runtime runtime)
{
    private bool _setUp;

    /// <summary>A process to start before the server and to end after it.</summary>
    public ProcessPlan? Companion { get; protected set; }

    /// <summary>The port of this machine that the companion opens when it is ready; the server is not started before.</summary>
    public int CompanionPort { get; protected set; }

    protected Runtime Runtime { get; } = runtime;

    /// <summary>Kept between runs if the AppHost asked for a data volume (or the whole data folder is a temporary one).</summary>
    protected bool KeepsData => resource.HasAnnotationOfType<KeepDataAnnotation>();

    /// <summary>The server's own folder. One that is not kept lies in the system's temporary folder and is emptied at every start of the application.</summary>
    protected string Folder => Path.Combine(KeepsData ? Runtime.Folders.Data : Runtime.Folders.Throwaway, resource.Name);

    protected int Port => resource.Annotations.OfType<EndpointAnnotation>().First(e => e.Name == "tcp").InstancePorts[0];

    /// <summary>Brings the folder in order and says what to start. Called again for every restart.</summary>
    public Task<ProcessPlan> PrepareAsync(Dictionary<string, string> variables, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        _setUp = false;
        return PrepareFolderAsync(variables, arguments, cancellationToken);
    }

    /// <summary>The native ping; the first one that succeeds also sets up what belongs in the server, before anybody hears it is healthy.</summary>
    public HealthProbe MakeProbe() => new("ping", async ct =>
    {
        await PingAsync(ct);
        if (!_setUp)
            await SetUpAsync(ct);
        _setUp = true;
        return new HealthReportSnapshot("ping", HealthStatus.Healthy, null, null);
    });

    protected abstract Task<ProcessPlan> PrepareFolderAsync(Dictionary<string, string> variables, IReadOnlyList<string> arguments, CancellationToken cancellationToken);

    /// <summary>Throws unless the server serves.</summary>
    protected abstract Task PingAsync(CancellationToken cancellationToken);

    protected virtual Task SetUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The server's program: where <c>Servers:{key}</c> says, else as <paramref name="find"/> finds it.</summary>
    /// <exception cref="DistributedApplicationException">Not installed; the message has the line that installs it.</exception>
    protected string FindProgram(string key, string product, string package, Func<string?> find)
    {
        var configured = Runtime.Configuration[$"Servers:{key}"];
        return (configured is null ? find() : Programs.Find(configured))
            ?? throw new DistributedApplicationException($"{product} is not installed{(configured is null ? "" : $" as {configured}")}. Install it with: apt-get install {package}");
    }

    /// <summary>Runs a program to its end and gives its output.</summary>
    /// <exception cref="DistributedApplicationException">Its exit code was not 0; the message ends with its last lines.</exception>
    protected static async Task<List<string>> RunAsync(ProcessPlan plan)
    {
        var output = new List<string>();
        var process = await ChildProcess.StartAsync(plan, (text, _) =>
        {
            lock (output)
                output.Add(text);
        });
        var exitCode = await process.Exited;
        lock (output)
        {
            return exitCode == 0 ? [.. output]
                : throw new DistributedApplicationException($"{Path.GetFileName(plan.Program)} failed with exit code {exitCode}: {string.Join(" ", output.TakeLast(5))}");
        }
    }

    /// <summary>A folder for this account alone, or for others to pass through.</summary>
    protected static string MakeFolder(string path, bool passable = false)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            var own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            File.SetUnixFileMode(path, passable ? own | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : own);
        }
        return path;
    }

    /// <summary>A file with secrets in it: mode 600.</summary>
    protected static async Task WriteSecretAsync(string path, string content, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(content.AsMemory(), cancellationToken);
    }
}
