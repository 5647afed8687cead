using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

/// <summary>
/// The emergency brake of TEU 31(2), second subparagraph: stated reasons stop a qualified-majority vote, the High Representative
/// seeks a solution, and if none is found the Council may refer the matter to the European Council, which decides by unanimity.
/// </summary>
public static class Braking
{
    private const string Article = "TEU 31(2), second subparagraph";

    /// <summary>A member opposes; its reasons must be stated, and before the vote is taken or the period has ended.</summary>
    public static Verdict Invoke(DecisionsState state, string id, string memberState, string reasons, Actor actor, Moment moment)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return Preparing.NotFound(id);
        }
        if (actor.MemberState != memberState)
        {
            return new Refusal(RefusalCode.NotYourMemberState, $"This delegation acts for {actor.MemberState ?? "no member state"}, not for {memberState}.", "memberState", Article);
        }
        if (!file.TakesPart(memberState))
        {
            return new Refusal(RefusalCode.NotParticipating, $"{memberState} does not take part in this item.", "memberState", Article);
        }
        if (!file.Opened.Brake || file.Opened.Rule == Rule.Unanimity)
        {
            return new Refusal(RefusalCode.BrakeNotAvailable, $"{file.Opened.LegalBasis} is not a qualified-majority case of TEU 31(2); a vote against has its own effect.", null, Article);
        }
        if (string.IsNullOrWhiteSpace(reasons))
        {
            return new Refusal(RefusalCode.ReasonsRequired, "The vital reasons of national policy must be stated.", "reasons", Article);
        }
        if (file.PeriodEndedBy(moment.ReceivedAt))
        {
            return new Refusal(RefusalCode.DeadlinePassed, $"The period ended at {file.Round!.Deadline:O}; the brake is used before that.", null, Article);
        }
        return file.InPreparation || file.State == FileState.Voting
            ? new BrakeInvoked(id, memberState, reasons)
            : Preparing.WrongState(file, "The brake is used before a vote is taken.");
    }

    /// <summary>The High Representative reports how mediation ended.</summary>
    public static Verdict Mediate(DecisionsState state, string id, MediationOutcome outcome, string text)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return Preparing.NotFound(id);
        }
        return file is { State: FileState.BrakeInvoked, Referral: null } && file.Brake!.Outcome != MediationOutcome.Failed
            ? new MediationEnded(id, outcome, text)
            : Preparing.WrongState(file, "Mediation ends while the brake is on and no referral is open.");
    }

    /// <summary>Opens the Council's vote on referral, as a file of its own with the same members and majority.</summary>
    public static Verdict Refer(DecisionsState state, string id, string voteId, ImmutableArray<string> absent, ImmutableArray<Proxy> proxies, Moment moment)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return Preparing.NotFound(id);
        }
        if (file is not { State: FileState.BrakeInvoked, Brake.Outcome: MediationOutcome.Failed, Referral: null })
        {
            return Preparing.WrongState(file, "The Council may refer a matter after the brake, once mediation has failed.");
        }
        var vote = file.Opened with
        {
            Id = voteId,
            Title = Linked("Referral to the European Council: ", file),
            Article = Article,
            Brake = false,
            Procedure = Procedure.Meeting,
            Links = [new Link(LinkKind.Decision, id)],
            State = FileState.Council,
            Origin = new Origin(id, ReferralVote: true),
        };
        // The vote is opened by the same rules as any other: let them look at it as if it stood already.
        var stamp = new Stamp(long.MaxValue, "", moment.Now, moment.Now);
        var opened = TakingVotes.Open(state.Evolve(vote, stamp), new OpenVote(voteId, null, absent, proxies), moment);
        return opened.Refusal is { } refusal ? refusal : Verdict.Of([new ReferralOpened(id, voteId), vote, .. opened.Events]);
    }

    /// <summary>What a counted vote on referral means for the file it came from.</summary>
    internal static Verdict Decided(DecisionsState state, VoteClosed closed, string originId, string europeanCouncilId)
    {
        if (!closed.Adopted)
        {
            return Verdict.Of(closed, new ReferralDecided(originId, false, null));
        }
        var origin = state.Files[originId];
        var file = origin.Opened with
        {
            Id = europeanCouncilId,
            Title = Linked("European Council: ", origin),
            Article = Article,
            Institution = Institution.EuropeanCouncil,
            Brake = false,
            Rule = Rule.Unanimity,
            Procedure = Procedure.Meeting,
            Links = [.. origin.Links, new Link(LinkKind.Decision, originId)],
            State = FileState.Council,
            Origin = new Origin(originId, ReferralVote: false),
        };
        return Verdict.Of(closed, new ReferralDecided(originId, true, europeanCouncilId), file);
    }

    private static string Linked(string prefix, Decision file) => prefix + file.Opened.Title;
}
