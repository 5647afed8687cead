namespace ExternalAction.Journal;

/// <summary>
/// A state on its way forward: rows go in one after the other, a publication comes out. It works on the published
/// (immutable) state and keeps the streams' new versions apart, so dropping it drops everything: that is what happens
/// when a transaction fails. Not for several threads.
/// </summary>
internal sealed class Folding<TState, TEvent>
    where TState : class
    where TEvent : class
{
    private readonly JournalDefinition<TState, TEvent> _definition;
    private readonly Dictionary<string, long> _published;
    private readonly Dictionary<string, long> _changed = new(StringComparer.Ordinal);

    /// <param name="definition">The service's journal.</param>
    /// <param name="from">What it starts from.</param>
    /// <param name="publishedVersions">Version of every stream at that point; only <see cref="Publish"/> changes it.</param>
    public Folding(JournalDefinition<TState, TEvent> definition, Publication<TState> from, Dictionary<string, long> publishedVersions)
    {
        _definition = definition;
        _published = publishedVersions;
        (State, System, Position, Hash) = (from.Snapshot.State, from.System, from.Position, from.Hash);
        RecordedAt = from.Hash is null ? long.MinValue : JournalTime.ToMicroseconds(from.Snapshot.RecordedAt);
    }

    public TState State { get; private set; }

    public SystemState System { get; private set; }

    public long Position { get; private set; }

    public Digest? Hash { get; private set; }

    /// <summary>recorded_at of the last row in microseconds; long.MinValue before the first.</summary>
    public long RecordedAt { get; private set; }

    public long VersionOf(string stream)
        => _changed.TryGetValue(stream, out var version) ? version : _published.GetValueOrDefault(stream);

    /// <summary>The service's event in a row, or null if the row is the journal's own. Pure, for any thread.</summary>
    public static JournalEvent<TEvent>? Decode(JournalDefinition<TState, TEvent> definition, JournalRow row)
        => row.Stream == SystemEvent.Stream ? null : Event(row, definition.Codec.Decode(row.Type, row.Payload.Span));

    /// <summary>A row with its event.</summary>
    public static JournalEvent<TEvent> Event(JournalRow row, TEvent decoded) => new(
        row.Position, row.Stream, row.Version, row.Actor, JournalTime.FromMicroseconds(row.OccurredAt), JournalTime.FromMicroseconds(row.RecordedAt), decoded, row.Hash);

    /// <summary>Folds a row that was read from the store, after checking that it continues the chain.</summary>
    /// <exception cref="ChainBrokenException">It does not.</exception>
    public void Append(JournalRow row)
    {
        if ((ChainCheck.LinkProblem(row, Position, Hash, RecordedAt) ?? ChainCheck.HashProblem(row)) is { } problem)
        {
            throw new ChainBrokenException(_definition.Service, row.Position, problem);
        }

        Apply(row, Decode(_definition, row));
    }

    /// <summary>Folds a row that is known to be sound, with its event already decoded.</summary>
    public void Apply(JournalRow row, JournalEvent<TEvent>? decoded)
    {
        if (decoded is null)
        {
            var recordedAt = JournalTime.FromMicroseconds(row.RecordedAt);
            System = System.Evolve(SystemEventCodec.Decode(row.Type, row.Payload.Span), row.Position, recordedAt);
        }
        else
        {
            State = _definition.Evolve(State, decoded);
        }

        (Position, Hash, RecordedAt) = (row.Position, row.Hash, row.RecordedAt);
        _changed[row.Stream] = row.Version;
    }

    /// <summary>Where the folding stands, to return to when a command fails half-way.</summary>
    public Mark Remember() => new(State, System, Position, Hash, RecordedAt);

    /// <summary>Returns to a mark; the streams touched since get back their versions of then.</summary>
    public void Return(Mark mark, IEnumerable<KeyValuePair<string, long>> versions)
    {
        (State, System, Position, Hash, RecordedAt) = (mark.State, mark.System, mark.Position, mark.Hash, mark.RecordedAt);
        foreach (var (stream, version) in versions)
        {
            _changed[stream] = version;
        }
    }

    /// <summary>Makes the result what readers will see. The published versions move with it.</summary>
    public Publication<TState> Publish()
    {
        foreach (var (stream, version) in _changed)
        {
            _published[stream] = version;
        }

        var recordedAt = Hash is null ? DateTimeOffset.UnixEpoch : JournalTime.FromMicroseconds(RecordedAt);
        return new Publication<TState>(new Snapshot<TState>(State, Position, recordedAt), Hash, System, _changed.Keys.ToHashSet(StringComparer.Ordinal));
    }

    internal readonly record struct Mark(TState State, SystemState System, long Position, Digest? Hash, long RecordedAt);
}
