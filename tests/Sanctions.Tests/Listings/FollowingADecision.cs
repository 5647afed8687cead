using ExternalAction.Contracts.Events;
using ExternalAction.Sanctions.Consumers;
using ExternalAction.Sanctions.Domain;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>How a listing follows the decision that carries it: by the events of the Decisions service, and nobody's click.</summary>
public sealed class FollowingADecision
{
    [Fact]
    public void From_the_vote_to_force_without_a_further_step()
    {
        var given = Given(IsProposed());
        given.When(VoteOpens(links: Id)).Then(new ListingLinked(Id, D1)).Stands(ListingState.Proposed);
        given.When(IsAdopted(links: Id)).Then(new ListingAdopted(Id, D1, Day("2026-05-04")), new VoteEnded(D1, true)).Stands(ListingState.Adopted);
        Assert.Equal("eu-0", given.State.VersionOf("eu"));
        var published = given.When(IsPublished(expiry: "2027-02-28", links: Id)).Stands(ListingState.InForce).ThenOne<ListingPublished>();
        Assert.Equal((true, Day("2027-02-28"), "(CFSP) 2026/700", D1), (published.InForce, published.ExpiryDate, published.Act.Number, published.Act.DecisionId));
        Assert.Equal([Id], given.State.InForce("eu").Select(l => l.Id));
        Assert.Equal("(CFSP) 2026/700 (OJ L, 2026/700)", given.Listing().Entry.Regulations[^1].NumberTitle);
        Assert.Equal(Day("2026-05-04"), given.Listing().Entry.DesignationDate);
    }

    [Fact]
    public void A_listing_that_named_its_decision_needs_no_link() =>
        Given(IsProposed(decision: D1), VoteOpens(), IsAdopted(), IsPublished()).Stands(ListingState.InForce);

    [Fact]
    public void A_decision_about_something_else_moves_nothing() =>
        Given(IsProposed(), VoteOpens(D2), IsAdopted(D2), IsPublished(D2)).Stands(ListingState.Proposed);

    [Fact]
    public void Every_event_that_comes_again_changes_nothing()
    {
        var given = Given(IsProposed());
        foreach (var step in (Step[])[VoteOpens(links: Id), IsAdopted(links: Id), IsPublished(expiry: "2027-02-28", links: [Id, "regime:BLR"]), Becomes("RENEWED", by: D2, expiry: "2028-02-28", links: [Id, "regime:BLR"]), Becomes("EXPIRED", on: "2028-02-29", links: Id)])
        {
            Assert.NotEmpty(step.Decide(given.State, new Moment(Start, Start)).Events);
            given.And(step).When(step).ThenNothing();
        }
    }

    [Fact]
    public void What_comes_too_early_or_too_late_changes_nothing()
    {
        Given(IsProposed()).When(IsPublished(links: Id)).ThenNothing();
        Given(IsProposed()).When(Becomes("IN_FORCE", links: Id)).ThenNothing();
        Given(IsProposed()).When(Becomes("EXPIRED", links: Id)).ThenNothing();
        Given(IsListed()).When(VoteOpens(D2, Id)).ThenNothing();
        Given(IsListed()).When(IsNotAdopted(links: Id)).ThenNothing();
        Given(IsListed()).When(IsAdopted(D2, Id)).Then(new VoteEnded(D2, true)).Stands(ListingState.InForce);
    }

    [Fact]
    public void A_decision_that_is_not_adopted_leaves_the_listing_to_another()
    {
        var given = Given(IsProposed(), VoteOpens(links: Id)).When(IsNotAdopted(links: Id)).Then(new ListingNotAdopted(Id, D1, "SILENCE_BROKEN"), new VoteEnded(D1, false)).Stands(ListingState.NotAdopted);
        given.And(VoteOpens(D2, Id), IsAdopted(D2, Id), IsPublished(D2, links: Id)).Stands(ListingState.InForce);
        Assert.Equal(D2, given.Listing().DecisionId);
        given.When(IsPublished(D1, links: Id)).ThenNothing();
    }

    [Fact]
    public void Taken_up_by_another_decision_it_does_not_fall_with_the_first() =>
        Given(IsProposed(), VoteOpens(D1, Id), VoteOpens(D2, Id)).When(IsNotAdopted(D1, Id)).Then(new VoteEnded(D1, false)).Stands(ListingState.Proposed);

