namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// Turns <see cref="NameFeatures"/> into log-odds that two names are one subject's. The weights come from labelled pairs
/// (tuning half only) by <c>dotnet run --project tests/Accuracy -- fit</c>; they are few and each has a plain meaning.
/// </summary>
internal static class NameModel
{
    internal static readonly double[] Person = [-0.746, 2.297, 2.628, 1.372, -0.916, -3.827, -0.979, -0.958, -0.193, 3.073, 0, -0.486, -1.62, -2.45, -0.65, 0, -0.424, -1.329, -1.48, 0, -0.258, 0.241, 0.671, -2.847];
    internal static readonly double[] Organisation = [1.255, 1.212, 2.777, 2.131, 1.758, -2.302, -2.653, -2.545, -3.301, 0.513, 0, 0.447, 0.244, -0.829, 0, -2.151, 0.012, -0.685, -0.667, -0.916, 0.156, -0.407, -0.879, -1.831];

    internal static double LogOdds(ReadOnlySpan<double> features, bool person)
    {
        double[] weights = person ? Person : Organisation;
        double sum = 0;
        for (int i = 0; i < features.Length; i++)
        {
            sum += features[i] * weights[i];
        }

        return sum;
    }
}
