using ExternalAction.Contracts.Events;
using ExternalAction.Sanctions.Domain;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;
using static ExternalAction.Sanctions.Tests.Subjects.SubjectSteps;

namespace ExternalAction.Sanctions.Tests.Subjects;

/// <summary>What is new is told once, whoever finds it and how often; and how far the lists were compared is known exactly.</summary>
public sealed class RescreeningSubjects
{
    [Fact]
    public void A_match_is_an_alert_once()
    {
        var given = Given(IsStored()).And(IsListed()).When(Matches(listings: Id));
        given.Then(Alert(given));
        given.When(Matches(listings: Id)).ThenNothing();
    }

    [Fact]
    public void Many_subjects_in_one_command_are_each_what_they_are_alone()
    {
        var given = Given(IsStored(), IsStored("s2", "c2"), IsStored("s3", "c3")).And(IsListed()).And(Matches("s2", listings: Id));
        var positions = given.State.Subjects.ById.ToDictionary(s => s.Key, s => s.Value.Position);
        given.And(IsDeleted("s3")).When(MatchesOfMany(positions, Id)).Then(Alert(given));
        Assert.Equal(["s2:anna", "s1:anna"], Alerts(given));
    }

    [Fact]
    public void It_is_an_alert_again_when_the_names_changed_and_not_when_something_else_did()
    {
        var given = Given(IsListed()).And(IsStored(hits: [Id]), IsAmended(Nothing with { Remarks = ["r"] }, AnAct()));
        given.When(Matches(listings: Id)).ThenNothing();
        given.And(IsRenamed("Anna Beispiel")).When(Matches(listings: Id));
        given.Then(Alert(given));
    }

    [Fact]
    public void What_was_replaced_or_deleted_while_it_was_compared_has_no_alert()
    {
        var given = Given(IsStored());
        var compared = given.State.Subjects.ById["s1"].Position;
        given.And(IsListed()).And(IsStored(content: "y")).When(Matches("s1", compared, Id)).ThenNothing();
        given.And(IsDeleted()).When(Matches("s1", compared, Id)).ThenNothing();
    }

    [Fact]
    public void How_far_a_list_was_compared_only_grows()
    {
        var given = Given(IsStored());
        var before = given.State.Lists["eu"].Position;
        Assert.Equal(before, given.State.Subjects.Progress["eu"].Position);
        given.And(IsListed());
        given.When(AllAreRescreened()).Then(new SubjectsRescreened("eu", given.State.Lists["eu"].Position, 1, 0));
        given.When(AllAreRescreened()).ThenNothing();
        given.When(AllAreRescreened(upTo: before)).ThenNothing();
        Assert.Equal(given.State.Lists["eu"].Position, given.State.Subjects.Progress["eu"].Position);
    }

    [Fact]
    public void Without_subjects_nothing_is_behind_and_the_first_one_begins_where_it_was_screened()
    {
        var given = Given(IsStored(lists: "eu")).And(IsDeleted()).And(IsListed());
        given.When(AllAreRescreened()).ThenNothing();
        given.And(IsStored("s2", lists: "eu"));
        Assert.Equal(new Rescreened(given.State.Lists["eu"].Position, 1), given.State.Subjects.Progress["eu"]);
        Assert.DoesNotContain("un", given.State.Subjects.Progress);
    }

    [Fact]
    public void Others_learn_of_a_match_and_not_of_whom()
    {
        var given = Given(IsListed()).And(IsStored(hits: [Id]));
        var told = Assert.IsType<Contracts.Events.SubjectMatched>(Assert.Single(Integration.Of(given.State, Alert(given))));
        Assert.Equal(("s1", Bank, Id, $"eu-{given.State.Lists["eu"].Position}", "0.9000", "ALERT"), (told.SubjectId, told.Client, told.ListingId, told.ListVersion, told.Score, told.Band));
        Assert.Empty(given.When(IsStored("s2", "c2")).Learned());
        Assert.Empty(given.When(IsDeleted()).Learned());
        // It is told later, too, when the subject is gone.
        Assert.Equal([told], Integration.Of(given.State, new Domain.SubjectMatched("s1", Bank, Id, "eu", given.State.Lists["eu"].Position, 0, 0.9m, Domain.Screening.ScreeningBand.Alert, "")));
    }
}
