// What is known about a running resource at one moment: state, health, addresses, process. Immutable; every change
// is a new snapshot.

using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states a resource goes through.</summary>
public static class KnownResourceStates
{
    public static readonly string NotStarted = "NotStarted";
    public static readonly string Waiting = "Waiting";
    public static readonly string Starting = "Starting";
    public static readonly string Running = "Running";
    public static readonly string Stopping = "Stopping";

    /// <summary>Ended with an error, or was ended by a command.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>Ended by itself with exit code 0.</summary>
    public static readonly string Finished = "Finished";

    public static readonly string FailedToStart = "FailedToStart";

    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>How a state is shown.</summary>
public static class KnownResourceStateStyles
{
    public static readonly string Success = "success";
    public static readonly string Error = "error";
    public static readonly string Info = "info";
    public static readonly string Warn = "warn";
}

public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}

/// <summary>The last answer of one health check; a null status: not asked yet.</summary>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);

public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    public string DisplayText { get; init; } = "";
}

/// <summary>A fact by name. This runner sets <c>executable.pid</c> (int), <c>executable.path</c> and, after a failed start, <c>resource.error</c>.</summary>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    public bool IsSensitive { get; init; }
}

public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Executable, Container, Parameter, …</summary>
    public required string ResourceType { get; init; }

    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    public DateTime? StartTimeStamp { get; init; }

    public DateTime? StopTimeStamp { get; init; }

    public int? ExitCode { get; init; }

    public ResourceStateSnapshot? State { get; init; }

    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    /// <summary>Null unless running; without checks a running resource is healthy; else the worst report.</summary>
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(r => r.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    internal T? Property<T>(string name) => Properties.FirstOrDefault(p => p.Name == name)?.Value is T value ? value : default;

    internal CustomResourceSnapshot With(string name, object? value) =>
        this with { Properties = [.. Properties.Where(p => p.Name != name), .. value is null ? [] : new[] { new ResourcePropertySnapshot(name, value) }] };
}

internal static class KnownProperties
{
    public const string Pid = "executable.pid";
    public const string Path = "executable.path";
    public const string Error = "resource.error";
}

/// <summary>
/// A change. <see cref="ResourceId"/> is the resource's name, or <c>name-1</c>, <c>name-2</c>, … for each replica; a
/// replicated resource has both, the one under its name being the sum of the others.
/// </summary>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource { get; } = resource;

    public string ResourceId { get; } = resourceId;

    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
