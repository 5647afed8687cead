using System.Diagnostics.CodeAnalysis;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>Tokens that are one word to every comparison, however they are displayed and whatever stands beside them.</summary>
internal sealed class SameWord : IEqualityComparer<NameToken>
{
    internal static readonly SameWord Comparer = new();

    public bool Equals(NameToken? x, NameToken? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null
            && x.Folded == y.Folded && x.Sounds == y.Sounds && x.Kind == y.Kind && x.Script == y.Script && x.Symbol == y.Symbol
            && x.PatronymicStem == y.PatronymicStem && x.Weight == y.Weight && ReferenceEquals(x.Variants, y.Variants));

    public int GetHashCode([DisallowNull] NameToken token) => HashCode.Combine(token.Folded, token.Sounds, token.Kind, token.PatronymicStem);
}
