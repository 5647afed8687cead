// What the runner's tests share: an empty application, a time limit, and an AppHost started as a process of its own.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// The runner's way with processes is Linux's: setpriv, /proc, file modes.
[assembly: SupportedOSPlatform("linux")]

namespace ExternalAction.Hosting.Tests;

internal static class TestApplication
{
    /// <summary>Long enough for a busy machine with two cores; only a hang reaches it.</summary>
    public static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token;

    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var builder = DistributedApplicationTestingBuilder.Create(args);
        builder.Services.AddLogging(l => l.ClearProviders());
        return builder;
    }

    public static IResourceBuilder<ProjectResource> AddFake(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<Projects.Hosting_FakeService>(name).WithHttpHealthCheck("/health", endpointName: "http");

    public static async Task<DistributedApplication> StartAsync(this IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync(Limit);
        await app.StartAsync(Limit);
        return app;
    }

    /// <summary>The process id as the notifications tell it.</summary>
    public static int Pid(this DistributedApplication app, string id) =>
        app.ResourceNotifications.TryGetCurrentState(id, out var state) && state.Snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid") is { Value: int pid }
            ? pid
            : throw new InvalidOperationException($"{id} has no process");

    public static Task HealthyAsync(this DistributedApplication app, string id) => app.ResourceNotifications.WaitForResourceHealthyAsync(id, Limit);

    public static async Task RunCommandAsync(this DistributedApplication app, string id, string command)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(id, command, Limit);
        Assert.True(result.Success, result.ErrorMessage);
    }

    public static void Kill(int pid) => Process.GetProcessById(pid).Kill();

    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static async Task GoneAsync(int pid)
    {
        var limit = Limit;
        while (IsAlive(pid))
            await Task.Delay(20, limit);
    }
}

/// <summary>A data folder of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("hosting-tests-").FullName;
        // Servers may run under an account of their own and must be able to pass through.
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>The test AppHost as people run it: <c>dotnet Hosting.TestAppHost.dll …</c></summary>
internal sealed class AppHostProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly SemaphoreSlim _news = new(0);

    public AppHostProcess(params string[] args)
    {
        // A shell starts what it does not wait for with SIGINT ignored, and that is inherited: tests must not depend on how they were started.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", typeof(Projects.Hosting_TestAppHost).Assembly.Location, "--page", "off", .. args]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Waits for a line with this text and gives it.</summary>
    public async Task<string> LineAsync(string text)
    {
        var limit = TestApplication.Limit;
        while (true)
        {
            lock (_lines)
            {
                if (_lines.Find(l => l.Contains(text, StringComparison.Ordinal)) is { } line)
                    return line;
            }
            if (_process.HasExited && _news.CurrentCount == 0)
                throw new InvalidOperationException($"The AppHost ended without saying '{text}':\n{Output}");
            await _news.WaitAsync(TimeSpan.FromSeconds(1), limit);
        }
    }

    /// <summary>The process id in <c>name • Running, process 123</c>.</summary>
    public async Task<int> PidOfAsync(string resource)
    {
        var line = (await LineAsync($"{resource,-8} • Running, process ")).Split("process ")[1];
        return int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestApplication.Limit);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _news.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
        _news.Release();
    }
}
