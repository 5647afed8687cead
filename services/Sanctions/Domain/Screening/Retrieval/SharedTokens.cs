using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Makes words that are written alike one token, equal texts one text, and equal rows of consonants one signature. Done while names are parsed:
/// most of their words are there already, and what is not kept is forgotten young, which spares the collector half of its work. Any number of
/// threads may use it.
/// </summary>
internal sealed class SharedTokens
{
    private readonly Lock sharing = new();
    private readonly HashSet<Signature> signatures = [];
    private readonly HashSet<string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, NameToken), NameToken> tokens = new(new SameDisplay());

    /// <summary>Puts shared words into the place of those of some names.</summary>
    internal void Share(ReadOnlySpan<IndexedName> names)
    {
        lock (sharing)
        {
            foreach (ref readonly IndexedName name in names)
            {
                Share(name.Parsed.Tokens);
            }
        }
    }

    private void Share(NameToken[] words)
    {
        foreach (ref NameToken word in words.AsSpan())
        {
            if (!tokens.TryGetValue((word.Display, word), out NameToken? known))
            {
                word.Signature = signatures.TryGetValue(word.Signature, out Signature? signature) ? signature : word.Signature;
                signatures.Add(word.Signature);
                word.Share(texts);
                tokens[(word.Display, word)] = known = word;
            }

            word = known;
        }
    }

    /// <summary>Tokens that need be kept only once: the same word, written alike and with the same place in its name.</summary>
    private sealed class SameDisplay : IEqualityComparer<(string Display, NameToken Token)>
    {
        public bool Equals((string Display, NameToken Token) x, (string Display, NameToken Token) y) =>
            x.Display == y.Display && x.Token.Family == y.Token.Family && x.Token.HomoglyphsUndone == y.Token.HomoglyphsUndone && SameWord.Comparer.Equals(x.Token, y.Token);

        public int GetHashCode((string Display, NameToken Token) key) => HashCode.Combine(key.Display, key.Token.Kind, key.Token.Family);
    }
}
