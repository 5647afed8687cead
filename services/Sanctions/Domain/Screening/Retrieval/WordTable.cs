using System.Collections.Frozen;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// All different words of the listed names of one kind. Given a word of a query, it finds every listed word that
/// <see cref="TokenComparer"/> does not call different, with the very distance that it gives: (1) by symbol and by spelling, (2) by
/// signature, compared sixteen at a time, (3) by group of name variants, (4) by beginning for abbreviations. Immutable.
/// </summary>
internal sealed class WordTable
{
    private readonly NameToken[] words;
    private readonly FrozenDictionary<int, int[]> bySymbol;
    private readonly FrozenDictionary<int, int[]> byVariant;
    private readonly HashPostings bySkeleton;
    private readonly HashPostings bySpelling;
    private readonly AbbreviationTable? abbreviations; // of organisations only
    private readonly int[] links;

    // names and words of trade come first: all of one signature together, in them all of the same sounds together
    private readonly SignatureTable signatures;
    private readonly int[] signatureStarts; // signature -> sounds
    private readonly SoundTable sounds;
    private readonly int[] soundStarts; // sounds -> word
    private readonly SpellingTable spellings;
    private readonly int[]?[] variants;

    private readonly int[] patronymics;
    private readonly int[] everyPatronymic;
    private readonly SoundTable stems;

    /// <param name="words">As <see cref="InOrder"/> has them.</param>
    internal WordTable(NameToken[] words, bool person)
    {
        this.words = words;
        Weights = [.. words.Select(word => word.Weight)];
        Outlines = [.. words.Select(WordOutline.Of)];
        int[] all = [.. Enumerable.Range(0, words.Length)];
        int[] names = [.. all.TakeWhile(w => IsName(words[w].Kind))];
        bySymbol = all.Where(w => words[w].Symbol != 0).GroupBy(w => words[w].Symbol).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        byVariant = names.Where(w => words[w].Variants is not null).SelectMany(w => words[w].Variants!.Select(v => (v, w)))
            .GroupBy(p => p.v).ToFrozenDictionary(g => g.Key, g => g.Select(p => p.w).ToArray());
        bySkeleton = new HashPostings([.. all.Where(w => words[w].Kind is not (TokenKind.Number or TokenKind.Initial) && words[w].Sounds.Length >= 4).Select(w => (Skeleton.Hash(words[w].Sounds, ""), w))]);
        bySpelling = new HashPostings([.. all.Select(w => (SpellingHash(words[w].Folded, ""), w))]);
        abbreviations = person ? null : new AbbreviationTable(words);
        links = [.. all.Where(w => TokenComparer.IsLink(words[w].Kind))];

        int[] firstOfSounds = [.. names.Where(w => w == 0 || SoundsOf(words[w]) != SoundsOf(words[w - 1]))];
        int[] firstOfSignature = [.. Enumerable.Range(0, firstOfSounds.Length).Where(s => s == 0 || !words[firstOfSounds[s]].Signature.Equals(words[firstOfSounds[s - 1]].Signature))];
        signatures = new SignatureTable([.. firstOfSignature.Select(s => words[firstOfSounds[s]].Signature)]);
        signatureStarts = [.. firstOfSignature, firstOfSounds.Length];
        sounds = new SoundTable([.. firstOfSounds.Select(w => SoundsOf(words[w]))]);
        soundStarts = [.. firstOfSounds, names.Length];
        spellings = new SpellingTable(words[..names.Length]);
        variants = [.. names.Select(w => words[w].Variants)];

        patronymics = [.. names.Where(w => words[w].PatronymicStem > 0)];
        everyPatronymic = [.. Enumerable.Range(0, patronymics.Length)];
        stems = new SoundTable([.. patronymics.Select(w => (words[w].Sounds[..words[w].PatronymicStem], words[w].Abjad))]);
    }

    /// <summary>Different words in the order that a table wants: what is compared together lies together.</summary>
    internal static IEnumerable<NameToken> InOrder(IEnumerable<NameToken> words) => words
        .OrderBy(word => IsName(word.Kind) ? 0 : 1).ThenBy(word => word.Signature).ThenBy(word => word.Sounds, StringComparer.Ordinal).ThenBy(word => word.Abjad);

    internal int Count => words.Length;

    /// <summary>The weight of each word, apart from all else that is known of it.</summary>
    internal double[] Weights { get; }

    /// <summary>Kinds and lengths, likewise.</summary>
    internal WordOutline[] Outlines { get; }

    internal NameToken this[int word] => words[word];

    /// <summary>All listed words that are not different from a word of the query, in no order.</summary>
    internal void Search(NameToken token, WordSearch search)
    {
        search.Begin(words.Length);

        // (1)
        if (token.Symbol != 0 && bySymbol.TryGetValue(token.Symbol, out int[]? same))
        {
            AddCompared(token, same, search);
        }

        AddCompared(token, bySpelling[SpellingHash(token.Folded, "")], search);
        if (TokenComparer.IsLink(token.Kind))
        {
            AddCompared(token, links, search);
        }
        else if (IsName(token.Kind))
        {
            // (2)
            if (token.PatronymicStem > 0)
            {
                AddPatronymics(token, search);
            }

            AddSimilar(token, search);

            // (3)
            foreach (int variant in token.Variants ?? [])
            {
                if (byVariant.TryGetValue(variant, out int[]? forms))
                {
                    AddCompared(token, forms, search);
                }
            }

            // (4)
            abbreviations?.Add(token, search);
        }
    }

