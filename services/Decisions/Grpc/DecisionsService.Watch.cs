using ExternalAction.Decisions.Domain;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>
/// The live tally. A stream reads the file's rows from a position on and folds them as it goes, so a reconnect with the last
/// position seen misses nothing and repeats nothing, whichever replica answers.
/// </summary>
internal sealed partial class DecisionsService
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public override async Task WatchTally(Proto.WatchTallyRequest request, IServerStreamWriter<Proto.TallyUpdate> responseStream, ServerCallContext context)
    {
        var id = Form.Id(request.Id);
        var stream = DecisionsState.StreamOfFile(id);
        var current = await commands.ReadAsync(context);
        var file = Visible(current.State, id, reader: false);
        using var life = StreamLifetime.Of(context);

        // 1. Where the caller left off; without that, the tally as it is.
        var after = context.Facts().LastEventId ?? request.AfterPosition;
        if (after is < 0 || after > current.Position)
        {
            throw FormErrors.Invalid("afterPosition", $"a position between 0 and {current.Position}.");
        }
        var state = current.State;
        if (after > 0)
        {
            state = (await journal.FoldAsync([stream, .. DecisionsState.ReferenceStreams], AsOf.At(after), life.Token)).State;
        }
        else
        {
            await responseStream.WriteAsync(Update(state, file), life.Token);
            after = current.Position;
        }

        // 2. Every row after that, with a heartbeat when it is quiet, until the file leaves the vote.
        if (after >= file.Position && Ended(file))
        {
            return;
        }
        await journal.FollowAsync(
            stream,
            after,
            Heartbeat,
            async row =>
            {
                state = state.Evolve(row.Event, DecisionsJournal.StampOf(row));
                var now = state.Files[id];
                await responseStream.WriteAsync(Update(state, now), life.Token);
                return Ended(now);
            },
            () => responseStream.WriteAsync(new Proto.TallyUpdate { Heartbeat = true }, life.Token),
            life.Token);
    }

    private static bool Ended(Decision file) => !file.InPreparation && file.State is not (FileState.Voting or FileState.BrakeInvoked);

    private static Proto.TallyUpdate Update(DecisionsState state, Decision file) => new()
    {
        Position = file.Position,
        State = Names.Map<FileState, Proto.State.Types.Value>(file.State),
        Tally = TallyOf(state, file),
    };
}
