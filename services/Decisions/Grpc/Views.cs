using System.Globalization;
using ExternalAction.Decisions.Domain;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.WellKnownTypes;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>
/// A file as the contract shows it. A reader sees adopted and later acts with outcome and votes; who prepares, votes or audits
/// sees everything. The table of fields and roles is docs/roles.md, and a test holds this file to it.
/// </summary>
internal static class Views
{
    /// <summary>The whole file, as far as the caller may see it.</summary>
    public static Proto.Decision Of(Decision file, bool reader)
    {
        var view = Head(file);
        view.Participants.Add(file.Opened.Participants);
        view.NotParticipating.Add(file.Opened.NotParticipating.Select(o => new Proto.NotParticipating { MemberState = o.MemberState, Reason = o.Reason }));
        view.Links.Add(file.Links.Select(l => new Proto.Link { Kind = Names.Map<LinkKind, Proto.LinkKind.Types.Value>(l.Kind), Id = l.Id }));
        view.Votes.Add(file.Opened.Participants.Where(file.Votes.ContainsKey).Select(p => Of(file.Votes[p], reader)));
        view.Outcome = file.Outcome is { } closed ? Tallies.Of(closed.Count, file.Position) : null;
        if (file.Referral is { } referral)
        {
            view.Referral = new Proto.Referral { VoteId = referral.VoteId ?? "", EuropeanCouncilId = referral.EuropeanCouncilId ?? "", OriginId = referral.OriginId ?? "" };
        }
        if (reader)
        {
            return view;
        }
        view.Voting = file.Round is { } round ? Of(round) : null;
        view.Statements.Add(file.Statements.Select(s => new Proto.Statement { MemberState = s.MemberState, Text = s.Text, ReceivedAt = Timestamp.FromDateTimeOffset(s.ReceivedAt) }));
        view.Brake = file.Brake is { } brake ? Of(brake) : null;
        return view;
    }

    /// <summary>The file's head: what it is and where it stands, without lists and votes.</summary>
    public static Proto.Decision Head(Decision file) => new()
    {
        Id = file.Id,
        Title = file.Opened.Title,
        DocumentNumber = file.Opened.DocumentNumber,
        LegalBasis = file.Opened.LegalBasis,
        Article = file.Opened.Article,
        Institution = Names.Map<Institution, Proto.Institution.Types.Value>(file.Opened.Institution),
        Initiative = Names.Map<Initiative, Proto.Initiative.Types.Value>(file.Opened.Initiative),
        ProposedBy = file.Opened.ProposedBy ?? "",
        MilitaryOrDefence = file.Opened.MilitaryOrDefence,
        Procedure = Names.Map<Procedure, Proto.Procedure.Types.Value>(file.Opened.Procedure),
        Date = Day(file.Opened.Date),
        Rule = Names.Map<Domain.Voting.Rule, Proto.Rule.Types.Value>(file.Opened.Rule),
        State = Names.Map<FileState, Proto.State.Types.Value>(file.State),
        ReasonCode = Names.Map<FileReason, Proto.ReasonCode.Types.Value>(file.Reason),
        Reason = file.ReasonText,
        Act = file.Act is { } act ? Of(act, file.Outcome!) : null,
        CreatedAt = Timestamp.FromDateTimeOffset(file.CreatedAt),
        UpdatedAt = Timestamp.FromDateTimeOffset(file.UpdatedAt),
        Position = file.Position,
    };

    /// <summary>A member's position; a reader sees what was voted, not when and through whom.</summary>
    public static Proto.Vote Of(Vote vote, bool reader)
    {
        var view = new Proto.Vote
        {
            MemberState = vote.MemberState,
            Position = Names.Map<Domain.Voting.Position, Proto.Position.Types.Value>(vote.Position),
            Declaration = vote.Declaration ?? "",
        };
        if (!reader)
        {
            view.CastBy = vote.CastBy ?? "";
            view.ReceivedAt = Timestamp.FromDateTimeOffset(vote.ReceivedAt);
            view.RecordedAt = Timestamp.FromDateTimeOffset(vote.RecordedAt);
            view.PositionInJournal = vote.JournalPosition;
            view.Changes = vote.Changes;
        }
        return view;
    }

    /// <summary>A day as YYYY-MM-DD.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A day as YYYY-MM-DD; empty when there is none.</summary>
    public static string Day(DateOnly? day) => day is { } given ? Day(given) : "";

    private static Proto.Voting Of(Round round)
    {
        var view = new Proto.Voting
        {
            OpenedAt = Timestamp.FromDateTimeOffset(round.OpenedAt),
            Deadline = round.Deadline is { } deadline ? Timestamp.FromDateTimeOffset(deadline) : null,
            ClosedAt = round.ClosedAt is { } closed ? Timestamp.FromDateTimeOffset(closed) : null,
            EarlierRounds = round.EarlierRounds,
        };
        view.EarlierDeadlines.Add(round.EarlierDeadlines.Select(Timestamp.FromDateTimeOffset));
        view.Absent.Add(round.Absent);
        view.Proxies.Add(round.Proxies.Select(p => new Proto.Proxy { From = p.From, To = p.To }));
        return view;
    }

    private static Proto.Brake Of(Brake brake) => new()
    {
        MemberState = brake.MemberState,
        Reasons = brake.Reasons,
        InvokedAt = Timestamp.FromDateTimeOffset(brake.InvokedAt),
        Outcome = brake.Outcome is { } outcome ? Names.Map<MediationOutcome, Proto.MediationOutcome.Types.Value>(outcome) : Proto.MediationOutcome.Types.Value.Unspecified,
        Text = brake.Text ?? "",
    };

    private static Proto.Act Of(Act act, VoteClosed outcome)
    {
        var view = new Proto.Act
        {
            Number = act.Number,
            OjReference = act.OjReference,
            Celex = act.Celex,
            Eli = act.Eli,
            AdoptionDate = Day(outcome.Day),
            PublicationDate = Day(act.PublicationDate),
            EffectDate = Day(act.EffectDate),
            ExpiryDate = Day(act.ExpiryDate),
            RepealedBy = act.RepealedBy ?? "",
        };
        view.AmendedBy.Add(act.AmendedBy);
        view.RenewedBy.Add(act.RenewedBy);
        return view;
    }
}
