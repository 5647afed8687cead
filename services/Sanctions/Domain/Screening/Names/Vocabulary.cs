using System.Collections.Frozen;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// The words that mean something besides the name: legal forms, organisation words, titles, particles, stop words, number words.
/// Loaded once; entries are folded by the same rules as names. Symbols are numbered apart so that one word never meets another class.
/// </summary>
internal static class Vocabulary
{
    private const int LeastCorrected = 6;
    private const int LegalFormBase = 1_000_000;
    private const int OrganisationWordBase = 2_000_000;
    private const int ParticleBase = 3_000_000;
    internal const int NumberBase = 4_000_000;
    private const int StemBase = 2_500_000;
    private const int PlaceBase = 2_700_000;
    private const int OrganisationNameBase = 2_800_000;

    /// <summary>How many letters an ending may have.</summary>
    private const int LongestEnding = 4;

    /// <summary>Shorter words sound like too many others.</summary>
    private const int LeastSounds = 6;

    /// <summary>Legal forms, organisation words and organisations that have several names, of one or more words, by their first word, longest first.</summary>
    internal static readonly FrozenDictionary<string, Phrase[]> Phrases = LoadPhrases();

    private static readonly FrozenSet<string> PhraseWords = Phrases.Values.SelectMany(p => p).SelectMany(p => p.Words).ToFrozenSet();

    /// <summary>The words of org-words-europe.txt, which come in many endings.</summary>
    private static readonly FrozenDictionary<string, Stem> Stems = LoadStems();

    /// <summary>Those of them that are written in Cyrillic, by their sounds.</summary>
    private static readonly FrozenDictionary<string, Stem> StemsBySound = Stems
        .Where(s => Scripts.Of(s.Key[0]) == Script.Cyrillic).Select(s => (Sounds: SoundWriter.Write(s.Key, Script.Cyrillic), Stem: s.Value))
        .Where(s => s.Sounds.Length >= LeastSounds).DistinctBy(s => s.Sounds).ToFrozenDictionary(s => s.Sounds, s => s.Stem);

    internal static readonly FrozenSet<string> StopWords = NameResources.Lines("stopwords.txt").Select(CharacterFolding.FoldWords).Where(w => w.Length > 0).ToFrozenSet();
    internal static readonly FrozenSet<string> NullWords = NameResources.Lines("null-words.txt").Select(CharacterFolding.FoldWords).Where(w => w.Length > 0).ToFrozenSet();
    internal static readonly FrozenSet<string> GenericNames = NameResources.Lines("generic-names.txt").Select(CharacterFolding.FoldWords).ToFrozenSet();

    internal static readonly FrozenSet<string> Titles = NameResources.Lines("titles.txt").Select(CharacterFolding.FoldWords)
        .Where(w => w.Length > 1 && !w.Contains(' ', StringComparison.Ordinal)).ToFrozenSet();

    internal static readonly FrozenDictionary<string, int> Particles = LoadParticles();
    internal static readonly FrozenDictionary<string, int> NumberWords = LoadNumbers();

    /// <summary>The words of phrases with one letter left out, so that a mistyped legal form is still read as one.</summary>
    private static readonly MistypedWords Mistyped = new(PhraseWords.Where(w => w.Length >= LeastCorrected));

    /// <summary>The word of a phrase that a long word is one letter away from (added, missing or wrong), or the word itself.</summary>
    internal static string Corrected(string word)
    {
        if (word.Length < 5 || PhraseWords.Contains(word))
        {
            return word;
        }

        if (Mistyped[word] is { } correct)
        {
            return correct;
        }

        var lookup = PhraseWords.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> shorter = stackalloc char[word.Length - 1];
        for (int i = 0; i < word.Length; i++)
        {
            word.AsSpan(0, i).CopyTo(shorter);
            word.AsSpan(i + 1).CopyTo(shorter[i..]);
            if (lookup.TryGetValue(shorter, out string? known) && known.Length >= LeastCorrected)
            {
                return known;
            }

            if (Mistyped[shorter] is { } meant && meant.Length == word.Length && Differences(meant, word) == 1)
            {
                return meant;
            }
        }

        return word;
    }

    private static int Differences(string a, string b)
    {
        int n = 0;
        for (int i = 0; i < a.Length; i++)
        {
            n += a[i] != b[i] ? 1 : 0;
        }

        return n;
    }

    /// <summary>A word that means the same in many languages, whatever its ending; the longest stem that fits. Null for a word that is none.</summary>
    /// <param name="word">The folded word.</param>
    /// <param name="sounds">Its sounds, when it is written in Latin letters: "Mashinostroyeniya" is read as машиностроения.</param>
    internal static Stem? FindStem(string word, string? sounds) =>
        Longest(Stems, word.Length > 4 && word.StartsWith("ال", StringComparison.Ordinal) ? word.AsSpan(2) : word, 2)
        ?? (sounds is null ? null : Longest(StemsBySound, sounds, LeastSounds));

