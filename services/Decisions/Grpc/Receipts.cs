using System.Diagnostics;
using ExternalAction.Decisions.Domain;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>
/// The answer to a recorded vote: the file's head, the vote as it stands, and a receipt that proves it without this service.
/// Built before the commit, so what is stored under the key is the very receipt the delegation got.
/// </summary>
internal sealed class Receipts(Journal<DecisionsState, DecisionsEvent> journal)
{
    /// <summary>The reply for the row a vote, or a late objection, became.</summary>
    public Proto.RecordVoteReply Of(Decision file, JournalEvent<DecisionsEvent> row)
    {
        var reply = new Proto.RecordVoteReply { Decision = Views.Head(file) };
        switch (row.Event)
        {
            case VoteCast vote:
                reply.Vote = Views.Of(file.Votes[vote.MemberState], reader: false);
                reply.Receipt = Sign(row, vote.Id, vote.MemberState, Names.Printed(Names.Map<Domain.Voting.Position, Proto.Position.Types.Value>(vote.Position)), late: false);
                return reply;
            case LateObjectionStated late:
                reply.Decision.ReasonCode = Proto.ReasonCode.Types.Value.LateObjection;
                reply.Decision.Reason = "The objection came at or after the deadline; it is kept as a statement and changes nothing.";
                reply.Receipt = Sign(row, late.Id, late.MemberState, Names.Printed(Proto.Position.Types.Value.Against), late: true);
                return reply;
            default:
                throw new UnreachableException($"{row.Event.GetType().Name} is no vote.");
        }
    }

    private string Sign(JournalEvent<DecisionsEvent> row, string decision, string memberState, string position, bool late) => journal.SignReceipt(
        row,
        KeyValuePair.Create("decision", decision),
        KeyValuePair.Create("memberState", memberState),
        KeyValuePair.Create("position", position),
        KeyValuePair.Create("late", late ? "true" : "false"));
}
