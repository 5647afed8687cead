using ExternalAction.Sanctions.Domain;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>A listing in force: told to the subject, answered, reviewed, derogated from, ended.</summary>
public sealed class LivingOn
{
    [Fact]
    public void The_subject_is_told_and_the_period_for_observations_runs_from_there()
    {
        var given = Given(IsListed());
        given.When(IsNotified("2026-05-04", "2026-05-03")).ThenRefused(RefusalCode.InvalidDates, "observationsUntil");
        given.When(IsNotified("2026-05-05")).ThenRefused(RefusalCode.InvalidDates, "date");
        given.When(IsNotified("2026-05-04", "2026-06-30")).ThenOne<ListingNotified>();
        given.When(IsNotified("2026-05-04", "2026-06-30")).ThenNothing();
    }

    [Fact]
    public void Every_notification_is_kept()
    {
        var given = Given([.. IsListed(), IsNotified("2026-05-04", "2026-06-30"), IsNotified("2026-05-04", "2026-07-31", NotificationMethod.Direct)]);
        Assert.Equal([NotificationMethod.Notice, NotificationMethod.Direct], given.Listing().Notifications.Select(n => n.Method));
        given.When(IsNotified("2026-05-04", "2026-06-30")).ThenNothing();
    }

    [Fact]
    public void A_review_is_due_a_year_after_the_effect_then_a_year_after_the_last_one()
    {
        var given = Given(IsListed());
        Assert.Equal(Day("2027-05-04"), given.Listing().NextReviewDue);
        given.On("2026-11-01").And(IsReviewed("2026-11-01"));
        Assert.Equal(Day("2027-11-01"), given.Listing().NextReviewDue);
        given.When(IsReviewed("2026-10-31")).ThenRefused(RefusalCode.InvalidDates, "date");
        given.When(IsReviewed("2026-11-02")).ThenRefused(RefusalCode.InvalidDates, "date");
        given.When(IsReviewed("2026-11-01")).ThenNothing();
    }

    [Fact]
    public void Observations_make_a_review_due_until_one_answers_them()
    {
        var given = Given([.. IsListed(), IsHeard()]);
        Assert.Equal(Day("2026-05-04"), given.Listing().NextReviewDue);
        given.When(IsHeard()).ThenNothing();
        given.When(IsHeard("2026-05-05")).ThenRefused(RefusalCode.InvalidDates, "receivedOn");
        given.And(IsReviewed());
        Assert.Equal(Day("2027-05-04"), given.Listing().NextReviewDue);
    }

    [Fact]
    public void A_derogation_has_its_own_sunset()
    {
        var given = Given(IsListed());
        given.When(IsDerogatedFrom("2026-05-04", "2026-05-03")).ThenRefused(RefusalCode.InvalidDates, "derogation.until");
        given.When(IsDerogatedFrom("2026-05-04", "2026-12-31")).ThenOne<DerogationRecorded>();
        given.When(IsDerogatedFrom("2026-05-04", "2026-12-31")).ThenNothing();
        Assert.Single(given.Listing().Derogations);
    }

    [Fact]
    public void A_derogation_names_its_authority_and_its_end_and_the_humanitarian_exemption_its_own_sunset()
    {
        var given = Given(IsListed());
        given.When(IsDerogatedFrom(authority: "")).ThenRefused(RefusalCode.DerogationIncomplete, "derogation.authority", "TFEU 215");
        given.When(IsDerogatedFrom(until: null)).ThenRefused(RefusalCode.DerogationIncomplete, "derogation.until", "TFEU 215");
        given.When(IsDerogatedFrom(until: null, ground: DerogationGround.Humanitarian, authority: "")).ThenRefused(RefusalCode.DerogationIncomplete, "derogation.until", "UNSCR 2664 (2022)");
        given.When(IsDerogatedFrom(ground: DerogationGround.Humanitarian, authority: "")).ThenOne<DerogationRecorded>();
    }

    [Fact]
    public void A_listing_ends_under_an_act_and_an_annulment_under_a_judgment()
    {
        Given(IsListed()).When(IsDelisted(act: "")).ThenRefused(RefusalCode.ActRequired, "act");
        Given(IsListed()).When(IsDelisted(date: "2026-05-05")).ThenRefused(RefusalCode.InvalidDates, "date");
        var ended = Given(IsListed()).When(IsDelisted()).Stands(ListingState.Delisted);
        Assert.Empty(ended.State.InForce("eu"));
        Assert.True(ended.Listing().IsPublic);
        Assert.Null(ended.Listing().NextReviewDue);
        ended.When(IsDelisted()).ThenNothing();
        ended.When(IsDelisted(DelistingReason.ChangedFacts)).ThenRefused(RefusalCode.WrongListingState);
        Given(IsListed()).When(IsDelisted(DelistingReason.Annulment, "T-1/26")).Stands(ListingState.Annulled);
    }

