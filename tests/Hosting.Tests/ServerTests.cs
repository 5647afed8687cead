// Real servers: killed hard, they come back on the same port with the same data; nothing of them stays behind. A machine
// without them fails these tests with the line that installs them.

using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using RabbitMQ.Client;

namespace ExternalAction.Hosting.Tests;

[Trait("Needs", "Servers")]
public sealed class ServerTests
{
    [Fact]
    public async Task Redis_killed_hard_comes_back_on_the_same_port_with_every_answered_write()
    {
        await using var builder = TestApplication.Create();
        builder.AddRedis("cache").WithDataVolume();
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("cache");
        var connection = (await app.GetConnectionStringAsync("cache"))!;
        for (var i = 0; i < 100; i++)
            Assert.Equal("+OK", await Redis(connection, $"SET key{i} value{i}"));

        TestApplication.Kill(app.Pid("cache"));
        await app.ResourceNotifications.WaitForResourceAsync("cache", KnownResourceStates.Exited, TestApplication.Limit);
        await app.RunCommandAsync("cache", KnownResourceCommands.RestartCommand);
        await app.HealthyAsync("cache");

        Assert.Equal(connection, await app.GetConnectionStringAsync("cache"));
        for (var i = 0; i < 100; i++)
            Assert.Equal($"value{i}", await Redis(connection, $"GET key{i}"));
    }

