using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Grpc;
using ExternalAction.Sanctions.Private;
using Grpc.Core;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// Screens the stored subjects again whenever a list changes.
/// <list type="number">
/// <item>The journal says how far each list was compared; behind that lies what changed, also while the service was down. One replica
/// claims the work; if it dies, another takes it over.</item>
/// <item>Only the listings in force that changed since are compared: scores do not depend on the rest of the list.</item>
/// <item>Subjects are read a page at a time and compared on all cores but one, which is left to requests; each is decrypted only
/// while it is compared.</item>
/// <item>What is new becomes alerts, some hundreds in a command.</item>
/// <item>At the end a row says how far. Killed before it, the service begins this list's change again and raises nothing twice:
/// an alert that is there is not raised again, whichever replica raised it.</item>
/// </list>
/// Subjects stored meanwhile were screened on the list as it is; they need not be waited for.
/// </summary>
internal sealed partial class Rescreening(
    Journal<SanctionsState, SanctionsEvent> journal, Commands commands, ScreeningLists lists, SealedSubjects subjects, PrivateDatabase database, TimeProvider time, ILogger<Rescreening> logger) : BackgroundService
{
    private const string Actor = "system:rescreening";
    private const string Work = "rescreening";
    private const int PageSize = 500;
    private const int AlertsPerCommand = 500;
    private const int LogEvery = 10_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly int Workers = Math.Max(1, Environment.ProcessorCount - 1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CatchUpAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is JournalException or RpcException or CryptographicException)
            {
                LogRetry(logger, fault.Message);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>Compares what is behind, then waits for the next row.</summary>
    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        while (!journal.IsReady)
        {
            await Task.Delay(20, cancellation);
        }
        var seen = journal.Current;
        if (Behind(seen.State).Any())
        {
            // 1.
            await using var claim = await WorkClaim.TryTakeAsync(database, Work, cancellation);
            if (claim is not null)
            {
                foreach (var (list, progress) in Behind(journal.Current.State))
                {
                    await RescreenAsync(await lists.AtLeastAsync(journal.Current.State, list, cancellation), progress.Position, claim, cancellation);
                }
                return;
            }
            // Another replica is at it: look again when it has written something, and once a second, in case it has died.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(journal.WaitForRowsAsync(seen.Position, either.Token), Task.Delay(RetryDelay, time, either.Token));
            await either.CancelAsync();
            return;
        }
        await journal.WaitForRowsAsync(seen.Position, cancellation);
    }

    /// <summary>Lists that changed after the last comparison, where there are subjects to compare.</summary>
    private static IEnumerable<KeyValuePair<string, Rescreened>> Behind(SanctionsState state) =>
        state.Subjects.Progress.Where(p => p.Value.Subjects > 0 && p.Value.Position < state.Lists[p.Key].Position);

    private async Task RescreenAsync(ScreeningList list, long after, WorkClaim claim, CancellationToken cancellation)
    {
        // 2. Subjects of a state at or after this version of the list: whoever is stored later was screened on it, or on a later one.
        var begun = time.GetTimestamp();
        var stored = journal.Current.State.Subjects.ById.Values.Where(s => s.Screened.Items.Any(v => v.List == list.List && v.Position < list.Position));
        ImmutableArray<Listing> changed = [.. list.Listings.Values.Where(l => l.Updated.Position > after)];
        var only = SubjectHits.Only(list, changed);

        // 3. Page by page.
        var (done, alerts, unreadable) = (0, 0, 0);
        foreach (var page in changed.IsEmpty ? [] : stored.Chunk(PageSize))
        {
            await claim.ConfirmAsync(cancellation);
            if (journal.Current.State.Subjects.Progress[list.List].Position >= list.Position)
            {
                return; // another replica was quicker
            }
            var open = await subjects.OpenAsync(page, cancellation);
            alerts += await RaiseAsync(await CompareAsync([.. open.Values], only, cancellation), cancellation);
            unreadable += page.Length - open.Count;
            if ((done += page.Length) % LogEvery < page.Length)
            {
                LogProgress(logger, list.Version, done, alerts, (int)time.GetElapsedTime(begun).TotalMilliseconds);
            }
        }

        // 5. Done up to here.
        var completed = new SubjectsRescreened(list.List, list.Position, done - unreadable, alerts, changed.Length, unreadable, ScreeningEngine.Version);
        await commands.ExecuteAsync(Actor, string.Create(CultureInfo.InvariantCulture, $"rescreened:{list.List}:{list.Position}"), null, (s, _) => Subjects.Rescreen(s, completed), cancellation);
        LogDone(logger, list.Version, changed.Length, done, alerts, (int)time.GetElapsedTime(begun).TotalMilliseconds);
        if (unreadable > 0)
        {
            LogUnreadable(logger, list.Version, unreadable);
        }
    }

    /// <summary>Compares subjects side by side; gives those that match something new, in their order.</summary>
    private static async Task<IEnumerable<SubjectCompared>> CompareAsync(OpenSubject[] page, ScreeningList changed, CancellationToken cancellation)
    {
        var hits = new ImmutableArray<SubjectHit>[page.Length];
        await Parallel.ForAsync(0, page.Length, new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellation }, (i, _) =>
        {
            hits[i] = SubjectHits.New(page[i], changed);
            return ValueTask.CompletedTask;
        });
        return page.Index().Where(p => !hits[p.Index].IsEmpty).Select(p => new SubjectCompared(p.Item.Stored.Id, p.Item.Stored.Position, hits[p.Index]));
    }

    /// <summary>4. Raises alerts; says how many. The same again raises none, so a command needs no name that would be found again.</summary>
    private async Task<int> RaiseAsync(IEnumerable<SubjectCompared> compared, CancellationToken cancellation)
    {
        var (raised, waiting, hits) = (0, new List<SubjectCompared>(), 0);
        foreach (var subject in compared)
        {
            waiting.Add(subject);
            if ((hits += subject.Hits.Length) >= AlertsPerCommand)
            {
                await CommitAsync();
            }
        }
        await CommitAsync();
        return raised;

        async Task CommitAsync()
        {
            if (waiting.Count == 0)
            {
                return;
            }
            var (some, now) = (waiting, 0);
            await commands.ExecuteAsync(Actor, $"rescreen:{Guid.CreateVersion7(time.GetUtcNow()):N}", null, (s, _) =>
            {
                var verdict = Subjects.Raise(s, some);
                now = verdict.Events.Length;
                return verdict;
            }, cancellation);
            raised += now;
            (waiting, hits) = ([], 0);
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "Re-screening at {Version}: {Subjects} subjects so far, {Alerts} new matches, {Milliseconds} ms")]
    private static partial void LogProgress(ILogger logger, string version, int subjects, int alerts, int milliseconds);

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "Re-screened at {Version}: {Changed} changed listings, {Subjects} subjects, {Alerts} new matches, {Milliseconds} ms")]
    private static partial void LogDone(ILogger logger, string version, int changed, int subjects, int alerts, int milliseconds);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "Re-screening at {Version}: {Subjects} subjects have no key and could not be screened")]
    private static partial void LogUnreadable(ILogger logger, string version, int subjects);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "Re-screening waits: {Why}")]
    private static partial void LogRetry(ILogger logger, string why);
}
