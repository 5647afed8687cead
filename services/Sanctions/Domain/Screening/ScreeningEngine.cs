namespace ExternalAction.Sanctions.Domain.Screening;

/// <summary>
/// Names the scorer in screening records. A change after which any pair of names may score otherwise is a new version: a replay
/// then says under which one it ran, and why its result may differ.
/// </summary>
public static class ScreeningEngine
{
    /// <summary>The version of this build.</summary>
    public const string Version = "names@9";
}
