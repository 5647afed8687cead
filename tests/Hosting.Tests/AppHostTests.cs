// The AppHost as people run it, a process of its own: its end, its violent end, and what it says when it cannot start.

using System.Net;
using System.Net.Sockets;

namespace ExternalAction.Hosting.Tests;

public sealed class AppHostTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_stops_everything_in_reverse_order_and_ends_with_exit_code_0(string signal)
    {
        using var folder = new TemporaryFolder();
        using var appHost = new AppHostProcess("--DataFolder", folder.Path);
        await appHost.LineAsync("second   • Healthy");
        var pids = new[] { await appHost.PidOfAsync("first"), await appHost.PidOfAsync("second") };

        appHost.Signal(signal);

        Assert.Equal(0, await appHost.ExitAsync());
        Assert.All(pids, pid => Assert.False(TestApplication.IsAlive(pid)));
        var lines = appHost.Output.Split('\n');
        var second = Array.FindIndex(lines, l => l.Contains("second   • Exited with exit code 0", StringComparison.Ordinal));
        var first = Array.FindIndex(lines, l => l.Contains("first    • Exited with exit code 0", StringComparison.Ordinal));
        Assert.InRange(second, 0, first);
    }

    [Fact]
    public async Task No_process_survives_an_AppHost_that_is_killed_and_the_next_one_starts_at_once()
    {
        using var folder = new TemporaryFolder();
        using (var appHost = new AppHostProcess("--DataFolder", folder.Path))
        {
            await appHost.LineAsync("second   • Healthy");
            var pids = new[] { await appHost.PidOfAsync("first"), await appHost.PidOfAsync("second") };
            TestApplication.Kill(appHost.Pid);
            foreach (var pid in pids)
                await TestApplication.GoneAsync(pid);
        }

        using var next = new AppHostProcess("--DataFolder", folder.Path);
        await next.LineAsync("second   • Healthy");
        next.Signal("TERM");
        Assert.Equal(0, await next.ExitAsync());
    }

    [Fact]
    public async Task A_child_that_ignores_the_death_of_its_AppHost_is_ended_by_the_next_one()
    {
        using var folder = new TemporaryFolder();
        int stubborn;
        using (var appHost = new AppHostProcess("--DataFolder", folder.Path, "--stubborn", "yes"))
        {
            await appHost.LineAsync("deaf to TERM");
            stubborn = await appHost.PidOfAsync("stubborn");
            TestApplication.Kill(appHost.Pid);
            await appHost.ExitAsync();
        }
        Assert.True(TestApplication.IsAlive(stubborn));

        using var next = new AppHostProcess("--DataFolder", folder.Path);
        await next.LineAsync("first    • Running");
        Assert.False(TestApplication.IsAlive(stubborn));
        Assert.Contains("left over from an AppHost that was killed", next.Output);
    }

    [Fact]
    public async Task A_fixed_port_in_use_is_named_with_the_way_to_choose_another()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var folder = new TemporaryFolder();
        using var appHost = new AppHostProcess("--DataFolder", folder.Path, "--fixed", $"{port}");

        Assert.Equal(1, await appHost.ExitAsync());
        var line = await appHost.LineAsync($"Port {port}");
        Assert.Contains("in use on 127.0.0.1", line);
        Assert.Contains("--Ports:fixed:http PORT", line);
        Assert.DoesNotContain("   at ", appHost.Output);
    }

    [Fact]
    public async Task The_AppHost_can_name_its_own_option_in_that_message()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var folder = new TemporaryFolder();
        using var appHost = new AppHostProcess("--DataFolder", folder.Path, "--fixed", $"{port}", "--OptionNames:Ports:fixed:http", "--fixed PORT");

        Assert.Equal(1, await appHost.ExitAsync());
        Assert.EndsWith("choose another with --fixed PORT.", await appHost.LineAsync($"Port {port}"));
    }

    [Fact]
    public async Task Two_AppHosts_do_not_share_a_data_folder()
    {
        using var folder = new TemporaryFolder();
        using var appHost = new AppHostProcess("--DataFolder", folder.Path);
        await appHost.LineAsync("first    • Running");

        using var second = new AppHostProcess("--DataFolder", folder.Path);

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains($"Another AppHost (process {appHost.Pid}) is using the data folder {folder.Path}", second.Output);
        Assert.True(TestApplication.IsAlive(await appHost.PidOfAsync("first")));
    }

    [Fact]
    public async Task Output_goes_to_a_file_per_resource_and_the_run_before_is_kept()
    {
        using var folder = new TemporaryFolder();
        for (var run = 0; run < 2; run++)
        {
            using var appHost = new AppHostProcess("--DataFolder", folder.Path);
            await appHost.LineAsync("first    • Healthy");
            appHost.Signal("TERM");
            await appHost.ExitAsync();
        }
        Assert.Contains("| fake service is up", await File.ReadAllTextAsync(Path.Combine(folder.Path, "logs", "first.log")));
        Assert.Contains("| fake service stopped in good order", await File.ReadAllTextAsync(Path.Combine(folder.Path, "logs", "first.log.1")));
    }

    [Fact]
    public async Task The_page_shows_restarts_and_refuses_strangers()
    {
        using var folder = new TemporaryFolder();
        var port = Aspire.Hosting.Run.Ports.Free();
        using var appHost = new AppHostProcess("--DataFolder", folder.Path, "--page", $"{port}");
        await appHost.LineAsync("second   • Healthy");
        var before = await appHost.PidOfAsync("first");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var limit = TestApplication.Limit;

        Assert.Contains("<caption>Resources</caption>", await client.GetStringAsync("/", limit));
        Assert.Contains($"\"pid\":{before}", await client.GetStringAsync("/resources.json", limit));
        Assert.Contains("fake service is up", await client.GetStringAsync("/resources/first/log", limit));

        using var stranger = new HttpRequestMessage(HttpMethod.Post, "/resources/first/stop") { Headers = { { "Origin", "http://elsewhere.example" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(stranger, limit)).StatusCode);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/resources.json") { Headers = { Host = "elsewhere.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(rebound, limit)).StatusCode);
        Assert.True(TestApplication.IsAlive(before));

        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync("/resources/first/restart", null, limit)).StatusCode);
        Assert.False(TestApplication.IsAlive(before));
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync("/resources/first/start", null, limit)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/resources/nobody/start", null, limit)).StatusCode);
    }
}
