using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// The message id of an integration event: a UUID of version 5 (RFC 9562, section 5.5) in the namespace of the journal's id,
/// named <c>position/index</c>. The same event has the same id however often it is sent, so foreign consumers can tell
/// repetitions too.
/// </summary>
internal static class EventIds
{
    public static Guid Of(Guid journalId, EventPlace place)
        => NameBased(journalId, string.Create(CultureInfo.InvariantCulture, $"{place.Position}/{place.Index}"));

    /// <summary>SHA-1 over the namespace's 16 bytes and the name, cut to 16 bytes, with version and variant set.</summary>
    internal static Guid NameBased(Guid space, string name)
    {
        Span<byte> input = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(name.Length)];
        space.TryWriteBytes(input, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name, input[16..]);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input[..length], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