    /// <summary>Listed words that two neighbouring words of the query make up together.</summary>
    internal void SearchJoined(NameToken first, NameToken second, WordSearch search)
    {
        search.Begin(words.Length);
        AddJoined(first, second, bySkeleton[Skeleton.Hash(first.Sounds, second.Sounds)], search);
        AddJoined(first, second, bySpelling[SpellingHash(first.Folded, second.Folded)], search);
    }

    /// <summary>Of two spellings written together; what has the same is still compared.</summary>
    private static uint SpellingHash(string first, string second) => HashPostings.Hash(HashPostings.Hash(2166136261, first), second);

    private static bool IsName(TokenKind kind) => kind is TokenKind.Name or TokenKind.OrganisationWord;

    private void AddJoined(NameToken first, NameToken second, ReadOnlySpan<int> candidates, WordSearch search)
    {
        WordOutline ofFirst = WordOutline.Of(first), ofSecond = WordOutline.Of(second);
        foreach (int word in candidates)
        {
            if (search.IsNew(word) && Joins.MayBeTwo(ofFirst, ofSecond, Outlines[word]) && Joins.Compare(first, second, words[word]) is var distance && distance <= TokenComparer.FarJoined)
            {
                search.Found.Add(new WordMatch(word, distance));
            }
        }
    }

    private void AddCompared(NameToken token, ReadOnlySpan<int> candidates, WordSearch search)
    {
        foreach (int word in candidates)
        {
            if (search.IsNew(word))
            {
                search.Add(word, TokenComparer.Compare(token, words[word]));
            }
        }
    }

    /// <summary>Patronymics meet by their stems, whatever their endings; one wrong letter in the ending must not count as a wrong stem.</summary>
    private void AddPatronymics(NameToken token, WordSearch search)
    {
        Span<float> distances = search.Distances(patronymics.Length);
        stems.Compare(token.Sounds.AsSpan(0, token.PatronymicStem), token.Abjad, TokenComparer.FarStem, everyPatronymic, distances, search.Lanes);
        var letters = new LetterSet(token.Folded);
        for (int i = 0; i < distances.Length; i++)
        {
            int word = patronymics[i];
            if (!search.IsNew(word))
            {
                continue;
            }

            var doubt = new SpellingDoubt(word, TokenComparer.ByStem(token, words[word], distances[i]), TokenComparer.FarPatronymic);
            if (spellings.MayLower(token, letters, doubt))
            {
                search.AddSpelling(doubt);
            }
            else
            {
                search.Add(word, doubt.Distance);
            }
        }

        search.LowerBySpelling(token.Folded, spellings);
    }

    /// <summary>Words of a near signature, by sound and, where that leaves a doubt and the script is one, by spelling.</summary>
    private void AddSimilar(NameToken token, WordSearch search)
    {
        // 1. Everything of a near signature, by sound.
        search.Signatures.Clear();
        search.Entries.Clear();
        signatures.Near(token.Signature, search.Signatures);
        foreach (int signature in search.Signatures)
        {
            for (int entry = signatureStarts[signature]; entry < signatureStarts[signature + 1]; entry++)
            {
                search.Entries.Add(entry);
            }
        }

        ReadOnlySpan<int> entries = search.EntrySpan;
        Span<float> distances = search.Distances(entries.Length);
        sounds.Compare(token.Sounds, token.Abjad, TokenComparer.Far, entries, distances, search.Lanes);

        // 2. What may be nearer by spelling waits.
        var letters = new LetterSet(token.Folded);
        for (int e = 0; e < entries.Length; e++)
        {
            for (int word = soundStarts[entries[e]]; word < soundStarts[entries[e] + 1]; word++)
            {
                bool variant = token.Variants is not null && NameVariants.Share(token.Variants, variants[word]);
                if (distances[e] > TokenComparer.Far && !variant) // by far the most
                {
                    if (spellings.MayBeNear(token, letters, word) && search.IsNew(word))
                    {
                        search.AddSpelling(new SpellingDoubt(word, TokenComparer.Different, TokenComparer.Far));
                    }

                    continue;
                }

                float distance = variant ? TokenComparer.VariantDistance : TokenComparer.Different;
                distance = Math.Min(distance, TokenComparer.BySound(token.Script, spellings.ScriptOf(word), distances[e]));
                var doubt = new SpellingDoubt(word, distance, Math.Min(TokenComparer.Far, distance));
                bool doubtful = spellings.MayLower(token, letters, doubt);
                if (!doubtful && distance > TokenComparer.Far)
                {
                    continue;
                }

                if (!search.IsNew(word))
                {
                    continue;
                }

                if (doubtful)
                {
                    search.AddSpelling(doubt);
                }
                else
                {
                    search.Add(word, distance);
                }
            }
        }

        // 3. By spelling.
        search.LowerBySpelling(token.Folded, spellings);
    }

    private static (string Sounds, bool Abjad) SoundsOf(NameToken word) => (word.Sounds, word.Abjad);
}
