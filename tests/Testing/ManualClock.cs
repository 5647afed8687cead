namespace ExternalAction.Testing;

/// <summary>
/// A clock that stands where the test puts it, and a stopwatch with it. Timers still run in real time: a test that waits for
/// one waits for the thing itself, not for a pretence of it.
/// </summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    /// <summary>The time it shows; may be set back.</summary>
    public DateTimeOffset Time
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Sets it forward.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Time;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);
}
