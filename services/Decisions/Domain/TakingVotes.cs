using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

/// <summary>The two instants a command knows: when it is decided, and when the service received it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Moment(DateTimeOffset Now, DateTimeOffset ReceivedAt);

/// <summary>Open a vote.</summary>
public sealed record OpenVote(string Id, DateTimeOffset? Deadline, ImmutableArray<string> Absent, ImmutableArray<Proxy> Proxies);

/// <summary>Record a position. <paramref name="OnBehalfOf"/> names the represented member when it is cast under a proxy.</summary>
public sealed record CastVote(string Id, string MemberState, Position Position, string? Declaration, string? OnBehalfOf);

/// <summary>
/// A vote from its opening until just before its end: attendance and proxies, the deadline and its extension, positions and
/// their changes, objections in time and too late.
/// </summary>
public static class TakingVotes
{
    private const string ProxyArticle = "TFEU 239";
    private const string DeclarationArticle = "TEU 31(1), second subparagraph";

    /// <summary>Opens the vote on a file that is prepared, or that a meeting without quorum could not vote on.</summary>
    public static Verdict Open(DecisionsState state, OpenVote command, Moment moment)
    {
        if (!state.Files.TryGetValue(command.Id, out var file))
        {
            return Preparing.NotFound(command.Id);
        }
        if (!file.InPreparation && !file.LackedQuorum)
        {
            return Preparing.WrongState(file, "A vote is opened on a file in preparation.");
        }
        if (state.Reference.ElectorateOn(file.Opened.Date) is null)
        {
            return Preparing.NoTable(file.Opened.Date);
        }
        var meeting = file.Opened.Procedure == Procedure.Meeting;
        if ((meeting ? Attendance(state, file, command) : Period(command, moment)) is { } refusal)
        {
            return refusal;
        }
        // Who is represented is not there in person, whether or not the request says so.
        ImmutableArray<string> absent = [.. file.Opened.Participants.Where(p => command.Absent.Contains(p) || command.Proxies.Any(x => x.From == p))];
        return new VoteOpened(file.Id, meeting ? null : command.Deadline, absent, command.Proxies);
    }

