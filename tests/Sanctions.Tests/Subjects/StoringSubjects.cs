using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Tests.Listings;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;
using static ExternalAction.Sanctions.Tests.Subjects.SubjectSteps;

namespace ExternalAction.Sanctions.Tests.Subjects;

/// <summary>A subject is stored once, screened always, and gone when it is deleted.</summary>
public sealed class StoringSubjects
{
    [Fact]
    public void A_subject_is_stored_with_the_alerts_of_its_first_screening()
    {
        var given = Given(IsListed()).When(IsStored(hits: [Id]));
        given.Then(given.ThenOne<SubjectStored>(), Alert(given));
        Assert.Equal(["s1:anna"], Alerts(given));
    }

    [Fact]
    public void The_same_again_changes_nothing() => Given(IsListed()).And(IsStored(hits: [Id])).When(IsStored(hits: [Id])).ThenNothing();

    [Fact]
    public void The_same_again_is_not_screened_again_when_the_list_has_changed() => Given(IsStored()).And(IsListed()).When(IsStored(hits: [Id])).ThenNothing();

    [Fact]
    public void What_is_stored_already_or_has_no_room_is_known_before_it_is_screened()
    {
        var given = Given(IsListed()).And(IsStored(hits: [Id]));
        var wanted = (SubjectStored)IsStored(id: "s2", reference: "c2").Decide(given.State, default).Events[0];
        Assert.Null(Domain.Subjects.Foresee(given.State, wanted));
        Assert.Equal(Verdict.Nothing, Domain.Subjects.Foresee(given.State, wanted with { Id = "", ReferenceHash = $"{Bank}/c1", Ciphertext = "" }));
        Assert.Null(Domain.Subjects.Foresee(given.State, wanted with { ReferenceHash = $"{Bank}/c1", Threshold = 0.5m }));
        Assert.Null(Domain.Subjects.Foresee(given.State, wanted with { ReferenceHash = $"{Bank}/c1", Screened = [new ListVersion(SanctionsState.Eu, 0)] }));
    }

    [Fact]
    public void Other_content_replaces_it_under_its_id_and_its_alerts_begin_anew()
    {
        var given = Given(IsListed()).And(IsStored(hits: [Id]), IsStored("s2", "c2")).When(IsStored(content: "y", hits: [Id]));
        given.Then(given.ThenOne<SubjectStored>(), Alert(given));
        Assert.Equal(["s1:anna"], Alerts(given));
        Assert.Equal(["s1", "s2"], given.State.Subjects.Of(Bank).Subjects.Values);
        Assert.Equal(2, given.State.Subjects.Progress["eu"].Subjects);
    }

    [Fact]
    public void Two_requests_at_once_make_one_subject() => Given(IsStored()).When(IsStored("s2", content: "y")).ThenRefused(RefusalCode.ImportInProgress);

    [Fact]
    public void The_same_words_of_two_clients_are_two_subjects()
    {
        var given = Given(IsStored(), IsStored("s2", client: Rival));
        Assert.Equal(["s1"], given.State.Subjects.Of(Bank).Subjects.Values);
        Assert.Equal(["s2"], given.State.Subjects.Of(Rival).Subjects.Values);
    }

    [Fact]
    public void A_subject_screened_on_a_list_that_changed_meanwhile_is_screened_once_more() =>
        Given(IsListed()).When(IsStored(behind: 1)).ThenRefused(RefusalCode.ImportInProgress);

    [Fact]
    public void A_client_has_room_for_a_hundred_thousand_and_can_still_replace_one()
    {
        var given = Given(Full);
        given.When(IsStored("one-more", "one-more")).ThenRefused(RefusalCode.TooManySubjects);
        given.When(IsStored("s7", "c7", "y")).ThenOne<SubjectStored>();
        given.And(IsDeleted("s8")).When(IsStored("one-more", "one-more")).ThenOne<SubjectStored>();
        given.When(IsStored("first", client: Rival)).ThenOne<SubjectStored>();
    }

    [Fact]
    public void What_is_deleted_is_deleted_for_good()
    {
        var given = Given(IsListed()).And(IsStored(hits: [Id])).When(IsDeleted()).Then(new SubjectDeleted("s1"));
        Assert.Empty(Alerts(given));
        Assert.Null(given.State.Subjects.Of(Bank, "s1"));
        given.When(IsDeleted()).ThenNothing();
        given.When(IsDeleted(client: Rival)).ThenRefused(RefusalCode.SubjectNotFound, "id");
        given.When(IsStored()).ThenRefused(RefusalCode.ImportInProgress);
        given.When(IsStored("s2", hits: [Id])).ThenOne<SubjectMatched>();
    }

    [Fact]
    public void Another_clients_subject_is_like_one_that_never_was()
    {
        var given = Given(IsStored());
        Assert.Equal(Refused(given, IsDeleted("s1", Rival), "s1"), Refused(given, IsDeleted("s9", Rival), "s9"));
        Assert.NotNull(given.State.Subjects.Of(Bank, "s1"));
    }

    /// <summary>As many as a client may have.</summary>
    internal static Step Full { get; } = new((s, _) => Verdict.Of(Enumerable.Range(1, Domain.Subjects.Most).Select(i =>
        new SubjectStored($"s{i}", Bank, $"{Bank}/c{i}", "x", "Ag", "onboarding@1", 0.4m, [new ListVersion(SanctionsState.Eu, s.Lists[SanctionsState.Eu].Position)]))));

    private static string Refused(Spec given, Step step, string id)
    {
        given.When(step).ThenRefused(RefusalCode.SubjectNotFound, "id");
        return step.Decide(given.State, default).Refusal!.Detail.Replace(id, "…", StringComparison.Ordinal);
    }
}
