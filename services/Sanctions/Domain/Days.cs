namespace ExternalAction.Sanctions.Domain;

/// <summary>
/// Days and instants: days begin in Brussels, where the acts are made. What takes effect on a day does so at 00:00 there;
/// what applies until a day applies to its end.
/// </summary>
public static class Days
{
    /// <summary>The clock of the Council.</summary>
    public static readonly TimeZoneInfo Brussels = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>The instant a day begins.</summary>
    public static DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        return new DateTimeOffset(midnight, Brussels.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>The day it is at an instant.</summary>
    public static DateOnly Of(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Brussels).DateTime);
}
