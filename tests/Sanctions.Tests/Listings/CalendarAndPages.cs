using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Queries;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>What lies ahead, and which listings there are.</summary>
public sealed class CalendarAndPages
{
    [Theory]
    [InlineData("Путин", true)]
    [InlineData("Muller", true)]
    [InlineData("müller", true)]
    [InlineData("Miller", false)]
    public void Words_are_found_whatever_their_accents(string word, bool found) =>
        Assert.Equal(found, (Everything with { Words = [word] }).Lets(Spec.Given(Steps.FileArrives(added: [Steps.Entry("5", "Влади́мир ПУ́ТИН") with { Names = [new Name { Whole = "Влади́мир ПУ́ТИН" }, new Name { Whole = "Jörg Müller" }] }])).Listing("eu-5")));

    [Theory]
    [InlineData("BLR", true)]
    [InlineData("MDA", true)]
    [InlineData("UKR", false)]
    public void A_subject_under_two_regimes_is_found_under_either(string regime, bool found)
    {
        var entry = Steps.Entry("5");
        entry = entry with { Regulations = [.. entry.Regulations, new Regulation { NumberTitle = "2023/888", Programme = "MDA" }] };
        Assert.Equal(found, (Everything with { Regime = regime }).Lets(Spec.Given(Steps.FileArrives(added: [entry])).Listing("eu-5")));
    }

    private static readonly ListingFilter Everything = new("", null, null, "", [], false);

    [Fact]
    public void The_calendar_names_each_date_once_in_order()
    {
        var state = Given([.. IsListed(expiry: "2027-02-28"), IsNotified(until: "2026-06-30"), IsDerogatedFrom(until: "2026-12-31")]).State;
        Assert.Equal(
            [("2026-06-30", RegimeDateKind.ObservationsEnd), ("2026-12-31", RegimeDateKind.DerogationEnd), ("2027-02-28", RegimeDateKind.RegimeExpiry), ("2027-02-28", RegimeDateKind.ListingExpiry), ("2027-05-04", RegimeDateKind.ReviewDue)],
            Between(state, "2026-05-04", "2027-05-04").Select(d => ($"{d.Day:yyyy-MM-dd}", d.Kind)));
        Assert.Equal(Id, Assert.Single(Between(state, "2026-06-30", "2026-06-30")).ListingId);
    }

    [Fact]
    public void Two_derogations_that_end_on_one_day_are_two_entries_and_a_renewal_moves_an_entry()
    {
        var state = Given([.. IsListed(expiry: "2027-02-28"), IsDerogatedFrom(until: "2026-12-31"), IsDerogatedFrom("2026-05-05", "2026-12-31")]).State;
        Assert.Equal(2, Between(state, "2026-12-31", "2026-12-31").Select(d => d.Uid).Distinct().Count());
        var date = new RegimeDate(RegimeDateKind.RegimeExpiry, Day("2026-09-15"), "UKR", "", "");
        Assert.Equal(date.Uid, (date with { Day = Day("2027-03-15") }).Uid);
    }

    [Fact]
    public void A_listing_that_waits_shows_its_day_a_proposal_and_a_listing_that_ended_nothing()
    {
        var waits = Given(IsProposed(), IsAdopted(links: Id), IsPublished(effect: "2026-05-20", links: Id)).State;
        Assert.Equal(RegimeDateKind.ListingEffect, Assert.Single(OfListings(waits)).Kind);
        Assert.Empty(OfListings(Given(IsProposed()).State));
        Assert.Equal([RegimeDateKind.NotificationDue, RegimeDateKind.ReviewDue], OfListings(Given(IsListed()).State).Select(d => d.Kind));
        Assert.Empty(OfListings(Given([.. IsListed(expiry: "2027-02-28"), IsDelisted()]).State));
    }

