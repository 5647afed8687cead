using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using static ExternalAction.Decisions.Tests.Voting.MemberTables;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>Short words for every command on a file. Unless told otherwise: file <c>file</c>, proposed by the High Representative under TEU 31(1), dated 1 June 2025, put in by the secretariat.</summary>
internal static class Steps
{
    public const string Id = "file";
    public const string NextId = "european-council";
    public const string ReferralVote = "referral-vote";

    public const string Unanimity = "TEU-31-1";

    /// <summary>Qualified majority with the brake: a decision implementing another (case c).</summary>
    public const string CaseC = "TEU-31-2-C";

    /// <summary>12:00 in Brussels on Monday 2 June 2025, the morning after <see cref="Spec.Start"/>.</summary>
    public static readonly DateTimeOffset Noon = new(2025, 6, 2, 10, 0, 0, TimeSpan.Zero);

    /// <summary>When the outcome of a period until <see cref="Noon"/> is drawn.</summary>
    public static readonly DateTimeOffset NoonSettled = Noon + DueDates.Settling;

    public static readonly Actor Secretariat = new(["secretariat"], null);
    public static readonly Actor HighRepresentative = new(["high-representative"], null);

    public static Actor Delegation(string memberState) => new(["delegation"], memberState);

    public static Step AFile(
        string legalBasis = Unanimity, Procedure procedure = Procedure.Meeting, Initiative initiative = Initiative.HighRepresentative, bool military = false, string date = "2025-06-01",
        string outside = "", string? proposedBy = null, Actor? by = null, string id = Id) =>
        new((state, _) => Preparing.Open(
            state,
            new OpenFile(id, $"Title of {id}", "ST/6395/2025/INIT", legalBasis, initiative, proposedBy, military, procedure, Day(date), [.. Codes(outside).Select(c => new Outsider(c, "Outside."))], []),
            by ?? Secretariat));

    public static Step Advances(FileState to) => new((state, _) => Preparing.Advance(state, Id, to));

    public static Step Withdraws(Actor? by = null, string id = Id) => new((state, moment) => Preparing.Withdraw(state, id, "No longer needed.", by ?? Secretariat, moment));

    /// <summary>Opens a meeting's vote; proxies read <c>"HU>SK"</c>: Hungary is represented by Slovakia.</summary>
    public static Step TheMeetingOpens(string absent = "", string proxies = "", string id = Id) =>
        new((state, moment) => TakingVotes.Open(state, new OpenVote(id, null, [.. Codes(absent)], Proxies(proxies)), moment));

    /// <summary>Opens a written or silence procedure.</summary>
    public static Step ThePeriodOpens(DateTimeOffset? until, string id = Id) =>
        new((state, moment) => TakingVotes.Open(state, new OpenVote(id, until, [], []), moment));

    public static Step IsExtended(DateTimeOffset to) => new((state, moment) => TakingVotes.Extend(state, Id, to, moment));

    /// <summary>A member takes a position, through its own delegation unless told otherwise.</summary>
    public static Step Votes(string memberState, Position position, string? words = null, string? onBehalfOf = null, Actor? by = null, string id = Id) =>
        new((state, moment) => TakingVotes.Cast(state, new CastVote(id, memberState, position, words, onBehalfOf), by ?? Delegation(memberState), moment));

    /// <summary>Everyone present votes for, except those named; who holds a proxy votes for both.</summary>
    public static Step TheOthersVoteFor(string except = "", string id = Id) => new((state, moment) =>
    {
        var file = state.Files[id];
        return Verdict.Of([.. file.Opened.Participants.Except(Codes(except)).Where(m => !file.Round!.Absent.Contains(m) || file.IsRepresented(m)).SelectMany(member =>
        {
            var voter = file.Round!.Proxies.FirstOrDefault(p => p.From == member)?.To ?? member;
            return TakingVotes.Cast(state, new CastVote(id, member, Position.For, null, null), Delegation(voter), moment).Events;
        })]);
    });

    /// <summary>These vote against, the others for.</summary>
    public static Step[] AllVote(string against = "", string id = Id) => [.. Codes(against).Select(m => Votes(m, Position.Against, id: id)), TheOthersVoteFor(except: against, id: id)];

    public static Step TheVoteCloses(string id = Id) => new((state, moment) => ClosingVotes.Close(state, id, NextId, moment));

    /// <summary>The clock says that a period has ended; that happened at the deadline.</summary>
    public static Step TimeEnds(DateTimeOffset deadline, string id = Id) => new((state, moment) => ClosingVotes.Lapse(state, id, deadline, NextId, moment), deadline);

    public static Step Brakes(string memberState, string reasons = "Vital reasons.", Actor? by = null, string id = Id) =>
        new((state, moment) => Braking.Invoke(state, id, memberState, reasons, by ?? Delegation(memberState), moment));

    public static Step MediationEnds(MediationOutcome outcome, string id = Id) => new((state, _) => Braking.Mediate(state, id, outcome, "What was found."));

    public static Step TheCouncilRefers(string absent = "", string proxies = "", string id = Id) =>
        new((state, moment) => Braking.Refer(state, id, ReferralVote, [.. Codes(absent)], Proxies(proxies), moment));

    public static Step IsPublished(string number = "(CFSP) 2025/1100", string publication = "2025-06-02", string effect = "2025-06-02", string? expiry = null, string id = Id) =>
        new((state, moment) => Publishing.Publish(
            state, new PublishAct(id, number, "OJ L, 2025/1100, 2.6.2025", "32025D1100", "http://data.europa.eu/eli/dec/2025/1100/oj", Day(publication), Day(effect), expiry is null ? null : Day(expiry)), moment));

    public static Step IsAmended(string by, string id = Id) => new((state, _) => Publishing.Amend(state, id, by));

    public static Step IsRenewed(string by, string expiry, string id = Id) => new((state, _) => Publishing.Renew(state, id, by, Day(expiry)));

    public static Step IsRepealed(string by, string id = Id) => new((state, _) => Publishing.Repeal(state, id, by));

    /// <summary>The clock says that a day has begun for the act; that happened when it began.</summary>
    public static Step DayBegins(DateTimeOffset due, string id = Id) => new((state, moment) => Publishing.Pass(state, id, due, moment), due);

    /// <summary>A file adopted by silence on 2 June 2025 and nothing else: the shortest way to an adopted decision.</summary>
    public static Step Adopted(string id = Id) => new((state, moment) =>
    {
        // The clock of the test stands still meanwhile: this is about what comes after.
        var (at, events) = (moment.ReceivedAt, ImmutableArray.CreateBuilder<DecisionsEvent>());
        foreach (var step in (Step[])[AFile(procedure: Procedure.Silence, id: id), ThePeriodOpens(at.AddMinutes(1), id), TimeEnds(at.AddMinutes(1), id)])
        {
            var verdict = step.Decide(state, new Moment(step.OccurredAt is { } past ? past + DueDates.Settling : at, at));
            Assert.Null(verdict.Refusal);
            foreach (var happened in verdict.Events)
            {
                events.Add(happened);
                state = state.Evolve(happened, new Stamp(1, "test", step.OccurredAt ?? at, at));
            }
        }
        return new Verdict(events.ToImmutable(), null);
    });

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static ImmutableArray<Proxy> Proxies(string text) => [.. Codes(text).Select(p => new Proxy(p[..2], p[3..]))];
}
