// The process that goes with a server: the server waits until it listens, and hears why when it does not.

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Run;

namespace ExternalAction.Hosting.Tests;

public sealed class CompanionTests : IDisposable
{
    // bound, so that it is ours, and refusing every connection until it listens
    private readonly Socket _port = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TaskCompletionSource<int> _pid = new();

    public CompanionTests() => _port.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    private int Number => ((IPEndPoint)_port.LocalEndPoint!).Port;

    public void Dispose() => _port.Dispose();

    [Fact]
    public async Task It_has_started_only_once_it_listens()
    {
        var start = StartAsync("exec sleep 60", TimeSpan.FromSeconds(60));
        var pid = await _pid.Task.WaitAsync(TestApplication.Limit);
        Assert.False(start.IsCompleted);

        _port.Listen();
        var companion = await start.WaitAsync(TestApplication.Limit);

        Assert.Equal(pid, companion.Id);
        Assert.False(companion.Exited.IsCompleted);
        await companion.StopAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    [Fact]
    public async Task One_that_ends_before_it_listens_says_so()
    {
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => StartAsync("exit 3", TimeSpan.FromSeconds(60)));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"sh ended with exit code 3 before it listened on port {Number}"), e.Message);
    }

    [Fact]
    public async Task One_that_never_listens_is_ended()
    {
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => StartAsync("exec sleep 60", TimeSpan.FromSeconds(0.2)));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"sh does not listen on port {Number} after 0.2 s"), e.Message);
        Assert.False(_pid.Task.IsCompleted && TestApplication.IsAlive(await _pid.Task));
    }

    [Fact]
    public async Task One_whose_start_is_called_off_is_ended()
    {
        using var stop = new CancellationTokenSource();
        var start = StartAsync("exec sleep 60", TimeSpan.FromSeconds(60), stop.Token);
        var pid = await _pid.Task.WaitAsync(TestApplication.Limit);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        Assert.False(TestApplication.IsAlive(pid));
    }

    /// <summary>A shell that says its process id and then does something.</summary>
    private Task<ChildProcess> StartAsync(string command, TimeSpan patience, CancellationToken cancellationToken = default) => Companion.StartAsync(
        new ProcessPlan("/bin/sh", ["-c", $"echo $$; {command}"], "/", new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }), Number,
        (line, isError) => _pid.TrySetResult(isError ? -1 : int.Parse(line, CultureInfo.InvariantCulture)), patience, TimeProvider.System, cancellationToken);
}
