using ExternalAction.Sanctions.Domain;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>A file that changes more than fits in one transaction: in parts that nobody sees, then all at once.</summary>
public sealed class StagingALargeFile
{
    private static readonly Domain.Lists.Entry Amended = Entry("2", "Name Two");

    [Fact]
    public void What_is_staged_shows_nowhere_and_is_told_to_nobody()
    {
        var given = Given(FileArrives(added: Entries(3)));
        var before = given.State;
        Assert.Empty(given.When(IsStaged(Second(given))).Learned());
        Assert.Same(before.Listings, given.State.Listings);
        Assert.Same(before.ByAge, given.State.ByAge);
        Assert.Same(before.Merged, given.State.Merged);
        Assert.Equal((before.VersionOf("eu"), before.Lists["eu"].Import), (given.State.VersionOf("eu"), given.State.Lists["eu"].Import));
    }

    [Fact]
    public void The_completing_row_makes_all_of_it_visible_at_its_own_position()
    {
        var given = Given(FileArrives(added: Entries(3)));
        var file = Second(given);
        given.And(IsStaged(file), IsStaged(file, from: 2)).When(IsCompleted(file));
        var completed = given.ThenOne<ImportCompleted>();
        Assert.Equal((4, 3L), (completed.Rows, completed.Last - completed.First));
        var position = completed.Last + 1;

        Assert.Equal($"eu-{position}", given.State.VersionOf("eu"));
        Assert.Equal("2026-05-02", given.State.Lists["eu"].Import!.FileHash);
        Assert.Equal((position, position, position), (given.Listing("eu-8").Created.Position, given.Listing("eu-8").Updated.Position, given.Listing("eu-8").NamesPosition));
        Assert.Equal(("Name Two", position), (given.Listing("eu-2").Caption, given.Listing("eu-2").NamesPosition));
        Assert.Equal((ListingState.Delisted, position), (given.Listing("eu-3").State, given.Listing("eu-3").Updated.Position));
        Assert.Equal("eu-1 eu-2 eu-3 eu-8 eu-9", string.Join(' ', given.State.ByAge));
        Assert.Null(given.State.Lists["eu"].Staged);
        Assert.Equal((2, 1, 1), Assert.IsType<Contracts.Events.ListImported>(Assert.Single(given.Learned())) is var told ? (told.Added, told.Amended, told.Removed) : default);
    }

    [Fact]
    public void It_comes_to_the_same_as_if_it_had_fitted_in_one_transaction()
    {
        var (parts, whole) = (Given(FileArrives(added: Entries(3))), Given(FileArrives(added: Entries(3))));
        var file = Second(parts);
        parts.And(IsStaged(file, count: 3), IsStaged(file, from: 3), IsCompleted(file));
        whole.And(new Step((s, _) => Importing.Import(s, file)));
        Assert.Equal(Says(whole.State), Says(parts.State));
        Assert.Equal(whole.State.ByAge, parts.State.ByAge);
    }

    [Fact]
    public void An_import_that_never_ended_has_no_effect_and_is_dropped_by_the_next_change_of_the_list()
    {
        var given = Given([.. IsListed(), FileArrives(added: Entries(3))]);
        var file = Second(given);
        given.And(IsStaged(file), IsNotified());
        Assert.NotNull(given.State.Lists["eu"].Staged);
        given.And(IsDelisted());
        Assert.Null(given.State.Lists["eu"].Staged);
        given.When(IsStaged(file, from: 2)).ThenRefused(RefusalCode.ImportInProgress);
        given.When(IsCompleted(file)).ThenRefused(RefusalCode.ImportInProgress);
        Assert.False(given.State.Listings.ContainsKey("eu-9"));

        // Compared anew and repeated under another id, it is done.
        file = Second(given);
        given.And(IsStaged(file, "i2", count: 4), IsCompleted(file, "i2")).Stands(ListingState.InForce, "eu-9");
    }

    [Fact]
    public void An_import_that_never_ended_is_dropped_by_the_clock_after_an_hour()
    {
        var given = Given(FileArrives(added: Entries(3)));
        var file = Second(given);
        given.And(IsStaged(file));
        var (at, _, decide) = Assert.Single(Clock.Due(given.State, Start), due => due.Key.StartsWith("abandoned:", StringComparison.Ordinal));
        Assert.Equal(Start.AddHours(1), at);

        given.When(new Step(decide));
        Assert.NotNull(given.State.Lists["eu"].Staged);
        given.At(at).When(new Step(decide));
        Assert.Equal(new ImportAbandoned("eu", "i1"), given.ThenOne<ImportAbandoned>());
        Assert.Null(given.State.Lists["eu"].Staged);
        Assert.DoesNotContain(Clock.Due(given.State, at), due => due.Key.StartsWith("abandoned:", StringComparison.Ordinal));
        given.When(IsCompleted(file)).ThenRefused(RefusalCode.ImportInProgress);
    }

