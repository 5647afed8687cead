using System.Security.Cryptography;
using System.Text;
using Grpc.Core;

namespace ExternalAction.Gateway.Edge;

/// <summary>
/// In Standalone a REST request comes in twice: once from its client, once as the gateway's own call to the gRPC port of the
/// same process. The second carries a random value that never leaves the process, so it is not counted against the client's
/// rate again.
/// </summary>
internal static class Hop
{
    private const string Header = "ea-hop";

    private static string Value { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static readonly byte[] _bytes = Encoding.ASCII.GetBytes(Value);

    /// <summary>Marks the metadata of one of the gateway's own calls.</summary>
    public static Metadata Mark(Metadata metadata)
    {
        metadata.Add(Header, Value);
        return metadata;
    }

    /// <summary>True for the gateway's own calls.</summary>
    public static bool IsOwn(HttpContext context) =>
        context.Request.Headers[Header] is [{ } given] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _bytes);
}
