using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>A file of a list becomes part of it, whole or not at all.</summary>
public sealed class ImportingAFile
{
    [Fact]
    public void What_it_names_is_in_force_with_the_header_as_the_last_row()
    {
        var given = Given().When(FileArrives(added: Entries(2)));
        Assert.Equal("eu-1 eu-2", string.Join(' ', given.State.InForce("eu").Select(l => l.Id).Order()));
        Assert.All(given.State.InForce("eu"), l => Assert.Equal([Measure.AssetFreeze, Measure.FundsProhibition], l.Grounds.Measures));
        Assert.Equal(2, given.ThenOne<ListImported>().Added);
        Assert.Equal((null, false), (given.Listing("eu-1").NextReviewDue, given.Listing("eu-1").IsProposal));
    }

    [Fact]
    public void The_same_file_again_leaves_no_row_and_the_same_content_in_a_later_file_one()
    {
        var given = Given(FileArrives(added: Entries(2)));
        var version = given.State.VersionOf("eu");
        given.When(FileArrives()).ThenNothing();
        given.When(FileArrives("2026-05-02")).ThenOne<ListImported>();
        Assert.Equal(version, given.State.VersionOf("eu"));
    }

    [Fact]
    public void An_older_file_is_refused_unless_it_is_meant()
    {
        var given = Given(FileArrives(added: Entries(2)));
        given.When(FileArrives("2026-04-30")).ThenRefused(RefusalCode.OlderList, "file");
        given.When(FileArrives("2026-04-30", force: true)).ThenOne<ListImported>();
    }

    [Theory]
    [InlineData(20, 2, true)]
    [InlineData(20, 3, false)]
    [InlineData(9, 1, false)]
    public void More_than_a_tenth_goes_only_when_confirmed(int count, int removed, bool goes)
    {
        var ids = Enumerable.Range(1, removed).Select(i => $"eu-{i}").ToArray();
        var given = Given(FileArrives(added: Entries(count))).When(FileArrives("2026-05-02", removed: ids));
        if (!goes)
        {
            given.ThenRefused(RefusalCode.TooManyRemovals, "force");
            given.When(FileArrives("2026-05-02", removed: ids, force: true));
        }
        given.ThenOne<ListImported>();
        Assert.Equal(count - removed, given.State.InForce("eu").Count());
        Assert.Equal((ListingState.Delisted, DelistingReason.RemovedFromList), (given.Listing("eu-1").State, given.Listing("eu-1").Delisting!.Reason));
    }

    [Fact]
    public void A_list_that_changed_meanwhile_is_compared_anew() =>
        Given(FileArrives(added: Entries(2))).When(FileArrives("2026-05-02", added: [Entry("3")], behind: 1)).ThenRefused(RefusalCode.ImportInProgress);

    [Fact]
    public void What_is_recorded_beside_the_list_does_not_disturb_an_import()
    {
        var given = Given(IsListed());
        var version = given.State.Lists["eu"].Position;
        given.And(IsNotified(), IsHeard());
        Assert.Equal(version, given.State.Lists["eu"].Position);
    }

    [Fact]
    public void What_fits_in_one_transaction_with_its_header_is_written_in_one()
    {
        var most = AFile(added: Entries(9_998), removed: ["eu-0"]);
        Assert.True(Importing.FitsAtOnce(most));
        Assert.False(Importing.FitsAtOnce(most with { Removed = ["eu-0", "eu-00"] }));
        Assert.InRange(Staging.RowsAtOnce, 1, Importing.RowsMax);
    }

    [Fact]
    public void The_two_lists_do_not_touch_each_other()
    {
        var given = Given(FileArrives(added: Entries(2)), FileArrives("2020-01-01", added: Entries(1), list: "un"));
        Assert.Equal((2, 1), (given.State.InForce("eu").Count(), given.State.InForce("un").Count()));
        Assert.Equal("un-1", given.Listing("un-1").Id);
    }

    [Fact]
    public void A_file_knows_our_listing_by_its_reference_number()
    {
        var ours = Given([.. IsListed(), IsAmended(Nothing, number: "EU.7.7")]).Listing();
        Assert.Same(ours, Importing.Ours([ours], Entry("77", "Somebody Else", "UKR", number: "EU.7.7")));
        Assert.Null(Importing.Ours([ours], Entry("77", number: "EU.7.70")));
        Assert.Null(Importing.Ours([ours], Entry("77", number: "")));
    }

