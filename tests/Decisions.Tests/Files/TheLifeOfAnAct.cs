using ExternalAction.Decisions.Domain;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>An adopted act: published under its number, in force, amended, renewed, expired, repealed. Days begin in Brussels.</summary>
public sealed class TheLifeOfAnAct
{
    // Adopted on 1 June 2025.
    private static Spec AnAdoptedDecision() => Given(Adopted(Id));

    private static Spec AnActInForce(string? expiry = null) => AnAdoptedDecision().At(Utc("2025-06-03T12:00:00Z")).And(IsPublished(expiry: expiry), Adopted("later"));

    [Theory]
    [InlineData("(CFSP) 2024/890")]
    [InlineData("(CFSP) 2015/1")]
    [InlineData("(CFSP) 2026/345")]
    [InlineData("(EU) 2021/1923")]
    [InlineData("(EU, Euratom) 2019/2209")]
    [InlineData("(CSFP) 2023/2682")]
    [InlineData("2014/145/CFSP")]
    [InlineData("2009/937/EU")]
    public void Every_real_form_of_an_act_number_is_accepted(string number) =>
        Assert.Equal(number, AnAdoptedDecision().When(IsPublished(number)).ThenOne<ActPublished>().Number);

    [Theory]
    [InlineData("")]
    [InlineData("2024/890")]
    [InlineData("CFSP 2024/890")]
    [InlineData("(CFSP) 2024-890")]
    [InlineData("(CFSP) 24/890")]
    [InlineData("(CFSP) 2024/")]
    [InlineData("(CFSP) 2024/123456")]
    [InlineData("(cfsp) 2024/890")]
    [InlineData(" (CFSP) 2024/890")]
    [InlineData("(CFSP) 2024/890 ")]
    [InlineData("(CFSP) 2024/890\n")]
    [InlineData("(CFSP) 2024/٨٩٠")]
    [InlineData("(CFSP) 3024/890")]
    [InlineData("2014/145/CSFP")]
    [InlineData("32024D0890")]
    [InlineData("OJ L, 2024/890, 19.3.2024")]
    public void Anything_else_is_no_act_number(string number) =>
        AnAdoptedDecision().When(IsPublished(number)).ThenRefused(RefusalCode.InvalidActNumber, "actNumber");

    [Fact]
    public void A_number_belongs_to_one_decision()
    {
        var given = AnAdoptedDecision().And(IsPublished(), Adopted("second"));
        given.When(IsPublished(id: "second")).ThenRefused(RefusalCode.ActNumberTaken, "actNumber");
        given.When(IsPublished("(CFSP) 2025/1101", id: "second")).ThenOne<ActPublished>();
    }

    [Theory]
    [InlineData("(CSFP) 2023/2682", "(CFSP) 2023/2682")]
    [InlineData("(CFSP) 2023/2682", "(CSFP) 2023/2682")]
    [InlineData("(EU) 2021/1923", "(CFSP) 2021/1923")]
    [InlineData("2014/145/CFSP", "(CFSP) 2014/145")]
    [InlineData("(CFSP) 2024/890", "(CFSP) 2024/0890")]
    public void Year_and_number_are_the_act_however_it_is_printed(string first, string second)
    {
        var given = AnAdoptedDecision().And(IsPublished(first), Adopted("second"));
        given.When(IsPublished(second, id: "second")).ThenRefused(RefusalCode.ActNumberTaken, "actNumber");
        Assert.Equal(first, given.File().Act!.Number);
    }

    [Theory]
    [InlineData("(CFSP) 2023/2682", "(CFSP) 2024/2682")]
    [InlineData("(CFSP) 2023/2682", "(CFSP) 2023/268")]
    public void Another_year_or_number_is_another_act(string first, string second) =>
        AnAdoptedDecision().And(IsPublished(first), Adopted("second")).When(IsPublished(second, id: "second")).ThenOne<ActPublished>();

