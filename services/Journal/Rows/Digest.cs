using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ExternalAction.Journal;

/// <summary>
/// A SHA-256 value: the hash of a row, or of a command's input. It is a plain value of 32 bytes, so that a replay
/// of a million rows does not allocate a million small arrays.
/// </summary>
public readonly record struct Digest
{
    /// <summary>Length of the value in bytes.</summary>
    public const int LengthBytes = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Reads the value from exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != LengthBytes)
        {
            throw new ArgumentException($"A SHA-256 value has {LengthBytes} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="target"/>.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], _d);
    }

    /// <summary>The value as a new array of 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[LengthBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 64 hexadecimal digits, of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        Span<byte> bytes = stackalloc byte[LengthBytes];
        if (text is null || text.Length != 2 * LengthBytes
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        digest = new Digest(bytes);
        return true;
    }

    /// <summary>64 lower-case hexadecimal digits: the form used in receipts, heads and exports.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
