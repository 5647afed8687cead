using ExternalAction.Decisions.Domain;
using ExternalAction.ServiceDefaults;

namespace ExternalAction.Decisions.Queries;

/// <summary>A date ahead.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Day">The day in Brussels.</param>
/// <param name="At">The instant, for deadlines.</param>
/// <param name="File">The file it belongs to.</param>
internal sealed record CalendarDate(DueKind Kind, DateOnly Day, DateTimeOffset? At, Decision File);

/// <summary>Which dates lie ahead: deadlines of open periods, effect and sunset of acts. Also as a calendar file (RFC 5545).</summary>
internal static class Calendar
{
    /// <summary>Most entries of one answer.</summary>
    public const int EntriesMax = 1_000;

    /// <summary>Dates between two days, both included, in order.</summary>
    public static List<CalendarDate> Between(DecisionsState state, DateOnly from, DateOnly to, bool reader) =>
        [.. state.Timed.Select(id => state.Files[id]).Where(f => !reader || f.WasAdopted).SelectMany(DatesOf)
            .Where(d => d.Day >= from && d.Day <= to).OrderBy(d => d.Day).ThenBy(d => d.File.Id, StringComparer.Ordinal).Take(EntriesMax)];

    /// <summary>The dates as a calendar file.</summary>
    public static string Write(IEnumerable<CalendarDate> dates, DateTimeOffset now) => CalendarFile.Write(
        "Decisions", dates.Select(d => new CalendarFileEntry($"{d.File.Id}-{d.Kind.ToString().ToLowerInvariant()}", d.Day, d.At, Words(d))), now);

    private static IEnumerable<CalendarDate> DatesOf(Decision file)
    {
        if (file is { State: FileState.Voting, Round.Deadline: { } deadline })
        {
            yield return new CalendarDate(DueKind.Deadline, DueDates.DayOf(deadline), deadline, file);
        }
        if (file is { ActIsLive: true, Act: { TookEffect: false } coming })
        {
            yield return new CalendarDate(DueKind.Effect, coming.EffectDate, null, file);
        }
        if (file is { ActIsLive: true, Act.ExpiryDate: { } last })
        {
            yield return new CalendarDate(DueKind.Expiry, last, null, file);
        }
    }

    private static string Words(CalendarDate date) => date.Kind switch
    {
        DueKind.Deadline => $"Deadline: {date.File.Opened.Title}",
        DueKind.Effect => $"Takes effect: {date.File.Act!.Number} {date.File.Opened.Title}",
        _ => $"Expires: {date.File.Act!.Number} {date.File.Opened.Title}",
    };
}
