using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ExternalAction.Journal;

/// <summary>
/// The private halves: ES256 keys as PEM files that only the service's user may read, in the data folder or a mounted
/// secret folder that replicas share. Which keys exist is said by the journal; this class only holds those it finds.
/// A file is named after purpose and key id: <c>receipt-{kid}.pem</c>.
/// </summary>
internal sealed class SigningKeys(string folder) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ConcurrentDictionary<string, PrivateKey> _held = new(StringComparer.Ordinal);
    private volatile PrivateKey? _receipt;
    private volatile PrivateKey? _head;

    /// <summary>Makes a key and writes its file; the journal event that publishes it is the caller's to append.</summary>
    public SystemEvent.SigningKeyAdded Create(KeyPurpose purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (kid, x, y) = PublicPart(key);

        // Written under another name first: a replica that lists the folder never meets half a key.
        CreateFolder();
        var path = PathOf(purpose, kid);
        var unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(unfinished, options))
        {
            writer.Write(key.ExportPkcs8PrivateKeyPem());
        }

        File.Move(unfinished, path);
        return new SystemEvent.SigningKeyAdded(kid, purpose, x, y);
    }

    /// <summary>Takes the newest key of each purpose that signs and whose file is here.</summary>
    public void Use(SystemState state)
    {
        _receipt = Newest(state, KeyPurpose.Receipt);
        _head = Newest(state, KeyPurpose.Head);
    }

    /// <summary>Whether this replica can sign for a purpose.</summary>
    public bool CanSign(SystemState state, KeyPurpose purpose) => Newest(state, purpose) is not null;

    public string Sign(Receipt receipt) => Held(_receipt).Sign((kid, key) => SignedStatements.Write(receipt, kid, key));

    public string Sign(JournalHead head) => Held(_head).Sign((kid, key) => SignedStatements.Write(head, kid, key));

    public void Dispose()
    {
        foreach (var key in _held.Values)
        {
            key.Dispose();
        }
    }

    private static PrivateKey Held(PrivateKey? key)
        => key ?? throw new InvalidOperationException("This replica holds no signing key; the journal is not open yet.");

    private PrivateKey? Newest(SystemState state, KeyPurpose purpose)
    {
        for (var i = state.Keys.Count - 1; i >= 0; i--)
        {
            var key = state.Keys[i];
            if (key.Purpose == purpose && key.RetiredAt is null && Find(purpose, key.Kid) is { } held)
            {
                return held;
            }
        }

        return null;
    }

    private PrivateKey? Find(KeyPurpose purpose, string kid)
    {
        if (_held.TryGetValue(kid, out var held))
        {
            return held;
        }

        var path = PathOf(purpose, kid);
        if (!File.Exists(path))
        {
            return null;
        }

        // A file under a wrong name would sign what nobody can verify.
        var pem = File.ReadAllText(path);
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return PublicPart(key).Kid == kid
            ? _held.GetOrAdd(kid, new PrivateKey(kid, pem))
            : throw new CryptographicException($"The file '{path}' holds another key than its name says.");
    }

    private static (string Kid, string X, string Y) PublicPart(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return (SigningKey.Thumbprint(x, y), x, y);
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private string PathOf(KeyPurpose purpose, string kid)
        => Path.Combine(folder, $"{(purpose == KeyPurpose.Receipt ? "receipt" : "head")}-{kid}.pem");

    /// <summary>A private key for several threads: an ECDsa object may be used by one at a time, so each use takes its own.</summary>
    private sealed class PrivateKey(string kid, string pem) : IDisposable
    {
        private readonly ConcurrentBag<ECDsa> _idle = [];

        public string Sign(Func<string, ECDsa, string> sign)
        {
            if (!_idle.TryTake(out var key))
            {
                key = ECDsa.Create();
                key.ImportFromPem(pem);
            }

            var signed = sign(kid, key);
            _idle.Add(key);
            return signed;
        }

        public void Dispose()
        {
            while (_idle.TryTake(out var key))
            {
                key.Dispose();
            }
        }
    }
}
