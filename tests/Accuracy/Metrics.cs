namespace ExternalAction.Accuracy;

/// <summary>The usual measures of a scorer against labels.</summary>
internal static class Metrics
{
    /// <summary>The best F1 over all thresholds, and that threshold.</summary>
    internal static (double F1, double Threshold) BestF1(List<(double Score, bool Same)> scored)
    {
        int positives = scored.Count(s => s.Same), tp = 0, fp = 0;
        double best = 0, at = 1;
        foreach (IGrouping<double, (double Score, bool Same)> tie in scored.GroupBy(s => s.Score).OrderByDescending(g => g.Key))
        {
            tp += tie.Count(s => s.Same);
            fp += tie.Count(s => !s.Same);
            double f1 = 2.0 * tp / (tp + fp + positives);
            if (f1 > best)
            {
                (best, at) = (f1, tie.Key);
            }
        }

        return (best, at);
    }
}
