using System.Security.Cryptography;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// Destroys the keys of deleted subjects, until it is done. Usually the deleting call has done it already; this is for the call that
/// was killed, or could not reach the vault, between the row and the key. At start every deleted subject is looked at.
/// </summary>
internal sealed partial class KeyShredder(Journal<SanctionsState, SanctionsEvent> journal, SealedSubjects subjects, TimeProvider time, ILogger<KeyShredder> logger) : BackgroundService
{
    private const int PageSize = 500;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var done = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (!journal.IsReady)
                {
                    await Task.Delay(20, stoppingToken);
                }
                var seen = journal.Current;
                var deleted = seen.State.Subjects.DeletedInOrder;
                while (done < deleted.Count)
                {
                    var page = deleted.GetRange(done, Math.Min(PageSize, deleted.Count - done));
                    foreach (var id in await subjects.WithKeyAsync(page, stoppingToken))
                    {
                        await subjects.DestroyAsync(id, stoppingToken);
                        LogDestroyed(logger, id);
                    }
                    done += page.Count;
                }
                await journal.WaitForRowsAsync(seen.Position, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is JournalException or CryptographicException)
            {
                LogRetry(logger, fault.Message);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(EventId = 25, Level = LogLevel.Information, Message = "The key of the deleted subject {Subject} is destroyed")]
    private static partial void LogDestroyed(ILogger logger, string subject);

    [LoggerMessage(EventId = 26, Level = LogLevel.Warning, Message = "Keys of deleted subjects wait to be destroyed: {Why}")]
    private static partial void LogRetry(ILogger logger, string why);
}
