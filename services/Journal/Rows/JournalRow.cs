using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ExternalAction.Journal;

/// <summary>
/// One row of a journal exactly as it is stored: the unit that is hashed, exported and verified. What an event means
/// is known only to the service that wrote it; everything here can be checked without that knowledge.
/// </summary>
public sealed class JournalRow
{
    /// <summary>Place in the journal: 1 for the genesis row, then dense.</summary>
    public required long Position { get; init; }

    /// <summary>The thing the event is about, for example <c>decision:7</c>; 1 to 200 characters.</summary>
    public required string Stream { get; init; }

    /// <summary>Place in the stream: 1 for its first row, then dense.</summary>
    public required long Version { get; init; }

    /// <summary>Versioned name of the event's type, for example <c>vote-recorded.v1</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The event as UTF-8 JSON, byte for byte as it was written.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Who caused it: a subject of a token, or <c>system:…</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>When it happened in the world; microseconds since 1970-01-01T00:00:00Z.</summary>
    public required long OccurredAt { get; init; }

    /// <summary>When it was written here; microseconds since 1970-01-01T00:00:00Z, never smaller than in the row before.</summary>
    public required long RecordedAt { get; init; }

    /// <summary>Hash of the row before; null in the genesis row only.</summary>
    public required Digest? PreviousHash { get; init; }

    /// <summary>Hash of this row, see <see cref="ComputeHash"/>.</summary>
    public Digest Hash { get; init; }

    /// <summary>Stands before the fields of every hashed row: a hash of this format can never be one of another.</summary>
    private static ReadOnlySpan<byte> FormatTag => "ea-journal-row-v1"u8;

    /// <summary>
    /// SHA-256 over the format tag <c>ea-journal-row-v1</c> and then, in this order, position, stream, version, type,
    /// payload, actor, occurred_at, recorded_at, previous_hash. Each field is preceded by its length in bytes as a
    /// 32-bit big-endian number; an absent field has length 0xFFFFFFFF and no bytes, so null differs from empty.
    /// Numbers are 8 bytes, big-endian, two's complement; texts are UTF-8. The golden rows of the tests pin this down.
    /// </summary>
    public Digest ComputeHash()
    {
        var lengthMax = FormatTag.Length + 9 * sizeof(uint) + 4 * sizeof(long) + Digest.LengthBytes + Payload.Length
            + Encoding.UTF8.GetMaxByteCount(Stream.Length + Type.Length + Actor.Length) + 3 * 4;
        byte[]? rented = null;
        Span<byte> buffer = lengthMax <= 2048 ? stackalloc byte[2048] : rented = ArrayPool<byte>.Shared.Rent(lengthMax);

        FormatTag.CopyTo(buffer);
        var at = FormatTag.Length;
        Number(buffer, ref at, Position);
        Text(buffer, ref at, Stream);
        Number(buffer, ref at, Version);
        Text(buffer, ref at, Type);
        Bytes(buffer, ref at, Payload.Span);
        Text(buffer, ref at, Actor);
        Number(buffer, ref at, OccurredAt);
        Number(buffer, ref at, RecordedAt);
        if (PreviousHash is { } previous)
        {
            Span<byte> bytes = stackalloc byte[Digest.LengthBytes];
            previous.CopyTo(bytes);
            Bytes(buffer, ref at, bytes);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], uint.MaxValue);
            at += sizeof(uint);
        }

        Span<byte> hash = stackalloc byte[Digest.LengthBytes];
        SHA256.HashData(buffer[..at], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return new Digest(hash);
    }

    /// <summary>The same row with <see cref="Hash"/> set to what <see cref="ComputeHash"/> gives.</summary>
    internal JournalRow Sealed() => new()
    {
        Position = Position,
        Stream = Stream,
        Version = Version,
        Type = Type,
        Payload = Payload,
        Actor = Actor,
        OccurredAt = OccurredAt,
        RecordedAt = RecordedAt,
        PreviousHash = PreviousHash,
        Hash = ComputeHash(),
    };

    private static void Number(Span<byte> buffer, ref int at, long value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(buffer[(at + sizeof(uint))..], value);
        at += sizeof(uint) + sizeof(long);
    }

    private static void Text(Span<byte> buffer, ref int at, string value)
    {
        var length = Encoding.UTF8.GetBytes(value, buffer[(at + sizeof(uint))..]);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], (uint)length);
        at += sizeof(uint) + length;
    }

    private static void Bytes(Span<byte> buffer, ref int at, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], (uint)value.Length);
        value.CopyTo(buffer[(at + sizeof(uint))..]);
        at += sizeof(uint) + value.Length;
    }
}
