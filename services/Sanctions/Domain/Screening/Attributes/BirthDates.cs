using System.Globalization;

namespace ExternalAction.Sanctions.Domain.Screening.Attributes;

/// <summary>How two birth dates agree, from best to worst.</summary>
internal enum BirthAgreement
{
    Unknown,
    SameDay,
    DayAndMonthSwapped,
    SameMonth,
    SameYear,
    Near,
    NextYear,
    OtherYear,
    FarYear,
}

/// <summary>
/// Compares birth dates as intervals of days. Steps: (1) every date becomes the interval it allows (a year, a month, a day, a range,
/// two years either side for "circa"), Islamic ones converted; (2) intervals that meet agree as far as both are exact; (3) for
/// intervals that do not meet, the gap in years decides.
/// </summary>
internal static class BirthDates
{
    private const int CircaYears = 2;

    internal static BirthDate? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        string[] parts = text.Trim().Split('-');
        if (parts.Length > 3 || parts[0].Length != 4 || !Number(parts[0], 1, 9999, out int year))
        {
            return null;
        }

        if (parts.Length == 1)
        {
            return new BirthDate(year);
        }

        if (!Number(parts[1], 1, 12, out int month))
        {
            return null;
        }

        if (parts.Length == 2)
        {
            return new BirthDate(year, month);
        }

        return Number(parts[2], 1, DateTime.DaysInMonth(year, month), out int day) ? new BirthDate(year, month, day) : null;
    }

    internal static BirthAgreement Compare(BirthDate query, BirthDate listed)
    {
        if (Interval(query) is not { } a || Interval(listed) is not { } b)
        {
            return BirthAgreement.Unknown;
        }

        bool approximate = IsApproximate(query) || IsApproximate(listed);
        if (a.From <= b.To && b.From <= a.To)
        {
            int widest = Math.Max(a.To - a.From, b.To - b.From);
            return approximate ? BirthAgreement.Near : widest <= 0 ? BirthAgreement.SameDay : widest <= 31 ? BirthAgreement.SameMonth : BirthAgreement.SameYear;
        }

        if (!approximate && query is { Month: { } m, Day: { } d } && listed is { Month: { } lm, Day: { } ld }
            && query.Calendar == listed.Calendar && query.Year == listed.Year)
        {
            return m == ld && d == lm ? BirthAgreement.DayAndMonthSwapped : BirthAgreement.SameYear;
        }

        int gap = a.From > b.To ? a.From - b.To : b.From - a.To;
        return a.Year == b.Year && !approximate ? BirthAgreement.SameYear
            : gap <= 366 && approximate ? BirthAgreement.Near
            : Math.Abs(a.Year - b.Year) == 1 && !approximate ? BirthAgreement.NextYear
            : gap > 3652 ? BirthAgreement.FarYear : BirthAgreement.OtherYear;
    }

    private static bool IsApproximate(BirthDate date) => date.Circa || date.YearFrom is not null || date.YearTo is not null;

    private static (int From, int To, int Year)? Interval(BirthDate date)
    {
        int from = date.YearFrom ?? date.Year ?? 0, to = date.YearTo ?? date.YearFrom ?? date.Year ?? 0;
        if (date.YearFrom is null && date.YearTo is { } until)
        {
            from = date.Year ?? until;
        }

        if (from <= 0 || to < from || to > 9990)
        {
            return null;
        }

        if (date.Circa && date.YearFrom is null)
        {
            from -= CircaYears;
            to += CircaYears;
        }

        bool exact = from == to && !date.Circa;
        int? first = Day(date.Calendar, Math.Max(1, from), exact ? date.Month ?? 1 : 1, exact && date.Month is not null ? date.Day ?? 1 : 1);
        int? last = exact && date.Month is { } month
            ? date.Day is { } day ? Day(date.Calendar, to, month, day) : LastOfMonth(date.Calendar, to, month)
            : LastOfMonth(date.Calendar, to, 12);
        return first is { } f && last is { } l ? (f, l, DateOnly.FromDayNumber(f).Year) : null;
    }

    private static int? LastOfMonth(BirthCalendar calendar, int year, int month)
    {
        int? next = month == 12 ? Day(calendar, year + 1, 1, 1) : Day(calendar, year, month + 1, 1);
        return next - 1;
    }

    /// <summary>The day number, or null when there is no such day.</summary>
    private static int? Day(BirthCalendar calendar, int year, int month, int day)
    {
        if (month is < 1 or > 12 || day < 1 || year < 1)
        {
            return null;
        }

        if (calendar == BirthCalendar.Gregorian)
        {
            return year <= 9999 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day).DayNumber : null;
        }

        // the civil (tabular) Islamic calendar: leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of 30; epoch 16 July 622 (Julian) = day number 227014
        if (day > 30 || year > 9000)
        {
            return null;
        }

        long days = ((year - 1) * 354L) + (((11L * year) + 3) / 30) + (29 * (month - 1)) + (month / 2) + day;
        long number = 227013 + days;
        return number is >= 0 and < 3_652_059 ? (int)number : null;
    }

    private static bool Number(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
}
