// The roles of the suite, as they stand in the role claim of a token and in the access option of an rpc.
using System.Collections.Frozen;

namespace ExternalAction.ServiceDefaults;

/// <summary>Names of the roles. A name outside this list in a contract stops the service at start: it would be a typing mistake.</summary>
public static class Roles
{
    /// <summary>Prepares, opens, closes and publishes.</summary>
    public const string Secretariat = "secretariat";

    /// <summary>Acts for its own member state.</summary>
    public const string Delegation = "delegation";

    /// <summary>Proposes and mediates.</summary>
    public const string HighRepresentative = "high-representative";

    /// <summary>Reads everything, with history.</summary>
    public const string Auditor = "auditor";

    /// <summary>Reads adopted and later acts.</summary>
    public const string Reader = "reader";

    /// <summary>Keeps listings and lists.</summary>
    public const string SanctionsOfficer = "sanctions-officer";

    /// <summary>A bank, customs office or ministry that screens names and reads lists.</summary>
    public const string Integrator = "integrator";

    /// <summary>All of them.</summary>
    public static FrozenSet<string> All { get; } = new[] { Secretariat, Delegation, HighRepresentative, Auditor, Reader, SanctionsOfficer, Integrator }.ToFrozenSet();
}
