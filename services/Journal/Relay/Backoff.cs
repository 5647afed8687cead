namespace ExternalAction.Journal.Relay;

/// <summary>
/// Growing waits between attempts: doubled each time up to a limit, of which a random half is cut off, so that replicas that
/// failed together do not come back together.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    /// <summary>How long to wait now.</summary>
    public TimeSpan Next()
    {
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + Random.Shared.NextDouble() / 2));
    }

    /// <summary>It went well; the next wait is the first again.</summary>
    public void Reset() => _failures = 0;
}
