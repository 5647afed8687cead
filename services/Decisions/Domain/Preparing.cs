using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain;

/// <summary>Who acts, as far as the rules ask: which roles, and for which member state.</summary>
public sealed record Actor(ImmutableArray<string> Roles, string? MemberState)
{
    public bool Is(string role) => Roles.Contains(role);
}

/// <summary>Open a file.</summary>
public sealed record OpenFile(
    string Id, string Title, string DocumentNumber, string LegalBasis, Initiative Initiative, string? ProposedBy, bool MilitaryOrDefence, Procedure Procedure, DateOnly Date,
    ImmutableArray<Outsider> NotParticipating, ImmutableArray<Link> Links);

/// <summary>
/// A file before its vote: opened under the rule that legal basis, initiative, military flag and date select, led through
/// the preparatory bodies, or withdrawn.
/// </summary>
public static class Preparing
{
    private const string MilitaryArticle = "TEU 31(4)";

    /// <summary>
    /// Opens a file. 1. The legal basis must exist on the day and allow the initiative. 2. Qualified majority is excluded for
    /// military or defence matters. 3. The members of the day, without opt-outs and those named, take part. 4. A table must
    /// be there to count with. 5. The rule follows. A file that is open already stays as it is.
    /// </summary>
    public static Verdict Open(DecisionsState state, OpenFile command, Actor actor)
    {
        if (state.Files.ContainsKey(command.Id))
        {
            return Verdict.Nothing;
        }
        var reference = state.Reference;

        // 1. Legal basis and initiative.
        if (reference.LegalBasisOn(command.LegalBasis, command.Date) is not { } basis)
        {
            return new Refusal(RefusalCode.UnknownLegalBasis, $"'{command.LegalBasis}' is no legal basis on {command.Date:yyyy-MM-dd}; GET /v1/legalBases lists them.", "legalBasis");
        }
        if (!basis.Initiatives.Contains(command.Initiative))
        {
            return new Refusal(
                RefusalCode.InitiativeNotAllowed, $"{basis.Id} does not provide for an initiative of {command.Initiative}; it provides for {string.Join(", ", basis.Initiatives)}.", "initiative", basis.Article);
        }

        // 2. Military or defence implications.
        if (command.MilitaryOrDefence && basis.MilitaryExcluded)
        {
            return new Refusal(
                RefusalCode.QualifiedMajorityExcluded,
                $"{basis.Article} does not apply to decisions with military or defence implications ({MilitaryArticle}); choose a legal basis under unanimity.", "legalBasis", MilitaryArticle);
        }

        // 3. Participants and proposer.
        var members = reference.MembersOn(command.Date);
        if (Proposer(command, actor, members) is { Refusal: { } refused })
        {
            return refused;
        }
        var outsiders = Outsiders(reference, command, members);
        if (outsiders.Refusal is { } unknown)
        {
            return unknown;
        }
        ImmutableArray<string> participants = [.. members.Select(m => m.Code).Except(outsiders.List.Select(o => o.MemberState), StringComparer.Ordinal)];
        if (participants.IsEmpty)
        {
            return new Refusal(RefusalCode.NoParticipants, "Nobody takes part in this item.", "notParticipating");
        }

        // 4. A table to count with.
        if (reference.ElectorateOn(command.Date) is null)
        {
            return NoTable(command.Date);
        }

        // 5. The rule.
        var rule = basis.Rule == Rule.QualifiedMajority && command.Initiative == Initiative.MemberState ? Rule.ReinforcedQualifiedMajority : basis.Rule;
        return new FileOpened(
            command.Id, command.Title, command.DocumentNumber, basis.Id, basis.Article, basis.Institution, basis.Brake, command.Initiative, Proposer(command, actor, members).MemberState,
            command.MilitaryOrDefence, command.Procedure, command.Date, rule, participants, outsiders.List, command.Links, actor.Is("secretariat") ? FileState.Draft : FileState.Proposed, null);
    }

