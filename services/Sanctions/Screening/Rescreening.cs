using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Grpc;
using Grpc.Core;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// Screens the stored subjects again whenever a list changes.
/// <list type="number">
/// <item>The journal says how far each list was compared; behind that lies what changed, also while the service was down.</item>
/// <item>Only the listings in force that changed since are compared: scores do not depend on the rest of the list.</item>
/// <item>Subjects are read a page at a time, one decrypted at a time; what is new becomes an alert, a command for each subject.</item>
/// <item>At the end a row says how far. Killed before it, the service begins this list's change again and raises nothing twice:
/// an alert that is there is not raised again, whichever replica raised it.</item>
/// </list>
/// Subjects stored meanwhile were screened on the list as it is; they need not be waited for.
/// </summary>
internal sealed partial class Rescreening(Journal<SanctionsState, SanctionsEvent> journal, Commands commands, ScreeningLists lists, SealedSubjects subjects, TimeProvider time, ILogger<Rescreening> logger)
    : BackgroundService
{
    private const string Actor = "system:rescreening";
    private const int PageSize = 500;
    private const int LogEvery = 10_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

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
        foreach (var (list, progress) in seen.State.Subjects.Progress)
        {
            if (progress.Subjects > 0 && progress.Position < seen.State.Lists[list].Position)
            {
                await RescreenAsync(await lists.AtLeastAsync(seen.State, list, cancellation), progress.Position, cancellation);
            }
        }
        await journal.WaitForRowsAsync(seen.Position, cancellation);
    }

    private async Task RescreenAsync(ScreeningList list, long after, CancellationToken cancellation)
    {
        // 1. Subjects of a state at or after this version of the list: whoever is stored later was screened on it, or on a later one.
        var begun = time.GetTimestamp();
        var stored = journal.Current.State.Subjects.ById.Values.Where(s => s.Screened.Items.Any(v => v.List == list.List && v.Position < list.Position));
        ImmutableArray<Listing> changed = [.. list.Listings.Values.Where(l => l.Updated.Position > after)];
        var only = SubjectHits.Only(list, changed);

        // 2. Page by page.
        var (done, alerts, unreadable) = (0, 0, 0);
        foreach (var page in changed.IsEmpty ? [] : stored.Chunk(PageSize))
        {
            if (journal.Current.State.Subjects.Progress[list.List].Position >= list.Position)
            {
                return; // another replica was quicker
            }
            var open = await subjects.OpenAsync(page, cancellation);
            foreach (var subject in page)
            {
                if (open.TryGetValue(subject.Id, out var readable))
                {
                    alerts += await RescreenAsync(readable, only, cancellation);
                }
                else
                {
                    unreadable++;
                }
                if (++done % LogEvery == 0)
                {
                    LogProgress(logger, list.Version, done, alerts, (int)time.GetElapsedTime(begun).TotalMilliseconds);
                }
            }
        }

        // 3. Done up to here.
        var completed = new SubjectsRescreened(list.List, list.Position, done, alerts);
        await commands.ExecuteAsync(Actor, string.Create(CultureInfo.InvariantCulture, $"rescreened:{list.List}:{list.Position}"), null, (s, _) => Subjects.Rescreen(s, completed), cancellation);
        LogDone(logger, list.Version, changed.Length, done, alerts, (int)time.GetElapsedTime(begun).TotalMilliseconds);
        if (unreadable > 0)
        {
            LogUnreadable(logger, list.Version, unreadable);
        }
    }

    /// <summary>Screens one subject; says how many hits were new when it was read.</summary>
    private async Task<int> RescreenAsync(OpenSubject subject, ScreeningList changed, CancellationToken cancellation)
    {
        var stored = subject.Stored;
        ImmutableArray<SubjectHit> hits = [.. SubjectHits.Of(subject, [changed]).Where(h => !stored.WasAlerted(h.ListingId, h.NamesPosition))];
        if (!hits.IsEmpty)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"rescreen:{changed.List}:{changed.Position}:{stored.Id}:{stored.Position}");
            await commands.ExecuteAsync(Actor, key, null, (s, _) => Subjects.Raise(s, stored.Id, stored.Position, hits), cancellation);
        }
        return hits.Length;
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
