namespace ExternalAction.Accuracy;

/// <summary>The usual measures of a scorer against labels.</summary>
internal static class Metrics
{
    /// <summary>The best F1 over all thresholds, and that threshold.</summary>
    internal static (double F1, double Threshold) BestF1(List<(double Score, bool Same)> scored)
    {
        (double F1, double At) best = (0, 1);
        foreach ((double threshold, double precision, double recall) in Curve(scored))
        {
            double f1 = 2 * precision * recall / Math.Max(1e-12, precision + recall);
            if (f1 > best.F1)
            {
                best = (f1, threshold);
            }
        }

        return best;
    }

    /// <summary>F1 when scores from a threshold on count as "same".</summary>
    internal static double F1(IEnumerable<(double Score, bool Same)> scored, double threshold)
    {
        int tp = 0, fp = 0, fn = 0;
        foreach ((double score, bool same) in scored)
        {
            tp += same && score >= threshold ? 1 : 0;
            fp += !same && score >= threshold ? 1 : 0;
            fn += same && score < threshold ? 1 : 0;
        }

        return 2.0 * tp / Math.Max(1, (2 * tp) + fp + fn);
    }

    /// <summary>Precision and recall at every score that occurs, from the highest down.</summary>
    internal static IEnumerable<(double Threshold, double Precision, double Recall)> Curve(List<(double Score, bool Same)> scored)
    {
        int positives = Math.Max(1, scored.Count(s => s.Same)), tp = 0, fp = 0;
        foreach (IGrouping<double, (double Score, bool Same)> tie in scored.GroupBy(s => s.Score).OrderByDescending(g => g.Key))
        {
            tp += tie.Count(s => s.Same);
            fp += tie.Count(s => !s.Same);
            yield return (tie.Key, tp / (double)(tp + fp), tp / (double)positives);
        }
    }

    /// <summary>Expected calibration error over ten equal bins.</summary>
    internal static double CalibrationError(List<(double Score, bool Same)> scored) =>
        scored.GroupBy(s => Math.Min(9, (int)(s.Score * 10)))
            .Sum(b => Math.Abs(b.Average(s => s.Score) - (b.Count(s => s.Same) / (double)b.Count())) * b.Count() / scored.Count);
}
