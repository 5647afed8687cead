using System.Collections.Concurrent;
using System.Collections.Frozen;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>A listed word that a word of the query may be.</summary>
internal readonly record struct WordMatch(int Word, float Distance, bool Abbreviation);

/// <summary>
/// All different words of the listed names of one kind. Given a word of a query, it finds every listed word that
/// <see cref="TokenComparer"/> does not call different: by signature (compared in one pass over the different signatures), by symbol,
/// by group of name variants, and by beginning for abbreviations. These are exactly the ways in which words can come together.
/// A bounded memory keeps what was looked up before, because given names come again and again.
/// </summary>
internal sealed class WordTable
{
    private const int MostRemembered = 2048;

    private readonly ConcurrentDictionary<(string Folded, string Sounds, TokenKind Kind, int Stem), List<WordMatch>> remembered = new();
    private readonly NameToken[] words;
    private readonly Signature[] signatures;
    private readonly int[] signatureStarts;
    private readonly int[] bySignature;
    private readonly FrozenDictionary<int, int[]> bySymbol;
    private readonly FrozenDictionary<int, int[]> byVariant;
    private readonly FrozenDictionary<uint, int[]> bySkeleton;
    private readonly (string Folded, int Word)[] sorted;
    private readonly bool person;

    internal WordTable(NameToken[] words, bool person)
    {
        this.words = words;
        this.person = person;
        var names = Enumerable.Range(0, words.Length).Where(w => words[w].Kind is TokenKind.Name or TokenKind.OrganisationWord).ToArray();
        IGrouping<Signature, int>[] groups = [.. names.GroupBy(w => words[w].Signature)];
        signatures = [.. groups.Select(g => g.Key)];
        bySignature = [.. groups.SelectMany(g => g)];
        signatureStarts = new int[groups.Length + 1];
        for (int g = 0; g < groups.Length; g++)
        {
            signatureStarts[g + 1] = signatureStarts[g] + groups[g].Count();
        }

        bySymbol = Enumerable.Range(0, words.Length).Where(w => words[w].Symbol != 0).GroupBy(w => words[w].Symbol).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        byVariant = names.Where(w => words[w].Variants is not null).SelectMany(w => words[w].Variants!.Select(v => (v, w)))
            .GroupBy(p => p.v).ToFrozenDictionary(g => g.Key, g => g.Select(p => p.w).ToArray());
        bySkeleton = Enumerable.Range(0, words.Length).Where(w => words[w].Kind is not (TokenKind.Number or TokenKind.Initial) && words[w].Sounds.Length >= 4)
            .GroupBy(w => Skeleton.Hash(words[w].Sounds, "")).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        sorted = person ? [] : [.. names.Select(w => (words[w].Folded, w)).OrderBy(p => p.Folded, StringComparer.Ordinal)];
    }

    internal int Count => words.Length;

    internal NameToken this[int word] => words[word];

    /// <summary>All listed words that are not different from a word of the query, nearest first.</summary>
    internal List<WordMatch> Find(NameToken token)
    {
        (string, string, TokenKind, int) key = (token.Folded, token.Sounds, token.Kind, token.PatronymicStem);
        if (remembered.TryGetValue(key, out List<WordMatch>? known))
        {
            return known;
        }

        if (remembered.Count > MostRemembered)
        {
            remembered.Clear();
        }

        return remembered[key] = Search(token);
    }

    private List<WordMatch> Search(NameToken token)
    {
        var found = new List<WordMatch>();
        if (token.Symbol != 0 && bySymbol.TryGetValue(token.Symbol, out int[]? same))
        {
            AddCompared(token, same, found);
        }

        if (token.Kind is TokenKind.Name or TokenKind.OrganisationWord)
        {
            for (int g = 0; g < signatures.Length; g++)
            {
                if (Signature.Near(token.Signature, signatures[g]))
                {
                    AddCompared(token, bySignature.AsSpan(signatureStarts[g], signatureStarts[g + 1] - signatureStarts[g]), found);
                }
            }

            foreach (int variant in token.Variants ?? [])
            {
                if (byVariant.TryGetValue(variant, out int[]? variants))
                {
                    AddCompared(token, variants, found);
                }
            }

            if (!person)
            {
                AddAbbreviations(token, found);
            }
        }

        found.Sort((x, y) => x.Distance != y.Distance ? x.Distance.CompareTo(y.Distance) : x.Word.CompareTo(y.Word));
        return found;
    }

    /// <summary>Listed words that two neighbouring words of the query make up together.</summary>
    internal void FindJoined(NameToken first, NameToken second, List<WordMatch> found)
    {
        if (bySkeleton.TryGetValue(Skeleton.Hash(first.Sounds, second.Sounds), out int[]? candidates))
        {
            foreach (int word in candidates)
            {
                float distance = Joins.Compare(first, second, words[word]);
                if (distance <= TokenComparer.FarJoined)
                {
                    found.Add(new WordMatch(word, distance, Abbreviation: false));
                }
            }
        }
    }

    private void AddCompared(NameToken token, ReadOnlySpan<int> candidates, List<WordMatch> found)
    {
        foreach (int word in candidates)
        {
            float distance = TokenComparer.Compare(token, words[word]);
            if (distance < TokenComparer.Different)
            {
                found.Add(new WordMatch(word, distance, Abbreviation: false));
            }
        }
    }

    private void AddAbbreviations(NameToken token, List<WordMatch> found)
    {
        if (token.Folded.Length < 3)
        {
            return;
        }

        if (token.Folded.Length <= 6)
        {
            for (int i = LowerBound(token.Folded); i < sorted.Length && sorted[i].Folded.StartsWith(token.Folded, StringComparison.Ordinal); i++)
            {
                Add(sorted[i].Word);
            }
        }

        for (int length = 3; length <= Math.Min(6, token.Folded.Length - 3); length++)
        {
            string beginning = token.Folded[..length];
            for (int i = LowerBound(beginning); i < sorted.Length && sorted[i].Folded == beginning; i++)
            {
                Add(sorted[i].Word);
            }
        }

        void Add(int word)
        {
            if (TokenComparer.Abbreviates(token, words[word]))
            {
                found.Add(new WordMatch(word, TokenComparer.AbbreviationDistance, Abbreviation: true));
            }
        }
    }

    private int LowerBound(string folded)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (string.CompareOrdinal(sorted[middle].Folded, folded) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
