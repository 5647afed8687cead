using System.Globalization;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// Writes the fraction of two integers as decimal text without ever going through floating point. Vote shares are truncated, so that a
/// printed threshold has really been reached; indices are rounded half up, as published tables do.
/// </summary>
public static class DecimalText
{
    /// <summary>The fraction cut off after <paramref name="places"/> decimals; 0 of 0 is zero.</summary>
    public static string Truncated(UInt128 part, UInt128 whole, int places) =>
        Text(whole == 0 ? 0 : part * PowerOfTen(places) / whole, places);

    /// <inheritdoc cref="Truncated(UInt128, UInt128, int)"/>
    public static string Truncated(long part, long whole, int places) => Truncated((UInt128)part, (UInt128)whole, places);

    /// <summary>The fraction rounded half up to <paramref name="places"/> decimals; 0 of 0 is zero.</summary>
    public static string Rounded(UInt128 part, UInt128 whole, int places)
    {
        if (whole == 0)
        {
            return Text(0, places);
        }
        var (quotient, remainder) = UInt128.DivRem(part * PowerOfTen(places), whole);
        return Text(remainder >= whole - remainder ? quotient + 1 : quotient, places);
    }

    private static UInt128 PowerOfTen(int places)
    {
        UInt128 power = 1;
        for (var i = 0; i < places; i++)
        {
            power *= 10;
        }
        return power;
    }

    private static string Text(UInt128 scaled, int places)
    {
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return string.Concat(digits.AsSpan(0, digits.Length - places), ".", digits.AsSpan(digits.Length - places));
    }
}
