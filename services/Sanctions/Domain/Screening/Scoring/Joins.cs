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
        if (!MayBeTwo(WordOutline.Of(first), WordOutline.Of(second), WordOutline.Of(whole)))
        {
            return TokenComparer.Different;
        }

        return IsWritten(first, second, whole) ? 0
            : Skeleton.Hash(first.Sounds, second.Sounds) == Skeleton.Hash(whole.Sounds, "") ? BySound(first, second, whole)
            : TokenComparer.Different;
    }

    /// <summary>The same for words that are known to have one order of consonant groups, and by <see cref="MayBeTwo"/>.</summary>
    internal static float CompareAlike(NameToken first, NameToken second, NameToken whole) => IsWritten(first, second, whole) ? 0 : BySound(first, second, whole);

    /// <summary>
    /// Whether a word is long enough to be two, not about one of the two by itself ("Yong" is not "Ji-young"), and about as long as both
    /// together. What says no need not be compared.
    /// </summary>
    internal static bool MayBeTwo(WordOutline first, WordOutline second, WordOutline whole) =>
        whole.Kind is not (TokenKind.Number or TokenKind.Initial) && whole.Sounds >= 4
        && (whole.Abjad != first.Abjad || whole.Sounds > Math.Max(first.Sounds, second.Sounds))
        && (first.Letters + second.Letters == whole.Letters || AreAsLong(first, second, whole));

    private static bool AreAsLong(WordOutline first, WordOutline second, WordOutline whole)
    {
        int length = first.Sounds + second.Sounds;
        return Math.Abs(length - whole.Sounds) <= 2 + (whole.Abjad != first.Abjad ? length / 2 : 0);
    }

    private static float BySound(NameToken first, NameToken second, NameToken whole)
    {
        if (!AreAsLong(WordOutline.Of(first), WordOutline.Of(second), WordOutline.Of(whole)))
        {
            return TokenComparer.Different;
        }

        int length = first.Sounds.Length + second.Sounds.Length;
        Span<char> room = length <= Short ? stackalloc char[Short] : new char[length];
        ReadOnlySpan<char> joined = SoundWriter.Join(first.Sounds, second.Sounds, room);
        return TokenComparer.BySound(first.Script, whole.Script, TokenComparer.Measure(joined, first.Abjad, whole.Sounds, whole.Abjad, TokenComparer.FarJoined));
    }

    /// <summary>Whether the two are written letter by letter as the one.</summary>
    internal static bool IsWritten(NameToken first, NameToken second, NameToken whole) =>
        first.Script == whole.Script && first.Folded.Length + second.Folded.Length == whole.Folded.Length
        && whole.Folded.StartsWith(first.Folded, StringComparison.Ordinal) && whole.Folded.EndsWith(second.Folded, StringComparison.Ordinal);
}