    [Fact]
    public async Task PostgreSQL_killed_hard_in_the_middle_of_statements_comes_back_on_the_same_port_with_every_commit()
    {
        await using var builder = TestApplication.Create();
        builder.AddPostgres("sql").WithDataVolume().AddDatabase("votes");
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("votes");
        var connection = (await app.GetConnectionStringAsync("votes"))!;
        await ExecuteAsync(connection, "CREATE TABLE vote (id int PRIMARY KEY)");
        Assert.Equal("on", await ScalarAsync(connection, "SHOW fsync"));

        for (var kill = 0; kill < 3; kill++)
        {
            await ExecuteAsync(connection, $"INSERT INTO vote VALUES ({kill})");
            // Backends that are busy do not notice that their server is gone, and hold its shared memory.
            var busy = Enumerable.Range(0, 3).Select(_ => Record.ExceptionAsync(() => ExecuteAsync(connection, "SELECT pg_sleep(600)"))).ToArray();
            await UntilAsync(async () => (long)(await ScalarAsync(connection, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"))! >= 3);

            TestApplication.Kill(app.Pid("sql"));
            await app.RunCommandAsync("sql", KnownResourceCommands.RestartCommand);
            await app.HealthyAsync("votes");

            Assert.All(await Task.WhenAll(busy), Assert.NotNull);
            NpgsqlConnection.ClearAllPools();
            Assert.Equal(kill + 1L, await ScalarAsync(connection, "SELECT count(*) FROM vote"));
        }
        Assert.Equal(connection, await app.GetConnectionStringAsync("votes"));
    }

    [Fact]
    public async Task RabbitMQ_killed_hard_comes_back_on_the_same_port_with_every_confirmed_message()
    {
        await using var builder = TestApplication.Create();
        builder.AddRabbitMQ("bus").WithDataVolume();
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("bus");
        var address = (await app.GetConnectionStringAsync("bus"))!;
        await WithChannelAsync(address, async channel =>
        {
            await channel.QueueDeclareAsync("votes", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
            // RabbitMQ 3.10 writes the name of a new quorum queue to disk half a second later; killed before that, it forgets the queue.
            await Task.Delay(TimeSpan.FromSeconds(2), TestApplication.Limit);
            for (var i = 0; i < 50; i++)
                await channel.BasicPublishAsync("", "votes", mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes($"vote {i}"));
        });

        TestApplication.Kill(app.Pid("bus"));
        await app.RunCommandAsync("bus", KnownResourceCommands.RestartCommand);
        await app.HealthyAsync("bus");

        Assert.Equal(address, await app.GetConnectionStringAsync("bus"));
        await WithChannelAsync(address, async channel =>
        {
            for (var i = 0; i < 50; i++)
            {
                BasicGetResult? message = null;
                await UntilAsync(async () => (message = await channel.BasicGetAsync("votes", autoAck: true)) is not null);
                Assert.Equal($"vote {i}", Encoding.UTF8.GetString(message!.Body.Span));
            }
        });
    }

    [Fact]
    public async Task A_broker_that_does_not_start_leaves_no_name_server_behind()
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(folder.Path, "no-program");
        await File.WriteAllTextAsync(program, "");
        await using var builder = TestApplication.Create("--DataFolder", folder.Path, "--Servers:RabbitMQ", program);
        builder.AddRabbitMQ("bus").WithDataVolume();
        await using var app = await builder.StartAsync();

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.HealthyAsync("bus"));

        Assert.Contains("no-program: Permission denied", e.Message);
        Assert.Empty(ProcessesWorkingIn(folder.Path));
    }

    [Fact]
    public async Task Data_of_all_servers_outlives_an_AppHost_that_is_killed_and_none_of_their_processes_does()
    {
        using var folder = new TemporaryFolder();
        var pids = new List<int>();
        using (var appHost = new AppHostProcess("--DataFolder", folder.Path, "--servers", "all"))
        {
            await appHost.LineAsync("user     • Running");
            foreach (var name in (string[])["cache", "bus", "sql", "user"])
                pids.Add(await appHost.PidOfAsync(name));
            pids.AddRange(ProcessesWorkingIn(folder.Path));
            TestApplication.Kill(appHost.Pid);
        }

        // The next one waits for those that are still on their way out.
        using var next = new AppHostProcess("--DataFolder", folder.Path, "--servers", "all");
        await next.LineAsync("user     • Running");
        Assert.DoesNotContain("database decisions created", next.Output);
        Assert.All(pids, pid => Assert.False(TestApplication.IsAlive(pid)));

        var helpers = ProcessesWorkingIn(folder.Path);
        next.Signal("TERM");
        Assert.Equal(0, await next.ExitAsync());
        // The Erlang machine's helpers see that it has gone a moment later.
        foreach (var helper in helpers)
            await TestApplication.GoneAsync(helper);
        Assert.Empty(ProcessesWorkingIn(folder.Path));
    }

    [Fact]
    public async Task Data_that_is_not_kept_is_gone_with_the_application_and_needs_no_fsync()
    {
        string data;
        await using (var builder = TestApplication.Create())
        {
            builder.AddPostgres("sql").AddDatabase("votes");
            await using var app = await builder.StartAsync();
            await app.HealthyAsync("votes");
            var connection = (await app.GetConnectionStringAsync("votes"))!;
            Assert.Equal("off", await ScalarAsync(connection, "SHOW fsync"));
            data = (string)(await ScalarAsync(connection, "SHOW data_directory"))!;
            Assert.True(Directory.Exists(data));
            NpgsqlConnection.ClearAllPools();
        }
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Half_a_database_cluster_is_made_again()
    {
        using var folder = new TemporaryFolder();
        // What an AppHost leaves that is killed while the cluster is being made.
        Directory.CreateDirectory(Path.Combine(folder.Path, "sql", "data.new", "base"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "sql", "data.new", "PG_VERSION"), "15\n");
        await using var builder = TestApplication.Create("--DataFolder", folder.Path);
        builder.AddPostgres("sql").WithDataVolume().AddDatabase("votes");
        await using var app = await builder.StartAsync();

        await app.HealthyAsync("votes");

        Assert.Equal(1, await ScalarAsync((await app.GetConnectionStringAsync("votes"))!, "SELECT 1"));
        NpgsqlConnection.ClearAllPools();
    }

    private static async Task<string?> Redis(string connection, string command)
    {
        var address = connection.Split(',')[0].Split(':');
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", int.Parse(address[1], CultureInfo.InvariantCulture));
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {connection.Split("password=")[1]}\r\n{command}\r\n"));
        Assert.Equal("+OK", await reader.ReadLineAsync());
        var answer = await reader.ReadLineAsync();
        return answer!.StartsWith('$') ? await reader.ReadLineAsync() : answer;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task WithChannelAsync(string address, Func<IChannel, Task> use)
    {
        var factory = new ConnectionFactory { Uri = new Uri(address) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await use(channel);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var limit = TestApplication.Limit;
        while (!await condition())
            await Task.Delay(20, limit);
    }

    /// <summary>Servers, their helpers (epmd, PostgreSQL's backends) and all: whoever works below the folder.</summary>
    private static int[] ProcessesWorkingIn(string folder) => Process.GetProcesses()
        .Where(p => new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{p.Id}/cwd")).LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true)
        .Select(p => p.Id).ToArray();
}

/// <summary>What a machine without the servers says. (These tests need none.)</summary>
public sealed class MissingServerTests
{
    [Theory]
    [InlineData("redis", "Redis", "apt-get install redis-server")]
    [InlineData("rabbit", "RabbitMQ", "apt-get install rabbitmq-server")]
    [InlineData("postgres", "PostgreSQL", "apt-get install postgresql")]
    public async Task A_missing_server_fails_to_start_with_the_line_that_installs_it(string server, string product, string line)
    {
        await using var builder = TestApplication.Create("--Servers:Redis", "/nowhere/redis-server", "--Servers:RabbitMQ", "/nowhere/rabbitmq-server", "--Servers:Postgres", "/nowhere/postgres");
        IResourceBuilder<IResource> resource = server switch
        {
            "redis" => builder.AddRedis(server),
            "rabbit" => builder.AddRabbitMQ(server),
            _ => builder.AddPostgres(server),
        };
        builder.AddFake("user").WaitFor(resource);
        await using var app = await builder.StartAsync();

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.HealthyAsync(server));
        Assert.Contains($"{product} is not installed", e.Message);
        Assert.Contains(line, e.Message);
        var waiting = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.HealthyAsync("user"));
        Assert.Contains(line, waiting.Message);
    }
}
