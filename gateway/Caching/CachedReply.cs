using System.Buffers.Binary;
using System.Text;
using ExternalAction.Gateway.Rest;

namespace ExternalAction.Gateway.Caching;

/// <summary>A reply as it is kept: with the journal position it rests on and the instant it must be forgotten.</summary>
/// <param name="Reply">The reply.</param>
/// <param name="Position">Journal position it rests on.</param>
/// <param name="Expires">When it must be forgotten, events or not.</param>
internal sealed record CachedReply(Reply Reply, long Position, DateTimeOffset Expires)
{
    private const byte Version = 1;

    /// <summary>As bytes, for a cache outside this process: version, position, expiry in milliseconds, length of the media type, media type, body.</summary>
    public byte[] ToBytes()
    {
        var type = Encoding.UTF8.GetBytes(Reply.ContentType);
        var bytes = new byte[19 + type.Length + Reply.Body.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Position);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), Expires.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(17), checked((ushort)type.Length));
        type.CopyTo(bytes, 19);
        Reply.Body.CopyTo(bytes.AsMemory(19 + type.Length));
        return bytes;
    }

    /// <summary>Reads <see cref="ToBytes"/>; null when it is of another version or cut short.</summary>
    public static CachedReply? FromBytes(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < 19 || span[0] != Version || BinaryPrimitives.ReadUInt16LittleEndian(span[17..]) is var length && span.Length < 19 + length)
        {
            return null;
        }

        var position = BinaryPrimitives.ReadInt64LittleEndian(span[1..]);
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(span[9..]));
        return new CachedReply(new Reply(Encoding.UTF8.GetString(span.Slice(19, length)), bytes[(19 + length)..], position), position, expires);
    }
}
