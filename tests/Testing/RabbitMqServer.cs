using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace ExternalAction.Testing;

/// <summary>
/// A RabbitMQ of the tests' own: on free ports of 127.0.0.1, in a temporary folder, gone at the end. It can be killed in
/// the middle and started again with what it had on disk.
/// </summary>
public sealed class RabbitMqServer : IAsyncLifetime, IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("ea-rabbitmq-").FullName;
    private readonly int _nameServerPort = FreePort.Next();
    private readonly int _distributionPort = FreePort.Next();
    private Process? _nameServer;
    private Process? _process;

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Its address with user and password.</summary>
    public string ConnectionString => $"amqp://guest:guest@127.0.0.1:{Invariant(Port)}";

    /// <summary>Starts the broker.</summary>
    public async Task InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException("These tests need a RabbitMQ server: apt-get install rabbitmq-server");
        }

        await File.WriteAllTextAsync(In("enabled_plugins"), "[].");
        await File.WriteAllTextAsync(In("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Invariant(Port)}
            log.file = false
            log.console = true
            log.console.level = warning
            vm_memory_high_watermark.absolute = 512MB
            disk_free_limit.absolute = 200MB

            """);

        // The broker would leave Erlang's name server running behind it; this one ends with the tests.
        // It must listen before the broker starts, which gives up if it cannot register its name.
        _nameServer = await StartProcessAsync("epmd", "-port", Invariant(_nameServerPort), "-address", "127.0.0.1");
        await ListensAsync(_nameServer, _nameServerPort);
        await StartAsync();
    }

    /// <summary>Starts the broker (again); returns when it takes connections.</summary>
    public async Task StartAsync()
    {
        _process = await StartProcessAsync(Program);
        await ListensAsync(_process, Port);
    }

    /// <summary>Ends the broker at once, as a power failure would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var process in (Process?[])[_process, _nameServer])
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process?.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <inheritdoc/>
    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private static async Task ListensAsync(Process process, int port)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    private async Task<Process> StartProcessAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _folder,
        };
        foreach (var (name, value) in Variables())
        {
            start.Environment[name] = value;
        }

        var process = await LauncherThread.StartAsync(start);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    private Dictionary<string, string> Variables() => new(StringComparer.Ordinal)
    {
        ["HOME"] = _folder,
        ["RABBITMQ_NODENAME"] = $"test{Invariant(Port)}@localhost",
        ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
        // Nothing of the machine's own broker may reach this one; these do not exist.
        ["RABBITMQ_CONFIG_FILES"] = In("none/*.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = In("none.config"),
        ["RABBITMQ_CONF_ENV_FILE"] = In("none.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = In("mnesia"),
        ["RABBITMQ_LOG_BASE"] = In("log"),
        ["RABBITMQ_PID_FILE"] = In("pid"),
        ["RABBITMQ_DIST_PORT"] = Invariant(_distributionPort),
        ["ERL_EPMD_PORT"] = Invariant(_nameServerPort),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
        // The start script then becomes the Erlang machine instead of waiting beside it, and signals reach the broker.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
    };

    private string In(string name) => Path.Combine(_folder, name);

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
