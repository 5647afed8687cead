using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>The index against the scan of every name, on the real list: it may not lose a hit, nor rank otherwise.</summary>
public sealed class OracleTests
{
    [Fact]
    public void The_index_loses_no_hit_that_the_scan_finds()
    {
        // every ninth treated query and every fortieth invented person: all treatments, a minute at most
        var queries = RealList.Rows("queries/eu_positive.csv").Where((_, i) => i % 9 == 0).Select(r => (Name: r[1], Type: r[2] == "person" ? SubjectType.Person : SubjectType.Enterprise))
            .Concat(RealList.Rows("queries/negatives_2000.csv").Where((_, i) => i % 40 == 0).Select(r => (r[0], SubjectType.Person)));
        var lost = new List<string>();
        foreach ((string name, SubjectType type) in queries)
        {
            var query = new ScreeningQuery([name], type);
            var options = new MatchOptions(ScreeningProfile.Onboarding, ScreeningProfile.Onboarding.Review, 100);
            var found = RealList.Index.Match(query, options).Select(h => (h.EntityId, h.Score));
            var scanned = RealList.Index.Match(query, options with { Exhaustive = true }).Select(h => (h.EntityId, h.Score));
            if (!found.SequenceEqual(scanned))
            {
                lost.Add($"{name}: {string.Join(' ', scanned.Except(found).Take(3))}");
            }
        }

        Assert.True(lost.Count == 0, string.Join('\n', lost));
    }

    [Fact]
    public void Every_name_of_the_real_list_finds_its_subject_for_a_review_at_least()
    {
        var missed = RealList.Entities.AsParallel().SelectMany(entity => entity.Names
            .Where(name => !RealList.Index.Match(new ScreeningQuery([name.Text], entity.Type), new MatchOptions(ScreeningProfile.Payments, ScreeningProfile.Payments.Review, 100)).Any(h => h.EntityId == entity.Id))
            .Select(name => $"{entity.Id} {name.Text}")).ToList();

        Assert.True(missed.Count == 0, string.Join('\n', missed));
    }

    [Fact]
    public void A_name_written_as_it_is_listed_is_the_one_that_is_shown()
    {
        var others = RealList.Entities.Where((_, i) => i % 7 == 0).AsParallel().SelectMany(entity => entity.Names
            .Select(name => (name.Text, Hit: RealList.Index.Match(new ScreeningQuery([name.Text], entity.Type), new MatchOptions(ScreeningProfile.Payments, ScreeningProfile.Payments.Review, 100)).First(h => h.EntityId == entity.Id)))
            .Where(asked => !string.Equals(asked.Text, asked.Hit.Matched.Text, StringComparison.OrdinalIgnoreCase))
            .Select(asked => $"{entity.Id} {asked.Text}: {asked.Hit.Matched.Text}")).ToList();

        Assert.True(others.Count == 0, string.Join('\n', others));
    }

    [Theory]
    [InlineData("Mohammed")]
    [InlineData("Ivan")]
    [InlineData("Ahmed")]
    [InlineData("Viktor")]
    [InlineData("Bank")]
    [InlineData("Group")]
    public void A_common_word_alone_raises_no_alert_on_the_real_list(string name) =>
        Assert.DoesNotContain(RealList.Index.Match(new ScreeningQuery([name]), new MatchOptions(ScreeningProfile.Payments)), h => h.Band == ScreeningBand.Alert);
}
