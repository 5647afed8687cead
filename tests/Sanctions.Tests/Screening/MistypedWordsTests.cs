using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>Words that are known by what is left of them without one letter.</summary>
public sealed class MistypedWordsTests
{
    private static readonly string[] Words = [.. Vocabulary.Phrases.Values.SelectMany(p => p).SelectMany(p => p.Words).Where(w => w.Length >= 6).Distinct()];

    [Fact]
    public void Every_word_is_found_by_each_of_its_forms_with_a_letter_left_out()
    {
        var mistyped = new MistypedWords(Words);
        var expected = new Dictionary<string, string>();
        foreach (var word in Words)
        {
            for (var i = 0; i < word.Length; i++)
            {
                expected.TryAdd(word.Remove(i, 1), word);
            }
        }
        Assert.True(expected.Count > 20_000);
        Assert.All(expected, form => Assert.Equal(form.Value, mistyped[form.Key]));
    }

    [Fact]
    public void What_is_no_such_form_finds_nothing()
    {
        var forms = Words.SelectMany(w => Enumerable.Range(0, w.Length).Select(i => w.Remove(i, 1))).ToHashSet();
        var mistyped = new MistypedWords(Words);
        Assert.All(Words.Select(w => w + "q").Concat(Words.Select(w => w[1..] + "q")).Where(w => !forms.Contains(w)), w => Assert.Null(mistyped[w]));
        Assert.Null(mistyped[""]);
    }
}
