using System.Collections.Immutable;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.Decisions.Tests.Reference;
using FsCheck;
using FsCheck.Fluent;
using static ExternalAction.Decisions.Tests.Files.Steps;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>A command of a random life: it comes a while after the one before, and may be decided a little later than it is received.</summary>
/// <param name="Words">What it is, for the reader of a failure.</param>
/// <param name="Choose">The command itself; some depend on how things stand when they come.</param>
/// <param name="Later">How long after the one before it is received.</param>
/// <param name="DecidedAfter">How long it waits.</param>
public sealed record Command(string Words, Func<DecisionsState, Moment, Step> Choose, TimeSpan Later, TimeSpan DecidedAfter)
{
    internal static Command Of(string words, Step step) => new(words, (_, _) => step, default, default);

    public override string ToString() => $"+{Later} {Words}";
}

/// <summary>Commands in any order, sensible or not, on a few files.</summary>
public sealed record Life(ImmutableArray<Command> Commands)
{
    public override string ToString() => string.Join(Environment.NewLine, Commands);
}

/// <summary>
/// How FsCheck makes lives. Nothing is filtered: most commands come at a wrong time and are refused, and what sensibly comes next
/// comes often enough that every state is reached (a test sees to that).
/// </summary>
public static class RandomLives
{
    /// <summary>Every life begins with the product's reference data and one adopted decision that may change the acts to come.</summary>
    public static readonly DecisionsState Beginning = Spec.Given(Adopted("another")).State;

    public static Arbitrary<Life> Lives() => Arb.From(
        from basis in Gen.Elements("TEU-31-1", "TEU-31-2-C", "TEU-31-2-C")
        from procedure in Gen.Elements(Enum.GetValues<Procedure>())
        from commands in Gen.ArrayOf(Commands, 50)
        select new Life([Command.Of($"open a under {basis} as {procedure}", AFile(basis, procedure, id: "a")), .. commands]),
        life => Enumerable.Range(0, life.Commands.Length).Select(i => new Life(life.Commands.RemoveAt(i))));

    // File a is busier than b; what a referral makes of either is named after it.
    private static readonly Gen<string> Ids = Gen.Frequency(
        (10, Gen.Constant("a")), (4, Gen.Constant("b")), (3, Gen.Constant("a-vote")), (2, Gen.Constant("a-ec")), (1, Gen.Constant("nowhere")));

    private static readonly Gen<string> Others = Gen.Elements("another", "another", "another", "a", "b", "nowhere");

    private static readonly Gen<string> Members = Gen.Elements("FR", "HU", "SK", "IE", "MT", "DK", "XX");

    private static readonly Gen<TimeSpan> Whiles = Gen.Frequency(
        (6, Gen.Constant(TimeSpan.Zero)), (2, Gen.Constant(TimeSpan.FromSeconds(5))), (2, Gen.Constant(TimeSpan.FromHours(1))), (2, Gen.Constant(TimeSpan.FromHours(20))), (1, Gen.Constant(TimeSpan.FromDays(40))));

