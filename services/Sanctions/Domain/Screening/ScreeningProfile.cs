using System.Collections.Immutable;

namespace ExternalAction.Sanctions.Domain.Screening;

/// <summary>
/// Named, versioned thresholds. The scorer is the same for all profiles; a profile says from which score on somebody must look.
/// A change of a threshold or of the scorer's weights is a new version.
/// </summary>
/// <param name="Name">"payments" or "onboarding".</param>
/// <param name="Version">Goes into every screening record.</param>
/// <param name="Alert">Scores from here on are ALERT.</param>
/// <param name="Review">Scores from here on are REVIEW; nothing below is returned unless a lower threshold is asked for.</param>
public sealed record ScreeningProfile(string Name, string Version, decimal Alert, decimal Review)
{
    /// <summary>Few false stops: for payments in flight.</summary>
    public static ScreeningProfile Payments { get; } = new("payments", "1", 0.70m, 0.50m);

    /// <summary>Few misses: for customers at the door, where a person looks anyway.</summary>
    public static ScreeningProfile Onboarding { get; } = new("onboarding", "1", 0.60m, 0.40m);

    /// <summary>All profiles.</summary>
    public static ImmutableArray<ScreeningProfile> All { get; } = [Payments, Onboarding];

    /// <summary>The profile of a name, or null.</summary>
    public static ScreeningProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    /// <summary>The band of a score.</summary>
    public ScreeningBand BandOf(decimal score) => score >= Alert ? ScreeningBand.Alert : score >= Review ? ScreeningBand.Review : ScreeningBand.None;
}

/// <summary>How to match.</summary>
/// <param name="Profile">Bands and the default threshold.</param>
/// <param name="Threshold">Least score returned; the profile's review threshold when null.</param>
/// <param name="Limit">Most hits returned, at least 1.</param>
/// <param name="Exhaustive">Compare with every name instead of using the index: slow, for checking the index.</param>
public sealed record MatchOptions(ScreeningProfile Profile, decimal? Threshold = null, int Limit = 10, bool Exhaustive = false)
{
    /// <summary>The least score returned. Below 0.30 the index is not asked to find everything, so it is never less.</summary>
    public decimal EffectiveThreshold => Math.Max(Threshold ?? Profile.Review, NameComparer.LeastThreshold);
}
