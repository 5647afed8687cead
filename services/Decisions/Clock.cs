using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Grpc;
using ExternalAction.Journal;

namespace ExternalAction.Decisions;

/// <summary>
/// What happens by itself: a new journal gets its reference data, periods end, acts take effect and expire. Every replica
/// submits what is due under the same key, so it happens once; what fell due while the service was down is caught up at
/// start, with the due instant as its time.
/// </summary>
internal sealed partial class Clock(Journal<DecisionsState, DecisionsEvent> journal, Commands commands, TimeProvider time, ILogger<Clock> logger) : BackgroundService
{
    private const string Actor = "system:clock";
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seeded = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                seeded = seeded || await SeedAsync(stoppingToken);

                // 1. Do what is due; 2. sleep until the next, an hour at most, or until the journal moves and may have brought something earlier.
                var seen = journal.Current;
                var next = await DoDueAsync(seen.State, stoppingToken);
                var now = time.GetUtcNow();
                var sleep = next is { } at && at - now < LongestSleep ? at - now : LongestSleep;
                if (sleep > TimeSpan.Zero)
                {
                    await SleepAsync(sleep, seen.State.Timed, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is JournalException)
            {
                LogRetry(logger, fault.Message);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>Records the reference data the service comes with, in a journal that never had it.</summary>
    private async Task<bool> SeedAsync(CancellationToken cancellation)
    {
        foreach (var (key, decide) in Seed.Imports())
        {
            var refusal = await commands.ExecuteAsync("system:seed", key, null, (state, _) => decide(state), cancellation);
            if (refusal is not null)
            {
                throw new InvalidOperationException($"The reference data the service comes with is refused: {refusal.Detail} ({refusal.Field})");
            }
        }
        return true;
    }

    /// <summary>Submits everything that is due; says when the next thing is.</summary>
    private async Task<DateTimeOffset?> DoDueAsync(DecisionsState state, CancellationToken cancellation)
    {
        DateTimeOffset? next = null;
        foreach (var id in state.Timed)
        {
            if (DueDates.Next(state.Files[id]) is not { } due)
            {
                continue;
            }
            var actsAt = due.Kind == DueKind.Deadline ? due.At + DueDates.Settling : due.At;
            if (actsAt > time.GetUtcNow())
            {
                next = next is { } earlier && earlier <= actsAt ? earlier : actsAt;
                continue;
            }
            var nextId = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
            var refusal = due.Kind == DueKind.Deadline
                ? await commands.ExecuteAsync(Actor, $"silence:{id}:{due.At.UtcTicks}", due.At, (s, moment) => ClosingVotes.Lapse(s, id, due.At, nextId, moment), cancellation)
                : await commands.ExecuteAsync(Actor, $"{due.Kind}:{id}:{due.At.UtcTicks}", due.At, (s, moment) => Publishing.Pass(s, id, due.At, moment), cancellation);
            LogDone(logger, due.Kind, id, due.At, refusal?.Detail ?? "done");
            next = time.GetUtcNow() + RetryDelay;
        }
        return next;
    }

    private async Task SleepAsync(TimeSpan sleep, object timed, CancellationToken cancellation)
    {
        // Files with dates change rarely; looking once a second whether the set is another one costs nothing and misses nothing.
        var until = time.GetUtcNow() + sleep;
        while (ReferenceEquals(journal.Current.State.Timed, timed) && Nap(until - time.GetUtcNow()) is var nap && nap > TimeSpan.Zero)
        {
            await Task.Delay(nap, time, cancellation);
        }
    }

    /// <summary>How long to sleep of what is left: a second at most, and never less than nothing, however late it is already.</summary>
    internal static TimeSpan Nap(TimeSpan left) => left > RetryDelay ? RetryDelay : left > TimeSpan.Zero ? left : TimeSpan.Zero;

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Kind} of {Id} at {At}: {Outcome}")]
    private static partial void LogDone(ILogger logger, DueKind kind, string id, DateTimeOffset at, string outcome);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "What is due waits for the journal: {Why}")]
    private static partial void LogRetry(ILogger logger, string why);
}
