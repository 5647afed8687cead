using System.Text;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Private;
using ExternalAction.Sanctions.Screening;
using ExternalAction.Sanctions.Tests.Listings;
using static ExternalAction.Sanctions.Tests.Listings.Steps;
using static ExternalAction.Sanctions.Tests.Subjects.SubjectSteps;

namespace ExternalAction.Sanctions.Tests.Subjects;

/// <summary>Stored subjects on a real journal with a real vault: nothing is missed, nothing is told twice, and what is deleted is gone.</summary>
public sealed class KeptAndForgotten
{
    private const string Name = "Xenia Quillfeder";
    private const string Reference = "customer-4711";

    [Fact]
    public async Task A_change_of_the_list_while_nobody_was_screening_is_an_alert_after_the_start_and_once()
    {
        await using var home = await SubjectsHome.OpenAsync();
        var id = await home.StoreAsync(Reference, Name);
        await home.StoreAsync("other", "Boris Somebodyelse");
        await home.TakeAsync(IsListed(content: Anna with { Names = [new Domain.Lists.Name { Whole = Name }] }));
        Assert.Empty(home.Subjects.Of(Bank).Alerts);

        // Three starts: the first was stopped between the list's change and the screening, the others come again.
        for (var start = 0; start < 3; start++)
        {
            await home.RestartAsync();
            await home.RescreenAsync();
            await home.CaughtUpAsync();
        }

        var alert = Assert.Single(home.Subjects.Of(Bank).Alerts).Value;
        Assert.Equal((id, Id), (alert.SubjectId, alert.ListingId));
        Assert.Equal((1, 1), (await home.RowsAsync<SubjectMatched>(), await home.RowsAsync<SubjectsRescreened>()));
        Assert.Equal(Name, (await home.Sealed.OpenAsync([home.Subjects.ById[id]], default))[id].MatchedName(alert));
    }

    [Fact]
    public async Task Killed_between_an_alert_and_the_end_of_the_screening_it_tells_the_rest_and_nothing_twice()
    {
        await using var home = await SubjectsHome.OpenAsync();
        var ids = new[] { await home.StoreAsync("c1", Name), await home.StoreAsync("c2", Name), await home.StoreAsync("c3", Name) };
        await home.TakeAsync(IsListed(content: Anna with { Names = [new Domain.Lists.Name { Whole = Name }] }));
        await home.TakeAsync(Matches(ids[1], listings: Id));

        await home.RestartAsync();
        await home.RescreenAsync();
        await home.CaughtUpAsync();

        Assert.Equal(ids.Order(), home.Subjects.Of(Bank).Alerts.Values.Select(a => a.SubjectId).Order());
        Assert.Equal(3, await home.RowsAsync<SubjectMatched>());
    }

