using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

/// <summary>When and where an event was recorded, and by whom.</summary>
public readonly record struct Stamp(long Position, string Actor, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt);

/// <summary>A member's present position.</summary>
/// <param name="MemberState">Whose.</param>
/// <param name="Position">Which.</param>
/// <param name="Declaration">The words given with it.</param>
/// <param name="CastBy">The member that acted under a proxy; null when it voted itself.</param>
/// <param name="ReceivedAt">When the service received it.</param>
/// <param name="RecordedAt">When the journal took it.</param>
/// <param name="JournalPosition">Where it stands in the journal.</param>
/// <param name="Changes">How often the member had another position before.</param>
public sealed record Vote(
    string MemberState, Position Position, string? Declaration, string? CastBy, DateTimeOffset ReceivedAt, DateTimeOffset RecordedAt, long JournalPosition, int Changes);

/// <summary>A late objection, kept as a statement.</summary>
public sealed record Statement(string MemberState, string Text, DateTimeOffset ReceivedAt);

/// <summary>A vote while it is open, and afterwards.</summary>
public sealed record Round(
    DateTimeOffset OpenedAt, DateTimeOffset? Deadline, ImmutableArray<DateTimeOffset> EarlierDeadlines, ImmutableArray<string> Absent, ImmutableArray<Proxy> Proxies,
    DateTimeOffset? ClosedAt, int EarlierRounds);

/// <summary>An emergency brake and its mediation.</summary>
public sealed record Brake(string MemberState, string Reasons, DateTimeOffset InvokedAt, MediationOutcome? Outcome, string? Text);

/// <summary>The way of a matter to the European Council.</summary>
public sealed record Referral(string? VoteId, string? EuropeanCouncilId, string? OriginId);

/// <summary>The act as published, and what later acts did to it.</summary>
public sealed record Act(
    string Number, string OjReference, string Celex, string Eli, DateOnly PublicationDate, DateOnly EffectDate, DateOnly? ExpiryDate,
    ImmutableArray<string> AmendedBy, ImmutableArray<string> RenewedBy, string? RepealedBy, bool TookEffect);

