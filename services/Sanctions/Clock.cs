using System.Globalization;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Grpc;

namespace ExternalAction.Sanctions;

/// <summary>
/// What happens by itself: a new journal gets its regimes, published listings enter into force on their day, an expiry
/// that comes near is told, and what an import left half-way is dropped. Every replica submits what is due under the same key, so it happens once; what fell due while the
/// service was down is caught up at start.
/// </summary>
internal sealed partial class Clock(Journal<SanctionsState, SanctionsEvent> journal, Commands commands, TimeProvider time, ILogger<Clock> logger) : BackgroundService
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

                // 1. Do what is due; 2. sleep until the next, an hour at most, or until the journal brought something earlier.
                var seen = journal.Current.State;
                var next = await DoDueAsync(seen, stoppingToken);
                var until = time.GetUtcNow() + LongestSleep;
                until = next < until ? next.Value : until;
                while (time.GetUtcNow() < until && journal.Current.State is var now && ReferenceEquals(now.Timed, seen.Timed) && ReferenceEquals(now.Regimes, seen.Regimes))
                {
                    await Task.Delay(RetryDelay, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (JournalException fault)
            {
                LogRetry(logger, fault.Message);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private async Task<bool> SeedAsync(CancellationToken cancellation)
    {
        var (key, import) = Seed.Regimes();
        var refusal = await commands.ExecuteAsync("system:seed", key, null, (state, _) => Regimes.Import(state, import), cancellation);
        return refusal is null ? true : throw new InvalidOperationException($"The regimes the service comes with are refused: {refusal.Detail} ({refusal.Field})");
    }

    /// <summary>Submits everything that is due; says when the next thing is.</summary>
    private async Task<DateTimeOffset?> DoDueAsync(SanctionsState state, CancellationToken cancellation)
    {
        DateTimeOffset? next = null;
        foreach (var (at, key, decide) in Due(state, time.GetUtcNow()))
        {
            if (at > time.GetUtcNow())
            {
                next = next is { } earlier && earlier <= at ? earlier : at;
                continue;
            }
            var refusal = await commands.ExecuteAsync(Actor, key, at, decide, cancellation);
            LogDone(logger, key, refusal?.Detail ?? "done");
        }
        return next;
    }

    /// <summary>What is due by an instant, and the next of what comes after it; each under the key that makes it happen once.</summary>
    internal static IEnumerable<(DateTimeOffset At, string Key, Func<SanctionsState, Moment, Verdict> Decide)> Due(SanctionsState state, DateTimeOffset now)
    {
        foreach (var id in state.Timed)
        {
            if (state.Listings[id].Act is { } act)
            {
                yield return (Days.StartOf(act.EffectDate), string.Create(CultureInfo.InvariantCulture, $"effect:{id}:{act.EffectDate:yyyy-MM-dd}"), (s, moment) => Following.EnterIntoForce(s, id, moment));
            }
        }
        foreach (var (code, regime) in state.Regimes)
        {
            if (regime.ExpiryDate is not { } expiry || expiry == DateOnly.MaxValue)
            {
                continue;
            }

            // Of several that are due at once (the service was down, or the record is old) only the last is worth telling.
            var last = Regime.Thresholds.LastOrDefault(t => Days.StartOf(Regime.DayOf(expiry, t)) <= now, -1);
            foreach (var threshold in Regime.Thresholds.Where(t => last < 0 || t <= last).Where(t => !state.WasRaised(code, expiry, t)))
            {
                yield return (
                    Days.StartOf(Regime.DayOf(expiry, threshold)),
                    string.Create(CultureInfo.InvariantCulture, $"expiry:{code}:{expiry:yyyy-MM-dd}:{threshold}"),
                    (s, _) => Regimes.Approach(s, code, expiry, threshold));
            }
        }
        foreach (var (list, standing) in state.Lists)
        {
            if (standing.Staged is { } staged)
            {
                yield return (staged.LastAt + Staging.AbandonedAfter, $"abandoned:{list}:{staged.Import}:{staged.Last}", (s, moment) => Staging.Abandon(s, list, staged.Import, moment));
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{What}: {Outcome}")]
    private static partial void LogDone(ILogger logger, string what, string outcome);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "What is due waits for the journal: {Why}")]
    private static partial void LogRetry(ILogger logger, string why);
}