    /// <summary>Moves a file forward; steps may be skipped in urgency (TEU 30(2)), never taken back.</summary>
    public static Verdict Advance(DecisionsState state, string id, FileState to)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return NotFound(id);
        }
        if (!file.InPreparation)
        {
            return WrongState(file, "A file moves through the preparatory bodies before its vote only.");
        }
        if (to is < FileState.WorkingParty or > FileState.Council)
        {
            return new Refusal(RefusalCode.InvalidAdvance, "A file advances to WORKING_PARTY, PSC, COREPER or COUNCIL.", "to");
        }
        return to == file.State ? Verdict.Nothing
            : to < file.State ? new Refusal(RefusalCode.InvalidAdvance, $"The file is past that body already; it lies with {file.State}.", "to")
            : new FileAdvanced(id, to);
    }

    /// <summary>Withdraws a file before adoption: the secretariat any, the others their own proposal.</summary>
    public static Verdict Withdraw(DecisionsState state, string id, string reason, Actor actor, Moment moment)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return NotFound(id);
        }
        var own = actor.Is("secretariat")
            || (actor.Is("high-representative") && file.Opened.Initiative is Initiative.HighRepresentative or Initiative.HighRepresentativeAndCommission)
            || (actor.MemberState is { } state1 && file.Opened.ProposedBy == state1);
        if (!own)
        {
            return new Refusal(RefusalCode.NotYourMemberState, "A proposal is withdrawn by who made it, or by the secretariat.", null, "TEU 30(1)");
        }
        if (file.State == FileState.Withdrawn)
        {
            return Verdict.Nothing;
        }
        if (!file.InPreparation && !file.LackedQuorum && file.State is not (FileState.Voting or FileState.BrakeInvoked))
        {
            return WrongState(file, "Only a file that is not decided can be withdrawn.");
        }
        if (file.PeriodEndedBy(moment.ReceivedAt))
        {
            return new Refusal(RefusalCode.DeadlinePassed, $"The period ended at {file.Round!.Deadline:O}; its outcome can no longer be withdrawn.", null, "Council Rules of Procedure 12");
        }
        if (file.Opened.Origin is { ReferralVote: true } origin)
        {
            return WrongState(file, $"A vote on referral is withdrawn with its file, {origin.Id}.");
        }
        // A vote on the referral of a withdrawn file would decide about nothing.
        return file.Referral?.VoteId is { } vote ? Verdict.Of(new FileWithdrawn(id, reason), new FileWithdrawn(vote, reason)) : new FileWithdrawn(id, reason);
    }

    internal static Refusal NotFound(string id) => new(RefusalCode.DecisionNotFound, $"There is no decision '{id}'.", "id");

    internal static Refusal NoTable(DateOnly day) =>
        new(RefusalCode.NoPopulationTable, $"No complete population table is in force on {day:yyyy-MM-dd}; POST /v1/populations:import adds one.", "date", "Council Rules of Procedure 11(6)");

    internal static Refusal WrongState(Decision file, string rule) => new(RefusalCode.WrongState, $"{rule} This one is {file.State}.");

    private static (string? MemberState, Refusal? Refusal) Proposer(OpenFile command, Actor actor, ImmutableArray<MemberStateRecord> members)
    {
        var delegation = actor.Is("delegation") && !actor.Is("secretariat");
        if (command.Initiative != Initiative.MemberState)
        {
            return delegation && !actor.Is("high-representative")
                ? (null, new Refusal(RefusalCode.InitiativeNotAllowed, "A delegation proposes as its member state (initiative MEMBER_STATE).", "initiative", "TEU 30(1)"))
                : (null, null);
        }
        if (actor.Is("high-representative") && !delegation && !actor.Is("secretariat"))
        {
            return (null, new Refusal(RefusalCode.InitiativeNotAllowed, "The High Representative does not propose for a member state.", "initiative", "TEU 30(1)"));
        }
        var proposer = command.ProposedBy ?? (delegation ? actor.MemberState : null);
        if (delegation && (proposer is null || proposer != actor.MemberState))
        {
            return (null, new Refusal(RefusalCode.NotYourMemberState, $"This delegation proposes for {actor.MemberState ?? "no member state"} only.", "proposedBy", "TEU 30(1)"));
        }
        return proposer is null || members.Any(m => m.Code == proposer) ? (proposer, null) : (null, UnknownMember(proposer, command.Date, "proposedBy"));
    }

    internal static Refusal UnknownMember(string code, DateOnly day, string field) =>
        new(RefusalCode.UnknownMemberState, $"'{code}' is not a member state on {day:yyyy-MM-dd}.", field);

    private static (ImmutableArray<Outsider> List, Refusal? Refusal) Outsiders(ReferenceState reference, OpenFile command, ImmutableArray<MemberStateRecord> members)
    {
        var list = ImmutableArray.CreateBuilder<Outsider>();
        foreach (var optOut in reference.OptOutsOn(command.Date))
        {
            var covers = (optOut.LegalBasis == "*" || optOut.LegalBasis == command.LegalBasis) && (optOut.Scope == OptOutScope.All || command.MilitaryOrDefence);
            if (covers && members.Any(m => m.Code == optOut.MemberState) && list.All(o => o.MemberState != optOut.MemberState))
            {
                list.Add(new Outsider(optOut.MemberState, optOut.Reason));
            }
        }
        for (var i = 0; i < command.NotParticipating.Length; i++)
        {
            var outsider = command.NotParticipating[i];
            if (members.All(m => m.Code != outsider.MemberState))
            {
                return ([], UnknownMember(outsider.MemberState, command.Date, $"notParticipating[{i}].memberState"));
            }
            if (list.All(o => o.MemberState != outsider.MemberState))
            {
                list.Add(outsider);
            }
        }
        return (list.ToImmutable(), null);
    }
}