    [Theory]
    [InlineData("ANNA EXAMPLE", "BLR", "2026/700 (OJ L, 2026/700)", true)]
    [InlineData("Anna Example", "BLR", "Decision 2026/700", true)]
    [InlineData("Anna Exemple", "BLR", "2026/700 (OJ L)", false)]
    [InlineData("Anna Example", "UKR", "2026/700 (OJ L)", false)]
    [InlineData("Anna Example", "BLR", "2026/7001 (OJ L)", false)]
    [InlineData("Anna Example", "BLR", "12026/700 (OJ L)", false)]
    public void Or_by_the_act_with_a_name_of_the_same_regime(string name, string programme, string act, bool found)
    {
        var ours = Given(IsListed()).Listing();
        Assert.Equal(found, Importing.Ours([ours], Entry("77", name, programme, act)) is not null);
    }

    [Fact]
    public void Once_merged_they_are_one_listing_with_its_decision_and_the_files_words()
    {
        var given = Given([.. IsListed(), FileArrives(amended: [(Id, Entry("77", "Anna Example", "BLR", "2026/700 (OJ L)", "EU.7.7"))])]);
        Assert.Equal((Id, D1, true, "EU.7.7"), (given.State.IdOf("eu", "77"), given.Listing().DecisionId, given.Listing().IsOnFile, given.Listing().Entry.EuReferenceNumber));
        Assert.Equal(Anna.StatementOfReasons, given.Listing().Grounds.StatementOfReasons);

        // A later file that no longer names it removes it; one that names it again finds the same listing.
        given.And(FileArrives("2026-05-02", removed: [Id], force: true)).Stands(ListingState.Delisted);
        given.And(FileArrives("2026-05-03", added: [Entry("77", "Anna Example")])).Stands(ListingState.InForce);
        Assert.Null(given.Listing().Delisting);
        Assert.Single(given.State.Listings);
        Assert.Single(given.State.ByAge);
    }

    [Fact]
    public void A_file_that_lags_behind_a_delisting_does_not_list_again_and_a_thirdact_does()
    {
        // Of a file first, and then delisted here.
        var fromFile = Given([FileArrives(added: [Entry("5", act: "2012/642 (OJ L285)")]), IsDelisted(id: "eu-5")]).Listing("eu-5");
        Assert.True(Importing.IsEndedHere(fromFile));
        Assert.True(Importing.IsStale(fromFile, Entry("5", act: "2012/642 (OJ L285)")));
        Assert.False(Importing.IsStale(fromFile, Entry("5", act: "2026/999 (OJ L)")));
        Assert.False(Importing.IsStale(fromFile, Entry("6", act: "2012/642 (OJ L285)")));

        // Decided and ended here before any file named it.
        var ours = Given([.. IsListed(), IsDelisted()]).Listing();
        Assert.True(Importing.IsStale(ours, Entry("77", "Anna Example", "BLR", "2026/700 (OJ L)")));
        Assert.False(Importing.IsStale(ours, Entry("77", "Anna Example", "BLR", "2026/999 (OJ L)")));

        // One that a file stopped naming may come back by a file.
        Assert.False(Importing.IsEndedHere(Given(FileArrives(added: [Entry("5")]), FileArrives("2026-05-02", removed: ["eu-5"], force: true)).Listing("eu-5")));
    }

    [Fact]
    public void A_file_that_lags_behind_an_amendment_undoes_nothing_until_it_says_something_else()
    {
        var filed = Entry("5", act: "2012/642 (OJ L285)");
        var alias = Nothing with { Names = [.. filed.Names, new Name { Whole = "Another Alias", Language = "EN" }] };
        var given = Given([FileArrives(added: [filed]), IsAmended(alias, AnAct(), id: "eu-5"), IsAmended(Nothing with { Remarks = ["Moved."] }, AnAct(), id: "eu-5")]);
        var listing = given.Listing("eu-5");
        Assert.Equal(listing.Entry, Importing.Said(listing, filed));

        var later = filed with { Remarks = ["new"] };
        Assert.Equal(later, Importing.Said(listing, later));
        given.And(FileArrives("2026-05-02", amended: [("eu-5", later)]));
        Assert.Equal(filed, Importing.Said(given.Listing("eu-5"), filed));
    }

