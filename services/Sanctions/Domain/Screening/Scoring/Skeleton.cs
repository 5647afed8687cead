using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>The order of consonant groups in a word or in two words written together, as one number.</summary>
internal static class Skeleton
{
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
            // v and w are written as u and o are in Arabic and Hebrew, ض is a z or a d, ч is a ch that may be a k, and ㅈ is a j that counts for nothing
            int group = sound is 'v' or 'w' or 'z' or 'C' or '9' ? -1 : Signature.Group(sound);
            if (group >= 0 && group != last)
            {
                hash = unchecked((hash * 31) + (uint)group + 1);
                last = group;
            }
        }
    }
}
