using System.Collections.Concurrent;

namespace ExternalAction.Gateway.Tests.Backend;

/// <summary>What the probe service remembers, for tests to look at and to change.</summary>
public sealed class ProbeState
{
    /// <summary>The journal position replies are read at.</summary>
    public long Position { get; set; } = 1;

    public ConcurrentDictionary<string, string> Titles { get; } = new();

    /// <summary>What the service says of its health.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>How often each rpc ran.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>Completed when a call to Wait has begun, by id.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Begun { get; } = new();

    /// <summary>Completed when a call to Wait was cancelled, by id.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Cancelled { get; } = new();

    /// <summary>When set, GetThing reads its reply and then waits for this before it answers.</summary>
    public TaskCompletionSource? HoldReads { get; set; }

    /// <summary>Completed when a held GetThing has read its reply.</summary>
    public TaskCompletionSource? Held { get; set; }

    public static TaskCompletionSource Signal(ConcurrentDictionary<string, TaskCompletionSource> signals, string id) =>
        signals.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
