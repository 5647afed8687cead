using ExternalAction.Contracts.Events;
using ExternalAction.Sanctions.Domain;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>Which integration events follow from what happened. They are asked for after the fact, and must say what was true then.</summary>
public sealed class WhatOthersLearn
{
    [Fact]
    public void Each_step_tells_the_state_it_led_to()
    {
        var given = Given();
        Assert.Equal("PROPOSED", Told<ListingChanged>(given, IsProposed()).State);
        Assert.Equal((null, D1), Decided(Told<ListingChanged>(given, VoteOpens(links: Id))));
        Assert.Equal(("ADOPTED", D1), Decided(Told<ListingChanged>(given, IsAdopted(links: Id))));
        Assert.Equal(("PUBLISHED", D1), Decided(Told<ListingChanged>(given, IsPublished(effect: "2026-05-20", links: Id))));
        given.On("2026-05-20");
        Assert.Equal(("IN_FORCE", null), Decided(Told<ListingChanged>(given, DayComes())));
        Assert.Null(Told<ListingChanged>(given, IsNotified()).State);
        Assert.Equal(("DELISTED", "eu", "BLR"), Told<ListingChanged>(given, IsDelisted()) is var told ? (told.State, told.List, told.Regime) : default);
        Assert.Equal("ANNULLED", Told<ListingChanged>(Given(IsListed()), IsDelisted(DelistingReason.Annulment)).State);
        Assert.Equal("LAPSED", Told<ListingChanged>(Given(IsListed()), Becomes("REPEALED", links: Id)).State);
        Assert.Equal("NOT_ADOPTED", Told<ListingChanged>(Given(IsProposed()), IsNotAdopted(links: Id)).State);
    }

    [Fact]
    public void What_is_told_again_later_is_told_as_it_was()
    {
        var given = Given(IsProposed()).When(IsAdopted(links: Id));
        var happened = given.ThenOne<ListingAdopted>();
        var atOnce = Integration.Of(given.State, happened);
        given.And(IsPublished(links: Id), IsDelisted());
        Assert.Equal(atOnce, Integration.Of(given.State, happened));
    }

    [Fact]
    public void An_import_is_told_once_at_its_end()
    {
        var told = Told<Contracts.Events.ListImported>(Given(), FileArrives(added: Entries(3)));
        Assert.Equal(("eu", 3, 0, 0), (told.List, told.Added, told.Amended, told.Removed));
    }

    [Fact]
    public void Regimes_are_told_by_code_when_renewed_and_at_large_when_imported()
    {
        Assert.Equal("BLR", Told<RegimeChanged>(Given(), IsPublished(expiry: "2028-02-28", links: "regime:BLR")).Regime);
        Assert.Null(Told<RegimeChanged>(Given(), RegimesAre(Belarus with { Title = "B" })).Regime);
        Assert.Equal(90, Told<RegimeExpiryApproached>(Given(), new Step((s, _) => Regimes.Approach(s, "BLR", Day("2027-02-28"), 90))).DaysBefore);
    }

    private static (string? State, string? DecisionId) Decided(ListingChanged told) => (told.State, told.DecisionId);

    private static T Told<T>(Spec given, Step step) => Assert.IsType<T>(Assert.Single(given.When(step).Learned()));
}
