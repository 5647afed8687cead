namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Scratch memory of one thread, so that a match allocates little.
/// </summary>
internal sealed class Workspace
{
    [ThreadStatic]
    private static Workspace? current;

    private float[] gains = [];
    private int[] stamps = [];
    private int stamp;

    internal static Workspace Current => current ??= new Workspace();

    internal List<int> Touched { get; } = [];

    internal List<int> Names { get; } = [];

    /// <summary>One zero per name; the user leaves it zeroed.</summary>
    internal Span<float> Gains(int names)
    {
        if (gains.Length < names)
        {
            gains = new float[names];
        }

        return gains;
    }

    internal Span<int> Stamps(int names, out int now)
    {
        if (stamps.Length < names || stamp > int.MaxValue - 1000)
        {
            stamps = new int[Math.Max(names, stamps.Length)];
            stamp = 0;
        }

        now = ++stamp;
        return stamps;
    }

    internal int NextStamp() => ++stamp;
}
