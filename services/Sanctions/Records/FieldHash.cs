using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ExternalAction.Sanctions.Records;

/// <summary>
/// SHA-256 over fields in a documented order, so that anybody can compute it again: each field is text in UTF-8, preceded by its
/// length in bytes (four bytes, big-endian). Numbers are decimal text, yes and no are 1 and 0, bytes are lower-case hexadecimal.
/// </summary>
internal sealed class FieldHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Begins with a byte that tells what is hashed; none when null.</summary>
    public FieldHash(byte? prefix = null)
    {
        if (prefix is { } first)
        {
            _hash.AppendData([first]);
        }
    }

    /// <summary>Adds fields.</summary>
    public FieldHash Add(params ReadOnlySpan<string> fields)
    {
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            _hash.AppendData(length);
            _hash.AppendData(bytes);
        }
        return this;
    }

    /// <summary>Adds a number.</summary>
    public FieldHash Add(long number) => Add(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a list: how many there are, then each.</summary>
    public FieldHash AddAll(IReadOnlyCollection<string> list)
    {
        Add(list.Count);
        foreach (var item in list)
        {
            Add(item);
        }
        return this;
    }

    /// <summary>The hash: 32 bytes.</summary>
    public byte[] Finish() => _hash.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