    [Fact]
    public void What_should_have_been_done_stands_on_today_until_it_is_done()
    {
        var given = Given(IsListed());
        Assert.Equal(
            [(RegimeDateKind.NotificationDue, "Notification overdue since 2026-05-04: Anna Example (BLR)"), (RegimeDateKind.RegimeExpiry, $"Expired on 2027-02-28, no renewal on record: BLR {given.State.Regimes["BLR"].Record.Title}"), (RegimeDateKind.ReviewDue, "Review overdue since 2027-05-04: Anna Example (BLR)")],
            Between(given.State, "2027-06-01", "2027-06-01", today: "2027-06-01").Select(d => (d.Kind, d.Title)));
        Assert.Equal([Day("2026-05-04"), Day("2027-02-28"), Day("2027-05-04")], Between(given.State, "2027-01-01", "2027-12-31", today: "2027-06-01").Select(d => d.OverdueSince).OfType<DateOnly>());
        Assert.Empty(Between(given.State, "2027-06-02", "2027-12-31", today: "2027-06-01"));

        given.On("2027-06-01").And(IsNotified("2027-06-01"), IsReviewed("2027-06-01"), IsPublished(D2, expiry: "2028-02-28", links: "regime:BLR"));
        Assert.Empty(Between(given.State, "2027-06-01", "2027-12-31", today: "2027-06-01"));
    }

    [Fact]
    public void A_review_that_observations_ask_for_is_overdue_from_the_day_after()
    {
        var given = Given([.. IsListed(), IsNotified(), IsHeard()]);
        Assert.Null(Assert.Single(OfListings(given.State)).OverdueSince);
        Assert.Equal(Day("2026-05-04"), Assert.Single(Between(given.State, "2026-05-05", "2026-05-05", today: "2026-05-05")).OverdueSince);
    }

    [Fact]
    public void Pages_go_from_new_to_old_and_what_comes_meanwhile_shifts_nothing()
    {
        var given = Given(FileArrives(added: Entries(5)));
        var (first, next, total) = ListingList.Page(given.State, Everything, null, 2);
        Assert.Equal(["eu-5", "eu-4"], first.Select(l => l.Id));
        Assert.Equal(5, total);
        given.And(IsProposed());
        var (second, then, _) = ListingList.Page(given.State, Everything, next, 2);
        var (third, end, _) = ListingList.Page(given.State, Everything, then, 2);
        Assert.Equal(["eu-3", "eu-2", "eu-1"], second.Concat(third).Select(l => l.Id));
        Assert.Null(end);
    }

    [Fact]
    public void Filters_are_about_the_listing_as_it_is()
    {
        var state = Given([.. IsListed(), IsProposed("boris", Anna with { Measures = [] }, SubjectType.Enterprise), FileArrives(added: [Entry("7", "Zoe Other", "UKR", number: "EU.7.7")])]).State;
        Assert.Equal([Id], Ids(Everything with { State = ListingState.InForce, Regime = "BLR" }));
        Assert.Equal(["boris"], Ids(Everything with { Type = SubjectType.Enterprise }));
        Assert.Equal(["eu-7"], Ids(Everything with { Words = ["zoe", "OTHER"] }));
        Assert.Equal(["eu-7"], Ids(Everything with { Words = ["eu.7.7"] }));
        Assert.Equal([Id], Ids(Everything with { Words = ["2026/700"] }));
        Assert.Equal(["eu-7", Id], Ids(Everything with { PublicOnly = true }));
        Assert.Empty(Ids(Everything with { List = "un" }));

        string[] Ids(ListingFilter filter) => [.. ListingList.Page(state, filter, null, 10).Page.Select(l => l.Id)];
    }

    private static List<RegimeDate> Between(SanctionsState state, string from, string to, string today = "2026-05-04") => RegimesCalendar.Between(state, Day(from), Day(to), Day(today));

    private static List<RegimeDate> OfListings(SanctionsState state) => [.. Between(state, "0001-01-01", "9999-12-31").Where(d => d.ListingId.Length > 0)];
}
