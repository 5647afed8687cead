using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace ExternalAction.Load;

/// <summary>Listens to the journal's meter: commits, rows per commit and the mean time of each step of the write path.</summary>
internal sealed class JournalSteps : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, (long Count, double Sum)> _sums = new(StringComparer.Ordinal);

    public JournalSteps()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ExternalAction.Journal")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "step")
                {
                    Add((string)tag.Value!, value);
                }
            }
        });
        _listener.Start();
    }

    /// <summary>What was measured since the last report, in one line.</summary>
    public string TakeReport()
    {
        var sums = new Dictionary<string, (long Count, double Sum)>(_sums, StringComparer.Ordinal);
        _sums.Clear();
        var commits = sums["journal.commits"].Count;
        var steps = ((string[])["gather", "read", "decide", "commit", "publish"]).Select(step => string.Create(
            CultureInfo.InvariantCulture, $"{step} {sums.GetValueOrDefault(step).Sum / Math.Max(1, sums.GetValueOrDefault(step).Count) * 1e6:0} µs"));
        return string.Create(CultureInfo.InvariantCulture, $"{commits} commits, {sums["journal.rows"].Sum / commits:0.0} rows per commit; ") + string.Join(", ", steps);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string name, double value) => _sums.AddOrUpdate(name, (1, value), (_, sum) => (sum.Count + 1, sum.Sum + value));
}