    /// <summary>Whether a symbol is that of a country or a town.</summary>
    internal static bool IsPlace(int symbol) => symbol is >= PlaceBase and < OrganisationNameBase;

    private static Stem? Longest(FrozenDictionary<string, Stem> stems, ReadOnlySpan<char> letters, int least)
    {
        var lookup = stems.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int length = letters.Length; length >= Math.Max(least, letters.Length - LongestEnding); length--)
        {
            if (lookup.TryGetValue(letters[..length], out Stem? stem) && (length == letters.Length || stem.Open))
            {
                return stem;
            }
        }

        return null;
    }

    /// <summary>A word or the beginning of one.</summary>
    /// <param name="Symbol">Words with one symbol mean the same; 0 for words that carry no identity.</param>
    /// <param name="Place">A country or a town, which tells who is meant, unlike words of trade.</param>
    /// <param name="Open">Whether endings may follow.</param>
    internal sealed record Stem(int Symbol, bool Place, bool Open);

    /// <summary>A known phrase: its words, its class and its symbol.</summary>
    internal sealed record Phrase(string[] Words, TokenKind Kind, int Symbol);

    private static FrozenDictionary<string, Phrase[]> LoadPhrases()
    {
        var all = new Dictionary<string, Phrase>();
        AddAll("org-names.txt", TokenKind.Name, OrganisationNameBase);
        AddAll("org-words.txt", TokenKind.OrganisationWord, OrganisationWordBase);
        AddAll("legal-forms.txt", TokenKind.LegalForm, LegalFormBase);

        return all.Values.GroupBy(p => p.Words[0]).ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(p => p.Words.Length).ToArray());

        void AddAll(string file, TokenKind kind, int symbol)
        {
            foreach ((string _, string[] spellings) in NameResources.Groups(file))
            {
                symbol++;
                foreach (string spelling in spellings)
                {
                    Add(spelling, kind, symbol);
                }
            }
        }

        void Add(string spelling, TokenKind kind, int symbol)
        {
            string words = CharacterFolding.FoldWords(spelling);
            string[] parts = GluedWords.JoinLetters(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            if (parts.Length == 0 || (parts.Length == 1 && parts[0].Length < 2))
            {
                return;
            }

            string key = string.Join(' ', parts);
            all.TryAdd(key, new Phrase(parts, kind, symbol));
        }
    }

    private static FrozenDictionary<string, Stem> LoadStems()
    {
        // what org-words.txt has a group for stays in that group
        var symbols = new Dictionary<string, int>();
        foreach ((string key, string[] _) in NameResources.Groups("org-words.txt"))
        {
            symbols.TryAdd(key, OrganisationWordBase + symbols.Count + 1);
        }

        var stems = new Dictionary<string, Stem>();
        foreach ((string key, string[] words) in NameResources.Groups("org-words-europe.txt"))
        {
            if (!symbols.TryGetValue(key, out int symbol))
            {
                symbols[key] = symbol = (key[0] == '@' ? PlaceBase : StemBase) + symbols.Count;
            }

            foreach (string word in words)
            {
                string folded = CharacterFolding.FoldWords(word);
                bool open = word.EndsWith('*');
                if (folded.StartsWith("ال", StringComparison.Ordinal) && folded.Length > 4)
                {
                    folded = folded[2..];
                }

                stems[folded] = new Stem(key == "stop" ? 0 : symbol, key[0] == '@', open || (stems.TryGetValue(folded, out Stem? known) && known.Open));
            }
        }

        return stems.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, int> LoadParticles()
    {
        var particles = new Dictionary<string, int>();
        int symbol = ParticleBase;
        foreach (string line in NameResources.Lines("particles.txt"))
        {
            symbol++;
            foreach (string word in line.Split('|'))
            {
                particles.TryAdd(CharacterFolding.FoldWords(word), symbol);
            }
        }

        return particles.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, int> LoadNumbers()
    {
        var numbers = new Dictionary<string, int>();
        foreach ((string number, string[] words) in NameResources.Groups("ordinals.txt"))
        {
            foreach (string word in words)
            {
                numbers.TryAdd(CharacterFolding.FoldWords(word), int.Parse(number, provider: null));
            }
        }

        string[] roman = ["ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx"];
        int[] values = [2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
        for (int i = 0; i < roman.Length; i++)
        {
            numbers[roman[i]] = values[i];
        }

        return numbers.ToFrozenDictionary();
    }
}
