using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>A listed name, parsed, and whose it is.</summary>
internal readonly record struct IndexedName(ParsedName Parsed, int Entity, ushort Name, bool Strong);

/// <summary>
/// The names of one kind (persons, or everything else) of a set of entities, with postings from words to names. What the search
/// for candidates reads of every name lies in arrays of its own. Immutable.
/// </summary>
internal sealed class NameSegment
{
    private const int NamesAtOnce = 256;

    private readonly IndexedName[] names;
    private readonly Postings postings;

    internal NameSegment(ImmutableArray<ScreenedEntity> entities, bool person)
    {
        Person = person;
        Entities = entities;

        // 1. Parse, on all cores.
        (int Entity, int Name)[] listed = [.. Enumerable.Range(0, entities.Length)
            .Where(e => (entities[e].Type == SubjectType.Person) == person || entities[e].Type == SubjectType.Unknown)
            .SelectMany(e => Enumerable.Range(0, entities[e].Names.Length).Select(n => (e, n)))];
        names = new IndexedName[listed.Length];
        var tokens = new SharedTokens();
        Parallel.For(0, (listed.Length + NamesAtOnce - 1) / NamesAtOnce, some =>
        {
            int first = some * NamesAtOnce, end = Math.Min(first + NamesAtOnce, listed.Length);
            for (int i = first; i < end; i++)
            {
                (int entity, int at) = listed[i];
                ScreenedName name = entities[entity].Names[at];
                names[i] = new IndexedName(ListedNames.Parse(name, person), entity, checked((ushort)at), name.Strong);
            }

            tokens.Share(names.AsSpan(first..end));
        });

        // 2. Words that compare alike share one number.
        var numbers = new Dictionary<NameToken, int>(SameWord.Comparer);
        var wordsOfNames = new List<int>();
        WordStarts = new int[names.Length + 1];
        for (int name = 0; name < names.Length; name++)
        {
            foreach (NameToken token in names[name].Parsed.Tokens)
            {
                if (!numbers.TryGetValue(token, out int number))
                {
                    numbers[token] = number = numbers.Count;
                }

                wordsOfNames.Add(number);
            }

            WordStarts[name + 1] = wordsOfNames.Count;
        }

        // 3. What is looked up.
        NameToken[] ordered = [.. WordTable.InOrder(numbers.Keys)];
        int[] places = new int[ordered.Length];
        for (int place = 0; place < ordered.Length; place++)
        {
            places[numbers[ordered[place]]] = place;
        }

        WordsOfNames = [.. wordsOfNames.Select(number => places[number])];
        Words = new WordTable(ordered, person);
        Memory = new WordMemory(Words);
        postings = new Postings(Words.Count, Occurrences());
        Weights = [.. names.Select(n => (float)n.Parsed.Weight)];
        Outlines = [.. names.Select(n => n.Parsed.Outline)];
        Initials = [.. names.Select(n => (byte)n.Parsed.Tokens.Count(t => t.Kind == TokenKind.Initial))];
        PairSkeletons = new uint[WordsOfNames.Length];
        PairLengths = new byte[WordsOfNames.Length];
        Pairs = new PairTable(Words, WordStarts, WordsOfNames);
        FillPairs();
        WholeTexts = new WholeTextTable(names);
    }

    internal bool Person { get; }

    internal ImmutableArray<ScreenedEntity> Entities { get; }

    internal int NameCount => names.Length;

    internal ref readonly IndexedName this[int name] => ref names[name];

    /// <summary>The different words of all names.</summary>
    internal WordTable Words { get; }

    /// <summary>What was found for words asked about before.</summary>
    internal WordMemory Memory { get; }

    /// <summary>Where the words of each name begin in <see cref="WordsOfNames"/>.</summary>
    internal int[] WordStarts { get; }

    /// <summary>The words of all names, one name after another.</summary>
    internal int[] WordsOfNames { get; }

    /// <summary>For each word of each name, the skeleton that it has together with the next.</summary>
    internal uint[] PairSkeletons { get; }

    /// <summary>For each word of each name, the letters that it has together with the next.</summary>
    internal byte[] PairLengths { get; }

    /// <summary>The pairs of neighbouring words.</summary>
    internal PairTable Pairs { get; }

    /// <summary>The weight of each name.</summary>
    internal float[] Weights { get; }

    /// <summary>How each name looks as one text.</summary>
    internal TextOutline[] Outlines { get; }

    /// <summary>The initials in each name.</summary>
    internal byte[] Initials { get; }

    internal WholeTextTable WholeTexts { get; }

    /// <summary>The names that a word occurs in.</summary>
    internal ReadOnlySpan<int> NamesWith(int word) => postings[word];

    /// <summary>Collects every name that may score, in the order of their positions.</summary>
    internal void Candidates(ParsedName query, Workspace workspace, List<int> result) => workspace.Search.Find(this, query, result);

    /// <summary>As <see cref="WholeText.IsOther"/>.</summary>
    internal bool IsOtherText(ParsedName query, int name) => WholeText.IsFar(query.Outline, Outlines[name], Outlines[name].Forgiven) || WholeText.IsOther(query, names[name].Parsed);

    private List<(int Word, int Name)> Occurrences()
    {
        var occurrences = new List<(int, int)>(WordsOfNames.Length);
        for (int name = 0; name < names.Length; name++)
        {
            for (int word = WordStarts[name]; word < WordStarts[name + 1]; word++)
            {
                occurrences.Add((WordsOfNames[word], name));
            }
        }

        return occurrences;
    }

    private void FillPairs()
    {
        for (int n = 0; n < names.Length; n++)
        {
            NameToken[] tokens = names[n].Parsed.Tokens;
            for (int t = 0; t + 1 < tokens.Length; t++)
            {
                int word = WordStarts[n] + t;
                PairSkeletons[word] = Skeleton.Hash(tokens[t].Sounds, tokens[t + 1].Sounds);
                PairLengths[word] = (byte)Math.Min(byte.MaxValue, tokens[t].Folded.Length + tokens[t + 1].Folded.Length);
            }
        }
    }
}
