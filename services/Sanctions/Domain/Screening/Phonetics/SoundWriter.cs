using System.Text;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// Writes a word of any script in the alphabet of sounds that <see cref="SoundCosts"/> compares. Steps: (1) letters to sounds by
/// script, (2) a run of i, y and j becomes one i ("-ij", "-iy", "-yj", "-ii" are one ending), (3) doubled sounds become one.
/// </summary>
internal static class SoundWriter
{
    private const int Short = 128;

    [ThreadStatic]
    private static StringBuilder? scratch;

    internal static string Write(string reading, Script script)
    {
        StringBuilder sounds = (scratch ??= new StringBuilder(Short)).Clear();
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

        Span<char> written = sounds.Length <= Short ? stackalloc char[Short] : new char[sounds.Length];
        written = written[..sounds.Length];
        sounds.CopyTo(0, written, written.Length);
        return written[..Squeeze(written, written, 0)].ToString();
    }

    /// <summary>The sounds of two neighbouring words written as one.</summary>
    /// <param name="room">Where they are written; as long as both together.</param>
    internal static ReadOnlySpan<char> Join(ReadOnlySpan<char> first, ReadOnlySpan<char> second, Span<char> room) => room[..Squeeze(second, room, Squeeze(first, room, 0))];

    /// <summary>Writes sounds behind those that are there, and returns how many there are then; never more than were read, so that they may be written where they are.</summary>
    private static int Squeeze(ReadOnlySpan<char> sounds, Span<char> result, int length)
    {
        foreach (char sound in sounds)
        {
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

        return length;
    }

    private static bool IsI(char sound) => sound is 'i' or 'y' or 'j';
}
