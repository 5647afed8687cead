namespace ExternalAction.Decisions.Domain;

/// <summary>What time alone does to a file.</summary>
public enum DueKind
{
    /// <summary>A written or silence period ends.</summary>
    Deadline,

    /// <summary>A published act takes effect.</summary>
    Effect,

    /// <summary>An act's sunset has passed.</summary>
    Expiry,
}

/// <summary>The next thing time does to a file, and when.</summary>
public sealed record Due(DueKind Kind, DateTimeOffset At);

/// <summary>
/// Instants of a file that act by themselves. Days begin in Brussels: an act that takes effect on a day does so at
/// 00:00 there, one that expires on a day still applies until that day's end.
/// </summary>
public static class DueDates
{
    /// <summary>The clock of the Council; instants are kept in UTC and mean days in this zone.</summary>
    public static readonly TimeZoneInfo Brussels = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>
    /// How long after a deadline the outcome is drawn, so that what was received before it has been decided. It is a margin
    /// for requests under way, not a grace period: the deadline itself rules.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>No period ends later: what follows a deadline must still have a date.</summary>
    public static readonly DateTimeOffset LatestDeadline = new(9999, 12, 30, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The next due date of a file; null when time does nothing to it. An act that expires on the calendar's last day never does.</summary>
    public static Due? Next(Decision file) => file switch
    {
        { State: FileState.Voting, Round.Deadline: { } deadline } => new Due(DueKind.Deadline, deadline),
        { ActIsLive: true, Act: { TookEffect: false } act } => new Due(DueKind.Effect, StartOf(act.EffectDate)),
        { ActIsLive: true, Act.ExpiryDate: { } last } when last < DateOnly.MaxValue => new Due(DueKind.Expiry, StartOf(last.AddDays(1))),
        _ => null,
    };

    /// <summary>The instant a day begins in Brussels.</summary>
    public static DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        return new DateTimeOffset(midnight, Brussels.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>The day it is in Brussels at an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Brussels).DateTime);
}
