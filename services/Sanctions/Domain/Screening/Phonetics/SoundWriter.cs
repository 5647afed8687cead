using System.Text;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// Writes a word of any script in the alphabet of sounds that <see cref="SoundCosts"/> compares. Steps: (1) letters to sounds by
/// script, (2) a run of i, y and j becomes one i ("-ij", "-iy", "-yj", "-ii" are one ending), (3) doubled sounds become one.
/// </summary>
internal static class SoundWriter
{
    internal static string Write(string reading, Script script)
    {
        var sounds = new StringBuilder(reading.Length);
        switch (script)
        {
            case Script.Latin or Script.Digit:
                LatinSounds.Write(reading, sounds);
                break;
            case Script.Hangul:
                foreach (char syllable in reading)
                {
                    if (Scripts.Of(syllable) == Script.Hangul)
                    {
                        HangulSounds.Write(syllable, sounds);
                    }
                }

                break;
            case Script.Han:
                foreach (char c in reading)
                {
                    HanReadings.Write(c, sounds);
                }

                break;
            case Script.Other:
                return "";
            default:
                AlphabetSounds.Write(reading, sounds);
                break;
        }

        return Squeeze(sounds);
    }

    /// <summary>The sounds of two neighbouring words written as one.</summary>
    internal static string Join(string first, string second) => Squeeze(new StringBuilder(first, first.Length + second.Length).Append(second));

    private static string Squeeze(StringBuilder sounds)
    {
        Span<char> result = sounds.Length <= 128 ? stackalloc char[sounds.Length] : new char[sounds.Length];
        int length = 0;
        for (int i = 0; i < sounds.Length; i++)
        {
            char sound = sounds[i];
            char last = length > 0 ? result[length - 1] : '\0';
            if (IsI(sound) && IsI(last))
            {
                result[length - 1] = 'i'; // (2)
            }
            else if (sound != last)
            {
                result[length++] = sound; // (3)
            }
        }

        return new string(result[..length]);
    }

    private static bool IsI(char sound) => sound is 'i' or 'y' or 'j';
}