    private static readonly Gen<Command> Moves = Gen.Frequency(
        (5, from id in Gen.Elements("a", "b")
            from basis in Gen.Elements("TEU-31-1", "TEU-31-2-C", "TEU-31-2-C", "TEU-31-5", "TEU-31-3", "TEU-99")
            from procedure in Gen.Elements(Procedure.Meeting, Procedure.Meeting, Procedure.Written, Procedure.Silence)
            from initiative in Gen.Elements(Initiative.HighRepresentative, Initiative.HighRepresentative, Initiative.MemberState)
            from military in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            from outside in Gen.Elements("", "", "HU", "DK XX", "DK HU")
            from date in Gen.Elements("2025-06-01", "2025-06-01", "2022-06-30", "2019-01-01", "9999-12-31")
            from caller in Actors
            select Command.Of($"open {id} {basis} {procedure} {initiative} military:{military} without {outside} on {date} by {caller}", AFile(basis, procedure, initiative, military, date, outside, @by: caller, id: id))),
        (4, from id in Ids
            from to in Gen.Elements([FileState.WorkingParty, FileState.Psc, FileState.Coreper, FileState.Council, .. Enum.GetValues<FileState>()])
            select Command.Of($"advance {id} to {to}", new Step((s, _) => Preparing.Advance(s, id, to)))),
        (1, from id in Ids
            from caller in Actors
            select Command.Of($"withdraw {id} by {caller}", Withdraws(caller, id))),
        (8, from id in Ids
            from absent in Gen.Elements("", "", "", "MT", "XX", string.Join(' ', Seeded.Codes.Take(20)))
            from proxies in Gen.Elements("", "", "HU>SK", "HU>SK CY>SK")
            select Command.Of($"meeting of {id} without {absent} proxies {proxies}", TheMeetingOpens(absent, proxies, id))),
        (8, from id in Ids
            from length in Spans
            select Command.Of($"period of {id} for {length}", new Step((s, m) => TakingVotes.Open(s, new OpenVote(id, After(m, length), [], []), m)))),
        (6, from id in Ids
            from length in Spans
            select Command.Of($"extend {id} by {length}", new Step((s, m) => TakingVotes.Extend(s, id, After(m, length) ?? m.ReceivedAt, m)))),
        (8, from id in Ids
            from member in Members
            from other in Gen.Elements<string?>(null, null, "HU", "SK")
            from position in Gen.Elements(Enum.GetValues<Position>())
            from words in Gen.Elements<string?>(null, "", "Words.")
            from caller in Members
            from own in Gen.Elements(true, true, false)
            select Command.Of($"{member} for {other} votes {position} '{words}' in {id}", Votes(member, position, words, other, own ? Delegation(member) : Delegation(caller), id))),
        (10, from id in Ids
             from against in Gen.Elements("", "", "HU", "DE FR IT HU")
             select Command.Of($"all vote in {id}, against: {against}", EverybodyVotes(id, against))),
        (10, from id in Ids
             select Command.Of($"close {id}", Closes(id))),
        (10, from id in Ids
             select new Command($"time passes for {id}", (state, _) => Time(state, id), default, default)),
        (30, from id in Ids
             select new Command($"go on with {id}", (state, moment) => GoOn(state, moment, id), default, default)),
        (4, from id in Ids
            from member in Members
            from reasons in Gen.Elements("", "Vital reasons.", "Vital reasons.")
            select Command.Of($"{member} brakes {id} for '{reasons}'", Brakes(member, reasons, id: id))),
        (4, from id in Ids
            from outcome in Gen.Elements(MediationOutcome.Withdrawn, MediationOutcome.SolutionFound, MediationOutcome.Failed, MediationOutcome.Failed, MediationOutcome.Failed)
            select Command.Of($"mediation of {id} ends with {outcome}", MediationEnds(outcome, id))),
        (4, from id in Ids
            select Command.Of($"refer {id}", Refers(id))),
        (6, from id in Ids
            from number in Gen.Elements("(CFSP) 2025/1", "(CFSP) 2025/2", "2025/3")
            from effect in Gen.Elements(0, 1, 30)
            from expiry in Gen.Elements<int?>(null, 0, 60, int.MaxValue)
            select Command.Of($"publish {id} as {number}, effect in {effect} days, expiry in {expiry}", Publication(id, number, effect, expiry))),
        (6, from id in Ids from other in Others select Command.Of($"{other} amends {id}", IsAmended(other, id))),
        (6, from id in Ids from other in Others from last in Gen.Elements("2025-01-01", "2027-01-01", "9999-12-31") select Command.Of($"{other} renews {id} until {last}", IsRenewed(other, last, id))),
        (3, from id in Ids from other in Others select Command.Of($"{other} repeals {id}", IsRepealed(other, id))),
        (2, Imports));

    private static Gen<Actor> Actors => Gen.Elements(Secretariat, Secretariat, Secretariat, HighRepresentative, Delegation("FR"), new Actor(["delegation"], null));

