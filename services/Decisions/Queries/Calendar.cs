using System.Globalization;
using System.Text;
using ExternalAction.Decisions.Domain;

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

    /// <summary>The dates as iCalendar text: CRLF, lines folded at 75 octets, texts escaped.</summary>
    public static string Write(IEnumerable<CalendarDate> dates, DateTimeOffset now)
    {
        var text = new StringBuilder();
        void Line(string line)
        {
            foreach (var piece in Folded(line))
            {
                text.Append(piece).Append("\r\n");
            }
        }

        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//External Action//Decisions//EN");
        Line("CALSCALE:GREGORIAN");
        foreach (var date in dates)
        {
            Line("BEGIN:VEVENT");
            Line($"UID:{date.File.Id}-{date.Kind.ToString().ToLowerInvariant()}@external-action");
            Line($"DTSTAMP:{Utc(now)}");
            Line(date.At is { } at ? $"DTSTART:{Utc(at)}" : $"DTSTART;VALUE=DATE:{date.Day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}");
            Line($"SUMMARY:{Escaped(Words(date))}");
            Line("END:VEVENT");
        }
        Line("END:VCALENDAR");
        return text.ToString();
    }

    private static IEnumerable<CalendarDate> DatesOf(Decision file)
    {
        if (file is { State: FileState.Voting, Round.Deadline: { } deadline })
        {
            yield return new CalendarDate(DueKind.Deadline, DueDates.DayOf(deadline), deadline, file);
        }
        if (file is { State: FileState.Published, Act: { } coming })
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

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static IEnumerable<string> Folded(string line)
    {
        const int octetsMax = 74;
        var piece = new StringBuilder();
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > octetsMax)
            {
                yield return piece.ToString();
                piece.Clear().Append(' ');
                octets = 1;
            }
            piece.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        yield return piece.ToString();
    }
}
