using System.Collections.Concurrent;
using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>
/// Scratch memory of one match, so that it allocates little. About a megabyte with a whole list, so there are as many as matches run at once
/// and not as threads ever ran one: rented, and given back at the end of the <c>using</c>.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private static readonly int MostKept = 2 * Environment.ProcessorCount; // threads are set aside in the middle of a match, so more run than there are cores

    private static readonly ConcurrentStack<Workspace> Idle = new();

    internal static Workspace Rent() => Idle.TryPop(out Workspace? workspace) ? workspace : new Workspace();

    internal CandidateSearch Search { get; } = new();

    internal Aligner Aligner { get; } = new();

    /// <summary>Candidates of one name of the query.</summary>
    internal List<int> Names { get; } = [];

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (Idle.Count < MostKept)
        {
            Idle.Push(this);
        }
    }
}
