namespace ExternalAction.Journal;

/// <summary>
/// What readers see: one immutable value, swapped by one reference write after each commit. Publications are linked
/// forward, so a waiting reader walks from the one it knows to the newest and misses none; old ones are garbage as soon
/// as nobody holds them. They carry the names of the streams that changed, never the events: those are read from the store.
/// </summary>
internal sealed class Publication<TState>(Snapshot<TState> snapshot, Digest? hash, SystemState system, IReadOnlySet<string> changedStreams)
    where TState : class
{
    private readonly TaskCompletionSource<Publication<TState>> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Snapshot<TState> Snapshot { get; } = snapshot;

    public long Position => Snapshot.Position;

    /// <summary>Hash of the last row; null while the journal is empty.</summary>
    public Digest? Hash { get; } = hash;

    public SystemState System { get; } = system;

    /// <summary>The publication after this one, once there is one.</summary>
    public Task<Publication<TState>> Next => _next.Task;

    /// <summary>Whether a stream (null: any) got rows between the publication before and this one.</summary>
    public bool Changed(string? stream) => stream is null || changedStreams.Contains(stream);

    /// <summary>Wakes whoever waits for <see cref="Next"/>.</summary>
    public void FollowedBy(Publication<TState> next) => _next.SetResult(next);
}
