// How a project is started: its built file, directly. (dotnet run would take three seconds more and put a process in between.)

using System.Diagnostics;
using System.Reflection;

namespace Aspire.Hosting.Run;

internal static class ProjectPlans
{
    /// <exception cref="DistributedApplicationException">The project has not been built.</exception>
    public static async Task<ProcessPlan> MakeAsync(ProjectResource project, IReadOnlyList<string> arguments, Dictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var metadata = project.GetProjectMetadata();
        var target = metadata.TargetPath ?? await AskForTargetAsync(metadata.ProjectPath, cancellationToken);
        if (!File.Exists(target))
            throw new DistributedApplicationException($"{target} does not exist: build {Path.GetFileName(metadata.ProjectPath)} first (dotnet build).");
        return new ProcessPlan(Dotnet, [target, .. arguments], Path.GetDirectoryName(metadata.ProjectPath)!, variables);
    }

    /// <summary>The dotnet that runs this process, else the one on the PATH.</summary>
    private static string Dotnet =>
        Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host) ? host
        : Programs.Find("dotnet", OwnRoot()) ?? throw new DistributedApplicationException("The program 'dotnet' was not found on the PATH.");

    private static string OwnRoot() => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    private static async Task<string> AskForTargetAsync(string projectPath, CancellationToken cancellationToken)
    {
        if (!File.Exists(projectPath))
            throw new DistributedApplicationException($"There is no project {projectPath}.");
        var configuration = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var start = new ProcessStartInfo(Dotnet, ["msbuild", projectPath, "-getProperty:TargetPath", $"-p:Configuration={configuration}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output.Trim() : throw new DistributedApplicationException($"MSBuild cannot read {projectPath}: {output.Trim()}");
    }
}
