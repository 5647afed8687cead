using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ExternalAction.Journal;

/// <summary>
/// What the write path tells about itself, under the meter <c>ExternalAction.Journal</c>: commits, rows, the size of
/// batches and the time each step takes. All carry the tag <c>service</c>; durations are in seconds.
/// </summary>
internal static class JournalMetrics
{
    public const string MeterName = "ExternalAction.Journal";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Commits = Meter.CreateCounter<long>("journal.commits", "{commit}", "Transactions with at least one row or record");
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("journal.rows", "{row}", "Rows appended by this process");
    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram<long>("journal.batch.size", "{command}", "Commands executed in one transaction");
    private static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>("journal.step.duration", "s", "Time of one step of the write path");

    public static void Committed(string service, int rows, int commands)
    {
        var tag = new KeyValuePair<string, object?>("service", service);
        Commits.Add(1, tag);
        Rows.Add(rows, tag);
        BatchSize.Record(commands, tag);
    }

    /// <summary>Records a step that began at <paramref name="since"/> and returns the time at which the next one begins.</summary>
    public static long StepEnded(string service, string step, long since)
    {
        var now = Stopwatch.GetTimestamp();
        if (StepDuration.Enabled)
        {
            StepDuration.Record(Stopwatch.GetElapsedTime(since, now).TotalSeconds, new("service", service), new("step", step));
        }

        return now;
    }
}
