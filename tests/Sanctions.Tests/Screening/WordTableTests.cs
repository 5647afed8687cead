using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Retrieval;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>The table of listed words finds what comparing every word one by one finds, with the very distances: no shortcut loses a word.</summary>
public sealed class WordTableTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_table_finds_the_words_that_comparing_each_finds_at_the_same_distances(bool person)
    {
        (WordTable table, NameToken[] asked) = Words(person);
        var search = new WordSearch();
        int near = 0;
        foreach (NameToken token in asked)
        {
            table.Search(token, search);
            var found = search.Found.Where(match => match.Distance <= TokenComparer.Far).OrderBy(match => match.Word).ToList();
            var expected = All(table, word => TokenComparer.Compare(token, word)).Where(match => match.Distance <= TokenComparer.Far).ToList();
            Assert.True(expected.SequenceEqual(found), $"{token}: {string.Join(", ", expected.Except(found).Union(found.Except(expected)).Select(match => $"{table[match.Word]} {match.Distance}"))}");
            near += expected.Count;
        }

        Assert.True(near > 5_000, $"{near} near words are too few to prove anything");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_table_finds_every_word_that_two_words_make_up_together(bool person)
    {
        (WordTable table, NameToken[] asked) = Words(person);
        var search = new WordSearch();
        int joined = 0;
        foreach (NameToken whole in asked.Where(token => token.Folded.Length >= 6))
        {
            NameToken first = Parse(whole.Folded[..(whole.Folded.Length / 2)], person)[0], second = Parse(whole.Folded[(whole.Folded.Length / 2)..], person)[^1];
            table.SearchJoined(first, second, search);
            var expected = All(table, word => Joins.Compare(first, second, word)).Where(match => match.Distance <= TokenComparer.FarJoined).ToList();
            Assert.Equal(expected, search.Found.OrderBy(match => match.Word));
            joined += expected.Count;
        }

        Assert.True(joined > 100, $"{joined} joined words are too few to prove anything");
    }

    private static IEnumerable<WordMatch> All(WordTable table, Func<NameToken, float> distance) => Enumerable.Range(0, table.Count).Select(word => new WordMatch(word, distance(table[word])));

    /// <summary>A table of words in all scripts of the labelled pairs, and words to look for: some of them as they are, some with letters wrong, left out or swapped, and very long ones.</summary>
    private static (WordTable Table, NameToken[] Asked) Words(bool person)
    {
        NameToken[] words =
        [
            .. RealList.Rows("pairs/eu_cross_script.csv").Where(row => (row[1] == "person") == person).SelectMany(row => new[] { row[2], row[3] })
                .Append("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Taumatawhakatangihangakoauauotamatea")
                .Distinct().SelectMany(text => Parse(text, person)).Distinct(SameWord.Comparer),
        ];
        var random = new Random(11);
        IEnumerable<NameToken> slipped = words.Where(word => word.Folded.Length > 3).SelectMany(word => Parse(Slip(word.Folded, random), person));
        return (new WordTable([.. WordTable.InOrder(words)], person), [.. words.Concat(slipped).Where((_, place) => place % 11 == 0), .. Parse("Llanfairpwllgwyngyllgogerychwymdrobwllllantysiliogogogoch", person)]);
    }

    private static NameToken[] Parse(string text, bool person) => (person ? NameParser.Person(text) : NameParser.Organisation(text)).Tokens;

    private static string Slip(string word, Random random)
    {
        int at = random.Next(word.Length - 1);
        return random.Next(4) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, word[^1..]),
            2 => word.Remove(at, 1).Insert(at, word[^1..]),
            _ => word.Remove(at, 1).Insert(at + 1, word[at..(at + 1)]),
        };
    }
}
