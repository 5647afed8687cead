using System.Text;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>Mandarin readings of Chinese characters, and the sounds of a word written with them.</summary>
internal static class HanReadings
{
    private static readonly string?[] Table = Load();

    /// <summary>The pinyin of one character without its tone, or null when it is not in the table.</summary>
    internal static string? Pinyin(char c) => c is >= '\u4E00' and <= '\u9FFF' ? Table[c - '\u4E00'] : null;

    internal static void Write(char c, StringBuilder sounds)
    {
        if (Pinyin(c) is { } syllable)
        {
            LatinSounds.Write(syllable, sounds);
        }
    }

    private static string?[] Load()
    {
        var table = new string?['\u9FFF' - '\u4E00' + 1];
        foreach (string line in NameResources.Lines("han-readings.txt"))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            string syllable = line[..tab];
            foreach (char c in line.AsSpan(tab + 1))
            {
                table[c - '\u4E00'] = syllable;
            }
        }

        return table;
    }
}
