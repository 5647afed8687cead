// Real processes of the fake service under the runner: environment, order, health, crash, commands, replicas.

using System.Globalization;
using Aspire.Hosting.Run;
using Microsoft.Extensions.DependencyInjection;

namespace ExternalAction.Hosting.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task A_whole_AppHost_runs_inside_a_test_and_can_be_changed_before_it_is_built()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Hosting_TestAppHost>(["--fixed", "1"], TestApplication.Limit);
        var first = builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "first");
        builder.CreateResourceBuilder(first).WithEnvironment("ADDED", "by the test");
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("second");

        using var client = app.CreateHttpClient("first");
        Assert.Equal("hello", await client.GetStringAsync("/environment/GREETING", TestApplication.Limit));
        Assert.Equal("by the test", await client.GetStringAsync("/environment/ADDED", TestApplication.Limit));
        using var second = app.CreateHttpClient("second", "http");
        Assert.Equal(app.GetEndpoint("first", "grpc").ToString().TrimEnd('/'), await second.GetStringAsync("/environment/FIRST_GRPC", TestApplication.Limit));
        Assert.NotEqual(1, app.GetEndpoint("fixed").Port);
    }

    [Fact]
    public async Task An_AppHost_that_fails_before_Build_fails_the_test_with_its_own_error()
    {
        var e = await Assert.ThrowsAsync<FormatException>(() => DistributedApplicationTestingBuilder.CreateAsync<Projects.Hosting_TestAppHost>(["--fixed", "not a number"], TestApplication.Limit));
        Assert.Contains("not a number", e.Message);
    }

    [Fact]
    public async Task A_resource_starts_only_when_what_it_waits_for_is_healthy()
    {
        await using var builder = TestApplication.Create();
        var first = builder.AddFake("first").WithEnvironment("START_UNHEALTHY", "true");
        builder.AddFake("second").WaitFor(first);
        await using var app = await builder.StartAsync();

        var limit = TestApplication.Limit;
        await app.ResourceNotifications.WaitForResourceAsync("first", e => e.Snapshot.HealthReports.Any(r => r.Description?.Contains("answers 503", StringComparison.Ordinal) == true), limit);
        await app.ResourceNotifications.WaitForResourceAsync("second", KnownResourceStates.Waiting, limit);
        using var client = app.CreateHttpClient("first");
        (await client.PostAsync("/healthy/true", null, limit)).EnsureSuccessStatusCode();
        await app.HealthyAsync("second");

        app.ResourceNotifications.TryGetCurrentState("first", out var a);
        app.ResourceNotifications.TryGetCurrentState("second", out var b);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, a!.Snapshot.HealthStatus);
        Assert.True(a.Snapshot.StartTimeStamp < b!.Snapshot.StartTimeStamp);
    }

    [Fact]
    public async Task A_running_resource_that_becomes_unhealthy_is_shown_so()
    {
        await using var builder = TestApplication.Create();
        builder.AddFake("fake");
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("fake");

        using var client = app.CreateHttpClient("fake");
        (await client.PostAsync("/healthy/false", null, TestApplication.Limit)).EnsureSuccessStatusCode();

        await app.ResourceNotifications.WaitForResourceAsync("fake", e => e.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy, TestApplication.Limit);
    }

    [Fact]
    public async Task Waiting_for_completion_lets_the_next_one_start_after_the_right_exit_code_only()
    {
        await using var builder = TestApplication.Create();
        var good = builder.AddFake("good").WithEnvironment("EXIT_AT_ONCE", "0");
        var bad = builder.AddFake("bad").WithEnvironment("EXIT_AT_ONCE", "5");
        builder.AddFake("after-good").WaitForCompletion(good);
        builder.AddFake("after-bad").WaitForCompletion(bad);
        await using var app = await builder.StartAsync();

        await app.HealthyAsync("after-good");
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.HealthyAsync("after-bad"));
        Assert.Contains("waits for 'bad', which is Exited (exit code 5; its last lines: ", e.Message);
        Assert.Equal(KnownResourceStates.Finished, await app.ResourceNotifications.WaitForResourceAsync("good", KnownResourceStates.TerminalStates, TestApplication.Limit));
    }

    [Fact]
    public async Task Whoever_waits_for_a_resource_that_crashed_reads_its_last_lines()
    {
        await using var builder = TestApplication.Create();
        builder.AddExecutable("talker", "sh", ".", "-c", "for i in 1 2 3 4 5 6; do echo line $i; done; exit 7");
        await using var app = await builder.StartAsync();

        var end = await app.ResourceNotifications.WaitForResourceAsync("talker", e => e.Snapshot.ExitCode is not null, TestApplication.Limit);
        Assert.Equal("Exited (exit code 7; its last lines: line 2 | line 3 | line 4 | line 5 | line 6)", ResourceNotificationService.Describe(end));
    }

    [Fact]
    public async Task A_question_that_fails_while_it_is_called_off_is_called_off_and_nothing_else()
    {
        using var stop = new CancellationTokenSource();
        var probe = new HealthProbe("refused", async _ =>
        {
            await stop.CancelAsync();
            throw new HttpRequestException("Connection refused");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HealthProbes.PollAsync([probe], _ => { }, TimeProvider.System, stop.Token));
    }

    [Fact]
    public async Task A_crash_is_reported_with_its_exit_code_and_nothing_is_restarted()
    {
        await using var builder = TestApplication.Create();
        builder.AddFake("fake");
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("fake");
        var pid = app.Pid("fake");

        TestApplication.Kill(pid);
        var crashed = await app.ResourceNotifications.WaitForResourceAsync("fake", e => e.Snapshot.State?.Text == KnownResourceStates.Exited, TestApplication.Limit);

        Assert.Equal(137, crashed.Snapshot.ExitCode);
        var lines = app.Services.GetRequiredService<ResourceLoggerService>().GetAll("fake");
        Assert.Contains(lines, l => l.IsErrorMessage && l.Content.Contains("exit code 137 (signal 9)", StringComparison.Ordinal) && l.Content.Contains("not restarted by itself", StringComparison.Ordinal));
        Assert.False(TestApplication.IsAlive(pid));
        Assert.False(app.ResourceNotifications.TryGetCurrentState("fake", out var now) && now.Snapshot.State?.Text != KnownResourceStates.Exited);
    }

    [Fact]
    public async Task Who_waits_for_something_that_cannot_start_fails_with_the_reason()
    {
        await using var builder = TestApplication.Create();
        var missing = builder.AddExecutable("missing", "no-such-program", ".");
        builder.AddFake("user").WaitFor(missing);
        await using var app = await builder.StartAsync();

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.HealthyAsync("user"));
        Assert.Contains("'no-such-program' was not found", e.Message);
    }

    [Fact]
    public async Task Restart_gives_a_new_process_on_the_same_ports()
    {
        await using var builder = TestApplication.Create();
        var word = "before";
        builder.AddFake("fake").WithEnvironment("WORD", () => word);
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("fake");
        var (pid, address) = (app.Pid("fake"), app.GetEndpoint("fake"));

        word = "after";
        await app.RunCommandAsync("fake", KnownResourceCommands.RestartCommand);
        await app.HealthyAsync("fake");

        Assert.NotEqual(pid, app.Pid("fake"));
        Assert.Equal(address, app.GetEndpoint("fake"));
        using var client = app.CreateHttpClient("fake");
        Assert.Equal("after", await client.GetStringAsync("/environment/WORD", TestApplication.Limit));
    }

    [Fact]
    public async Task Stop_and_start_are_commands_too_and_a_wrong_one_says_why()
    {
        await using var builder = TestApplication.Create();
        builder.AddFake("fake");
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("fake");

        Assert.Contains("running already", (await app.ResourceCommands.ExecuteCommandAsync("fake", KnownResourceCommands.StartCommand, TestApplication.Limit)).ErrorMessage);
        await app.RunCommandAsync("fake", KnownResourceCommands.StopCommand);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("fake", out var stopped));
        Assert.Equal((KnownResourceStates.Exited, 0), (stopped.Snapshot.State!.Text, stopped.Snapshot.ExitCode));
        await app.RunCommandAsync("fake", KnownResourceCommands.StartCommand);
        await app.HealthyAsync("fake");
        Assert.Contains("no resource 'nobody'", (await app.ResourceCommands.ExecuteCommandAsync("nobody", KnownResourceCommands.StopCommand, TestApplication.Limit)).ErrorMessage);
    }

    [Fact]
    public async Task A_process_that_does_not_listen_to_TERM_is_ended_with_everything_it_started()
    {
        await using var builder = TestApplication.Create();
        builder.AddExecutable("stubborn", "bash", ".", "-c", "trap '' TERM; sleep 1000 & echo child $!; wait; while true; do sleep 1; done");
        await using var app = await builder.StartAsync();
        var lines = app.Services.GetRequiredService<ResourceLoggerService>();
        var child = 0;
        await foreach (var batch in lines.WatchAsync("stubborn", TestApplication.Limit))
        {
            if (batch.FirstOrDefault(l => l.Content.StartsWith("child ", StringComparison.Ordinal)) is { Content: { } line })
            {
                child = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
                break;
            }
        }

        await app.RunCommandAsync("stubborn", KnownResourceCommands.StopCommand);

        Assert.True(app.ResourceNotifications.TryGetCurrentState("stubborn", out var stopped));
        Assert.Equal(137, stopped.Snapshot.ExitCode);
        await TestApplication.GoneAsync(child);
    }

    [Fact]
    public async Task Replicas_share_an_address_and_are_seen_and_commanded_one_by_one()
    {
        await using var builder = TestApplication.Create();
        builder.AddFake("fake").WithReplicas(2);
        await using var app = await builder.StartAsync();
        await app.HealthyAsync("fake");
        var (one, two) = (app.Pid("fake-1"), app.Pid("fake-2"));

        var seen = await AnswersAsync(app, 8);
        Assert.Equal(new[] { one, two }.Order(), seen.Distinct().Order());

        // One is killed: the other answers every call, the whole is no longer healthy.
        TestApplication.Kill(one);
        var whole = await app.ResourceNotifications.WaitForResourceAsync("fake", e => e.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy, TestApplication.Limit);
        Assert.Equal(KnownResourceStates.Running, whole.Snapshot.State!.Text);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("fake-1", out var killed) && killed.Snapshot.ExitCode == 137);
        Assert.All(await AnswersAsync(app, 6), pid => Assert.Equal(two, pid));

        await app.RunCommandAsync("fake-1", KnownResourceCommands.RestartCommand);
        await app.HealthyAsync("fake");
        Assert.Equal(two, app.Pid("fake-2"));
        Assert.Equal(new[] { app.Pid("fake-1"), two }.Order(), (await AnswersAsync(app, 8)).Distinct().Order());
    }

    [Fact]
    public async Task Containers_say_that_they_need_the_official_packages()
    {
        await using var builder = TestApplication.Create();
        builder.AddContainer("box", "some/image");
        await using var app = await builder.StartAsync();

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.HealthyAsync("box"));
        Assert.Contains("OfficialFeed=true", e.Message);
    }

    /// <summary>The process ids that answer; every call on a connection of its own.</summary>
    private static async Task<List<int>> AnswersAsync(DistributedApplication app, int calls)
    {
        var pids = new List<int>();
        for (var i = 0; i < calls; i++)
        {
            using var client = app.CreateHttpClient("fake");
            pids.Add(int.Parse(await client.GetStringAsync("/pid", TestApplication.Limit), CultureInfo.InvariantCulture));
        }
        return pids;
    }
}
