using System.Security.Cryptography;
using System.Text;

namespace ExternalAction.Sanctions.Private;

/// <summary>
/// The secret of the service: 32 random bytes in <c>vault-{kid}.key</c>, readable by the service's user alone, in the folder of
/// the signing keys, which replicas share. Two keys are derived from it: one hashes, the other encrypts the keys of single things.
/// </summary>
internal sealed class MasterKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private MasterKey(byte[] secret)
    {
        Kid = Convert.ToHexStringLower(Derive(secret, "key id").AsSpan(0, 8));
        Hashing = Derive(secret, "hashing");
        Wrapping = new DataKey(Derive(secret, "wrapping"));
    }

    /// <summary>Names it: 16 hexadecimal digits that tell nothing of the secret.</summary>
    public string Kid { get; }

    /// <summary>Key of HMAC-SHA-256.</summary>
    public byte[] Hashing { get; }

    /// <summary>Encrypts data keys.</summary>
    public DataKey Wrapping { get; }

    /// <summary>Where a key's file is.</summary>
    public static string PathOf(string folder, string kid) => Path.Combine(folder, $"vault-{kid}.key");

    /// <summary>Makes a key; its file is whole and on the disk when this returns, and never half to be seen.</summary>
    public static MasterKey Create(string folder)
    {
        var secret = RandomNumberGenerator.GetBytes(DataKey.Length);
        var made = new MasterKey(secret);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
        var path = PathOf(folder, made.Kid);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        using (var file = new FileStream(path + ".new", options))
        {
            file.Write(secret);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path);
        return made;
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="CryptographicException">The file is missing, or holds something else than its name says.</exception>
    public static MasterKey Read(string folder, string kid)
    {
        var path = PathOf(folder, kid);
        if (!File.Exists(path))
        {
            throw new CryptographicException($"The master key '{path}' is missing. Replicas share one folder of keys (Journal:KeysFolder); without this file, what it encrypted cannot be read.");
        }
        var secret = File.ReadAllBytes(path);
        return secret.Length == DataKey.Length && new MasterKey(secret) is var key && key.Kid == kid
            ? key
            : throw new CryptographicException($"The file '{path}' holds another key than its name says.");
    }

    private static byte[] Derive(byte[] secret, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, DataKey.Length, info: Encoding.UTF8.GetBytes("externalaction.sanctions.vault " + purpose));
}
