using ExternalAction.Sanctions.Domain;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;
using static ExternalAction.Sanctions.Tests.Subjects.SubjectSteps;

namespace ExternalAction.Sanctions.Tests.Subjects;

/// <summary>A hit that was cleared is left out for one client's one subject, for as long as the listing's names are those that were looked at.</summary>
public sealed class Excluding
{
    [Fact]
    public void An_excluded_hit_is_no_alert_of_that_subject_and_of_no_other()
    {
        var given = Given(IsListed()).And(IsExcluded());
        given.When(IsStored(hits: [Id])).ThenOne<SubjectStored>();
        Assert.Empty(Alerts(given));
        given.And(IsStored("s2", "c2", hits: [Id]), IsStored("s3", client: Rival, hits: [Id]));
        Assert.Equal(["s2:anna"], Alerts(given));
        Assert.Equal(["s3:anna"], Alerts(given, Rival));
    }

    [Fact]
    public void A_subject_is_screened_once_more_when_an_exclusion_was_recorded_or_taken_back_meanwhile()
    {
        var given = Given(IsListed());
        var then = given.State;
        given.And(IsExcluded()).When(IsStoredAsScreened(then, IsStored(hits: [Id]))).ThenRefused(RefusalCode.ImportInProgress);
        then = given.State;
        given.And(IsTakenBack()).When(IsStoredAsScreened(then, IsStored(hits: [Id]))).ThenRefused(RefusalCode.ImportInProgress);
        given.When(IsStored(hits: [Id])).Then(given.ThenOne<SubjectStored>(), Alert(given));
    }

    [Fact]
    public void It_ends_when_the_names_change_and_not_when_something_else_does()
    {
        var given = Given(IsListed()).And(IsExcluded(), IsStored(), IsAmended(Nothing with { Remarks = ["r"] }, AnAct()));
        Assert.True(given.State.Exclusions.ById["e1"].IsInEffect(given.State));
        given.When(Matches(listings: Id)).ThenNothing();
        given.And(IsRenamed("Anna Beispiel"));
        Assert.False(given.State.Exclusions.ById["e1"].IsInEffect(given.State));
        given.When(Matches(listings: Id)).ThenOne<SubjectMatched>();
    }

    [Fact]
    public void It_ends_with_the_listing()
    {
        var given = Given(IsListed()).And(IsExcluded()).And(IsDelisted());
        Assert.False(given.State.Exclusions.ById["e1"].IsInEffect(given.State));
    }

    [Fact]
    public void The_same_again_changes_nothing_and_another_reason_replaces_the_reason()
    {
        var given = Given(IsListed()).And(IsExcluded());
        given.When(IsExcluded(id: "e2")).ThenNothing();
        Assert.Equal("e1", given.When(IsExcluded(id: "e2", reason: "Born elsewhere.")).ThenOne<ExclusionRecorded>().Id);
        Assert.Equal("Born elsewhere.", Assert.Single(given.State.Exclusions.ById).Value.Recorded.Reason);
    }

    [Fact]
    public void What_is_taken_back_is_an_alert_where_the_subject_is_stored()
    {
        var given = Given(IsListed()).And(IsExcluded(), IsStored(hits: [Id])).When(IsTakenBack(matching: Id));
        given.Then(new ExclusionWithdrawn("e1"), Alert(given));
        given.When(IsTakenBack(matching: Id)).ThenNothing();
        Assert.True(given.State.Exclusions.ById["e1"].IsWithdrawn);
        Assert.Equal("e2", given.When(IsExcluded(id: "e2")).ThenOne<ExclusionRecorded>().Id);
    }

    [Fact]
    public void Taken_back_without_a_stored_subject_is_only_that() => Given(IsListed()).And(IsExcluded()).When(IsTakenBack()).Then(new ExclusionWithdrawn("e1"));

    [Fact]
    public void Only_who_recorded_it_takes_it_back() => Given(IsListed()).And(IsExcluded()).When(IsTakenBack(client: Rival)).ThenRefused(RefusalCode.ExclusionNotFound, "id");

    [Fact]
    public void Only_a_hit_that_was_looked_at_is_excluded()
    {
        Given().When(IsExcluded("nobody")).ThenRefused(RefusalCode.ListingNotFound, "listingId");
        Given(IsProposed()).When(IsExcluded()).ThenRefused(RefusalCode.ListingNotFound, "listingId");
        Given(IsListed()).When(IsExcluded(behind: 1)).ThenRefused(RefusalCode.AliasVersionPassed, "aliasVersion");
        Given(IsListed()).And(IsDelisted()).When(IsExcluded()).ThenRefused(RefusalCode.AliasVersionPassed, "aliasVersion");
    }

    [Fact]
    public void A_client_records_a_hundred_thousand_at_most()
    {
        var given = Given(IsListed()).And(Full);
        given.When(IsExcluded(id: "one-more")).ThenRefused(RefusalCode.TooManyExclusions);
        given.When(IsExcluded(id: "first", client: Rival)).ThenOne<ExclusionRecorded>();
    }

    /// <summary>As many as a client may record.</summary>
    internal static Listings.Step Full { get; } = new((_, _) => Verdict.Of(Enumerable.Range(1, Exclusions.Most).Select(i => new ExclusionRecorded($"f{i}", Bank, $"{Bank}/f{i}", Id, 0, "r"))));
}
