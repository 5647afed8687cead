using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit;

namespace ExternalAction.Testing;

/// <summary>
/// A PostgreSQL of the tests' own: on a free port of 127.0.0.1, in a temporary folder, with fsync on, gone at the end.
/// Use it as a class or collection fixture; each test takes a database of its own.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ea-postgres-").FullName;
    private string _binaries = "";
    private Process? _process;
    private int _databases;

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The folder of PostgreSQL's programs, for example <c>pgbench</c>.</summary>
    public string Binaries => _binaries;

    /// <summary>Creates a cluster and starts it.</summary>
    public async Task InitializeAsync()
    {
        _binaries = FindBinaries();
        Port = FreePort.Next();
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root, so the folder belongs to its own user.
            await RunAsync("chown", "postgres:postgres", _folder);
        }

        await RunAsServerUserAsync(Path.Combine(_binaries, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await StartAsync();
    }

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Starts the server (again); returns when it takes connections.</summary>
    public async Task StartAsync()
    {
        _process = await LauncherThread.StartAsync(ServerUser(
            Path.Combine(_binaries, "postgres"),
            "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200"));
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Stops the server at once, as a power failure would (SIGKILL to all of its processes).</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        NpgsqlConnection.ClearAllPools();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <inheritdoc/>
    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private string Data => Path.Combine(_folder, "data");

    private string ConnectionString(string database)
        => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}");

    /// <summary>Where initdb, postgres and pgbench lie.</summary>
    public static string FindBinaries()
        => Directory.Exists("/usr/lib/postgresql")
            && Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb"))) is { } found
            ? found
            : throw new InvalidOperationException("These tests need a PostgreSQL server: apt-get install postgresql");

    private static ProcessStartInfo ServerUser(string program, params string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--pdeathsig", "KILL", program, .. arguments]
            : ["setpriv", "--pdeathsig", "KILL", program, .. arguments];
        return new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
    }

    private static Task RunAsServerUserAsync(string program, params string[] arguments) => RunAsync(ServerUser(program, arguments));

    private static Task RunAsync(string program, params string[] arguments)
        => RunAsync(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });

    private static async Task RunAsync(ProcessStartInfo start)
    {
        using var process = await LauncherThread.StartAsync(start);
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed:\n{string.Concat(output)}");
        }
    }
}