    [Fact]
    public void Publication_keeps_every_number_and_all_three_dates()
    {
        var given = AnAdoptedDecision().When(IsPublished(publication: "2025-06-03", effect: "2025-06-02", expiry: "2026-06-01")).Then(new ActPublished(
            Id, "(CFSP) 2025/1100", "OJ L, 2025/1100, 2.6.2025", "32025D1100", "http://data.europa.eu/eli/dec/2025/1100/oj", Day("2025-06-03"), Day("2025-06-02"), Day("2026-06-01"), InForce: false));
        Assert.Equal(Day("2025-06-01"), given.File().Outcome!.Day);
        given.Stands(FileState.Published, FileReason.Published);
    }

    [Fact]
    public void An_act_whose_day_has_come_is_in_force_as_soon_as_it_is_published() =>
        AnActInForce().Stands(FileState.InForce, FileReason.InForce);

    [Fact]
    public void Only_an_adopted_decision_is_published_and_only_once()
    {
        Given(AFile()).When(IsPublished()).ThenRefused(RefusalCode.WrongState);
        AnActInForce().When(IsPublished("(CFSP) 2025/1200")).ThenRefused(RefusalCode.WrongState);
        Given([AFile(), TheMeetingOpens(), .. AllVote(against: "HU"), TheVoteCloses()]).When(IsPublished()).ThenRefused(RefusalCode.WrongState);
    }

    [Theory]
    [InlineData("2025-05-31", "2025-06-02", null, "publicationDate")]
    [InlineData("2025-06-02", "2025-05-31", null, "effectDate")]
    [InlineData("2025-06-02", "2025-06-02", "2025-06-01", "expiryDate")]
    public void Dates_follow_each_other(string publication, string effect, string? expiry, string field) =>
        AnAdoptedDecision().When(IsPublished(publication: publication, effect: effect, expiry: expiry)).ThenRefused(RefusalCode.InvalidDates, field);

    [Fact]
    public void Publication_effect_and_expiry_may_fall_on_the_day_of_adoption() =>
        AnAdoptedDecision().When(IsPublished(publication: "2025-06-01", effect: "2025-06-01", expiry: "2025-06-01")).ThenOne<ActPublished>();

    // Brussels is two hours ahead of UTC in summer and one in winter; the clock changes on 30 March and 26 October 2025.
    [Theory]
    [InlineData("2025-06-10", "2025-06-09T22:00:00Z")]
    [InlineData("2025-10-26", "2025-10-25T22:00:00Z")]
    [InlineData("2025-10-27", "2025-10-26T23:00:00Z")]
    [InlineData("2026-03-29", "2026-03-28T23:00:00Z")]
    [InlineData("2026-03-30", "2026-03-29T22:00:00Z")]
    public void An_act_takes_effect_when_the_day_begins_in_Brussels(string effect, string instant)
    {
        var at = Utc(instant);
        var given = AnAdoptedDecision().And(IsPublished(effect: effect));
        Assert.Equal(new Due(DueKind.Effect, at), DueDates.Next(given.File()));
        given.At(at.AddTicks(-1)).When(DayBegins(at)).ThenRefused(RefusalCode.DeadlineNotReached).Stands(FileState.Published, FileReason.Published);
        given.At(at).When(DayBegins(at)).Then(new ActEnteredIntoForce(Id)).Stands(FileState.InForce, FileReason.InForce);
    }

    [Theory]
    [InlineData("2025-07-31", "2025-07-31T22:00:00Z")]
    [InlineData("2025-10-25", "2025-10-25T22:00:00Z")]
    [InlineData("2025-10-26", "2025-10-26T23:00:00Z")]
    [InlineData("2026-03-28", "2026-03-28T23:00:00Z")]
    [InlineData("2026-03-29", "2026-03-29T22:00:00Z")]
    public void An_act_applies_until_the_end_of_its_last_day_in_Brussels(string expiry, string instant)
    {
        var at = Utc(instant);
        var given = AnActInForce(expiry);
        Assert.Equal(new Due(DueKind.Expiry, at), DueDates.Next(given.File()));
        given.At(at.AddTicks(-1)).When(DayBegins(at)).ThenRefused(RefusalCode.DeadlineNotReached);
        given.At(at).When(DayBegins(at)).Then(new ActExpired(Id)).Stands(FileState.Expired, FileReason.Expired);
        Assert.Null(DueDates.Next(given.File()));
    }

