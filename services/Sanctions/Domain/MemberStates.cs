using System.Collections.Frozen;

namespace ExternalAction.Sanctions.Domain;

/// <summary>The member states of the Union by their codes (Interinstitutional Style Guide, annex A5), since the withdrawal of the United Kingdom on 1 February 2020.</summary>
public static class MemberStates
{
    /// <summary>All 27.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.ToFrozenSet(
    [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ]);
}