    [Fact]
    public void A_proposal_is_withdrawn_without_an_act()
    {
        var withdrawn = Given(IsProposed()).When(IsDelisted(act: "")).Stands(ListingState.NotAdopted);
        Assert.False(withdrawn.Listing().IsPublic);
        withdrawn.When(IsDelisted(act: "")).ThenNothing();
    }

    [Fact]
    public void Before_force_and_after_the_end_nothing_of_this_is_recorded()
    {
        Step[] steps = [IsNotified(), IsHeard(), IsReviewed(), IsDerogatedFrom()];
        Assert.All(steps, step => Given(IsProposed()).When(step).ThenRefused(RefusalCode.WrongListingState));
        Assert.All(steps, step => Given([.. IsListed(), IsDelisted()]).When(step).ThenRefused(RefusalCode.WrongListingState));
        Given(IsProposed(), IsAdopted(links: Id)).When(IsDelisted()).ThenRefused(RefusalCode.WrongListingState);
    }

    [Fact]
    public void Every_command_on_a_listing_that_does_not_exist_says_so()
    {
        Step[] steps = [IsNotified(), IsHeard(), IsReviewed(), IsDerogatedFrom(), IsDelisted(), IsAmended(Anna)];
        Assert.All(steps, step => Given().When(step).ThenRefused(RefusalCode.ListingNotFound, "id"));
    }

    [Fact]
    public void The_version_of_the_list_changes_with_what_it_says_and_not_with_what_is_recorded_beside_it()
    {
        var given = Given(IsListed());
        var version = given.State.VersionOf("eu");
        given.And(IsNotified(), IsHeard(), IsReviewed(), IsDerogatedFrom(), Becomes("RENEWED", by: D2, expiry: "2028-02-28", links: Id), IsAmended(Nothing with { Evidence = ["file 2"] }));
        Assert.Equal(version, given.State.VersionOf("eu"));
        foreach (var step in (Step[])[IsAmended(Nothing with { Remarks = ["r"] }, AnAct()), IsDelisted()])
        {
            given.And(step);
            Assert.NotEqual(version, given.State.VersionOf("eu"));
            version = given.State.VersionOf("eu");
        }
    }

    [Fact]
    public void Nothing_is_done_about_a_listing_before_its_act_was_published()
    {
        var listed = Given(IsListed());
        listed.When(IsNotified("1990-01-01")).ThenRefused(RefusalCode.InvalidDates, "date");
        listed.When(IsHeard("2026-05-03")).ThenRefused(RefusalCode.InvalidDates, "receivedOn");
        listed.When(IsReviewed("1990-01-01")).ThenRefused(RefusalCode.InvalidDates, "date");
        listed.When(IsDelisted(date: "2026-05-03")).ThenRefused(RefusalCode.InvalidDates, "date");
    }

    [Fact]
    public void Nor_about_one_that_came_with_a_file_before_the_day_its_list_gives()
    {
        var listed = Given(FileArrives(added: [Entry("5", published: "2012-10-16"), Entry("6")]));
        listed.When(IsNotified("2012-10-15", id: "eu-5")).ThenRefused(RefusalCode.InvalidDates, "date");
        listed.When(IsDelisted(date: "2012-10-15", id: "eu-5")).ThenRefused(RefusalCode.InvalidDates, "date");
        listed.When(IsNotified("2026-05-05", id: "eu-5")).ThenRefused(RefusalCode.InvalidDates, "date");
        listed.When(IsDelisted(date: "2026-05-05", id: "eu-5")).ThenRefused(RefusalCode.InvalidDates, "date");
        listed.And(IsNotified("2012-10-16", id: "eu-5"), IsDelisted(date: "2012-10-17", id: "eu-5"));

        // A list that gives no day sets no bound.
        listed.And(IsNotified("2001-01-01", id: "eu-6"));
    }

    [Fact]
    public void Observations_on_a_listing_that_came_with_a_file_make_a_review_due_and_a_review_the_next()
    {
        var given = Given(FileArrives(added: [Entry("5")]));
        Assert.Null(given.Listing("eu-5").NextReviewDue);
        given.And(IsHeard(id: "eu-5"));
        Assert.Equal(Day("2026-05-04"), given.Listing("eu-5").NextReviewDue);
        given.And(IsReviewed(id: "eu-5"));
        Assert.Equal(Day("2027-05-04"), given.Listing("eu-5").NextReviewDue);
    }
}
