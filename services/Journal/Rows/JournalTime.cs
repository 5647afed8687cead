namespace ExternalAction.Journal;

/// <summary>
/// The journal's clock unit. Every time in a journal is a whole number of microseconds since 1970 in UTC: the finest
/// step that SQLite, PostgreSQL and proto timestamps all keep without rounding.
/// </summary>
public static class JournalTime
{
    /// <summary>Microseconds since 1970-01-01T00:00:00Z; finer parts are cut off.</summary>
    public static long ToMicroseconds(DateTimeOffset instant)
        => Math.DivRem(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>The instant, in UTC.</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds)
        => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The instant in UTC without what is finer than a microsecond.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset instant) => FromMicroseconds(ToMicroseconds(instant));
}
