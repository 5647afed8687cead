using System.Numerics;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// A few bits that say which groups of consonants a word has and how many of each. Two words whose signatures differ in more
/// bits than <see cref="Allows"/> are not compared further. This is part of what "similar" means here, not a shortcut beside it:
/// the list scan and the index apply the same rule, so they cannot disagree.
/// </summary>
/// <param name="Bits">Seven groups of consonants, three bits each, set one after the other as the group occurs.</param>
/// <param name="Doubt">Bits that may differ because a spelling leaves the group open.</param>
/// <param name="Length">The number of sounds.</param>
internal readonly record struct Signature(uint Bits, byte Doubt, byte Length)
{
    internal static Signature Of(string sounds)
    {
        uint bits = 0;
        int doubt = 0;
        foreach (char sound in sounds)
        {
            int group = Group(sound);
            if (group >= 0)
            {
                int shift = group * 3;
                uint three = (bits >> shift) & 7;
                bits |= ((three << 1 | 1) & 7) << shift;
            }

            doubt += Uncertainty(sound);
        }

        return new Signature(bits, (byte)Math.Min(doubt, 6), (byte)Math.Min(sounds.Length, 255));
    }

    /// <summary>Whether two words are near enough to be worth comparing sound by sound.</summary>
    internal static bool Allows(in Signature a, in Signature b)
    {
        int shorter = Math.Min(a.Length, b.Length);
        int allowed = shorter switch { <= 2 => 1, <= 4 => 2, <= 6 => 3, _ => 4 };
        return BitOperations.PopCount(a.Bits ^ b.Bits) <= allowed + Math.Min(a.Doubt + b.Doubt, 4);
    }

    internal static int Group(char sound) => sound switch
    {
        'b' or 'p' or 'f' or 'v' or 'B' => 0,
        'm' => 1,
        'n' => 2,
        'l' or 'r' or 'R' => 3,
        't' or 'd' or 'D' or '1' or '8' => 4,
        'k' or 'g' or 'x' or 'Q' or 'K' or '6' or '5' => 5,
        's' or 'z' or 'S' or 'Z' or 'C' or 'J' or 'T' or 'X' or '4' or '9' or '2' => 6,
        _ => -1,
    };

    private static int Uncertainty(char sound) => sound switch
    {
        'c' or 'w' or 'W' or 'j' or 'x' or 'G' => 1,
        '1' or '2' or '4' or '5' or '6' or '8' or 'X' or 'Q' or 'R' => 2,
        _ => 0,
    };
}
