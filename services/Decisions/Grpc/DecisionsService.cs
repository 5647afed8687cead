using System.Collections.Immutable;
using ExternalAction.Decisions.Domain;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>
/// The commands on a file: each checks the request's form, hands it to one function of the domain, and answers with the file
/// as it then is. No rule stands here.
/// </summary>
internal sealed partial class DecisionsService(Journal<DecisionsState, DecisionsEvent> journal, Commands commands, Receipts receipts, TimeProvider clock) : Proto.Decisions.DecisionsBase
{
    private const int LongText = 10_000;
    private const int MembersMax = 64;

    /// <inheritdoc/>
    public override Task<Proto.Decision> CreateDecision(Proto.CreateDecisionRequest request, ServerCallContext context)
    {
        var actor = ActorOf(context);
        var command = new OpenFile(
            Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"),
            Form.Text(request.Title, "title", 500, required: true),
            Form.Text(request.DocumentNumber, "documentNumber", 64),
            Form.Text(request.LegalBasis, "legalBasis", 64, required: true),
            Names.Read<Proto.Initiative.Types.Value, Initiative>(request.Initiative, "initiative"),
            request.ProposedBy.Length == 0 ? null : Form.MemberState(request.ProposedBy, "proposedBy"),
            request.MilitaryOrDefence,
            Names.Read<Proto.Procedure.Types.Value, Procedure>(request.Procedure, "procedure"),
            Form.Day(request.Date, "date", DueDates.DayOf(clock.GetUtcNow())),
            [.. Form.List(request.NotParticipating, "notParticipating", MembersMax).Select((o, i) => new Outsider(
                Form.MemberState(o.MemberState, $"notParticipating[{i}].memberState"), Form.Text(o.Reason, $"notParticipating[{i}].reason", 500, required: true)))],
            [.. Form.List(request.Links, "links", 100).Select((l, i) => new Link(
                Names.Read<Proto.LinkKind.Types.Value, LinkKind>(l.Kind, $"links[{i}].kind"), Form.Text(l.Id, $"links[{i}].id", 128, required: true)))]);
        return FileAsync(context, request, command.Id, (state, _) => Preparing.Open(state, command, actor));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> AdvanceDecision(Proto.AdvanceDecisionRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var to = Names.Read<Proto.State.Types.Value, FileState>(request.To, "to");
        return FileAsync(context, request, id, (state, _) => Preparing.Advance(state, id, to));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> WithdrawDecision(Proto.WithdrawDecisionRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var reason = Form.Text(request.Reason, "reason", 2_000, required: true);
        var actor = ActorOf(context);
        return FileAsync(context, request, id, (state, moment) => Preparing.Withdraw(state, id, reason, actor, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> OpenVote(Proto.OpenVoteRequest request, ServerCallContext context)
    {
        var (absent, proxies) = Attendance(request.Attendance, request.Proxies);
        var command = new OpenVote(Form.Id(request.Id), Form.Instant(request.Deadline, "deadline"), absent, proxies);
        return FileAsync(context, request, command.Id, (state, moment) => TakingVotes.Open(state, command, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> ExtendDeadline(Proto.ExtendDeadlineRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var to = Form.Instant(request.Deadline, "deadline") ?? throw FormErrors.Required("deadline");
        return FileAsync(context, request, id, (state, moment) => TakingVotes.Extend(state, id, to, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.RecordVoteReply> RecordVote(Proto.RecordVoteRequest request, ServerCallContext context)
    {
        var actor = ActorOf(context);
        var command = new CastVote(
            Form.Id(request.Id),
            Form.MemberState(request.MemberState, "memberState"),
            Names.Read<Proto.Position.Types.Value, Domain.Voting.Position>(request.Position, "position"),
            Form.Text(request.Declaration, "declaration", LongText) is { Length: > 0 } words ? words : null,
            request.OnBehalfOf.Length == 0 ? null : Form.MemberState(request.OnBehalfOf, "onBehalfOf"));
        return commands.ExecuteAsync(
            context,
            request,
            (state, moment) => TakingVotes.Cast(state, command, actor, moment),
            (state, rows) => receipts.Of(state.Files[command.Id], rows[0]));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> CloseVote(Proto.CloseVoteRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var nextId = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        return FileAsync(context, request, id, (state, moment) => ClosingVotes.Close(state, id, nextId, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> InvokeBrake(Proto.InvokeBrakeRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var member = Form.MemberState(request.MemberState, "memberState");
        var reasons = Form.Text(request.Reasons, "reasons", LongText);
        var actor = ActorOf(context);
        return FileAsync(context, request, id, (state, moment) => Braking.Invoke(state, id, member, reasons, actor, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> RecordMediation(Proto.RecordMediationRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var outcome = Names.Read<Proto.MediationOutcome.Types.Value, MediationOutcome>(request.Outcome, "outcome");
        var text = Form.Text(request.Text, "text", LongText);
        return FileAsync(context, request, id, (state, _) => Braking.Mediate(state, id, outcome, text));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> ReferDecision(Proto.ReferDecisionRequest request, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var (absent, proxies) = Attendance(request.Attendance, request.Proxies);
        var voteId = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        return FileAsync(context, request, id, (state, moment) => Braking.Refer(state, id, voteId, absent, proxies, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> PublishAct(Proto.PublishActRequest request, ServerCallContext context)
    {
        var command = new PublishAct(
            Form.Id(request.Id),
            Form.Text(request.ActNumber, "actNumber", 64, required: true),
            Form.Text(request.OjReference, "ojReference", 100),
            Form.Text(request.Celex, "celex", 32),
            Form.Text(request.Eli, "eli", 200),
            Form.Day(request.PublicationDate, "publicationDate"),
            Form.Day(request.EffectDate, "effectDate"),
            Form.DayOrNull(request.ExpiryDate, "expiryDate"));
        return FileAsync(context, request, command.Id, (state, moment) => Publishing.Publish(state, command, moment));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> AmendAct(Proto.AmendActRequest request, ServerCallContext context)
    {
        var (id, by) = (Form.Id(request.Id), Form.Id(request.By, "by"));
        return FileAsync(context, request, id, (state, _) => Publishing.Amend(state, id, by));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> RenewAct(Proto.RenewActRequest request, ServerCallContext context)
    {
        var (id, by) = (Form.Id(request.Id), Form.Id(request.By, "by"));
        var expiry = Form.Day(request.ExpiryDate, "expiryDate");
        return FileAsync(context, request, id, (state, _) => Publishing.Renew(state, id, by, expiry));
    }

    /// <inheritdoc/>
    public override Task<Proto.Decision> RepealAct(Proto.RepealActRequest request, ServerCallContext context)
    {
        var (id, by) = (Form.Id(request.Id), Form.Id(request.By, "by"));
        return FileAsync(context, request, id, (state, _) => Publishing.Repeal(state, id, by));
    }

    private Task<Proto.Decision> FileAsync(ServerCallContext context, IMessage request, string id, Func<DecisionsState, Moment, Verdict> decide) =>
        commands.ExecuteAsync(context, request, decide, (state, _) => Views.Of(state.Files[id], reader: false));

    private static (ImmutableArray<string> Absent, ImmutableArray<Proxy> Proxies) Attendance(
        Google.Protobuf.Collections.MapField<string, Proto.Attendance.Types.Value> attendance, Google.Protobuf.Collections.RepeatedField<Proto.Proxy> proxies)
    {
        if (attendance.Count > MembersMax)
        {
            throw FormErrors.TooMany("attendance", MembersMax, attendance.Count);
        }
        foreach (var (member, value) in attendance)
        {
            if (value is not (Proto.Attendance.Types.Value.Present or Proto.Attendance.Types.Value.Absent))
            {
                throw FormErrors.Invalid($"attendance.{member}", "PRESENT or ABSENT.");
            }
        }
        return (
            [.. attendance.Where(a => a.Value == Proto.Attendance.Types.Value.Absent).Select(a => Form.MemberState(a.Key, "attendance")).Distinct()],
            [.. Form.List(proxies, "proxies", MembersMax).Select((p, i) => new Proxy(Form.MemberState(p.From, $"proxies[{i}].from"), Form.MemberState(p.To, $"proxies[{i}].to")))]);
    }

    private static Actor ActorOf(ServerCallContext context)
    {
        var caller = context.Caller();
        return new Actor([.. caller.Roles], caller.MemberState);
    }
}
