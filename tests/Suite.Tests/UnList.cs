using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ExternalAction.Suite.Tests;

/// <summary>Files in the form of the UN's consolidated list, with as many made-up people as a test needs: a list of its own, beside the EU's.</summary>
internal static class UnList
{
    /// <summary>The file of a day, of people with these numbers.</summary>
    /// <param name="day">When it says it was generated, YYYY-MM-DD.</param>
    /// <param name="first">The first person's number.</param>
    /// <param name="count">How many people.</param>
    public static string File(string day, int first, int count)
    {
        var xml = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""<?xml version="1.0" encoding="utf-8"?><CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z"><INDIVIDUALS>""");
        for (var number = first; number < first + count; number++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<INDIVIDUAL><DATAID>{number}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{Given(number)}</FIRST_NAME><SECOND_NAME>{Family(number)}</SECOND_NAME><UN_LIST_TYPE>Taliban</UN_LIST_TYPE><REFERENCE_NUMBER>TAi.{number}</REFERENCE_NUMBER><LISTED_ON>2001-01-25</LISTED_ON></INDIVIDUAL>");
        }
        return xml.Append("</INDIVIDUALS></CONSOLIDATED_LIST>").ToString();
    }

    /// <summary>A person's name.</summary>
    public static string Name(int number) => $"{Given(number)} {Family(number)}";

    /// <summary>The file in base64, as a field of a JSON request.</summary>
    public static string Field(string file) => Convert.ToBase64String(Packed(file));

    /// <summary>The file as gzip.</summary>
    public static byte[] Packed(string file)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(file));
        }
        return packed.ToArray();
    }

    private static string Given(int number) => Word(number, "bdgklmnprstvz", "aeiou", 2);

    private static string Family(int number) => Word((number * 7) + 3, "kzrmtvbdlgnps", "uoiea", 4);

    /// <summary>A word of so many syllables that nobody else has.</summary>
    private static string Word(int number, string consonants, string vowels, int syllables)
    {
        var word = new StringBuilder();
        for (var s = 0; s < syllables; s++)
        {
            var syllable = number % (consonants.Length * vowels.Length);
            number = (number / (consonants.Length * vowels.Length)) + (number * 31 % 977);
            word.Append(consonants[syllable % consonants.Length]).Append(vowels[syllable / consonants.Length]);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(word[0])}{word.ToString(1, word.Length - 1)}");
    }
}