    private static Gen<TimeSpan?> Spans => Gen.Elements<TimeSpan?>(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1), TimeSpan.MaxValue);

    private static Gen<Command> Imports => Gen.Elements(
        Command.Of("import a table of 2020", new Step((s, _) => Importing.Populations(s, new PopulationsImported(Seeded.Populations2020)))),
        Command.Of("Hungary is suspended", new Step((s, _) => Importing.OptOuts(s, new OptOutsImported(Day("2025-01-01"), "A decision", [new OptOutRecord("HU", "*", OptOutScope.All, "Suspended.", Day("2025-01-01"), null, "A decision")])))),
        Command.Of("Hungary was never there", new Step((s, _) => Importing.MemberStates(s, Hungary(Day("2024-01-01"))))),
        Command.Of("Hungary is there", new Step((s, _) => Importing.MemberStates(s, Hungary(null)))),
        Command.Of("TEU-31-5 ends", new Step((s, _) => Importing.LegalBases(s, Seeded.LegalBases with { Records = [Seeded.LegalBases.Records.Single(b => b.Id == "TEU-31-5") with { ValidTo = Day("2025-01-01") }] }))));

    private static readonly Gen<Command> Commands =
        from move in Moves
        from later in Whiles
        from decidedAfter in Gen.Elements(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(2))
        select move with { Later = later, DecidedAfter = decidedAfter };

    /// <summary>What the clock would submit for a file now.</summary>
    private static Step Time(DecisionsState state, string id) => state.Files.TryGetValue(id, out var file) && DueDates.Next(file) is { } due
        ? due.Kind == DueKind.Deadline
            ? new((s, m) => ClosingVotes.Lapse(s, id, due.At, EuropeanCouncil(id), m), due.At)
            : new((s, m) => Publishing.Pass(s, id, due.At, m), due.At)
        : Withdraws(Delegation("XX"), id);

    /// <summary>What would sensibly come next.</summary>
    private static Step GoOn(DecisionsState state, Moment moment, string id) => state.Files.GetValueOrDefault(id) switch
    {
        { InPreparation: true, Opened.Procedure: Procedure.Meeting } => TheMeetingOpens(id: id),
        { InPreparation: true } => ThePeriodOpens(moment.ReceivedAt.AddHours(1), id),
        { State: FileState.Voting } file when file.Votes.Count < file.Opened.Participants.Length => EverybodyVotes(id, ""),
        { State: FileState.Voting, Opened.Procedure: not Procedure.Silence } => Closes(id),
        { State: FileState.BrakeInvoked, Brake.Outcome: null } => MediationEnds(MediationOutcome.Failed, id),
        { State: FileState.BrakeInvoked } => Refers(id),
        { State: FileState.Adopted } => Publication(id, "(CFSP) 2025/4", 1, 60),
        _ => Time(state, id),
    };

    private static Step Closes(string id) => new((s, m) => ClosingVotes.Close(s, id, EuropeanCouncil(id), m));

    private static Step Refers(string id) => new((s, m) => Braking.Refer(s, id, id + "-vote", [], [], m));

    private static string EuropeanCouncil(string id) => id.Split('-')[0] + "-ec";

    private static Step EverybodyVotes(string id, string against) => new((state, moment) =>
    {
        DecisionsEvent[] votes = !state.Files.TryGetValue(id, out var file) ? [] :
        [
            .. file.Opened.Participants.SelectMany(m => TakingVotes.Cast(
                state, new CastVote(id, m, against.Contains(m, StringComparison.Ordinal) ? Position.Against : Position.For, null, null), Delegation(m), moment).Events),
        ];
        // Whoever came after the first objection found the silence broken.
        var end = Array.FindIndex(votes, e => e is SilenceBroken);
        return Verdict.Of(end < 0 ? votes : votes[..(end + 1)]);
    });

    private static Step Publication(string id, string number, int effect, int? expiry) => new((state, moment) =>
    {
        var today = DueDates.DayOf(moment.ReceivedAt);
        DateOnly? last = expiry is { } days ? days == int.MaxValue ? DateOnly.MaxValue : today.AddDays(days) : null;
        return Publishing.Publish(state, new PublishAct(id, number, "", "", "", today, today.AddDays(effect), last), moment);
    });

    private static MemberStatesImported Hungary(DateOnly? last) =>
        new(Day("2025-01-01"), "Import", [Seeded.MemberStates.Records.Single(m => m.Code == "HU") with { WithdrawalDate = last }]);

    private static DateTimeOffset? After(Moment moment, TimeSpan? span) =>
        span is not { } length ? null : length == TimeSpan.MaxValue ? DateTimeOffset.MaxValue : moment.ReceivedAt + length;
}
