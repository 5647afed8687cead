using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// A page token says where the next page begins and for which list and filter it was made; offered to another it is refused.
/// It carries nothing secret: what a caller may see is decided again on every page.
/// </summary>
public static class PageTokens
{
    private const int FilterBytes = 8;

    /// <summary>The token of the page after <paramref name="position"/> in the list that <paramref name="filter"/> describes.</summary>
    public static string Write(long position, string filter)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + FilterBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position);
        Fingerprint(filter).CopyTo(bytes[sizeof(long)..]);
        return WebEncoders.Base64UrlEncode(bytes);
    }

    /// <summary>The position in a token; null for the first page.</summary>
    public static long? Read(string token, string filter)
    {
        if (token.Length == 0)
        {
            return null;
        }
        Span<byte> bytes = stackalloc byte[sizeof(long) + FilterBytes];
        if (!Base64Url.IsValid(token, out var length) || length != bytes.Length || !Base64Url.TryDecodeFromChars(token, bytes, out _) || !bytes[sizeof(long)..].SequenceEqual(Fingerprint(filter)))
        {
            throw FormErrors.PageToken();
        }
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    private static ReadOnlySpan<byte> Fingerprint(string filter) => SHA256.HashData(Encoding.UTF8.GetBytes(filter)).AsSpan(0, FilterBytes);
}
