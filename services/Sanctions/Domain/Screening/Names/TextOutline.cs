namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>What of a name as one text shows at once that another is far from it.</summary>
/// <param name="Length">Of all words together; at most 65,535.</param>
/// <param name="Slips">How many letters may be wrong, missing or too many in a listed name: the more letters tell who is meant, the more.</param>
/// <param name="Single">Whether it is one word only.</param>
/// <param name="Letters">Which letters occur, as bits; several letters share one.</param>
internal readonly record struct TextOutline(ushort Length, byte Slips, bool Single, uint Letters)
{
    /// <summary>More slips than this are never forgiven.</summary>
    internal const int MostSlips = 2;

    private const int LettersForOne = 6, LettersForTwo = 9;

    /// <summary>How many slips are forgiven in the name as one text: a single word is judged as a word.</summary>
    internal int Forgiven => Single ? 0 : Slips;

    internal static TextOutline Of(NameToken[] words)
    {
        int length = 0, telling = 0;
        uint letters = 0;
        foreach (NameToken word in words)
        {
            length += word.Folded.Length;
            telling += word.Kind is TokenKind.LegalForm or TokenKind.Title or TokenKind.StopWord ? 0 : word.Folded.Length;
            foreach (char letter in word.Folded)
            {
                letters |= 1u << (letter & 31);
            }
        }

        int slips = telling >= LettersForTwo ? MostSlips : telling >= LettersForOne ? 1 : 0;
        return new TextOutline((ushort)Math.Min(ushort.MaxValue, length), (byte)slips, words.Length < 2, letters);
    }
}
