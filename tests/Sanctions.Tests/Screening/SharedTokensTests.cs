using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Domain.Screening.Names;
using ExternalAction.Sanctions.Domain.Screening.Retrieval;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>Words of a list are kept once, whichever core came to them first, and that changes no answer.</summary>
public sealed class SharedTokensTests
{
    [Fact]
    public void Words_written_alike_are_one_token_and_words_of_the_same_consonants_have_one_signature()
    {
        var segment = new NameSegment([Someone("1", "Ivan PETROV"), Someone("2", "Ivan SIDOROV"), Someone("3", "Ivan PETROFF")], person: true);
        NameToken[] first = segment[0].Parsed.Tokens, second = segment[1].Parsed.Tokens, third = segment[2].Parsed.Tokens;

        Assert.Same(first[0], second[0]);
        Assert.NotSame(first[1], third[1]);
        Assert.Equal(first[1].Signature, third[1].Signature);
        Assert.Same(first[1].Signature, third[1].Signature);
    }

    [Fact]
    public void A_word_in_capitals_stays_apart_from_the_same_word_in_small_letters()
    {
        var segment = new NameSegment([Someone("1", "Ivan MARTIN"), Someone("2", "Martin IVANOV")], person: true);
        Assert.True(segment[0].Parsed.Tokens[1].Family);
        Assert.False(segment[1].Parsed.Tokens[0].Family);
    }

    /// <summary>What is built on all cores at once comes to its words in another order each time.</summary>
    [Fact]
    public void However_often_the_list_is_indexed_it_gives_the_same_answers()
    {
        var options = new MatchOptions(ScreeningProfile.Onboarding, Limit: 50);
        string[] asked = [.. RealList.Rows("queries/eu_positive.csv").Select(row => row[4]).Where((_, i) => i % 20 == 0)];
        ScreeningIndex[] built = [ScreeningIndex.Build(RealList.Entities), ScreeningIndex.Build(RealList.Entities)];
        Assert.True(asked.Length > 80);
        Assert.All(asked, name =>
        {
            string[] answers = [.. built.Select(index => string.Join(';', index.Match(new ScreeningQuery([name]), options).Select(h => $"{h.EntityId} {h.Score} {h.Matched}")))];
            Assert.Equal(answers[0], answers[1]);
        });
    }

    private static ScreenedEntity Someone(string id, string name) => new(id, SubjectType.Person, [new ScreenedName("", name)]);
}
