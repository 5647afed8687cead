namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>A name cut into words that are understood, in the order written.</summary>
/// <param name="Text">As given.</param>
/// <param name="Person">Whether the name was read as a person's.</param>
/// <param name="Tokens">At most <see cref="MaxTokens"/> words.</param>
internal sealed record ParsedName(string Text, bool Person, NameToken[] Tokens)
{
    internal const int MaxTokens = 24;

    /// <summary>The sum of the weights of all words.</summary>
    internal double Weight { get; } = Tokens.Sum(t => t.Weight);

    /// <summary>Words that tell one bearer from another.</summary>
    internal int NameCount { get; } = Tokens.Count(t => t.Kind is TokenKind.Name or TokenKind.Number);

    /// <summary>How <see cref="Whole"/> looks.</summary>
    internal TextOutline Outline { get; } = TextOutline.Of(Tokens);

    /// <summary>Whether the family name is known from the way the name is written.</summary>
    internal bool FamilyKnown { get; } = Array.Exists(Tokens, t => t.Family);

    /// <summary>The length of <see cref="Whole"/>.</summary>
    internal int WholeLength
    {
        get
        {
            int length = 0;
            foreach (NameToken token in Tokens)
            {
                length += token.Folded.Length;
            }

            return length;
        }
    }

    /// <summary>
    /// All words in one, as spelled: what is left when gaps, signs and accents do not count. Put together whenever it is asked for; of a listed name
    /// that is seldom, and thirty thousand of them are not kept.
    /// </summary>
    /// <param name="room">Where it is written; at least <see cref="WholeLength"/>.</param>
    internal ReadOnlySpan<char> Whole(Span<char> room)
    {
        int length = 0;
        foreach (NameToken token in Tokens)
        {
            token.Folded.CopyTo(room[length..]);
            length += token.Folded.Length;
        }

        return room[..length];
    }
}
