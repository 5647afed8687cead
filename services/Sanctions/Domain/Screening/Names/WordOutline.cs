namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>What of a word shows at once that it is not two others written together; kept of all listed words side by side.</summary>
/// <param name="Sounds">The number of its sounds.</param>
/// <param name="Letters">The length of its folded spelling.</param>
/// <param name="Kind">What it does in a name.</param>
/// <param name="Abjad">Whether it is written without vowels.</param>
internal readonly record struct WordOutline(ushort Sounds, ushort Letters, TokenKind Kind, bool Abjad)
{
    internal static WordOutline Of(NameToken word) =>
        new((ushort)Math.Min(ushort.MaxValue, word.Sounds.Length), (ushort)Math.Min(ushort.MaxValue, word.Folded.Length), word.Kind, word.Abjad);
}
