namespace ExternalAction.Sanctions.Domain.Screening.Scoring;

/// <summary>
/// Turns <see cref="NameFeatures"/> into log-odds that two names are one subject's. The weights come from labelled pairs
/// (tuning half only) by <c>dotnet run --project tests/Accuracy -- fit</c>; they are few and each has a plain meaning.
/// </summary>
internal static class NameModel
{
    internal static readonly double[] Person =
    [
        -0.757, 3.476, 1.923, 0.847, -0.873, -2.246, -1.117, -2.798, -1.838, 2.98, 0.308, -1.281, -1.37, -0.434, -0.49, 0, -0.36, -1.543, -0.854, 0, -0.567, -0.014, 0.798, -2.524, -1.087, -0.081, 0.556,
    ];

    internal static readonly double[] Organisation =
    [
        -0.16, 3.105, 2.582, 1.152, 0.219, -1.317, -2.798, -2.72, -3.168, 0.771, 0, -0.332, 0.381, -1.027, 0, -1.52, 0.003, -0.449, -0.542, -0.823, 0.265, 0.059, 0.569, -0.99, 0.362, -0.111, 0.427,
    ];

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
