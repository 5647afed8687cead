using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Retrieval;
using ExternalAction.Sanctions.Domain.Screening.Scoring;
using FsCheck.Xunit;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>Slips of the hand that fall where words do not help: across gaps, into legal forms, twice into one short word.</summary>
public sealed class WholeTextTests
{
    [Theory]
    [InlineData(SubjectType.Person, "Abu Mahmud AlS-ham", "Abu Mahmud Al-Sham")]
    [InlineData(SubjectType.Person, "Au Karim", "Abu Karim")]
    [InlineData(SubjectType.Person, "Aekdey Girichev", "Aleksey Girichev")]
    [InlineData(SubjectType.Person, "RifatAbdulvagapovič SABITOV", "Rifat Abdulvagapovič SABITOV")]
    [InlineData(SubjectType.Enterprise, "Eas kea Shipping Company", "East Sea Shipping Company")]
    [InlineData(SubjectType.Enterprise, "Coral Energy PTE Lld", "Coral Energy PTE Ltd")]
    [InlineData(SubjectType.Enterprise, "Hizbollah Military Wixg", "Hizbollah Military Wing")]
    public void A_slip_or_two_in_the_whole_text_leave_a_name_worth_a_look(SubjectType type, string asked, string listed)
    {
        NameComparison comparison = NameComparer.Compare(type, asked, listed);
        Assert.True(comparison.Score >= 0.65m, $"{comparison.Score}");
        Assert.True(comparison.Score < 0.96m, $"{comparison.Score}");
    }

    [Theory]
    [InlineData(SubjectType.Enterprise, "Investment Fund 5", "Investment Fund 8")]
    [InlineData(SubjectType.Person, "Ivan Petrovich Smirnov", "Ivan Pavlovich Smirnov")]
    [InlineData(SubjectType.Person, "Li Na", "Li Ma")]
    [InlineData(SubjectType.Enterprise, "JSC VMP", "JSC SMP")]
    public void Slips_excuse_no_other_number_no_other_father_and_nothing_in_a_short_name(SubjectType type, string asked, string listed) =>
        Assert.True(NameComparer.Compare(type, asked, listed).Score < 0.6m);

    [Fact]
    public void The_evidence_says_that_the_texts_are_nearly_one() =>
        Assert.Contains(NameComparer.Compare(SubjectType.Enterprise, "Eas kea Shipping Company", "East Sea Shipping Company").Evidence, e => e.Text.Contains("two letters only", StringComparison.Ordinal));

    /// <summary>Short texts of few letters, so that near ones are common.</summary>
    [Property(MaxTest = 2_000)]
    public bool The_distance_is_the_edit_distance_as_far_as_it_matters(byte[] asked, byte[] listed)
    {
        (string a, string b) = (Word(asked), Word(listed));
        int truth = Levenshtein(a, b), measured = WholeText.Distance(NameParser.Organisation(a), NameParser.Organisation(b), TextOutline.MostSlips);
        return b.Length == 0 || measured == Math.Min(truth, TextOutline.MostSlips + 1);

        static string Word(byte[] letters) => string.Concat(letters.Take(14).Select(l => (char)('a' + (l % 3))));
    }

    [Fact]
    public void The_table_finds_every_name_that_is_near_enough()
    {
        var random = new Random(5);
        string[] texts = [.. RealList.Rows("queries/eu_positive.csv").Select(r => r[4]).Distinct().Take(1_000)];
        IndexedName[] names = [.. texts.Select(t => new IndexedName(NameParser.Organisation(t), 0, 0, true))];
        var table = new WholeTextTable(names);
        int near = 0;
        foreach (string text in texts)
        {
            ParsedName slipped = NameParser.Organisation(Slip(Slip(text, random), random));
            var found = new List<int>();
            table.Find(slipped.Whole(new char[slipped.WholeLength]), found);
            int[] expected = [.. Enumerable.Range(0, names.Length).Where(n => WholeText.Distance(slipped, names[n].Parsed, names[n].Parsed.Outline.Slips) <= names[n].Parsed.Outline.Slips)];
            Assert.Empty(expected.Except(found));
            near += expected.Length;
        }

        Assert.True(near > 500, $"{near} near names are too few to prove anything");
    }

    private static string Slip(string text, Random random)
    {
        int at = random.Next(text.Length);
        return random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, "x"),
            _ => text.Remove(at, 1).Insert(at, "x"),
        };
    }

    private static int Levenshtein(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
        }

        return table[a.Length, b.Length];
    }
}
