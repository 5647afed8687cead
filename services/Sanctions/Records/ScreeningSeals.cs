using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Sanctions.Records;

/// <summary>
/// Seals batches of records in the journal, and deletes them when their time has come. Every replica does both for all: each step
/// is submitted under a key, so it happens once, and what a crash interrupted is taken up by whoever looks next. A service that
/// stops cleanly seals what it has closed; it is registered before the writer of the records, so that the writer stops first.
/// </summary>
internal sealed partial class ScreeningSeals(
    Journal<SanctionsState, SanctionsEvent> journal, ScreeningTable table, Private.PrivateDatabase database, ScreeningRetention retention, TimeProvider clock, ILogger<ScreeningSeals> logger) : BackgroundService
{
    private const string Actor = "system:screenings";
    private const int BatchesPerStep = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenExpiries = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostAtStop = TimeSpan.FromSeconds(4);

    /// <summary>Seals every batch that is closed or old enough.</summary>
    /// <returns>How many it sealed.</returns>
    public async Task<int> SealAsync(CancellationToken cancellation)
    {
        var unsealed = await table.UnsealedAsync(clock.GetUtcNow() - retention.BatchAge, cancellation);
        foreach (var batch in unsealed)
        {
            // 1. Close: from here on every replica sees the same records. 2. The root into the journal, once. 3. Note where.
            var (leaves, from, until) = await table.CloseAsync(batch.Id, cancellation);
            if (leaves.Count == 0)
            {
                continue; // Deleted meanwhile, or emptied by hand; there is nothing to vouch for.
            }
            var root = Convert.ToHexStringLower(HashTree.Root(leaves.ToArray()));
            var position = await SubmitAsync($"screenings:{batch.Id}", new ScreeningsSealed(batch.Id, leaves.Count, root, from, until), cancellation);
            await table.SealedAsync(batch.Id, position, cancellation);
        }
        return unsealed.Count;
    }

    /// <summary>Deletes every batch whose newest record has expired, some at a time; the journal says which, and that it was on time.</summary>
    /// <returns>How many records were deleted.</returns>
    public async Task<long> ExpireAsync(CancellationToken cancellation)
    {
        long deleted = 0;
        while (true)
        {
            var now = clock.GetUtcNow();
            var steps = await table.ExpiringAsync(Guid.CreateVersion7(now).ToString("N"), now, BatchesPerStep, cancellation);
            if (steps.Count == 0)
            {
                break;
            }
            foreach (var (step, batches) in steps)
            {
                // The journal first: what is gone without a row there was taken out by somebody.
                var records = batches.Sum(b => (long)b.Records);
                await SubmitAsync($"screenings-expired:{step}", new ScreeningsExpired([.. batches.Select(b => b.Id)], records), cancellation);
                foreach (var batch in batches)
                {
                    await table.DeleteAsync(batch.Id, cancellation);
                }
                deleted += records;
            }
        }
        if (deleted > 0)
        {
            await database.ForgetAsync(cancellation);
            LogExpired(logger, deleted);
        }
        return deleted;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MostAtStop);
        try
        {
            if (journal.IsReady)
            {
                await SealAsync(limit.Token).WaitAsync(limit.Token);
            }
        }
        catch (Exception fault) when (fault is JournalException or OperationCanceledException)
        {
            LogLeft(logger, fault.Message);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var nextExpiry = DateTimeOffset.MinValue;
        var told = "";
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (journal.IsReady)
                {
                    await SealAsync(stoppingToken);
                    if (clock.GetUtcNow() >= nextExpiry)
                    {
                        await ExpireAsync(stoppingToken);
                        nextExpiry = clock.GetUtcNow() + BetweenExpiries;
                    }
                    told = "";
                }
                await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (fault.Message != told)
                {
                    LogRetry(logger, fault.Message);
                }
                told = fault.Message;
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Appends an event once; gives its position, also when it was appended before.</summary>
    private async Task<long> SubmitAsync(string key, SanctionsEvent happened, CancellationToken cancellation)
    {
        var result = await journal.ExecuteAsync(
            new Command<SanctionsState, SanctionsEvent, Refusal, Int64Value>
            {
                Actor = Actor,
                Rpc = Actor,
                Key = key,
                Input = new StringValue { Value = key },
                ReceivedAt = clock.GetUtcNow(),
                Decide = (_, at) => Decision<SanctionsEvent, Refusal>.Accept(new NewEvent<SanctionsEvent>(happened, at.Now)),
                Reply = (_, rows) => new Int64Value { Value = rows[^1].Position },
            },
            cancellation);
        return result.TryGetReply(out var position, out var refusal) ? position.Value : throw new InvalidOperationException(refusal.Detail);
    }

    [LoggerMessage(EventId = 31, Level = LogLevel.Information, Message = "{Records} records of screenings were deleted at the end of their time")]
    private static partial void LogExpired(ILogger logger, long records);

    [LoggerMessage(EventId = 34, Level = LogLevel.Information, Message = "The last records of screenings are sealed after the next start: {Why}")]
    private static partial void LogLeft(ILogger logger, string why);

    [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "Sealing records of screenings waits: {Why}")]
    private static partial void LogRetry(ILogger logger, string why);
}
