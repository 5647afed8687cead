using ExternalAction.Contracts.Events;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using static ExternalAction.Decisions.Tests.Files.Spec;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>Which integration events follow from what happened: "not adopted" is said once, and only when it is final.</summary>
public sealed class WhatOthersLearn
{
    private static Spec AFailedMediation() => Given(AFile(CaseC), Brakes("HU"), MediationEnds(MediationOutcome.Failed));

    [Fact]
    public void A_vote_lost_is_not_adopted_with_everybodys_position()
    {
        var told = Told<DecisionNotAdopted>(Given([AFile(), TheMeetingOpens(), .. AllVote(against: "HU")]), TheVoteCloses());
        Assert.Equal((Id, "VOTES_AGAINST", 27), (told.DecisionId, told.ReasonCode, told.Positions.Count));
    }

    [Fact]
    public void A_meeting_without_quorum_has_decided_nothing()
    {
        var given = Given(AFile(), TheMeetingOpens(absent: string.Join(' ', Seeded.Codes.Take(14))));
        Assert.Equal(new FileChanged(Id), Told<FileChanged>(given, TheVoteCloses()));
        Assert.Equal(Id, Told<DecisionOpened>(given, TheMeetingOpens()).DecisionId);
        given.And(AllVote());
        Assert.Equal(Id, Told<DecisionAdopted>(given, TheVoteCloses()).DecisionId);
    }

    [Fact]
    public void A_file_withdrawn_is_not_adopted_also_when_mediation_ends_so()
    {
        Assert.Equal("WITHDRAWN", Told<DecisionNotAdopted>(Given(AFile()), Withdraws()).ReasonCode);
        Assert.Equal("WITHDRAWN", Told<DecisionNotAdopted>(Given(AFile(CaseC), Brakes("HU")), MediationEnds(MediationOutcome.Withdrawn)).ReasonCode);
        Told<FileChanged>(Given(AFile(CaseC), Brakes("HU")), MediationEnds(MediationOutcome.Failed));
    }

    [Fact]
    public void A_matter_the_Council_does_not_refer_is_not_adopted()
    {
        var given = AFailedMediation().And([TheCouncilRefers(), .. AllVote(against: "DE FR IT HU", id: ReferralVote)]);
        Assert.Contains(given.When(TheVoteCloses(ReferralVote)).Learned(), e => e is DecisionNotAdopted { DecisionId: Id, ReasonCode: "REFERRAL_NOT_ADOPTED" });
    }

    [Fact]
    public void A_renewal_recorded_late_is_told_after_the_expiry()
    {
        var end = Utc("2025-07-31T22:00:00Z");
        var given = Given(Adopted()).At(Utc("2025-06-03T12:00:00Z")).And(IsPublished(expiry: "2025-07-31"), Adopted("later")).At(Utc("2025-08-05T10:00:00Z"));
        Assert.Equal("EXPIRED", Told<ActChanged>(given, DayBegins(end)).State);
        var renewed = Told<ActChanged>(given, IsRenewed("later", "2026-01-31"));
        Assert.Equal(("RENEWED", "later", Day("2026-01-31")), (renewed.State, renewed.By, renewed.ExpiryDate));
    }

    private static T Told<T>(Spec given, Step step) => Assert.IsType<T>(Assert.Single(given.When(step).Learned()));
}