    [Fact]
    public void A_file_that_changes_nothing_drops_it_too()
    {
        var given = Given(FileArrives(added: Entries(3)));
        var file = Second(given);
        given.And(IsStaged(file, count: 4), FileArrives("2026-05-02"));
        Assert.Null(given.State.Lists["eu"].Staged);
        given.When(IsCompleted(file)).ThenRefused(RefusalCode.ImportInProgress);
    }

    [Fact]
    public void The_import_that_begins_last_wins_and_nothing_of_the_other_remains()
    {
        var given = Given(FileArrives(added: Entries(3)));
        var first = Second(given);
        var second = AFile("2026-05-03", [Entry("20"), Entry("21")]) with { Version = first.Version };
        given.And(IsStaged(first), IsStaged(second, "i2", count: 1));
        given.When(IsStaged(first, from: 2)).ThenRefused(RefusalCode.ImportInProgress);
        given.When(IsCompleted(first)).ThenRefused(RefusalCode.ImportInProgress);
        given.And(IsStaged(second, "i2", from: 1), IsCompleted(second, "i2"));
        Assert.Equal("eu-1 eu-2 eu-20 eu-21 eu-3", string.Join(' ', given.State.InForce("eu").Select(l => l.Id).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_part_that_is_missing_or_comes_twice_is_refused()
    {
        var given = Given(FileArrives(added: Entries(3)));
        var file = Second(given);
        given.When(IsStaged(file, from: 2)).ThenRefused(RefusalCode.ImportInProgress);
        given.And(IsStaged(file));
        given.When(IsStaged(file)).ThenRefused(RefusalCode.ImportInProgress);
        given.When(IsStaged(file, from: 3)).ThenRefused(RefusalCode.ImportInProgress);
        given.When(IsCompleted(file)).ThenRefused(RefusalCode.ImportInProgress);
    }

    [Fact]
    public void What_may_not_be_imported_is_not_staged_either()
    {
        var given = Given(FileArrives("2026-05-03", added: Entries(3)));
        given.When(IsStaged(Second(given) with { Force = false })).ThenRefused(RefusalCode.OlderList, "file");
        var later = Second(given) with { Force = false, Header = Second(given).Header with { GeneratedAt = Utc("2026-05-04") } };
        given.When(IsStaged(later)).ThenRefused(RefusalCode.TooManyRemovals, "force");
    }

    [Fact]
    public void What_people_record_of_a_listing_meanwhile_stays()
    {
        var given = Given([.. IsListed(), FileArrives(amended: [(Id, Entry("77", "Anna Example"))])]);
        var file = AFile("2026-05-02", amended: [(Id, Entry("77", "Anna Other"))]) with { Version = given.State.Lists["eu"].Position };
        given.And(IsStaged(file), IsNotified(), IsCompleted(file));
        Assert.Equal(("Anna Other", true), (given.Listing().Caption, !given.Listing().Notifications.IsEmpty));
    }

    [Fact]
    public void The_other_list_is_not_concerned()
    {
        var given = Given(FileArrives(added: Entries(3)), FileArrives(added: Entries(1), list: "un"));
        var file = Second(given);
        given.And(IsStaged(file, count: 4), FileArrives("2026-05-02", added: [Entry("2")], list: "un"), IsCompleted(file));
        Assert.Equal((4, 2), (given.State.InForce("eu").Count(), given.State.InForce("un").Count()));
    }

    /// <summary>Two more subjects, one told otherwise, one gone.</summary>
    private static ImportList Second(Spec given) =>
        AFile("2026-05-02", [Entry("8"), Entry("9")], [("eu-2", Amended)], ["eu-3"], force: true) with { Version = given.State.Lists["eu"].Position };

    private static string Says(SanctionsState state) =>
        string.Join('\n', state.Listings.Values.OrderBy(l => l.Id, StringComparer.Ordinal).Select(l => $"{l.Id} {l.State} {l.Regime} {l.Entry} {l.Grounds} {l.IsOnFile} {l.Delisting}"));
}
