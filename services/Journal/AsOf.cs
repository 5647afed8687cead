using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ExternalAction.Journal;

/// <summary>
/// A point in a journal's past, as the <c>asOf</c> parameter names it: an instant (by recorded_at, both ends included)
/// or <c>position:N</c>. It asks what was known then, not what was true in the world then.
/// </summary>
public readonly record struct AsOf
{
    private const string PositionPrefix = "position:";

    private AsOf(long position, long recordedAt) => (Position, RecordedAt) = (position, recordedAt);

    /// <summary>Rows up to this position; long.MaxValue when an instant was given.</summary>
    public long Position { get; init; }

    /// <summary>Rows recorded up to this time, microseconds since 1970; long.MaxValue when a position was given.</summary>
    public long RecordedAt { get; init; }

    /// <summary>Everything there is.</summary>
    public static AsOf Latest { get; } = new(long.MaxValue, long.MaxValue);

    /// <summary>Everything up to and including a position.</summary>
    public static AsOf At(long position) => new(position, long.MaxValue);

    /// <summary>Everything recorded at or before an instant.</summary>
    public static AsOf At(DateTimeOffset instant) => new(long.MaxValue, JournalTime.ToMicroseconds(instant));

    /// <summary>
    /// Reads <c>position:N</c> (N ≥ 0) or an RFC 3339 time with its zone (<c>2025-06-01T12:00:00Z</c>). A time without
    /// a zone is refused: it would mean another instant on every machine.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AsOf asOf)
    {
        asOf = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (text.StartsWith(PositionPrefix, StringComparison.Ordinal))
        {
            if (!long.TryParse(text.AsSpan(PositionPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            {
                return false;
            }

            asOf = At(position);
            return true;
        }

        if (!DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return false;
        }

        asOf = At(instant);
        return true;
    }

    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];
}
