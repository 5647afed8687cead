using System.Security.Cryptography;
using System.Text;

namespace ExternalAction.Sanctions.Private;

/// <summary>
/// An AES-256 key of one thing. What it encrypts is bound to a name: a value cannot be read in the place of another one.
/// Format: a version byte (1), a random nonce of 12 bytes, the tag of 16 bytes, the cipher text; AES-GCM (NIST SP 800-38D).
/// </summary>
internal sealed class DataKey(byte[] key)
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = 32;
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength + TagLength;

    /// <summary>Encrypts.</summary>
    /// <param name="plain">What to encrypt.</param>
    /// <param name="boundTo">What it is and of whom; needed again to decrypt.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plain, string boundTo)
    {
        var output = new byte[HeadLength + plain.Length];
        output[0] = Version;
        var nonce = output.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, output.AsSpan(HeadLength), output.AsSpan(1 + NonceLength, TagLength), Encoding.UTF8.GetBytes(boundTo));
        return output;
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> gave under the same name.</summary>
    /// <exception cref="CryptographicException">It was altered, or encrypted with another key or for another name.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> encrypted, string boundTo)
    {
        if (encrypted.Length < HeadLength || encrypted[0] != Version)
        {
            throw new CryptographicException("This is not an encrypted value of a version known here.");
        }
        var plain = new byte[encrypted.Length - HeadLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(encrypted.Slice(1, NonceLength), encrypted[HeadLength..], encrypted.Slice(1 + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(boundTo));
        return plain;
    }
}
