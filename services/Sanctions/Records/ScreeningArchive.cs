using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.ServiceDefaults;
using Grpc.Core;

namespace ExternalAction.Sanctions.Records;

/// <summary>Records as they are read: each is checked against its hash, and a single one against its batch and the journal, too.</summary>
internal sealed partial class ScreeningArchive(ScreeningTable table, Journal<SanctionsState, SanctionsEvent> journal, ILogger<ScreeningArchive> logger)
{
    /// <summary>A record; null when there is none.</summary>
    /// <exception cref="ScreeningAlteredException">It is not what was recorded.</exception>
    public async Task<StoredScreening?> FindAsync(string id, CancellationToken cancellation) => await table.FindAsync(id, cancellation) is { } stored ? Sound(stored) : null;

    /// <summary>Records, newest first, with the journal row that seals each; 0 while there is none.</summary>
    /// <exception cref="ScreeningAlteredException">One is not what was recorded.</exception>
    public async Task<List<(StoredScreening Screening, long Position)>> ListAsync(ScreeningFilter filter, string? below, int size, CancellationToken cancellation)
    {
        var found = await table.ListAsync(filter, below, size, cancellation);
        var batches = await table.BatchesAsync(found.Select(s => s.Batch), cancellation);
        return [.. found.Select(s => (Sound(s), batches.GetValueOrDefault(s.Batch)?.Position ?? 0))];
    }

    /// <summary>The seal of a record, with the proof that it is under it; null while its batch has none.</summary>
    /// <exception cref="ScreeningAlteredException">The record, its batch or the note of its seal is not what was recorded.</exception>
    public async Task<ScreeningSealing?> SealOfAsync(StoredScreening stored, CancellationToken cancellation)
    {
        if ((await table.BatchesAsync([stored.Batch], cancellation)).GetValueOrDefault(stored.Batch) is not { Position: > 0 } batch)
        {
            return null;
        }

        // 1. What the journal says of the batch; this replica may have to catch up with the one that sealed it.
        await journal.WaitForPositionAsync(batch.Position, cancellation);
        ScreeningsSealed? told = null;
        await foreach (var row in journal.ReadAllAsync(batch.Position - 1, batch.Position, cancellation))
        {
            told = row.Event as ScreeningsSealed;
        }
        if (told?.Batch != batch.Id)
        {
            throw Altered(stored, $"row {batch.Position} of the journal does not seal its batch");
        }

        // 2. The way from the record to that root.
        var leaves = (await table.LeavesAsync(batch.Id, cancellation)).ToArray();
        var proof = stored.Place < leaves.Length ? HashTree.Proof(leaves, stored.Place) : [];
        return leaves.Length == told.Records && HashTree.Verify(stored.Hash, stored.Place, told.Records, proof, Convert.FromHexString(told.Root))
            ? new ScreeningSealing(batch.Position, told, proof)
            : throw Altered(stored, "its batch does not lead to the root that the journal has");
    }

    private StoredScreening Sound(StoredScreening stored) => stored.Record.Hash().AsSpan().SequenceEqual(stored.Hash) ? stored : throw Altered(stored, "its fields are not those that were recorded");

    private ScreeningAlteredException Altered(StoredScreening stored, string why)
    {
        LogAltered(logger, stored.Record.Id, why);
        return new ScreeningAlteredException(stored.Record.Id, why);
    }

    [LoggerMessage(EventId = 33, Level = LogLevel.Critical, Message = "The record of screening {Id} was altered: {Why}")]
    private static partial void LogAltered(ILogger logger, string id, string why);
}

/// <summary>The seal of a record.</summary>
/// <param name="Position">The journal row.</param>
/// <param name="Told">What it says.</param>
/// <param name="Proof">From the record to the root.</param>
internal sealed record ScreeningSealing(long Position, ScreeningsSealed Told, IReadOnlyList<byte[]> Proof);

/// <summary>A record is not what was recorded: somebody altered the store behind the service.</summary>
internal sealed class ScreeningAlteredException(string id, string why) : Exception($"The record of screening '{id}' was altered behind the service: {why}.")
{
    /// <summary>The refusal that says so; null for any other exception.</summary>
    public static RpcException? Map(Exception fault) => fault is ScreeningAlteredException ? RpcErrors.Create(SanctionsError.Types.Code.ScreeningAltered, fault.Message, "id") : null;
}
