using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// Two neighbouring words against one: "Hajizadeh" and "Haji zadeh", "JSCARGUMENT" and "JSC ARGUMENT". The order of consonant
/// groups must be the same (which the index can look up), and the rest nearly so.
/// </summary>
internal static class Joins
{
    internal static float Compare(NameToken first, NameToken second, NameToken whole)
    {
        if (whole.Kind is TokenKind.Number or TokenKind.Initial || whole.Sounds.Length < 4)
        {
            return TokenComparer.Different;
        }

        if (IsWritten(first, second, whole))
        {
            return 0;
        }

        int length = first.Sounds.Length + second.Sounds.Length;
        if (Math.Abs(length - whole.Sounds.Length) > 2 + ((whole.Abjad != first.Abjad) ? length / 2 : 0)
            || Skeleton.Hash(first.Sounds, second.Sounds) != Skeleton.Hash(whole.Sounds, ""))
        {
            return TokenComparer.Different;
        }

        return TokenComparer.BySound(first.Script, whole.Script, TokenComparer.Measure(SoundWriter.Join(first.Sounds, second.Sounds), first.Abjad, whole.Sounds, whole.Abjad, TokenComparer.FarJoined));
    }

    /// <summary>Whether the two are written letter by letter as the one.</summary>
    internal static bool IsWritten(NameToken first, NameToken second, NameToken whole) =>
        first.Script == whole.Script && first.Folded.Length + second.Folded.Length == whole.Folded.Length
        && whole.Folded.StartsWith(first.Folded, StringComparison.Ordinal) && whole.Folded.EndsWith(second.Folded, StringComparison.Ordinal);
}
