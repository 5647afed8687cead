// The life of the application: prepare (leftovers, ports), start every resource as a task of its own that waits for what
// it needs, carry out commands, stop in the reverse of the waiting order.

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Run;

/// <summary>
/// Start: 1. refuse what can never work (circles of waiting); 2. lock the data folder and end what a killed AppHost left in
/// it; 3. give every endpoint its port; 4. open shared addresses; 5. begin every resource. There is no sorting by
/// dependency: each resource waits for its own, and that is the order.
/// </summary>
internal sealed class Orchestrator(DistributedApplicationModel model, DistributedApplicationOptions options, DistributedApplicationExecutionContext execution,
    IConfiguration configuration, RunFolders folders, LogSink sink, ResourceNotificationService notifications, ResourceLoggerService lines,
    HealthCheckService healthChecks, TimeProvider time) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ResourceInstance> _instances = [];
    private readonly List<ReplicaProxy> _proxies = [];
    private readonly List<Task> _starts = [];
    private readonly List<Task> _followers = [];
    private readonly Dictionary<IResource, Task> _stops = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RefuseCircles();

        folders.Lock(Hints.For(configuration, "DataFolder", "DIR"));
        var leftovers = new Leftovers(folders, time);
        await leftovers.EndAllAsync(text => sink.Say("apphost", text), cancellationToken);

        Ports.Allocate(model.Resources.Where(IsStartedHere), configuration, randomise: options.IsTest);
        OpenSharedAddresses();

        var runtime = new Runtime(configuration, execution, folders, leftovers, sink, notifications, healthChecks, time, options.IsTest);
        foreach (var resource in model.Resources)
            await BeginAsync(resource, runtime);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        // Nothing was begun if the start was refused, and a circle of waiting has no order to stop in.
        if (_instances.Count > 0)
            await Task.WhenAll(model.Resources.Select(StopAfterDependents));
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
        _proxies.Clear();
        await Task.WhenAll(_starts);
        notifications.Complete();
        lines.Complete();
        await Task.WhenAll(_followers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
        _instances.ForEach(i => i.Dispose());
        _stopping.Dispose();
    }

    /// <summary>Carries out a command on a resource or one of its replicas.</summary>
    public async Task<ExecuteCommandResult> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken)
    {
        var meant = _instances.Where(i => Same(i.Id, resourceId) || Same(i.Resource.Name, resourceId)).ToArray();
        if (meant.Length == 0)
        {
            return CommandResults.Failure(model.Resources.FirstOrDefault(r => Same(r.Name, resourceId)) is { } known
                ? $"'{resourceId}' is not a process of its own{(known is IResourceWithParent child ? $"; it lives in '{child.Parent.Name}'" : "")}."
                : $"There is no resource '{resourceId}'.");
        }
        var results = await Task.WhenAll(meant.Select(i => i.ExecuteAsync(command, cancellationToken)));
        return results.FirstOrDefault(r => !r.Success) ?? results[0];

        static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsStartedHere(IResource resource) => !resource.HasAnnotationOfType<ConnectionStringRedirectAnnotation>();

    private async Task BeginAsync(IResource resource, Runtime runtime)
    {
        foreach (var notDone in resource.Annotations.OfType<NotDoneHereAnnotation>().DistinctBy(a => a.What))
            sink.Say(resource.Name, $"{notDone.What} needs the official Aspire packages; ignored");

        if (!IsStartedHere(resource) || resource is IResourceWithoutLifetime)
        {
            await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running });
        }
        else if (resource is IResourceWithParent child)
        {
            _followers.Add(FollowAsync(resource, child.Parent));
        }
        else
        {
            var replicas = resource.GetReplicaCount();
            for (var i = 0; i < replicas; i++)
            {
                var instance = new ResourceInstance(resource, i, replicas == 1 ? resource.Name : $"{resource.Name}-{i + 1}", runtime);
                _instances.Add(instance);
                await instance.PublishNotStartedAsync();
                if (!resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
                    _starts.Add(instance.BeginAsync(_stopping.Token));
            }
        }
    }

    /// <summary>A database is what its server is.</summary>
    private async Task FollowAsync(IResource resource, IResource parent)
    {
        await foreach (var change in notifications.WatchAsync())
        {
            if (ReferenceEquals(change.Resource, parent) && change.ResourceId == parent.Name)
            {
                await notifications.PublishUpdateAsync(resource, s => s with
                {
                    State = change.Snapshot.State,
                    HealthReports = change.Snapshot.HealthReports,
                    ExitCode = change.Snapshot.ExitCode,
                    StartTimeStamp = change.Snapshot.StartTimeStamp,
                    StopTimeStamp = change.Snapshot.StopTimeStamp,
                });
            }
        }
    }

    private void OpenSharedAddresses()
    {
        foreach (var endpoint in model.Resources.Where(IsStartedHere).SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()))
        {
            var port = endpoint.AllocatedEndpoint!.Port;
            if (endpoint.InstancePorts is not [var only] || only != port)
                _proxies.Add(ReplicaProxy.Open(port, endpoint.InstancePorts));
        }
    }

    /// <summary>A resource stops when everything that waited for it has stopped.</summary>
    private Task StopAfterDependents(IResource resource)
    {
        lock (_stops)
        {
            if (!_stops.TryGetValue(resource, out var stop))
                _stops[resource] = stop = StopAsync(resource);
            return stop;
        }
    }

    private async Task StopAsync(IResource resource)
    {
        await Task.WhenAll(model.Resources.Where(r => Needs(r).Contains(resource)).Select(StopAfterDependents));
        await Task.WhenAll(_instances.Where(i => ReferenceEquals(i.Resource, resource)).Select(i => i.ShutDownAsync()));
    }

    private static IEnumerable<IResource> Needs(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource);
        return resource is IResourceWithParent child ? waits.Append(child.Parent) : waits;
    }

    private void RefuseCircles()
    {
        var fine = new HashSet<IResource>();
        foreach (var resource in model.Resources)
            Visit(resource, []);

        void Visit(IResource resource, List<IResource> path)
        {
            if (path.Contains(resource))
                throw new DistributedApplicationException($"These resources wait for each other: {string.Join(" → ", path.SkipWhile(r => r != resource).Append(resource).Select(r => r.Name))}.");
            if (!fine.Contains(resource))
            {
                foreach (var needed in Needs(resource))
                    Visit(needed, [.. path, resource]);
                fine.Add(resource);
            }
        }
    }
}

/// <summary>What every instance works with.</summary>
internal sealed record Runtime(IConfiguration Configuration, DistributedApplicationExecutionContext Execution, RunFolders Folders, Leftovers Leftovers, LogSink Sink,
    ResourceNotificationService Notifications, HealthCheckService HealthChecks, TimeProvider Time, bool IsTest);
