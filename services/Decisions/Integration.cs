using System.Collections.Immutable;
using ExternalAction.Contracts.Events;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Grpc;
using ExternalAction.ServiceDefaults;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions;

/// <summary>
/// What other services learn from an event of this one. Of the state only facts that never change are read (title, legal
/// basis, links, positions of a closed vote), so it does not matter how much later the relay comes by.
/// </summary>
internal static class Integration
{
    /// <summary>The integration events of a journal event; at least one each, since caches live by them.</summary>
    public static IEnumerable<object> Of(DecisionsState state, DecisionsEvent happened)
    {
        if (happened is not FileEvent e)
        {
            return [new FileChanged(null)];
        }
        var opened = state.Files[e.Id].Opened;
        ImmutableArray<EventLink> links = [.. opened.Links.Select(l => new EventLink(Code(Names.Map<LinkKind, Proto.LinkKind.Types.Value>(l.Kind)), l.Id))];
        return e switch
        {
            VoteOpened v => [new DecisionOpened(v.Id, opened.Title, opened.LegalBasis, Code(Rule(opened)), Code(Names.Map<Procedure, Proto.Procedure.Types.Value>(opened.Procedure)), v.Deadline, links)],
            VoteCast v => [new VoteRecorded(v.Id, v.MemberState, Code(Position(v.Position)), v.CastBy)],
            VoteClosed { Adopted: true } v => [new DecisionAdopted(
                v.Id, opened.Title, opened.DocumentNumber, opened.LegalBasis, Code(Rule(opened)), opened.MilitaryOrDefence, v.Day, Code(Reason(v.Reason)),
                Positions(v), [.. opened.NotParticipating.Select(o => o.MemberState)], v.Count.NotObliged, links)],
            // A meeting without a quorum has decided nothing: it may vote again, which opens the vote anew.
            VoteClosed { Reason: FileReason.QuorumNotMet } v => [new FileChanged(v.Id)],
            VoteClosed v => [new DecisionNotAdopted(v.Id, Code(Reason(v.Reason)), Positions(v), links)],
            FileWithdrawn v => [NotAdopted(v.Id, Proto.ReasonCode.Types.Value.Withdrawn)],
            MediationEnded { Outcome: MediationOutcome.Withdrawn } v => [NotAdopted(v.Id, Proto.ReasonCode.Types.Value.Withdrawn)],
            ReferralDecided { Referred: false } v => [NotAdopted(v.Id, Proto.ReasonCode.Types.Value.ReferralNotAdopted)],
            Domain.ActPublished v => [new Contracts.Events.ActPublished(v.Id, v.Number, v.OjReference, v.Celex, v.Eli, state.Files[v.Id].Outcome!.Day, v.PublicationDate, v.EffectDate, v.ExpiryDate, links)],
            ActEnteredIntoForce => [Changed(Proto.State.Types.Value.InForce, null, null)],
            ActAmended v => [Changed(Proto.State.Types.Value.Amended, v.By, null)],
            ActRenewed v => [Changed(Proto.State.Types.Value.Renewed, v.By, v.ExpiryDate)],
            ActExpired => [Changed(Proto.State.Types.Value.Expired, null, null)],
            ActRepealed v => [Changed(Proto.State.Types.Value.Repealed, v.By, null)],
            _ => [new FileChanged(e.Id)],
        };

        DecisionNotAdopted NotAdopted(string id, Proto.ReasonCode.Types.Value reason) => new(id, Code(reason), [], links);

        ActChanged Changed(Proto.State.Types.Value became, string? by, DateOnly? expiry) => new(e.Id, state.Files[e.Id].Act!.Number, Code(became), by, expiry, links);
    }

    private static ImmutableArray<Contracts.Events.FinalPosition> Positions(VoteClosed closed) =>
        [.. closed.Positions.Select(p => new Contracts.Events.FinalPosition(p.MemberState, Code(Position(p.Position)), p.Declaration))];

    private static Proto.Rule.Types.Value Rule(FileOpened opened) => Names.Map<Domain.Voting.Rule, Proto.Rule.Types.Value>(opened.Rule);

    private static Proto.Position.Types.Value Position(Domain.Voting.Position position) => Names.Map<Domain.Voting.Position, Proto.Position.Types.Value>(position);

    private static Proto.ReasonCode.Types.Value Reason(FileReason reason) => Names.Map<FileReason, Proto.ReasonCode.Types.Value>(reason);

    /// <summary>The name the contract prints: <c>CONSTRUCTIVE_ABSTENTION</c>.</summary>
    private static string Code<T>(T value) where T : struct, Enum => Names.Printed(value);
}
