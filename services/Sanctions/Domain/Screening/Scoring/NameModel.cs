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
        -0.402, 3.349, 2.263, 1.415, 0.445, -0.718, -4.17, -2.7, -2.468, 1.125, 0, -0.391, 0.356, -0.766, 0, -0.378, 0.466, -0.877, -0.096, -0.708, 0.146, -0.635, 1.047, 0.157, -0.222, -0.018, 0.474,
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
