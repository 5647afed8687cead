using System.Numerics;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// Two names that are one text but for a slip or two. A slip of the hand falls anywhere: across the gap between two words, into a
/// title or a legal form, twice into one short word; compared word by word it can leave too little in common, compared as a
/// whole it is small. Only what tells one bearer from another counts for how many slips are forgiven.
/// </summary>
internal static class WholeText
{
    private const int Short = 128;

    // Measured on the labelled pairs whose words score below: of those one slip apart about nine in ten are the same, two slips apart seven.
    private const double SameText = 2.2, SameWord = 0, OneSlip = 0.85, OneSlipShort = 0.62, TwoSlips = 0.62;

    /// <summary>
    /// The log-odds two names have at least; negative infinity where they are not nearly one text. A single word is judged as a word, but
    /// the very word that is listed is never passed over ("Energiya"); a number has no slips: "Fund 5" is another fund than "Fund 8". Nor has
    /// the name of a place: the Central Bank of Iraq is not Iran's.
    /// </summary>
    internal static double LeastOdds(ParsedName query, ParsedName listed)
    {
        (bool single, int most) = (listed.Outline.Single, listed.Outline.Forgiven);
        if (IsFar(query.Outline, listed.Outline, most) || !SameNumbers(query.Tokens, listed.Tokens) || OtherPlaces(query.Tokens, listed.Tokens))
        {
            return double.NegativeInfinity;
        }

        return Distance(query, listed, most) switch
        {
            var slips when slips > most => double.NegativeInfinity,
            0 => single ? SameWord : SameText,
            1 => most == TextOutline.MostSlips ? OneSlip : OneSlipShort,
            _ => TwoSlips,
        };
    }

    /// <summary>Whether the two are not nearly one text.</summary>
    internal static bool IsOther(ParsedName query, ParsedName listed) => double.IsNegativeInfinity(LeastOdds(query, listed));

    /// <summary>The least number of letters to change, add or leave out; <paramref name="most"/> + 1 where it is greater.</summary>
    internal static int Distance(ParsedName query, ParsedName listed, int most)
    {
        if (IsFar(query.Outline, listed.Outline, most))
        {
            return most + 1;
        }

        // What begins and ends alike needs no table.
        Span<char> roomForA = query.Outline.Length <= Short ? stackalloc char[Short] : new char[query.WholeLength];
        Span<char> roomForB = listed.Outline.Length <= Short ? stackalloc char[Short] : new char[listed.WholeLength];
        ReadOnlySpan<char> a = query.Whole(roomForA), b = listed.Whole(roomForB);
        int start = a.CommonPrefixLength(b);
        int end = 0;
        while (end < Math.Min(a.Length, b.Length) - start && a[^(end + 1)] == b[^(end + 1)])
        {
            end++;
        }

        return Banded(a[start..^end], b[start..^end], most);
    }

    /// <summary>What lengths and letters alone show.</summary>
    internal static bool IsFar(TextOutline query, TextOutline listed, int most) =>
        Math.Abs(query.Length - listed.Length) > most || listed.Length == 0 || BitOperations.PopCount(query.Letters ^ listed.Letters) > 2 * most;

    private static bool SameNumbers(NameToken[] query, NameToken[] listed)
    {
        int asked = NextNumber(query, -1), named = NextNumber(listed, -1);
        while (asked < query.Length && named < listed.Length && query[asked].Symbol == listed[named].Symbol)
        {
            (asked, named) = (NextNumber(query, asked), NextNumber(listed, named));
        }

        return asked >= query.Length && named >= listed.Length;
    }

    /// <summary>Whether both name places, and none in common.</summary>
    private static bool OtherPlaces(NameToken[] query, NameToken[] listed)
    {
        bool both = false;
        foreach (NameToken asked in query)
        {
            foreach (NameToken named in listed)
            {
                if (Vocabulary.IsPlace(asked.Symbol) && Vocabulary.IsPlace(named.Symbol))
                {
                    if (asked.Symbol == named.Symbol)
                    {
                        return false;
                    }

                    both = true;
                }
            }
        }

        return both;
    }

    private static int NextNumber(NameToken[] tokens, int after)
    {
        do
        {
            after++;
        }
        while (after < tokens.Length && tokens[after].Kind != TokenKind.Number);
        return after;
    }

    /// <summary>Edit distance along the diagonal: cells further off than <paramref name="most"/> cannot matter.</summary>
    private static int Banded(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most)
    {
        const int Width = (2 * TextOutline.MostSlips) + 1;
        Span<int> row = stackalloc int[Width + 2];
        row.Fill(most + 1);
        for (int d = 0; d <= most; d++)
        {
            row[1 + most + d] = d; // row[1 + most + j - i]: the distance of the first i letters of a and j of b
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int least = most + 1;
            for (int cell = 1; cell <= (2 * most) + 1; cell++)
            {
                int j = i + cell - 1 - most;
                row[cell] = j < 0 || j > b.Length ? most + 1
                    : j == 0 ? i
                    : Math.Min(Math.Min(row[cell] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(row[cell - 1], row[cell + 1]) + 1), most + 1);
                least = Math.Min(least, row[cell]);
            }

            if (least > most)
            {
                return most + 1;
            }
        }

        return row[1 + most + b.Length - a.Length];
    }
}
