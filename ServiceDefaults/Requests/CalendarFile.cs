using System.Globalization;
using System.Text;

namespace ExternalAction.ServiceDefaults;

/// <summary>An entry of a calendar file.</summary>
/// <param name="Id">What stays the same when the entry changes; unique within the service.</param>
/// <param name="Day">The day.</param>
/// <param name="At">The instant, where it is one; else the entry lasts the whole day.</param>
/// <param name="Summary">What is due, in words.</param>
public sealed record CalendarFileEntry(string Id, DateOnly Day, DateTimeOffset? At, string Summary);

/// <summary>Dates as iCalendar text (RFC 5545): CRLF, lines folded at 75 octets, texts escaped.</summary>
public static class CalendarFile
{
    /// <summary>The media type it is served as.</summary>
    public const string MediaType = "text/calendar; charset=utf-8";

    /// <summary>Writes the calendar of a service.</summary>
    public static string Write(string product, IEnumerable<CalendarFileEntry> entries, DateTimeOffset now)
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
        Line($"PRODID:-//External Action//{product}//EN");
        Line("CALSCALE:GREGORIAN");
        foreach (var entry in entries)
        {
            Line("BEGIN:VEVENT");
            Line($"UID:{entry.Id}@external-action");
            Line($"DTSTAMP:{Utc(now)}");
            Line(entry.At is { } at ? $"DTSTART:{Utc(at)}" : $"DTSTART;VALUE=DATE:{entry.Day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}");
            Line($"SUMMARY:{Escaped(entry.Summary)}");
            Line("END:VEVENT");
        }
        Line("END:VCALENDAR");
        return text.ToString();
    }

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