    [Fact]
    public void Links_to_listings_that_are_not_here_are_passed_over_when_another_is()
    {
        Given(IsProposed(), VoteOpens(links: [Id, "nobody"]), IsAdopted(links: ["nobody", Id]), IsPublished(links: [Id, "nobody", Id])).Stands(ListingState.InForce);
        Given().When(IsAdopted(links: "nobody")).ThenRefused(RefusalCode.ListingNotFound);
    }

    [Fact]
    public void An_effect_date_ahead_is_waited_for_by_the_clock()
    {
        var given = Given(IsProposed(), IsAdopted(links: Id)).When(IsPublished(effect: "2026-05-20", links: Id)).Stands(ListingState.Published);
        Assert.Contains(Id, given.State.Timed);
        Assert.True(given.Listing().IsPublic);
        given.On("2026-05-19").When(DayComes()).ThenNothing();
        // 22:00 UTC is midnight in Brussels in summer.
        given.At(Utc("2026-05-19T21:59:59Z")).When(DayComes()).ThenNothing();
        given.At(Utc("2026-05-19T22:00:00Z")).When(DayComes()).Then(new ListingEnteredIntoForce(Id)).Stands(ListingState.InForce);
        Assert.Empty(given.State.Timed);
        given.When(DayComes()).ThenNothing();
        given.When(Becomes("IN_FORCE", links: Id)).ThenNothing();
    }

    [Fact]
    public void Whoever_says_first_that_the_day_has_come_it_is_said_once() =>
        Given(IsProposed(), IsAdopted(links: Id), IsPublished(effect: "2026-05-20", links: Id)).On("2026-05-20")
            .When(Becomes("IN_FORCE", links: Id)).Then(new ListingEnteredIntoForce(Id)).When(DayComes()).ThenNothing();

    [Fact]
    public void An_act_that_expires_or_is_repealed_takes_its_listings_with_it()
    {
        Given(IsListed(expiry: "2027-02-28")).When(Becomes("EXPIRED", on: "2027-03-01", links: Id)).Then(new ListingLapsed(Id, "(CFSP) 2026/700 expired.")).Stands(ListingState.Lapsed);
        Given(IsListed()).When(Becomes("REPEALED", by: D2, links: Id)).Then(new ListingLapsed(Id, "(CFSP) 2026/700 was repealed.")).Stands(ListingState.Lapsed);
    }

    [Fact]
    public void A_renewal_is_also_taken_before_the_act_takes_effect()
    {
        var given = Given(IsProposed(), IsAdopted(links: Id), IsPublished(effect: "2026-05-20", expiry: "2027-02-28", links: Id));
        given.When(Becomes("RENEWED", by: D2, expiry: "2028-02-28", links: Id)).Then(new ListingRenewed(Id, D2, Day("2028-02-28")));
        Assert.Equal((ListingState.Published, Day("2028-02-28")), (given.Listing().State, given.Listing().ExpiryDate));
    }

    [Fact]
    public void A_renewal_recorded_late_finds_the_listing_lapsed_and_brings_it_back()
    {
        var given = Given([.. IsListed(expiry: "2027-02-28"), Becomes("EXPIRED", on: "2027-03-01", links: Id)]);
        given.When(Becomes("RENEWED", by: D2, expiry: "2028-02-28", links: Id)).Then(new ListingRenewed(Id, D2, Day("2028-02-28")), new ListingEnteredIntoForce(Id)).Stands(ListingState.InForce);
    }

    [Fact]
    public void A_regime_renewed_renews_the_listings_whose_acts_would_end_before()
    {
        Step[] given = [.. IsListed(expiry: "2027-02-28"), .. IsListed("without-end", "d3", number: "(CFSP) 2026/701"), .. IsListed("elsewhere", "d4", "2027-02-28", number: "(CFSP) 2026/702", regime: "UKR")];
        var renewed = Given(given).When(IsPublished(D2, expiry: "2028-02-28", number: "(CFSP) 2027/100", links: "regime:BLR"));
        renewed.Then(new RegimeRenewed("BLR", D2, "(CFSP) 2027/100", Day("2028-02-28")), new ListingRenewed(Id, D2, Day("2028-02-28")));

        // The listing's own act ends, the listing does not; it ends with the act that renewed it.
        renewed.When(Becomes("EXPIRED", on: "2027-03-01", links: Id)).ThenNothing().Stands(ListingState.InForce);
        renewed.When(Becomes("EXPIRED", D2, on: "2028-02-29", links: "regime:BLR")).Then(new ListingLapsed(Id, "(CFSP) 2026/700 expired.")).Stands(ListingState.Lapsed);
    }

