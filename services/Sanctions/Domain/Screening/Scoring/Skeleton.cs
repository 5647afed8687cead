using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>The order of consonant groups in a word or in two words written together, as one number.</summary>
internal static class Skeleton
{
    /// <summary>The group of s and z, which here is that of t and d, too.</summary>
    private static readonly int Sibilants = Signature.Group('s');

    internal static uint Hash(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        uint hash = 17;
        int last = -1;
        Add(first, ref hash, ref last);
        Add(second, ref hash, ref last);
        return hash;
    }

    private static void Add(ReadOnlySpan<char> sounds, ref uint hash, ref int last)
    {
        foreach (char sound in sounds)
        {
            int group = sound switch
            {
                'v' or 'w' or '9' => -1, // v and w are written as u and o are in Arabic and Hebrew, and ㅈ is a j that counts for nothing
                't' or 'd' or 'D' or '1' or '2' or '8' => Sibilants, // ض is read as d and as z
                _ => Signature.Group(sound),
            };
            if (group >= 0 && group != last)
            {
                hash = unchecked((hash * 31) + (uint)group + 1);
                last = group;
            }
        }
    }
}