    /// <summary>Extends a written or silence period; only before it ends, and only to a later instant.</summary>
    public static Verdict Extend(DecisionsState state, string id, DateTimeOffset to, Moment moment)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return Preparing.NotFound(id);
        }
        if (file is not { State: FileState.Voting, Round.Deadline: { } deadline })
        {
            return Preparing.WrongState(file, "Only an open written or silence period can be extended.");
        }
        if (moment.ReceivedAt >= deadline)
        {
            return new Refusal(RefusalCode.DeadlinePassed, $"The period ended at {deadline:O}; it can be extended only before that.", "deadline", "Council Rules of Procedure 12(2)");
        }
        return to == deadline ? Verdict.Nothing
            : to > DueDates.LatestDeadline ? TooFar(to)
            : to < deadline ? new Refusal(RefusalCode.DeadlineNotLater, $"The present deadline is {deadline:O}; a new one lies after it.", "deadline", "Council Rules of Procedure 12(2)")
            : new DeadlineExtended(id, deadline, to);
    }

    /// <summary>
    /// Records a position. 1. The member must take part, and the caller act for it. 2. The vote must be open, by the time the
    /// request was received. 3. The position must be one the rule and the procedure know. 4. An objection breaks a silence.
    /// </summary>
    public static Verdict Cast(DecisionsState state, CastVote command, Actor actor, Moment moment)
    {
        if (!state.Files.TryGetValue(command.Id, out var file))
        {
            return Preparing.NotFound(command.Id);
        }

        // 1. Whose vote, and who casts it.
        var member = command.OnBehalfOf ?? command.MemberState;
        foreach (var (code, field) in (ReadOnlySpan<(string, string)>)[(command.MemberState, "memberState"), (member, "onBehalfOf")])
        {
            if (Outside(state, file, code, field) is { } outside)
            {
                return outside;
            }
        }
        if (Caster(file, command, member, actor) is { Refusal: { } refused })
        {
            return refused;
        }
        var castBy = Caster(file, command, member, actor).CastBy;

        // 2. Open, by the time the request was received: a deadline is exclusive.
        var silence = file.Opened.Procedure == Procedure.Silence;
        var late = file.Round?.Deadline is { } deadline && moment.ReceivedAt >= deadline;
        if (late && silence && command.Position == Position.Against && (file.State == FileState.Voting || file.WasAdopted))
        {
            return new LateObjectionStated(file.Id, member, command.Declaration ?? "", moment.ReceivedAt);
        }
        if (file.State != FileState.Voting || late)
        {
            return file.Round is null
                ? new Refusal(RefusalCode.VoteNotOpen, "No vote is open on this file yet.")
                : new Refusal(RefusalCode.VoteClosed, late ? $"The period ended at {file.Round.Deadline:O}." : "The vote is closed.", null, late ? "Council Rules of Procedure 12" : null);
        }
        if (castBy is null && file.Round!.Absent.Contains(member))
        {
            return new Refusal(RefusalCode.MemberAbsent, $"{member} is {(file.IsRepresented(member) ? "represented by another member" : "absent from the meeting")}.", "memberState", "Council Rules of Procedure 4");
        }

        // 3. A position the rule knows.
        if (Unfit(file, command) is { } unfit)
        {
            return unfit;
        }
        var vote = new VoteCast(file.Id, member, command.Position, command.Declaration, castBy, moment.ReceivedAt);

        // 4. An objection in time breaks the silence.
        return silence && command.Position == Position.Against
            ? Verdict.Of(vote, new SilenceBroken(file.Id, member, file.Body is FileState.WorkingParty or FileState.Psc ? FileState.Psc : FileState.Coreper))
            : vote;
    }

    private static Refusal? Outside(DecisionsState state, Decision file, string code, string field) =>
        file.TakesPart(code) ? null
        : state.Reference.MembersOn(file.Opened.Date).Any(m => m.Code == code)
            ? new Refusal(RefusalCode.NotParticipating, $"{code} does not take part in this item.", field, file.Opened.Article)
            : Preparing.UnknownMember(code, file.Opened.Date, field);

    private static (string? CastBy, Refusal? Refusal) Caster(Decision file, CastVote command, string member, Actor actor)
    {
        var caller = actor.MemberState;
        if (caller is null || (caller != command.MemberState && (command.OnBehalfOf is not null || !HoldsProxy(file, caller, member))))
        {
            return (null, new Refusal(
                RefusalCode.NotYourMemberState, $"This delegation acts for {caller ?? "no member state"}, and for a member whose proxy it holds; not for {command.MemberState}.", "memberState", ProxyArticle));
        }
        if (member == caller)
        {
            return (null, null);
        }
        return HoldsProxy(file, caller, member)
            ? (caller, null)
            : (null, new Refusal(RefusalCode.NoProxy, $"{member} has not given its proxy to {caller}.", "onBehalfOf", ProxyArticle));
    }

    private static bool HoldsProxy(Decision file, string holder, string member) => file.Round is { } round && round.Proxies.Contains(new Proxy(member, holder));

    private static Refusal? Unfit(Decision file, CastVote command)
    {
        if (command.Position is Position.Absent or Position.NotParticipating)
        {
            return new Refusal(RefusalCode.PositionNotCastable, $"{command.Position} follows from attendance and participation; it is not cast.", "position");
        }
        if (command.Position != Position.ConstructiveAbstention)
        {
            return null;
        }
        return file.Opened.Rule != Rule.Unanimity
            ? new Refusal(RefusalCode.ConstructiveAbstentionExcluded, "An abstention can be qualified by a declaration only where unanimity is required.", "position", DeclarationArticle)
            : string.IsNullOrWhiteSpace(command.Declaration)
                ? new Refusal(RefusalCode.DeclarationRequired, "A constructive abstention needs a formal declaration.", "declaration", DeclarationArticle)
                : null;
    }

    private static Refusal? Period(OpenVote command, Moment moment) => command switch
    {
        { Deadline: null } => new Refusal(RefusalCode.DeadlineRequired, "A written or silence procedure needs a deadline.", "deadline", "Council Rules of Procedure 12"),
        { Deadline: { } deadline } when deadline <= moment.ReceivedAt => new Refusal(RefusalCode.DeadlineInPast, $"The deadline {deadline:O} is not in the future.", "deadline", "Council Rules of Procedure 12"),
        { Deadline: { } deadline } when deadline > DueDates.LatestDeadline => TooFar(deadline),
        { Proxies.IsEmpty: false } => new Refusal(RefusalCode.InvalidProxy, "Proxies exist at meetings; in writing every member replies itself.", "proxies", "Council Rules of Procedure 11(3)"),
        { Absent.IsEmpty: false } => new Refusal(RefusalCode.InvalidProxy, "Attendance is taken at meetings only.", "attendance", "Council Rules of Procedure 11(4)"),
        _ => null,
    };

    private static Refusal TooFar(DateTimeOffset deadline) =>
        new(RefusalCode.InvalidDates, $"The deadline {deadline:O} lies beyond {DueDates.LatestDeadline:O}.", "deadline");

    private static Refusal? Attendance(DecisionsState state, Decision file, OpenVote command)
    {
        if (command.Deadline is not null)
        {
            return new Refusal(RefusalCode.DeadlineNotReached, "A meeting has no deadline; it is closed.", "deadline", "Council Rules of Procedure 11");
        }
        foreach (var absent in command.Absent)
        {
            if (Outside(state, file, absent, $"attendance.{absent}") is { } outside)
            {
                return outside;
            }
        }
        for (var i = 0; i < command.Proxies.Length; i++)
        {
            var (from, to) = command.Proxies[i];
            var before = command.Proxies.AsSpan(0, i);
            Refusal Invalid(string why, string field) => new(RefusalCode.InvalidProxy, why, $"proxies[{i}].{field}", ProxyArticle);

            foreach (var (code, field) in (ReadOnlySpan<(string, string)>)[(from, "from"), (to, "to")])
            {
                if (Outside(state, file, code, $"proxies[{i}].{field}") is { } outside)
                {
                    return outside;
                }
            }
            if (from == to)
            {
                return Invalid("A member does not represent itself.", "to");
            }
            foreach (var earlier in before)
            {
                if (earlier.To == to)
                {
                    return new Refusal(RefusalCode.SecondProxy, $"{to} already acts for {earlier.From}; a member acts on behalf of not more than one other.", $"proxies[{i}].to", ProxyArticle);
                }
                if (earlier.From == from)
                {
                    return Invalid($"{from} has given its proxy to {earlier.To} already.", "from");
                }
            }
            if (command.Absent.Contains(to) || command.Proxies.Any(p => p.From == to))
            {
                return Invalid($"{to} is not at the meeting itself.", "to");
            }
        }
        return null;
    }
}