    [Fact]
    public void One_publication_lists_and_renews_and_a_regime_that_is_not_on_record_does_not_hold_it_up()
    {
        var given = Given(IsProposed(), IsAdopted(links: Id)).When(IsPublished(expiry: "2028-02-28", links: [Id, "regime:BLR", "regime:BLR", "regime:XXX"])).Stands(ListingState.InForce);
        Assert.Equal((D1, Day("2028-02-28")), (given.State.Regimes["BLR"].RenewedBy, given.State.Regimes["BLR"].ExpiryDate));
        Given().When(IsPublished(expiry: "2028-02-28", links: "regime:XXX")).ThenRefused(RefusalCode.UnknownRegime);
    }

    [Fact]
    public void A_listing_withdrawn_meanwhile_is_listed_all_the_same_when_the_Council_adopts_it() =>
        Given(IsProposed(), IsDelisted(act: ""), IsAdopted(links: Id)).Stands(ListingState.Adopted);

    [Fact]
    public void What_was_hung_on_a_decision_after_its_adoption_was_never_voted_on()
    {
        var state = Given(IsProposed(decision: D1)).State;
        Assert.Empty(Following.Adopted(state, D1, [], Day("2026-05-04"), Spec.Start.AddSeconds(-1)).Events);
        Assert.Single(Following.Adopted(state, D1, [], Day("2026-05-04"), Spec.Start).Events);
        Assert.Single(Following.Adopted(state, D1, [Id], Day("2026-05-04"), Spec.Start.AddSeconds(-1)).Events);
    }

    [Fact]
    public void A_meeting_that_is_recorded_days_later_adopts_what_was_hung_on_its_decision_meanwhile()
    {
        var given = Given(IsProposed(decision: D1)).At(Spec.Start.AddDays(3));
        var adopted = new DecisionAdopted(D1, "t", "ST 1", "TEU-29", "UNANIMITY", false, Day("2026-05-04"), "MEETING", [], [], [], []);
        given.When(new Step((s, m) => FromDecisions.Follow(s, adopted, m, Spec.Start.AddMinutes(-1), m.Now))).Stands(ListingState.Adopted);
    }

    [Fact]
    public void Nothing_is_hung_on_a_decision_whose_vote_has_ended()
    {
        Given(IsAdopted()).When(IsProposed(decision: D1)).ThenRefused(RefusalCode.DecisionClosed, "decisionId");
        Given(IsAdopted(), IsPublished()).When(IsProposed(decision: D1)).ThenRefused(RefusalCode.DecisionClosed, "decisionId");
        Given(IsNotAdopted()).When(IsProposed(decision: D1)).ThenRefused(RefusalCode.DecisionClosed, "decisionId");
        Given(IsAdopted()).When(IsAdopted()).ThenNothing();

        // An open vote takes it up, and so does one that is not heard of yet.
        Given(VoteOpens()).And(IsProposed(decision: D1), IsAdopted(), IsPublished()).Stands(ListingState.InForce);
        Given(IsAdopted(D2)).And(IsProposed(decision: D1), VoteOpens(), IsAdopted(), IsPublished()).Stands(ListingState.InForce);
    }

    [Fact]
    public void A_listing_enters_the_list_once_and_only_when_it_takes_effect()
    {
        Assert.Equal(0, Given(IsProposed(), VoteOpens(D1, Id), IsAdopted(D1, Id)).Listing().EnteredAt);
        var entered = Given(IsListed()).Listing();
        Assert.Equal(entered.Updated.Position, entered.EnteredAt);
        Assert.Equal(entered.EnteredAt, Given([.. IsListed(), IsNotified(), IsDelisted()]).Listing().EnteredAt);
    }
}
