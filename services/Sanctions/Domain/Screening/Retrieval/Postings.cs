namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>The names in which each of a number of things occurs; two arrays however many things there are. Immutable.</summary>
internal sealed class Postings
{
    private readonly int[] starts;
    private readonly int[] names;

    /// <param name="count">How many things there are.</param>
    /// <param name="occurrences">Things and the names that they occur in, the names ascending.</param>
    internal Postings(int count, List<(int Thing, int Name)> occurrences)
    {
        starts = new int[count + 1];
        foreach ((int thing, _) in occurrences)
        {
            starts[thing + 1]++;
        }

        for (int thing = 0; thing < count; thing++)
        {
            starts[thing + 1] += starts[thing];
        }

        var fill = (int[])starts.Clone();
        names = new int[occurrences.Count];
        foreach ((int thing, int name) in occurrences)
        {
            names[fill[thing]++] = name;
        }
    }

    /// <summary>The names in which one occurs, ascending; as often as it occurs.</summary>
    internal ReadOnlySpan<int> this[int thing] => names.AsSpan(starts[thing], starts[thing + 1] - starts[thing]);
}
