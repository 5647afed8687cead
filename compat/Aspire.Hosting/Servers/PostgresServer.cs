// Runs a locally installed PostgreSQL in a folder of its own, under its own account when the AppHost is root (PostgreSQL
// refuses to be root), and brings it back after any kind of death.

using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Run;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Servers;

/// <summary>
/// Before a start: 1. end what a killed server left running on the folder (its backends hold its shared memory, and it
/// would refuse to start beside them) and remove its stale lock file; 2. make the database cluster if there is none, under
/// another name first, so that half a cluster is never taken for one; 3. start. Once it answers: 4. create the databases.
/// </summary>
internal sealed class PostgresServer(PostgresServerResource postgres, Runtime runtime) : LocalServer(postgres, runtime)
{
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(5);

    private string Cluster => Path.Combine(Folder, "data");

    private string? Account => Environment.IsPrivilegedProcess ? Runtime.Configuration["Servers:PostgresAccount"] ?? "postgres" : null;

    private string Bin => Path.GetDirectoryName(FindProgram("Postgres", "PostgreSQL", "postgresql", FindNewest))!;

    protected override async Task<ProcessPlan> PrepareFolderAsync(Dictionary<string, string> variables, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var bin = Bin;
        // PGDATA, PGPORT and the like are somebody else's server.
        foreach (var inherited in variables.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            variables.Remove(inherited);
        MakeFolder(Folder, passable: true);
        await EndLeftoversAsync(cancellationToken);
        if (!File.Exists(Path.Combine(Cluster, "PG_VERSION")))
            await MakeClusterAsync(bin, variables, cancellationToken);
        await RefuseOtherVersionAsync(bin, cancellationToken);

        List<string> settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", .. KeepsData ? [] : (string[])["fsync=off", "synchronous_commit=off", "full_page_writes=off"]];
        return new ProcessPlan(Path.Combine(bin, "postgres"),
            ["-D", Cluster, "-p", Port.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(s => (string[])["-c", s]), .. arguments], Folder, variables)
        {
            User = Account,
            // SIGINT: end the sessions and stop. (SIGTERM would wait until every client has gone by itself.)
            StopSignal = Signal.Int,
        };
    }

    /// <summary>As pg_isready asks: a start-up packet. A server that serves wants a password; one that starts up or recovers says so.</summary>
    protected override async Task PingAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        await using var stream = client.GetStream();

        var parameters = Encoding.UTF8.GetBytes($"user\0{await postgres.UserNameReference.GetValueAsync(cancellationToken)}\0database\0postgres\0\0");
        var packet = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, packet.Length);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), 3 << 16);
        parameters.CopyTo(packet, 8);
        await stream.WriteAsync(packet, cancellationToken);

        var answer = new byte[512];
        var length = await stream.ReadAtLeastAsync(answer, 1, throwOnEndOfStream: true, cancellationToken);
        if (answer[0] == 'R')
            return;
        // An error is a list of fields, each a letter and a text; M is the message.
        var message = Encoding.UTF8.GetString(answer, 0, length).Split('\0').FirstOrDefault(f => f.StartsWith('M'));
        throw new IOException(message?[1..] ?? "not a PostgreSQL server");
    }

    protected override async Task SetUpAsync(CancellationToken cancellationToken)
    {
        if (postgres.DatabaseResources.Count == 0)
            return;
        var there = await QueryAsync("SELECT datname FROM pg_database", cancellationToken);
        foreach (var database in postgres.DatabaseResources.Where(d => !there.Contains(d.DatabaseName)))
        {
            await QueryAsync(database.CreationScript ?? $"CREATE DATABASE \"{database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken);
            Runtime.Sink.Say(postgres.Name, $"database {database.DatabaseName} created");
        }
    }

    private async Task<List<string>> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        var variables = Environments.Inherited().Where(v => !v.Key.StartsWith("PG", StringComparison.Ordinal)).ToDictionary();
        variables["PGPASSWORD"] = (await postgres.PasswordParameter.GetValueAsync(cancellationToken))!;
        var user = (await postgres.UserNameReference.GetValueAsync(cancellationToken))!;
        return await RunAsync(new ProcessPlan(Path.Combine(Bin, "psql"),
            ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", user, "-d", "postgres", "-c", sql], Folder, variables));
    }

    private async Task MakeClusterAsync(string bin, Dictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var fresh = Cluster + ".new";
        var password = Path.Combine(Folder, "password");
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        await WriteSecretAsync(password, await postgres.PasswordParameter.GetValueAsync(cancellationToken) + "\n", cancellationToken);
        try
        {
            MakeFolder(fresh);
            if (Account is { } account)
            {
                await RunAsync(new ProcessPlan("chown", [$"{account}:", fresh, password], Folder, variables));
                await RefuseUnreachableFolderAsync(fresh, account, variables);
            }
            var user = (await postgres.UserNameReference.GetValueAsync(cancellationToken))!;
            List<string> arguments = ["-D", fresh, "-U", user, "--auth=scram-sha-256", $"--pwfile={password}", "--encoding=UTF8", "--locale=C", .. KeepsData ? [] : (string[])["--no-sync"]];
            await RunAsync(new ProcessPlan(Path.Combine(bin, "initdb"), arguments, Folder, variables) { User = Account });
            Directory.Move(fresh, Cluster);
        }
        finally
        {
            File.Delete(password);
        }
    }

    private async Task RefuseUnreachableFolderAsync(string folder, string account, Dictionary<string, string> variables)
    {
        try
        {
            await RunAsync(new ProcessPlan("test", ["-w", folder], "/", variables) { User = account });
        }
        catch (DistributedApplicationException)
        {
            throw new DistributedApplicationException($"The account '{account}', under which PostgreSQL has to run because the AppHost is root, cannot reach {folder}. "
                + $"Run as an ordinary user, or choose a data folder that it can pass through with {Hints.For(Runtime.Configuration, "DataFolder", "DIR")}.");
        }
    }

    private async Task RefuseOtherVersionAsync(string bin, CancellationToken cancellationToken)
    {
        var data = (await File.ReadAllTextAsync(Path.Combine(Cluster, "PG_VERSION"), cancellationToken)).Trim();
        var server = await RunAsync(new ProcessPlan(Path.Combine(bin, "postgres"), ["--version"], "/", Environments.Inherited()));
        if (!server.Any(l => l.Contains($" {data}.", StringComparison.Ordinal)))
            throw new DistributedApplicationException($"The data in {Cluster} was written by PostgreSQL {data}, but {bin} has {string.Join(" ", server)}. Install that version, or move the folder away.");
    }

    /// <summary>Every process of a server works in its data folder; that is how they are found.</summary>
    private async Task EndLeftoversAsync(CancellationToken cancellationToken)
    {
        var lockFile = Path.Combine(Cluster, "postmaster.pid");
        if (!File.Exists(lockFile))
            return;
        var postmaster = int.TryParse((await File.ReadAllLinesAsync(lockFile, cancellationToken)).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid) ? pid : 0;
        if (WorkingHere().Contains(postmaster))
            Signal.Send(postmaster, Signal.Int);

        // Backends notice by themselves that their server is gone; one in the middle of a long statement does not.
        var begun = Runtime.Time.GetTimestamp();
        for (var left = WorkingHere(); left.Count > 0; left = WorkingHere())
        {
            if (Runtime.Time.GetElapsedTime(begun) > LeavingTime)
                left.ForEach(p => Signal.Send(p, Signal.Kill));
            await Task.Delay(TimeSpan.FromMilliseconds(20), Runtime.Time, cancellationToken);
        }
        File.Delete(lockFile);
    }

    private List<int> WorkingHere()
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                if (new FileInfo(Path.Combine(process, "cwd")).LinkTarget == Cluster)
                    found.Add(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone, or another account's: not ours.
            }
        }
        return found;
    }

    private static string? FindNewest()
    {
        // Debian keeps versions side by side and off the PATH.
        const string Versions = "/usr/lib/postgresql";
        var newest = Directory.Exists(Versions)
            ? Directory.EnumerateDirectories(Versions).OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0).Select(d => Path.Combine(d, "bin", "postgres")).FirstOrDefault(File.Exists)
            : null;
        return newest ?? Programs.Find("postgres", "/usr/local/bin", "/opt/homebrew/bin");
    }
}
