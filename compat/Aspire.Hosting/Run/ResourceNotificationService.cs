// Who is in which state, for whoever wants to know: watchers get every change in order, waiters the first one that fits.

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Publishes the state of resources. Names are resource ids: a name means the resource as a whole, <c>name-2</c> its second replica.</summary>
public class ResourceNotificationService(DistributedApplicationOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];

    /// <summary>Waits until the resource has the state (Running unless given).</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until the resource has one of the states, and says which.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var wanted = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(resourceName, e => e.Snapshot.State is { } state && wanted.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits for the first state, the present one included, that fits.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (string.Equals(change.ResourceId, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
                return change;
        }
        throw new OperationCanceledException($"The application stopped before '{resourceName}' got there.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until the resource runs and is healthy.</summary>
    /// <exception cref="DistributedApplicationException">It ended instead (with <see cref="WaitBehavior.StopOnResourceUnavailable"/>); the message says why.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(resourceName, e => e.Snapshot.HealthStatus == HealthStatus.Healthy
            || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsTerminal(e)), cancellationToken);
        return IsTerminal(reached) ? throw new DistributedApplicationException($"'{resourceName}' did not become healthy: {Describe(reached)}.") : reached;
    }

    /// <summary>Waits for everything the resource waits for.</summary>
    /// <exception cref="DistributedApplicationException">One of them ended in a way that rules it out.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>()
            .Where(w => w.Resource is not IResourceWithoutLifetime)
            .Select(w => WaitForDependencyAsync(w, cancellationToken)));

    /// <summary>Every state there is now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            foreach (var state in _current.Values)
                channel.Writer.TryWrite(state);
            _watchers.Add(channel);
        }
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
        finally
        {
            lock (_gate)
                _watchers.Remove(channel);
        }
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
            return _current.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>Changes the state of a resource.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    /// <summary>Changes the state of a resource or of one of its replicas, whose sum is published too.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_gate)
        {
            var before = _current.TryGetValue(resourceId, out var known) ? known.Snapshot : new CustomResourceSnapshot { ResourceType = TypeOf(resource), Properties = [] };
            Publish(resource, resourceId, stateFactory(before));
            if (resourceId != resource.Name)
                Publish(resource, resource.Name, Sum(resource, before.ResourceType));
        }
        return Task.CompletedTask;
    }

    /// <summary>Ends every watch: the application is gone.</summary>
    internal void Complete()
    {
        lock (_gate)
            _watchers.ForEach(w => w.Writer.TryComplete());
    }

    internal ImmutableArray<ResourceEvent> All()
    {
        lock (_gate)
            return [.. _current.Values];
    }

    /// <summary>One line on why a resource is where it is.</summary>
    internal static string Describe(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var why = snapshot.Property<string>(KnownProperties.Error) ?? (snapshot.ExitCode is { } code ? $"exit code {code}" : null);
        return why is null ? $"{snapshot.State?.Text}" : $"{snapshot.State?.Text} ({why})";
    }

    private WaitBehavior DefaultWaitBehavior => options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable;

    private async Task WaitForDependencyAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        var stop = wait.WaitType == WaitType.WaitForCompletion || (wait.WaitBehavior ?? DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        var reached = await WaitForResourceAsync(name, e => (stop && IsTerminal(e)) || wait.WaitType switch
        {
            WaitType.WaitUntilHealthy => e.Snapshot.HealthStatus == HealthStatus.Healthy,
            WaitType.WaitUntilStarted => e.Snapshot.State?.Text == KnownResourceStates.Running,
            _ => false,
        }, cancellationToken);
        var asWanted = wait.WaitType == WaitType.WaitForCompletion
            ? reached.Snapshot.State!.Text != KnownResourceStates.FailedToStart && reached.Snapshot.ExitCode == wait.ExitCode
            : !IsTerminal(reached);
        if (!asWanted)
            throw new DistributedApplicationException($"it waits for '{name}', which is {Describe(reached)}");
    }

    private void Publish(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
    {
        var change = _current[resourceId] = new ResourceEvent(resource, resourceId, snapshot);
        _watchers.ForEach(w => w.Writer.TryWrite(change));
    }

    /// <summary>
    /// All in one state: that state. One on its way up: that one's. Else some run and some do not: running, and the
    /// others' absence is a failed health report.
    /// </summary>
    private CustomResourceSnapshot Sum(IResource resource, string type)
    {
        var replicas = Enumerable.Range(1, resource.GetReplicaCount())
            .Select(i => _current.GetValueOrDefault($"{resource.Name}-{i}")).OfType<ResourceEvent>().ToArray();
        string[] order = [KnownResourceStates.NotStarted, KnownResourceStates.Waiting, KnownResourceStates.Starting, KnownResourceStates.Stopping, KnownResourceStates.Running];
        var state = order.Take(3).Append(KnownResourceStates.Running)
            .Select(s => replicas.FirstOrDefault(r => r.Snapshot.State?.Text == s)).FirstOrDefault(r => r is not null) ?? replicas[0];
        var reports = replicas.SelectMany(r => r.Snapshot.State?.Text == KnownResourceStates.Running
            ? r.Snapshot.HealthReports.Select(h => h with { Name = $"{r.ResourceId}: {h.Name}" })
            : [new HealthReportSnapshot(r.ResourceId, HealthStatus.Unhealthy, Describe(r), null)]);
        return new CustomResourceSnapshot
        {
            ResourceType = type,
            Properties = state.Snapshot.State?.Text == KnownResourceStates.Running ? [] : state.Snapshot.Properties,
            State = state.Snapshot.State,
            ExitCode = state.Snapshot.ExitCode,
            StartTimeStamp = state.Snapshot.StartTimeStamp,
            StopTimeStamp = state.Snapshot.StopTimeStamp,
            HealthReports = [.. reports],
            Urls = state.Snapshot.Urls,
        };
    }

    private static bool IsTerminal(ResourceEvent change) => change.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ContainerResource => "Server",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
    };
}