    [Fact]
    public void Compared_a_lagging_file_changes_neither_what_was_ended_nor_what_was_amended_here()
    {
        var (ended, amended, third) = (Entry("5", act: "2012/642 (OJ L285)"), Entry("6", "Clara Example", act: "2012/642 (OJ L285)"), Entry("7", "Doris Example"));
        var state = Given([FileArrives(added: [ended, amended]), IsDelisted(id: "eu-5"), IsAmended(Nothing with { Remarks = ["Moved."] }, AnAct(), id: "eu-6")]).State;
        var import = Comparing.Compare(state, AFile("2026-05-02").Header, _ => [third, amended, ended], [], force: false);
        Assert.Equal(("7", 0, 0, 1), (string.Join(" ", import.Added.Select(e => e.Key)), import.Amended.Length, import.Removed.Length, import.Header.Unchanged));
    }

    [Fact]
    public void A_lagging_CSV_is_completed_from_what_files_said_and_undoes_no_amendment()
    {
        // CSV cannot say that a name is weak: what files said before tells it, and not what an act has made of it since.
        var filed = Entry("5") with { Names = [new Name { Whole = "Boris Example", LogicalId = 1 }, new Name { Whole = "Bob", MarkedWeak = true, LogicalId = 2 }] };
        var csv = new ListFile
        {
            Header = new ListHeader(ListFormat.FsfCsv, Utc("2026-05-01")),
            Entries = [filed with { Names = [filed.Names[0], filed.Names[1] with { MarkedWeak = false }] }],
            Rejected = [],
            NotCarried = System.Collections.Frozen.FrozenSet.ToFrozenSet([CsvColumns.StrongColumn]),
        };
        var act = Nothing with { Names = [filed.Names[0]], Remarks = ["Moved."] };
        var given = Given([FileArrives(added: [filed]), IsAmended(act, AnAct(), id: "eu-5"), IsAmended(Nothing with { Names = [filed.Names[0], filed.Names[1] with { MarkedWeak = false }] }, AnAct(), id: "eu-5")]);
        var import = Comparing.Compare(given.State, AFile("2026-05-02").Header, now => csv.CompletedFrom(now).Entries, [], force: false);
        Assert.Equal((0, 1), (import.Amended.Length, import.Header.Unchanged));

        // Once it says something else, it counts.
        csv = csv with { Entries = [csv.Entries[0] with { Remarks = ["new"] }] };
        import = Comparing.Compare(given.State, AFile("2026-05-02").Header, now => csv.CompletedFrom(now).Entries, [], force: false);
        Assert.Equal((1, true), (import.Amended.Length, import.Amended[0].Entry.Names[1].MarkedWeak));
    }

    [Fact]
    public void Compared_what_was_decided_here_becomes_one_with_the_files_entry_of_it()
    {
        var import = Comparing.Compare(Given(IsListed()).State, AFile().Header, _ => [Entry("77", "Anna Example", "BLR", "2026/700 (OJ L)")], [], force: false);
        Assert.Equal((0, 1, Id), (import.Added.Length, import.Header.Amended, Assert.Single(import.Amended).ListingId));
    }

    [Fact]
    public void A_list_is_as_old_as_its_file_until_what_it_says_changes()
    {
        var given = Given();
        Assert.Null(given.State.FileDate("eu"));
        given.And(FileArrives(added: Entries(2)), IsNotified(id: "eu-1"));
        Assert.Equal(Utc("2026-05-01"), given.State.FileDate("eu"));
        given.And(IsDelisted(id: "eu-1"));
        Assert.Null(given.State.FileDate("eu"));
    }

    [Theory]
    [InlineData("2026-05-04", true)]
    [InlineData("2026-05-07", true)]
    [InlineData("2026-05-08", false)]
    [InlineData(null, false)]
    public void Or_by_the_regulation_published_beside_the_decision(string? published, bool found)
    {
        var entry = Entry("77", "Anna Example", "BLR", "2026/699 (OJ L)");
        entry = entry with { Regulations = [entry.Regulations[0] with { PublicationDate = published is null ? null : Day(published) }] };
        Assert.Equal(found, Importing.Ours([Given(IsListed()).Listing()], entry) is not null);
    }

    [Fact]
    public void A_listing_decided_here_does_not_count_among_what_a_file_could_remove() =>
        Given([.. IsListed(), FileArrives(added: Entries(9))]).When(FileArrives("2026-05-02", removed: ["eu-1"])).ThenRefused(RefusalCode.TooManyRemovals);
}
