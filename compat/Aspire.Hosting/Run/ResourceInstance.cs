// One process of a resource, from waiting to its end: every change of state is published and said in one line.

using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Run;

/// <summary>
/// A start: 1. Waiting for what the resource waits for (the first time only: a command is obeyed at once); 2. Starting: the
/// environment is resolved, a server's folder prepared; 3. Running: the process exists; 4. healthy when its probes say so.
/// A process that ends by itself stays ended until a command starts it again.
/// </summary>
internal sealed class ResourceInstance(IResource resource, int index, string id, Runtime runtime) : IDisposable
{
    private const int LastLines = 5;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Queue<string> _lastLines = new(LastLines);
    private LocalServer? _server;
    private ChildProcess? _process;
    private Task _watching = Task.CompletedTask;
    private CancellationTokenSource _asking = new();
    private bool _stopWanted;
    private bool _closed;

    public IResource Resource => resource;

    public string Id => id;

    public void Dispose()
    {
        _gate.Dispose();
        _asking.Dispose();
    }

    public Task PublishNotStartedAsync() => PublishAsync(s => s with { State = KnownResourceStates.NotStarted });

    /// <summary>The first start, with the application's.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        // Every resource begins at once; none holds up the next one's first step.
        await Task.Yield();
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (resource.HasAnnotationOfType<WaitAnnotation>())
                await PublishAsync(s => s with { State = KnownResourceStates.Waiting });
            try
            {
                await runtime.Notifications.WaitForDependenciesAsync(resource, cancellationToken);
            }
            catch (DistributedApplicationException e)
            {
                await FailAsync(e);
                return;
            }
            await StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await PublishAsync(s => s with { State = KnownResourceStates.NotStarted });
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<ExecuteCommandResult> ExecuteAsync(string command, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
                return CommandResults.Failure("The application is stopping.");
            var runs = _process is { Exited.IsCompleted: false };
            if (command == KnownResourceCommands.StartCommand)
                return runs ? CommandResults.Failure($"'{id}' is running already.") : await StartAsync(cancellationToken);
            if (command != KnownResourceCommands.StopCommand && command != KnownResourceCommands.RestartCommand)
                return CommandResults.Failure($"There is no command '{command}'.");
            await StopAsync();
            return command == KnownResourceCommands.RestartCommand ? await StartAsync(cancellationToken) : CommandResults.Success();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The end of the application.</summary>
    public async Task ShutDownAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _closed = true;
            await StopAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<ExecuteCommandResult> StartAsync(CancellationToken cancellationToken)
    {
        // What ended by itself a moment ago is seen to its end first, so that its last word does not come after our first.
        await _watching;
        var begun = runtime.Time.GetTimestamp();
        await PublishAsync(s => s.With(KnownProperties.Error, null).With(KnownProperties.Pid, null) with { State = KnownResourceStates.Starting, ExitCode = null, StopTimeStamp = null, HealthReports = [] });
        try
        {
            lock (_lastLines)
                _lastLines.Clear();
            var plan = await PlanAsync(cancellationToken);
            _stopWanted = false;
            var (process, companion) = await StartAsync(plan, cancellationToken);
            _process = process;
            runtime.Leftovers.Add(id, process.Id, plan.StopSignal);

            var probes = Probes();
            await PublishAsync(s => s.With(KnownProperties.Pid, process.Id).With(KnownProperties.Path, plan.Program) with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                StartTimeStamp = runtime.Time.GetUtcNow().UtcDateTime,
                HealthReports = [.. probes.Select(p => new HealthReportSnapshot(p.Name, null, null, null))],
                Urls = Urls(),
            });
            runtime.Sink.Say(id, string.Create(CultureInfo.InvariantCulture, $"Running, process {process.Id} {string.Join(" ", Urls().Select(u => u.Url))}").TrimEnd());
            _asking = new CancellationTokenSource();
            _watching = WatchAsync(process, companion, probes, begun, _asking);
            return CommandResults.Success();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await FailAsync(e);
        }
    }

    /// <summary>Starts the resource's process, behind the one that goes with it if there is one.</summary>
    private async Task<(ChildProcess Process, ChildProcess? Companion)> StartAsync(ProcessPlan plan, CancellationToken cancellationToken)
    {
        var companion = _server?.Companion is { } first ? await Companion.StartAsync(first, _server.CompanionPort, Output, Grace, runtime.Time, cancellationToken) : null;
        try
        {
            return (await ChildProcess.StartAsync(plan, Output), companion);
        }
        catch
        {
            if (companion is not null)
                await companion.StopAsync(Grace, runtime.Time);
            throw;
        }
    }

    /// <summary>Follows the process to its end: health while it runs, then what became of it.</summary>
    private async Task WatchAsync(ChildProcess process, ChildProcess? companion, ImmutableArray<HealthProbe> probes, long begun, CancellationTokenSource asking)
    {
        var health = probes.IsEmpty ? Task.CompletedTask : HealthProbes.PollAsync(probes, r => TellHealth(r, begun), runtime.Time, asking.Token);
        var exitCode = await process.Exited;
        await asking.CancelAsync();
        try
        {
            await health;
        }
        catch (OperationCanceledException)
        {
            // It is asked no more.
        }
        if (companion is not null)
            await companion.StopAsync(Grace, runtime.Time);
        runtime.Leftovers.Remove(id);

        var crashed = !_stopWanted && exitCode != 0;
        var state = _stopWanted || crashed ? KnownResourceStates.Exited : KnownResourceStates.Finished;
        var after = runtime.Time.GetElapsedTime(begun).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        runtime.Sink.Say(id, $"{state} with {Meaning(exitCode)} after {after} s{(crashed ? "; it is not restarted by itself" : "")}", crashed);
        // Whoever waits for it reads what it said last: the reason is seldom in the exit code.
        var said = Said();
        var error = crashed && said.Length > 0 ? Meaning(exitCode) + said : null;
        await PublishAsync(s => s.With(KnownProperties.Pid, null).With(KnownProperties.Error, error) with
        {
            State = new ResourceStateSnapshot(state, crashed ? KnownResourceStateStyles.Error : null),
            ExitCode = exitCode,
            StopTimeStamp = runtime.Time.GetUtcNow().UtcDateTime,
            HealthReports = [],
        });
    }