    [Fact]
    public void An_act_that_took_effect_and_expired_while_the_service_was_down_does_both_in_order()
    {
        var (effect, end) = (Utc("2025-06-09T22:00:00Z"), Utc("2025-06-30T22:00:00Z"));
        var given = AnAdoptedDecision().And(IsPublished(effect: "2025-06-10", expiry: "2025-06-30")).At(Utc("2026-01-01T00:00:00Z"));
        given.When(DayBegins(end)).ThenNothing();
        given.When(DayBegins(effect)).ThenOne<ActEnteredIntoForce>();
        given.When(DayBegins(end)).ThenOne<ActExpired>();
    }

    [Fact]
    public void The_same_day_begins_once() =>
        AnAdoptedDecision().And(IsPublished(effect: "2025-06-10")).At(Utc("2025-06-10T10:00:00Z")).And(DayBegins(Utc("2025-06-09T22:00:00Z")))
            .When(DayBegins(Utc("2025-06-09T22:00:00Z"))).ThenNothing();

    [Fact]
    public void An_act_without_a_last_day_is_never_due() =>
        Assert.Null(DueDates.Next(AnActInForce().File()));

    [Fact]
    public void The_last_day_of_the_calendar_means_no_end() =>
        Assert.Null(DueDates.Next(AnActInForce(expiry: "9999-12-31").File()));

    [Fact]
    public void A_later_decision_amends_the_act_once()
    {
        var given = AnActInForce().When(IsAmended("later")).Then(new ActAmended(Id, "later")).Stands(FileState.Amended, FileReason.Amended);
        given.When(IsAmended("later")).ThenNothing();
        Assert.Equal<string>(["later"], given.File().Act!.AmendedBy);
    }

    [Fact]
    public void A_later_decision_renews_the_act_to_a_later_day()
    {
        var given = AnActInForce(expiry: "2025-07-31").When(IsRenewed("later", "2026-01-31")).Then(new ActRenewed(Id, "later", Day("2026-01-31"))).Stands(FileState.Renewed, FileReason.Renewed);
        Assert.Equal(new Due(DueKind.Expiry, Utc("2026-01-31T23:00:00Z")), DueDates.Next(given.File()));
        given.At(Utc("2025-07-31T22:00:00Z")).When(DayBegins(Utc("2025-07-31T22:00:00Z"))).ThenNothing().Stands(FileState.Renewed, FileReason.Renewed);
    }

    [Theory]
    [InlineData("2025-07-31", "2025-07-31")]
    [InlineData("2025-07-31", "2025-07-30")]
    [InlineData(null, "2025-06-01")]
    public void A_renewal_never_shortens(string? expiry, string renewed) =>
        AnActInForce(expiry).When(IsRenewed("later", renewed)).ThenRefused(RefusalCode.InvalidDates, "expiryDate");

    [Fact]
    public void A_later_decision_repeals_the_act_for_good()
    {
        var given = AnActInForce(expiry: "2025-07-31").When(IsRepealed("later")).Then(new ActRepealed(Id, "later")).Stands(FileState.Repealed, FileReason.Repealed);
        Assert.Null(DueDates.Next(given.File()));
        given.When(IsRepealed("later")).ThenRefused(RefusalCode.WrongState);
        given.When(IsAmended("later")).ThenRefused(RefusalCode.WrongState);
        given.When(IsRenewed("later", "2026-01-31")).ThenRefused(RefusalCode.WrongState);
    }

    [Theory]
    [InlineData(Id)]
    [InlineData("nothing")]
    [InlineData("draft")]
    public void Only_another_adopted_decision_changes_an_act(string by)
    {
        var given = AnActInForce().And(AFile(id: "draft"));
        given.When(IsAmended(by)).ThenRefused(RefusalCode.InvalidAmendingAct, "by");
        given.When(IsRenewed(by, "2026-01-31")).ThenRefused(RefusalCode.InvalidAmendingAct, "by");
        given.When(IsRepealed(by)).ThenRefused(RefusalCode.InvalidAmendingAct, "by");
    }

