using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Grpc;
using Google.Protobuf;

namespace ExternalAction.Sanctions;

/// <summary>
/// The regimes the service starts with: Data/regimes.csv, recorded once in an empty journal by the same rules as any import.
/// Dates without a verified source are left out of it; what an import or a decision changed later stays changed.
/// </summary>
internal static class Seed
{
    /// <summary>The import and the key it is recorded under.</summary>
    public static (string Key, RegimesImported Import) Regimes()
    {
        using var stream = typeof(Seed).Assembly.GetManifestResourceStream("ExternalAction.Sanctions.Data.regimes.csv") ?? throw new InvalidOperationException("Data/regimes.csv is not embedded.");
        return ("seed:regimes:1", new RegimesImported("Data of the suite", [.. RegimeForm.Read(ByteString.FromStream(stream), "Data of the suite")]));
    }
}