/// <summary>
/// A file: from the first draft to the repeal of the act. An immutable value, folded from its events by <see cref="Evolve"/>;
/// it holds what is true now, the journal holds how it came about.
/// </summary>
public sealed record Decision
{
    public required FileOpened Opened { get; init; }
    public required FileState State { get; init; }
    public required FileReason Reason { get; init; }
    public string ReasonText { get; init; } = "";
    public ImmutableArray<Link> Links { get; init; } = [];
    public Round? Round { get; init; }
    public ImmutableDictionary<string, Vote> Votes { get; init; } = ImmutableDictionary<string, Vote>.Empty;
    public ImmutableArray<Statement> Statements { get; init; } = [];
    public VoteClosed? Outcome { get; init; }
    public Brake? Brake { get; init; }
    public Referral? Referral { get; init; }
    public Act? Act { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long Position { get; init; }

    /// <summary>The file's id.</summary>
    public string Id => Opened.Id;

    /// <summary>The body the file lay with before the vote was opened; where it goes back to when silence is broken.</summary>
    public FileState Body { get; init; }

    /// <summary>True while it is being prepared.</summary>
    public bool InPreparation => State is >= FileState.Draft and <= FileState.Council;

    /// <summary>True when a meeting below its quorum could not decide: the file waits for another vote.</summary>
    public bool LackedQuorum => this is { State: FileState.NotAdopted, Reason: FileReason.QuorumNotMet };

    /// <summary>True when a period has ended by this instant and only its outcome is still to be drawn: whatever is received now is late.</summary>
    public bool PeriodEndedBy(DateTimeOffset instant) => this is { State: FileState.Voting, Round.Deadline: { } deadline } && instant >= deadline;

    /// <summary>True from adoption on, whatever became of the act since.</summary>
    public bool WasAdopted => State is FileState.Adopted or >= FileState.Published;

    /// <summary>True while the published act has effect or will have it.</summary>
    public bool ActIsLive => State is FileState.Published or FileState.InForce or FileState.Amended or FileState.Renewed;

    /// <summary>True when this member state takes part.</summary>
    public bool TakesPart(string memberState) => Opened.Participants.Contains(memberState);

    /// <summary>True when a member absent from the meeting is represented by another.</summary>
    public bool IsRepresented(string memberState) => Round is { } round && round.Proxies.Any(p => p.From == memberState);

    /// <summary>The file after its first event.</summary>
    public static Decision Create(FileOpened e, in Stamp stamp) => new()
    {
        Opened = e,
        State = e.State,
        Body = e.State,
        Reason = FileReason.InPreparation,
        ReasonText = "The file is being prepared.",
        Links = e.Links,
        Referral = e.Origin is { } origin ? new Referral(null, null, origin.Id) : null,
        CreatedAt = stamp.OccurredAt,
        UpdatedAt = stamp.OccurredAt,
        Position = stamp.Position,
    };

    /// <summary>The file after a further event.</summary>
    public Decision Evolve(FileEvent happened, in Stamp stamp) => Change(happened, stamp) with { UpdatedAt = stamp.OccurredAt, Position = stamp.Position };

    private Decision Change(FileEvent happened, in Stamp stamp) => happened switch
    {
        VoteCast e => this with
        {
            Votes = Votes.SetItem(e.MemberState, new Vote(
                e.MemberState, e.Position, e.Declaration, e.CastBy, e.ReceivedAt, stamp.RecordedAt, stamp.Position,
                Votes.TryGetValue(e.MemberState, out var before) ? before.Changes + (before.Position == e.Position ? 0 : 1) : 0)),
        },
        FileAdvanced e => this with { State = e.To, Body = e.To, Reason = FileReason.InPreparation, ReasonText = "The file is being prepared." },
        FileWithdrawn e => this with { State = FileState.Withdrawn, Reason = FileReason.Withdrawn, ReasonText = e.Reason, Round = RoundEnded(stamp) },
        VoteOpened e => this with
        {
            State = FileState.Voting,
            Reason = FileReason.VoteOpen,
            ReasonText = "The vote is open.",
            Votes = ImmutableDictionary<string, Vote>.Empty,
            Outcome = null,
            Round = new Round(stamp.OccurredAt, e.Deadline, [], e.Absent, e.Proxies, null, Round is { } last ? last.EarlierRounds + 1 : 0),
        },
        DeadlineExtended e => this with { Round = Round! with { Deadline = e.To, EarlierDeadlines = Round.EarlierDeadlines.Add(e.From) } },
        LateObjectionStated e => this with { Statements = Statements.Add(new Statement(e.MemberState, e.Text, e.ReceivedAt)) },
        SilenceBroken e => this with
        {
            State = e.BackTo,
            Body = e.BackTo,
            Reason = FileReason.SilenceBroken,
            ReasonText = $"{e.MemberState} objected before the deadline; the file went back to {e.BackTo}.",
            Round = Round! with { ClosedAt = stamp.OccurredAt },
        },
        VoteClosed e => this with
        {
            State = e.Adopted ? FileState.Adopted : FileState.NotAdopted,
            Reason = e.Reason,
            ReasonText = e.Count.Text,
            Outcome = e,
            Round = Round! with { ClosedAt = stamp.OccurredAt },
        },
        BrakeInvoked e => this with
        {
            State = FileState.BrakeInvoked,
            Reason = FileReason.BrakeInvoked,
            ReasonText = $"{e.MemberState} opposes the decision for vital and stated reasons of national policy; no vote is taken.",
            Brake = new Brake(e.MemberState, e.Reasons, stamp.OccurredAt, null, null),
            Round = RoundEnded(stamp),
        },
        MediationEnded e => (this with { Brake = Brake! with { Outcome = e.Outcome, Text = e.Text } }).AfterMediation(e.Outcome),
        ReferralOpened e => this with
        {
            Reason = FileReason.ReferralOpen,
            ReasonText = "The Council votes on referring the matter to the European Council.",
            Referral = new Referral(e.VoteId, null, null),
        },
        ReferralDecided e => this with
        {
            State = e.Referred ? FileState.Referred : FileState.NotAdopted,
            Reason = e.Referred ? FileReason.Referred : FileReason.ReferralNotAdopted,
            ReasonText = e.Referred ? "The Council referred the matter to the European Council for decision by unanimity." : "The Council did not reach a qualified majority for referral.",
            Referral = Referral! with { EuropeanCouncilId = e.EuropeanCouncilId },
        },
        ActPublished e => this with
        {
            State = e.InForce ? FileState.InForce : FileState.Published,
            Reason = e.InForce ? FileReason.InForce : FileReason.Published,
            ReasonText = $"Published as {e.Number}.",
            Act = new Act(e.Number, e.OjReference, e.Celex, e.Eli, e.PublicationDate, e.EffectDate, e.ExpiryDate, [], [], null, e.InForce),
        },
        ActEnteredIntoForce => TakingEffect(),
        ActAmended e => this with
        {
            State = Act!.TookEffect ? FileState.Amended : FileState.Published,
            Reason = FileReason.Amended,
            ReasonText = $"Amended by {e.By}.",
            Act = Act with { AmendedBy = Act.AmendedBy.Add(e.By) },
        },
        ActRenewed e => this with
        {
            State = Act!.TookEffect ? FileState.Renewed : FileState.Published,
            Reason = FileReason.Renewed,
            ReasonText = $"Renewed by {e.By} until {e.ExpiryDate:yyyy-MM-dd}.",
            Act = Act with { RenewedBy = Act.RenewedBy.Add(e.By), ExpiryDate = e.ExpiryDate },
        },
        ActExpired => this with { State = FileState.Expired, Reason = FileReason.Expired, ReasonText = $"Expired after {Act!.ExpiryDate:yyyy-MM-dd}." },
        ActRepealed e => this with { State = FileState.Repealed, Reason = FileReason.Repealed, ReasonText = $"Repealed by {e.By}.", Act = Act! with { RepealedBy = e.By } },
        _ => throw new InvalidOperationException($"No rule for {happened.GetType().Name}."),
    };

    /// <summary>A round that something else than its own end cuts short ends then; one that ended before stays as it was.</summary>
    private Round? RoundEnded(in Stamp stamp) => State == FileState.Voting ? Round! with { ClosedAt = stamp.OccurredAt } : Round;

    /// <summary>The day of effect. An act that was changed before it is what the last change made of it, and in force all the same.</summary>
    private Decision TakingEffect() => Reason switch
    {
        FileReason.Amended => this with { State = FileState.Amended, Act = Act! with { TookEffect = true } },
        FileReason.Renewed => this with { State = FileState.Renewed, Act = Act! with { TookEffect = true } },
        _ => this with { State = FileState.InForce, Reason = FileReason.InForce, ReasonText = $"In force since {Act!.EffectDate:yyyy-MM-dd}.", Act = Act with { TookEffect = true } },
    };

    private Decision AfterMediation(MediationOutcome outcome) => outcome switch
    {
        MediationOutcome.Withdrawn => this with { State = FileState.Withdrawn, Reason = FileReason.Withdrawn, ReasonText = "The proposal was withdrawn in mediation." },
        MediationOutcome.SolutionFound => this with { State = FileState.Council, Body = FileState.Council, Reason = FileReason.SolutionFound, ReasonText = "Mediation found a solution; the file is back on the table." },
        _ => this with { Reason = FileReason.MediationFailed, ReasonText = "Mediation failed; the Council may refer the matter to the European Council." },
    };
}
