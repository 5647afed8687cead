using System.Globalization;
using System.Xml;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// Whether a request has the form its contract asks for: checked before a command queues, each refusal naming the field.
/// What is true or allowed is the domain's business, not this one's.
/// </summary>
public static class Form
{
    /// <summary>A text of at most so many characters, trimmed.</summary>
    public static string Text(string value, string field, int limit, bool required = false)
    {
        var text = value.Trim();
        return text.Length > limit ? throw FormErrors.TooLong(field, limit, text.Length)
            : required && text.Length == 0 ? throw FormErrors.Required(field)
            : text;
    }

    /// <summary>The same for what goes into files: without the control characters and lone surrogates that XML 1.0 cannot hold.</summary>
    public static string Printable(string value, string field, int limit, bool required = false)
    {
        var text = Text(value, field, limit, required);
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException)
        {
            throw FormErrors.Invalid(field, "a control character or half a surrogate pair stands in it, which no file can hold.");
        }
    }

    /// <summary>The id of a file.</summary>
    public static string Id(string value, string field = "id") => Text(value, field, 64, required: true);

    /// <summary>A member state's code, capital letters; <c>GR</c> is read as <c>EL</c>.</summary>
    public static string MemberState(string value, string field)
    {
        var code = Text(value, field, 16, required: true).ToUpperInvariant();
        return code == "GR" ? "EL" : code;
    }

    /// <summary>A day; the fallback when empty.</summary>
    public static DateOnly Day(string value, string field, DateOnly? fallback = null) =>
        value.Length == 0
            ? fallback ?? throw FormErrors.Required(field)
            : DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : throw FormErrors.Invalid(field, $"'{(value.Length > 32 ? value[..32] + "…" : value)}' is not a day in the form YYYY-MM-DD.");

    /// <summary>A day, or null when empty.</summary>
    public static DateOnly? DayOrNull(string value, string field) => value.Length == 0 ? null : Day(value, field);

    /// <summary>An instant, or null when absent; kept to whole microseconds, as the journal keeps time.</summary>
    public static DateTimeOffset? Instant(Timestamp? value, string field)
    {
        if (value is null)
        {
            return null;
        }
        try
        {
            var ticks = value.ToDateTimeOffset().UtcTicks;
            return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw FormErrors.Invalid(field, "not an instant between 0001-01-01 and 9999-12-31.");
        }
    }

    /// <summary>A list of at most so many items.</summary>
    public static RepeatedField<T> List<T>(RepeatedField<T> items, string field, int limit) => items.Count <= limit ? items : throw FormErrors.TooMany(field, limit, items.Count);

    /// <summary>A page size between 1 and the limit; the usual one when 0.</summary>
    public static int PageSize(int value, int usual, int limit) =>
        value == 0 ? usual : value >= 1 && value <= limit ? value : throw FormErrors.Invalid("pageSize", $"{value} is not between 1 and {limit}.");
}
