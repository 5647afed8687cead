using ExternalAction.Sanctions.Domain.Screening.Scoring;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>Scratch memory of one thread, so that a match allocates little.</summary>
internal sealed class Workspace
{
    [ThreadStatic]
    private static Workspace? current;

    internal static Workspace Current => current ??= new Workspace();

    internal CandidateSearch Search { get; } = new();

    internal Aligner Aligner { get; } = new();

    /// <summary>Candidates of one name of the query.</summary>
    internal List<int> Names { get; } = [];
}