    [Fact]
    public async Task Two_replicas_that_screen_at_once_tell_each_match_once()
    {
        await using var home = await SubjectsHome.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await home.StoreAsync($"c{i}", Name);
        }
        await home.TakeAsync(IsListed(content: Anna with { Names = [new Domain.Lists.Name { Whole = Name }] }));
        await home.RescreenAsync();
        await home.RescreenAsync();
        await home.CaughtUpAsync();
        await home.TakeAsync(IsRenamed(Name + "-Smith"));
        await home.CaughtUpAsync();
        Assert.Equal((40, 2), (await home.RowsAsync<SubjectMatched>(), await home.RowsAsync<SubjectsRescreened>()));
    }

    [Fact]
    public async Task While_another_replica_has_the_work_nothing_is_compared_and_when_it_is_gone_the_work_is_taken_over()
    {
        await using var home = await SubjectsHome.OpenAsync();
        await home.StoreAsync("c1", Name);
        var other = (await WorkClaim.TryTakeAsync(home.Database, "rescreening", default))!;
        await home.TakeAsync(IsListed(content: Anna with { Names = [new Domain.Lists.Name { Whole = Name }] }));
        await home.RescreenAsync();
        await home.Lists.AtLeastAsync(home.Journal.Current.State, SanctionsState.Eu, default);
        Assert.NotEqual(home.Journal.Current.State.Lists["eu"].Position, home.Subjects.Progress["eu"].Position);
        Assert.Empty(home.Subjects.Of(Bank).Alerts);

        await other.DisposeAsync();
        await home.CaughtUpAsync();
        Assert.Single(home.Subjects.Of(Bank).Alerts);
    }

    [Fact]
    public async Task However_many_listings_come_near_each_is_an_alert()
    {
        const int Many = 130;
        await using var home = await SubjectsHome.OpenAsync();
        var before = await home.StoreAsync("c1", Name);
        for (var i = 0; i < Many; i++)
        {
            await home.TakeAsync(IsListed($"l{i}", $"d{i}", content: Anna with { Names = [new Domain.Lists.Name { Whole = Name }] }, number: $"(CFSP) 2026/{800 + i}"));
        }
        var after = await home.StoreAsync("c2", Name);
        await home.RescreenAsync();
        await home.CaughtUpAsync();
        Assert.Equal((Many, Many), (home.Subjects.ById[before].Alerts.Count, home.Subjects.ById[after].Alerts.Count));
        var record = Assert.Single(await home.ReadAsync<SubjectsRescreened>());
        Assert.Equal((1, Many, Many, 0, Domain.Screening.ScreeningEngine.Version), (record.Subjects, record.Alerts, record.Listings, record.Unreadable, record.Engine));
    }

    [Fact]
    public async Task A_subject_whose_key_is_lost_is_counted_and_stops_nothing()
    {
        await using var home = await SubjectsHome.OpenAsync();
        var (lost, kept) = (await home.StoreAsync("c1", Name), await home.StoreAsync("c2", Name));
        await home.Sealed.DestroyAsync(lost, default);
        await home.TakeAsync(IsListed(content: Anna with { Names = [new Domain.Lists.Name { Whole = Name }] }));
        await home.RescreenAsync();
        await home.CaughtUpAsync();
        Assert.Equal(kept, Assert.Single(home.Subjects.Of(Bank).Alerts).Value.SubjectId);
        var record = Assert.Single(await home.ReadAsync<SubjectsRescreened>());
        Assert.Equal((1, 1), (record.Subjects, record.Unreadable));
    }

    [Fact]
    public async Task A_deletion_that_was_killed_before_the_key_was_destroyed_is_finished_at_the_next_start()
    {
        await using var home = await SubjectsHome.OpenAsync();
        var (id, kept) = (await home.StoreAsync(Reference, Name), await home.StoreAsync("other", Name));
        var stored = home.Subjects.ById[id];
        Assert.Equal(Name, (await home.Sealed.OpenAsync([stored], default))[id].Read().Names[0]);
        await home.TakeAsync(IsDeleted(id));
        Assert.Equal([id], await home.Sealed.WithKeyAsync([id], default));

        await home.RestartAsync();
        await home.ShredAsync();
        await SubjectsHome.UntilAsync(async () => (await home.Sealed.WithKeyAsync([id, kept], default)).Count == 1);

        // The ciphertext is still in the journal, and nobody can read it; the other subject is whole.
        Assert.Empty(await home.Sealed.OpenAsync([stored], default));
        Assert.Equal("other", (await home.Sealed.OpenAsync([home.Subjects.ById[kept]], default))[kept].Read().Id);
        // One that is deleted while the service runs goes by the same way.
        await home.TakeAsync(IsDeleted(kept));
        await SubjectsHome.UntilAsync(async () => (await home.Sealed.WithKeyAsync([id, kept], default)).Count == 0);
    }

    [Fact]
    public async Task Nothing_on_the_disk_says_who_a_stored_subject_is()
    {
        await using var home = await SubjectsHome.OpenAsync();
        await home.StoreAsync(Reference, Name);
        await home.TakeAsync(IsListed(content: Anna with { Names = [new Domain.Lists.Name { Whole = "Xenia Quilfeder" }] }));
        await home.RescreenAsync();
        await home.CaughtUpAsync();
        Assert.Single(home.Subjects.Of(Bank).Alerts);
        await home.StopAsync();

        var everything = string.Concat(Directory.EnumerateFiles(home.Folder, "*", SearchOption.AllDirectories).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        Assert.Contains("Xenia Quilfeder", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Name, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Reference, everything, StringComparison.Ordinal);
        await home.RestartAsync();
    }

    [Fact]
    public async Task Compared_with_the_changed_listings_alone_a_subject_scores_as_against_the_whole_list()
    {
        await using var home = await SubjectsHome.OpenAsync();
        for (var i = 0; i < 12; i++)
        {
            await home.TakeAsync(IsListed($"l{i}", $"d{i}", content: Anna with { Names = [new Domain.Lists.Name { Whole = $"{Name} {(char)('A' + i)}." }] }, number: $"(CFSP) 2026/{800 + i}"));
        }
        var state = home.Journal.Current.State;
        var whole = ScreeningList.Of(state, SanctionsState.Eu);
        var part = SubjectHits.Only(whole, [.. whole.Listings.Values.Where(l => l.Id is "l3" or "l7")]);
        var all = SubjectHits.Only(whole, [.. whole.Listings.Values]);
        Assert.Same(whole.Index, all.Index);
        var query = new Domain.Screening.ScreeningQuery([Name], Domain.Screening.SubjectType.Person);
        var options = new Domain.Screening.MatchOptions(Domain.Screening.ScreeningProfile.Onboarding, Limit: 100);
        var expected = whole.Index.Match(query, options).Where(h => h.EntityId is "l3" or "l7").Select(h => (h.EntityId, h.Score, h.Band, h.Matched)).ToList();
        Assert.Equal(2, expected.Count);
        Assert.Equal(expected, part.Index.Match(query, options).Select(h => (h.EntityId, h.Score, h.Band, h.Matched)));
    }
}
