using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;

namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// Two neighbouring words against one: "Hajizadeh" and "Haji zadeh", "JSCARGUMENT" and "JSC ARGUMENT". The order of consonant
/// groups must be the same (which the index can look up), and the rest nearly so.
/// </summary>
internal static class Joins
{
    private const int Short = 128;

    internal static float Compare(NameToken first, NameToken second, NameToken whole)
    {
        if (!MayBeTwo(first, second, whole))
        {
            return TokenComparer.Different;
        }

        return IsWritten(first, second, whole) ? 0
            : Skeleton.Hash(first.Sounds, second.Sounds) == Skeleton.Hash(whole.Sounds, "") ? BySound(first, second, whole)
            : TokenComparer.Different;
    }

    /// <summary>The same for words that are known to have one order of consonant groups.</summary>
    internal static float CompareAlike(NameToken first, NameToken second, NameToken whole) =>
        !MayBeTwo(first, second, whole) ? TokenComparer.Different
            : IsWritten(first, second, whole) ? 0
            : BySound(first, second, whole);

    /// <summary>Whether a word is long enough to be two, and not about one of the two by itself: "Yong" is not "Ji-young".</summary>
    private static bool MayBeTwo(NameToken first, NameToken second, NameToken whole) =>
        whole.Kind is not (TokenKind.Number or TokenKind.Initial) && whole.Sounds.Length >= 4
        && (whole.Abjad != first.Abjad || whole.Sounds.Length > Math.Max(first.Sounds.Length, second.Sounds.Length));

    private static float BySound(NameToken first, NameToken second, NameToken whole)
    {
        int length = first.Sounds.Length + second.Sounds.Length;
        if (Math.Abs(length - whole.Sounds.Length) > 2 + ((whole.Abjad != first.Abjad) ? length / 2 : 0))
        {
            return TokenComparer.Different;
        }

        Span<char> room = length <= Short ? stackalloc char[Short] : new char[length];
        ReadOnlySpan<char> joined = SoundWriter.Join(first.Sounds, second.Sounds, room);
        return TokenComparer.BySound(first.Script, whole.Script, TokenComparer.Measure(joined, first.Abjad, whole.Sounds, whole.Abjad, TokenComparer.FarJoined));
    }

    /// <summary>Whether the two are written letter by letter as the one.</summary>
    internal static bool IsWritten(NameToken first, NameToken second, NameToken whole) =>
        first.Script == whole.Script && first.Folded.Length + second.Folded.Length == whole.Folded.Length
        && whole.Folded.StartsWith(first.Folded, StringComparison.Ordinal) && whole.Folded.EndsWith(second.Folded, StringComparison.Ordinal);
}
