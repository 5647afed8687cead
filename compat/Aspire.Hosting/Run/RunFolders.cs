// Where a running application keeps things: servers' data, the runner's own state (passwords, process list, lock)
// and the resources' logs. A test gets temporary folders that disappear with it.

using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Run;

/// <summary>
/// <c>DataFolder</c> in the configuration, relative to the current folder; else <c>.run/data</c> below the repository
/// (the nearest folder above the AppHost with <c>.git</c> or a solution), else below the AppHost's folder.
/// </summary>
internal sealed class RunFolders : IDisposable
{
    private readonly bool _temporary;
    private FileStream? _lock;
    private string? _throwaway;

    public RunFolders(IConfiguration configuration, string appHostDirectory, bool isTest)
    {
        var given = configuration["DataFolder"];
        _temporary = isTest && given is null;
        var run = Path.Combine(RepositoryOf(appHostDirectory), ".run");
        Data = _temporary ? MakeTemporary() : Make(given is null ? Path.Combine(run, "data") : Path.GetFullPath(given));
        Logs = Make(configuration["LogFolder"] is { } logs ? Path.GetFullPath(logs)
            : _temporary || given is not null ? Path.Combine(Data, "logs")
            : Path.Combine(run, "logs"));
        State = Make(Path.Combine(Data, ".apphost"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>One folder per server that keeps its data.</summary>
    public string Data { get; }

    public string Logs { get; }

    /// <summary>The runner's own folder in the data folder, mode 700.</summary>
    public string State { get; }

    /// <summary>For servers whose data nobody wants to keep; gone when the application ends.</summary>
    public string Throwaway => _throwaway ??= MakeTemporary();

    /// <summary>The folders of the application that this builder builds; made when first asked for.</summary>
    public static RunFolders Of(IDistributedApplicationBuilder builder) =>
        builder.Services.Select(s => s.ImplementationInstance).OfType<Lazy<RunFolders>>().Single().Value;

    /// <summary>One AppHost per data folder: a second one would end the first one's servers as left over.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost runs on this data folder.</exception>
    public void Lock(string howToChooseAnother)
    {
        var owner = Path.Combine(State, "owner");
        try
        {
            _lock = new FileStream(Path.Combine(State, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            var pid = File.Exists(owner) ? $" (process {File.ReadAllText(owner)})" : "";
            throw new DistributedApplicationException($"Another AppHost{pid} is using the data folder {Data}. Stop it, or choose another folder with {howToChooseAnother}.");
        }
        File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Others may pass through (a server may run under an account of its own) but not look around.</summary>
    private static string MakeTemporary()
    {
        var folder = Directory.CreateTempSubdirectory("apphost-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return WithoutLinks(folder);
    }

    private static string Make(string folder)
    {
        try
        {
            return WithoutLinks(Directory.CreateDirectory(folder).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The folder {folder} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The path as the kernel names it, so that a process can be told by the folder it works in.</summary>
    private static string WithoutLinks(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
            return path;

        path = Path.Combine(WithoutLinks(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
    }

    private static string RepositoryOf(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (Path.Exists(Path.Combine(candidate.FullName, ".git")) || candidate.EnumerateFiles("*.sln").Any())
                return candidate.FullName;
        }
        return folder;
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (_temporary)
            Directory.Delete(Data, recursive: true);
        if (_throwaway is not null)
            Directory.Delete(_throwaway, recursive: true);
    }
}