    [Fact]
    public void An_act_changed_before_its_day_still_takes_effect_on_it()
    {
        var (effect, end) = (Utc("2025-06-09T22:00:00Z"), Utc("2025-12-31T23:00:00Z"));
        var given = AnAdoptedDecision().And(IsPublished(effect: "2025-06-10", expiry: "2025-06-30"), Adopted("later"));
        given.When(IsAmended("later")).ThenOne<ActAmended>();
        given.Stands(FileState.Published, FileReason.Amended);
        given.When(IsRenewed("later", "2025-12-31")).ThenOne<ActRenewed>();
        given.Stands(FileState.Published, FileReason.Renewed);
        Assert.Equal(new Due(DueKind.Effect, effect), DueDates.Next(given.File()));
        given.At(effect).When(DayBegins(effect)).Then(new ActEnteredIntoForce(Id)).Stands(FileState.Renewed, FileReason.Renewed);
        Assert.Equal(new Due(DueKind.Expiry, end), DueDates.Next(given.File()));
        given.At(end).When(DayBegins(end)).Then(new ActExpired(Id));
    }

    [Fact]
    public void An_act_repealed_before_its_day_never_takes_effect()
    {
        var given = AnAdoptedDecision().And(IsPublished(effect: "2025-06-10"), Adopted("later"), IsRepealed("later"));
        Assert.Null(DueDates.Next(given.File()));
        given.At(Utc("2025-06-10T10:00:00Z")).When(DayBegins(Utc("2025-06-09T22:00:00Z"))).ThenNothing().Stands(FileState.Repealed, FileReason.Repealed);
    }

    [Fact]
    public void A_renewal_adopted_in_time_may_be_recorded_after_the_act_has_expired()
    {
        var (end, newEnd) = (Utc("2025-07-31T22:00:00Z"), Utc("2026-01-31T23:00:00Z"));
        var given = AnActInForce(expiry: "2025-07-31").At(Utc("2025-08-05T10:00:00Z")).And(DayBegins(end)).Stands(FileState.Expired, FileReason.Expired);
        given.When(IsRenewed("later", "2026-01-31")).Then(new ActRenewed(Id, "later", Day("2026-01-31"))).Stands(FileState.Renewed, FileReason.Renewed);
        Assert.Equal(new Due(DueKind.Expiry, newEnd), DueDates.Next(given.File()));
        given.At(newEnd).When(DayBegins(newEnd)).Then(new ActExpired(Id));
    }

    [Fact]
    public void A_decision_adopted_after_the_last_day_renews_nothing()
    {
        var given = AnActInForce(expiry: "2025-07-31").At(Utc("2025-08-05T10:00:00Z")).And(DayBegins(Utc("2025-07-31T22:00:00Z")), Adopted("too-late"));
        given.When(IsRenewed("too-late", "2026-01-31")).ThenRefused(RefusalCode.InvalidAmendingAct, "by").Stands(FileState.Expired, FileReason.Expired);
        given.When(IsAmended("later")).ThenRefused(RefusalCode.WrongState);
        given.When(IsRepealed("later")).ThenRefused(RefusalCode.WrongState);
    }

    [Fact]
    public void Only_a_published_act_is_changed() =>
        AnAdoptedDecision().And(Adopted("later")).When(IsAmended("later")).ThenRefused(RefusalCode.WrongState);

    [Fact]
    public void An_amended_and_renewed_act_still_expires() =>
        AnActInForce(expiry: "2025-07-31").And(IsAmended("later"), IsRenewed("later", "2025-08-31"), IsAmended("later")).At(Utc("2025-09-01T00:00:00Z"))
            .When(DayBegins(Utc("2025-08-31T22:00:00Z"))).Then(new ActExpired(Id));
}