    private async Task StopAsync()
    {
        if (_process is { Exited.IsCompleted: false } process)
        {
            _stopWanted = true;
            await _asking.CancelAsync();
            await PublishAsync(s => s with { State = KnownResourceStates.Stopping });
            await process.StopAsync(Grace, runtime.Time);
        }
        await _watching;
    }

    private async Task<ProcessPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var variables = Environments.Inherited();
        foreach (var (name, value) in await Environments.ResolveAsync(resource, runtime.Execution, index, cancellationToken))
            variables[name] = value;
        if (resource is not ContainerResource)
            variables.TryAdd("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={id}");
        var arguments = await Environments.ArgumentsAsync(resource, runtime.Execution, index, cancellationToken);
        switch (resource)
        {
            case ProjectResource project:
                return await ProjectPlans.MakeAsync(project, arguments, variables, cancellationToken);
            case ExecutableResource executable:
                var program = Programs.Find(executable.Command.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(executable.Command, executable.WorkingDirectory) : executable.Command)
                    ?? throw new DistributedApplicationException($"The program '{executable.Command}' was not found.");
                return new ProcessPlan(program, arguments, executable.WorkingDirectory, variables);
            default:
                _server ??= resource.TryGetLastAnnotation<LocalServerAnnotation>(out var server) ? server.Make(runtime)
                    : throw new DistributedApplicationException("Containers need the official Aspire packages: build with -p:OfficialFeed=true.");
                return await _server.PrepareAsync(variables, arguments, cancellationToken);
        }
    }

    private ImmutableArray<HealthProbe> Probes()
    {
        var probes = HealthProbes.Of(resource, index, runtime.HealthChecks);
        return _server is null ? probes : probes.Insert(0, _server.MakeProbe());
    }

    private void Output(string text, bool isError)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            lock (_lastLines)
            {
                if (_lastLines.Count == LastLines)
                    _lastLines.Dequeue();
                _lastLines.Enqueue(text);
            }
        }
        // Servers write their ordinary log to either stream.
        runtime.Sink.Output(id, text, isError && _server is null);
    }

    /// <summary>The end of an error's sentence: what the resource wrote last since its start, if it wrote anything.</summary>
    private string Said()
    {
        lock (_lastLines)
            return _lastLines.Count == 0 ? "" : $"; its last lines: {string.Join(" | ", _lastLines)}";
    }

    private void TellHealth(ImmutableArray<HealthReportSnapshot> reports, long begun)
    {
        runtime.Notifications.TryGetCurrentState(id, out var before);
        _ = PublishAsync(s => s.State?.Text == KnownResourceStates.Running ? s with { HealthReports = reports } : s);
        var worst = reports.MinBy(r => r.Status)!;
        if (worst.Status == HealthStatus.Healthy)
            runtime.Sink.Say(id, string.Create(CultureInfo.InvariantCulture, $"Healthy {runtime.Time.GetElapsedTime(begun).TotalSeconds:0.0} s after its start"));
        else if (before?.Snapshot.HealthStatus == HealthStatus.Healthy)
            runtime.Sink.Say(id, $"{worst.Status}: {worst.Name}: {worst.Description}", isError: true);
    }

    private async Task<ExecuteCommandResult> FailAsync(Exception e)
    {
        var message = (e is DistributedApplicationException ? e.Message : $"{e.GetType().Name}: {e.Message}") + Said();
        runtime.Sink.Say(id, $"FailedToStart: {message}", isError: true);
        await PublishAsync(s => s.With(KnownProperties.Error, message) with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            StopTimeStamp = runtime.Time.GetUtcNow().UtcDateTime,
        });
        return CommandResults.Failure(message);
    }

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => runtime.Notifications.PublishUpdateAsync(resource, id, change);

    private ImmutableArray<UrlSnapshot> Urls()
    {
        var urls = ImmutableArray.CreateBuilder<UrlSnapshot>();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var address = endpoint.AllocatedEndpoint!.UriString;
            var shown = new ResourceUrlAnnotation { Url = address, Endpoint = new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name) };
            foreach (var change in resource.Annotations.OfType<UrlForEndpointAnnotation>().Where(a => a.EndpointName == endpoint.Name))
                change.Change(shown);
            var url = shown.Url.StartsWith('/') ? address + shown.Url : shown.Url;
            urls.Add(new UrlSnapshot(endpoint.Name, url, IsInternal: false) { DisplayText = shown.DisplayText ?? url });
        }
        foreach (var extra in resource.Annotations.OfType<ResourceUrlAnnotation>())
            urls.Add(new UrlSnapshot(null, extra.Url, IsInternal: false) { DisplayText = extra.DisplayText ?? extra.Url });
        return urls.ToImmutable();
    }

    private static string Meaning(int exitCode) =>
        exitCode > 128 ? string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode} (signal {exitCode - 128})") : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");
}
