using System.Threading.Channels;
using ExternalAction.Journal;

namespace ExternalAction.Sanctions.Records;

/// <summary>
/// Appends the records of screenings: whatever waits is written in one transaction, by one writer per replica, and a screening
/// is answered only when its record is on the disk. While the store is down or full no screening is answered at all.
/// </summary>
internal sealed partial class ScreeningRecords(ScreeningTable table, ScreeningRetention retention, TimeProvider clock, ILogger<ScreeningRecords> logger) : BackgroundService
{
    private const int Waiting = 4_096;
    private const int RecordsPerCommit = 2_000;
    private const int WorthACommit = 100;
    private static readonly TimeSpan QueueWait = TimeSpan.FromSeconds(2);

    /// <summary>How long records of a batch wait for others: with each commit the disk is waited for once.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private readonly Channel<Appending> _queue = Channel.CreateBounded<Appending>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private string? _batch;
    private DateTimeOffset _opened;
    private int _records;
    private bool _failing;

    /// <summary>Appends the records of a request; they are on the disk when this returns.</summary>
    /// <param name="records">The records, up to 100.</param>
    /// <param name="patient">True: it may wait some milliseconds more, so that others come along.</param>
    /// <param name="cancellation">Gives up waiting; the records may be there all the same.</param>
    /// <exception cref="JournalUnavailableException">The store is down or full; the screening must not be answered.</exception>
    /// <exception cref="JournalOverloadedException">Too many wait.</exception>
    public async Task AppendAsync(IReadOnlyList<NewScreening> records, bool patient, CancellationToken cancellation)
    {
        var appending = new Appending(records, patient);
        if (!_queue.Writer.TryWrite(appending))
        {
            using var limit = new CancellationTokenSource(QueueWait, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                await _queue.Writer.WriteAsync(appending, either.Token);
            }
            catch (ChannelClosedException)
            {
                throw new JournalUnavailableException("The service is shutting down.");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new JournalOverloadedException("screenings", Waiting);
            }
        }
        await appending.Done.Task.WaitAsync(cancellation);
    }

    /// <summary>Writes what waits and closes the open batch, so that it can be sealed at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await CloseAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Ends when the queue was closed and is empty: what was accepted is written.
        await Task.Yield();
        var group = new List<Appending>();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            // 1. Take what waits; if it is little and all of it can wait, some more.
            group.Clear();
            var count = Take(group, 0);
            if (count < WorthACommit && group.TrueForAll(a => a.Patient))
            {
                await Task.Delay(Gathering, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Take(group, count);
            }

            // 2. Write it, 3. answer.
            try
            {
                await WriteAsync([.. group.SelectMany(a => a.Records)]);
                _failing = false;
                group.ForEach(a => a.Done.SetResult());
            }
            catch (Exception failure)
            {
                // Whether it was written is not known: the batch is left to itself, with however many records it has.
                _batch = null;
                if (!_failing)
                {
                    LogFailed(logger, failure.Message);
                }
                _failing = true;
                var told = failure as JournalException ?? new JournalUnavailableException("The record of the screening could not be written.", mayHaveHappened: true, failure);
                group.ForEach(a => a.Done.SetException(told));
            }
        }
    }

    private async Task CloseAsync(CancellationToken cancellation)
    {
        if (_batch is not { } open)
        {
            return;
        }
        try
        {
            await table.CloseAsync(open, cancellation);
            _batch = null;
        }
        catch (Exception fault) when (fault is JournalException or OperationCanceledException)
        {
            // It is closed when it is old, after the next start or by another replica.
        }
    }

    private int Take(List<Appending> group, int count)
    {
        while (count < RecordsPerCommit && _queue.Reader.TryRead(out var next))
        {
            group.Add(next);
            count += next.Records.Count;
        }
        return count;
    }

    private async Task WriteAsync(IReadOnlyList<NewScreening> records)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            if (_batch is null || now - _opened >= retention.BatchAge)
            {
                (_batch, _opened, _records) = (Guid.CreateVersion7(now).ToString("N"), now, 0);
            }
            var full = _records + records.Count >= retention.BatchRecords;
            if (await table.AppendAsync(_batch, _records, records, now, full, CancellationToken.None))
            {
                _records += records.Count;
                _batch = full ? null : _batch;
                return;
            }
            _batch = null; // closed by somebody else
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Warning, Message = "Records of screenings cannot be written, so nothing is screened: {Why}")]
    private static partial void LogFailed(ILogger logger, string why);

    private sealed class Appending(IReadOnlyList<NewScreening> records, bool patient)
    {
        public IReadOnlyList<NewScreening> Records => records;
        public bool Patient => patient;
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>How long records are kept, and how large a batch grows.</summary>
internal sealed record ScreeningRetention
{
    /// <summary>How long a record is kept; five years unless <c>Screenings:RetentionDays</c> says otherwise (1 to 36,525).</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(1_827);

    /// <summary>How long a batch stays open.</summary>
    public TimeSpan BatchAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many records close a batch; the last group may exceed it by what it holds.</summary>
    public int BatchRecords { get; init; } = 10_000;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is malformed; the message names it.</exception>
    public static ScreeningRetention FromConfiguration(IConfiguration configuration)
    {
        if (configuration["Screenings:RetentionDays"] is not { } text)
        {
            return new ScreeningRetention();
        }
        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 36_525
            ? new ScreeningRetention { Kept = TimeSpan.FromDays(days) }
            : throw new InvalidOperationException($"Screenings:RetentionDays is '{text}'; it must be a number of days from 1 to 36525.");
    }
}
