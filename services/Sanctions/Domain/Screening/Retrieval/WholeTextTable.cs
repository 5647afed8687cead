using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Finds every listed name that is nearly one text with a query, whichever words the slips fell into. A text that may have k slips
/// is cut into k + 1 pieces of which at least one is unhurt and has moved by k letters at most; pieces are looked up by their
/// hash. What is found is still measured (<see cref="WholeText.Distance"/>). Immutable.
/// </summary>
internal sealed class WholeTextTable
{
    private readonly HashPostings names;

    internal WholeTextTable(IndexedName[] listed)
    {
        var pieces = new List<(uint Hash, int Name)>(listed.Length * 3);
        for (int name = 0; name < listed.Length; name++)
        {
            ReadOnlySpan<char> text = listed[name].Parsed.Whole(new char[listed[name].Parsed.WholeLength]);
            int slips = listed[name].Parsed.Outline.Slips;
            for (int piece = 0; piece <= slips && text.Length > 0; piece++)
            {
                (int start, int end) = Piece(text.Length, slips, piece);
                pieces.Add((Hash(slips, text.Length, piece, text[start..end]), name));
            }
        }

        names = new HashPostings(pieces);
    }

    /// <summary>Adds the names that share a piece with a text; some come more than once.</summary>
    internal void Find(ReadOnlySpan<char> text, List<int> found)
    {
        for (int slips = 0; slips <= TextOutline.MostSlips; slips++)
        {
            for (int length = Math.Max(slips + 1, text.Length - slips); length <= text.Length + slips; length++)
            {
                for (int piece = 0; piece <= slips; piece++)
                {
                    (int start, int end) = Piece(length, slips, piece);
                    for (int at = Math.Max(0, start - slips); at <= start + slips && at + end - start <= text.Length; at++)
                    {
                        found.AddRange(names[Hash(slips, length, piece, text[at..(at + end - start)])]);
                    }
                }
            }
        }
    }

    private static (int Start, int End) Piece(int length, int slips, int piece) => (length * piece / (slips + 1), length * (piece + 1) / (slips + 1));

    private static uint Hash(int slips, int length, int piece, ReadOnlySpan<char> text) => HashPostings.Hash((uint)((((slips * 31) + length) * 31) + piece), text);
}
