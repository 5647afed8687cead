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
    private const int IdLength = 64;

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

    /// <summary>As <see cref="Write"/>, where a list is ordered by ids instead of positions; an id has at most 64 characters.</summary>
    public static string WriteText(string after, string filter) => WebEncoders.Base64UrlEncode([.. Fingerprint(filter), .. Encoding.UTF8.GetBytes(after)]);

    /// <summary>The id in a token; null for the first page.</summary>
    public static string? ReadText(string token, string filter)
    {
        if (token.Length == 0)
        {
            return null;
        }
        var bytes = new byte[FilterBytes + IdLength];
        if (!Base64Url.IsValid(token, out var length) || length <= FilterBytes || length > bytes.Length || !Base64Url.TryDecodeFromChars(token, bytes, out var written)
            || !bytes.AsSpan(0, FilterBytes).SequenceEqual(Fingerprint(filter)))
        {
            throw FormErrors.PageToken();
        }
        return Encoding.UTF8.GetString(bytes, FilterBytes, written - FilterBytes);
    }

    private static ReadOnlySpan<byte> Fingerprint(string filter) => SHA256.HashData(Encoding.UTF8.GetBytes(filter)).AsSpan(0, FilterBytes);
}
