// A real redis-server of a test's own: on a free port of the loopback address, without persistence, in a temporary
// folder, and gone with the test. It can be killed and started again on the same port.
using System.Diagnostics;
using ExternalAction.Testing;

namespace ExternalAction.Compat.Tests;

/// <summary>A running redis-server.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string[] _arguments;
    private Process? _process;

    private RedisServer(string folder, int port, string[] arguments)
    {
        Folder = folder;
        Port = port;
        _arguments = arguments;
    }

    /// <summary>Its folder; deleted at the end.</summary>
    public string Folder { get; }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts a server in clear text.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var port = FreePort.Next();
        return await StartAsync(NewFolder(), port, "--port", Invariant(port));
    }

    /// <summary>Starts a server in a folder on a port, with arguments that make it listen there.</summary>
    public static async Task<RedisServer> StartAsync(string folder, int port, params string[] arguments)
    {
        var server = new RedisServer(folder, port, arguments);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Ends the process as a power failure would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts the process; returns when it accepts connections.</summary>
    public async Task RestartAsync()
    {
        var start = new ProcessStartInfo(Executable()) { RedirectStandardOutput = true, UseShellExecute = false };
        string[] always = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Folder];
        foreach (var argument in (string[])[.. always, .. _arguments]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        var log = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            log.Add(line);
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync(); // keep the pipe empty
            return;
        }
        Assert.Fail("redis-server ended at once:\n" + string.Join('\n', log));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A new temporary folder.</summary>
    public static string NewFolder() => Directory.CreateTempSubdirectory("compat-redis-").FullName;

    /// <summary>A number as servers read it.</summary>
    public static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Executable()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = folders.Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        if (found is null) Assert.Fail("apt-get install redis-server");
        return found;
    }
}
