using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

/// <summary>
/// The end of a vote: closed by the secretariat or by its deadline, counted once, and what follows from the outcome for the
/// file and for the file it was a referral of.
/// </summary>
public static class ClosingVotes
{
    /// <summary>
    /// Closes a vote by hand. A meeting needs its quorum, then every vote of who is present or represented; a written
    /// procedure closes early only when all have replied, and by itself from its deadline on; a silence never closes early.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="id">The file.</param>
    /// <param name="nextId">Id of the European Council's file, should the outcome be a referral.</param>
    /// <param name="moment">The clock; a vote closed by hand ended when the request was received.</param>
    public static Verdict Close(DecisionsState state, string id, string nextId, Moment moment)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return Preparing.NotFound(id);
        }
        if (file.State != FileState.Voting)
        {
            return new Refusal(RefusalCode.VoteNotOpen, $"No vote is open on this file; it is {file.State}.");
        }
        if (file.Opened.Procedure == Procedure.Silence)
        {
            return new Refusal(RefusalCode.DeadlineNotReached, $"A silence procedure ends by itself at {file.Round!.Deadline:O}.", null, "Council Rules of Procedure 12(2)");
        }
        if (file.PeriodEndedBy(moment.ReceivedAt))
        {
            return new Refusal(RefusalCode.DeadlinePassed, $"The period ended at {file.Round!.Deadline:O}; the outcome is drawn by itself once every reply received before that is counted.", null, "Council Rules of Procedure 12");
        }
        if (file.Opened.Procedure == Procedure.Meeting && Present(file).Length < Quorum(file))
        {
            return Drawn(state, file, nextId, moment.ReceivedAt, FileReason.QuorumNotMet);
        }
        var missing = (file.Opened.Procedure == Procedure.Meeting ? Present(file) : file.Opened.Participants).Where(p => !file.Votes.ContainsKey(p)).ToArray();
        return missing.Length > 0
            ? new Refusal(RefusalCode.VotesMissing, $"No vote yet of {string.Join(", ", missing)}.", null, "Council Rules of Procedure 11")
            : Drawn(state, file, nextId, moment.ReceivedAt, null);
    }

    /// <summary>
    /// Ends a written or silence period whose deadline has passed; the deadline is when it happened. Due from the deadline plus
    /// <see cref="DueDates.Settling"/> on; a deadline that was extended since, or a vote that ended otherwise, leaves nothing to do.
    /// </summary>
    public static Verdict Lapse(DecisionsState state, string id, DateTimeOffset deadline, string nextId, Moment moment)
    {
        if (!state.Files.TryGetValue(id, out var file) || file.State != FileState.Voting || file.Round!.Deadline != deadline)
        {
            return Verdict.Nothing;
        }
        return moment.Now < deadline + DueDates.Settling
            ? new Refusal(RefusalCode.DeadlineNotReached, $"The period ends at {deadline:O}.", null, "Council Rules of Procedure 12")
            : Drawn(state, file, nextId, deadline, null);
    }

    /// <summary>Members whose presence or representation makes the quorum, in protocol order.</summary>
    public static ImmutableArray<string> Present(Decision file) => [.. file.Opened.Participants.Where(p => !file.Round!.Absent.Contains(p) || file.IsRepresented(p))];

    /// <summary>Fewest members present: a majority of those entitled to vote in the Council (Rules of Procedure 11(4)), two thirds in the European Council (its Rules of Procedure 6(3)).</summary>
    public static int Quorum(Decision file) => file.Opened.Institution == Institution.EuropeanCouncil
        ? ((file.Opened.Participants.Length * 2) + 2) / 3
        : (file.Opened.Participants.Length / 2) + 1;

    private static Verdict Drawn(DecisionsState state, Decision file, string nextId, DateTimeOffset at, FileReason? instead)
    {
        var silence = file.Opened.Procedure == Procedure.Silence;
        if (state.CountNow(file, silence) is not { } count)
        {
            return Preparing.NoTable(file.Opened.Date);
        }
        count = count with { Quorum = file.Opened.Procedure == Procedure.Meeting ? Quorum(file) : 0 };
        if (instead == FileReason.QuorumNotMet)
        {
            count = count with
            {
                Outcome = Outcome.NotAdopted,
                Reason = ReasonCode.QuorumNotMet,
                Text = $"{Present(file).Length} members are present or represented; a vote needs {Quorum(file)}.",
                Article = file.Opened.Institution == Institution.EuropeanCouncil ? "European Council Rules of Procedure 6(3)" : "Council Rules of Procedure 11(4)",
                BoundBy = [],
                NotObliged = [],
            };
        }
        var adopted = count.Outcome == Outcome.Adopted;
        var reason = adopted && silence ? FileReason.SilenceLapsed : Enum.Parse<FileReason>(count.Reason.ToString());
        ImmutableArray<FinalPosition> positions = [.. file.Opened.Participants.Select(p => file.Votes.TryGetValue(p, out var vote)
            ? new FinalPosition(p, vote.Position, vote.Declaration)
            : new FinalPosition(p, silence ? Position.For : Position.Absent, null))];
        var closed = new VoteClosed(file.Id, adopted, reason, count, positions, DueDates.DayOf(at));

        // A vote on referral decides about the file it came from. Without quorum nothing is decided; the meeting may vote again.
        return file.Opened.Origin is { ReferralVote: true } origin && reason != FileReason.QuorumNotMet
            ? Braking.Decided(state, closed, origin.Id, nextId)
            : closed;
    }
}
