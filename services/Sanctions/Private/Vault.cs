using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using ExternalAction.Journal;

namespace ExternalAction.Sanctions.Private;

/// <summary>
/// Keeps secrets so that they can be forgotten: each thing is encrypted with a key of its own, and whoever destroys the key
/// destroys the thing, in every copy of the database made from then on. It also hashes under a key, so that a hash of a name
/// cannot be guessed by hashing names. Open it once (the service does at start) before anything is hashed.
/// </summary>
/// <param name="database">Where wrapped keys are.</param>
/// <param name="options">Says where the master key is.</param>
/// <param name="clock">The time.</param>
internal sealed class Vault(PrivateDatabase database, JournalOptions options, TimeProvider clock)
{
    private const int IdLength = 200;
    private const int IdsPerQuery = 500;
    private volatile MasterKey? _master;

    /// <summary>True once it was opened.</summary>
    public bool IsOpen => _master is not null;

    private MasterKey Master => _master ?? throw new JournalUnavailableException("The vault is not open yet.");

    /// <summary>
    /// Opens the vault with the one master key of the service. The database says which that is; replicas that start together on
    /// an empty one each make a key, one of them is entered, and the others take that one and throw their own away.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The private store cannot be reached.</exception>
    /// <exception cref="CryptographicException">The key the database names is not in the folder.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        if (_master is not null)
        {
            return;
        }
        var kid = await EnteredAsync(cancellation);
        if (kid is null)
        {
            var made = MasterKey.Create(options.KeysFolder);
            await database.WriteAsync(
                connection => connection.RunAsync("INSERT INTO master_keys (place, kid, created_at) VALUES (1, @kid, @now) ON CONFLICT (place) DO NOTHING", cancellation, ("kid", made.Kid), ("now", Now)), cancellation);
            kid = await EnteredAsync(cancellation);
            if (kid != made.Kid)
            {
                File.Delete(MasterKey.PathOf(options.KeysFolder, made.Kid));
            }
        }
        _master = MasterKey.Read(options.KeysFolder, kid!);
    }

    /// <summary>HMAC-SHA-256 over a purpose and texts (UTF-8), each with its length before it: 32 bytes, the same on every replica and after every start.</summary>
    public byte[] Hash(string purpose, params ReadOnlySpan<string> parts)
    {
        using var hash = Begin(purpose);
        foreach (var part in parts)
        {
            Append(hash, Encoding.UTF8.GetBytes(part));
        }
        return hash.GetHashAndReset();
    }

    /// <summary>As above, over bytes.</summary>
    public byte[] Hash(string purpose, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        using var hash = Begin(purpose);
        foreach (var part in parts)
        {
            Append(hash, part.Span);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The key of a thing, made if there is none; it is on the disk when this returns.</summary>
    /// <param name="id">What it is for, for example <c>subject:7</c>; 1 to 200 characters.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<DataKey> CreateAsync(string id, CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        await database.WriteAsync(connection => InsertAsync(connection, [New(id)], cancellation), cancellation);
        return (await FindAsync([id], cancellation)).GetValueOrDefault(id) ?? throw new JournalUnavailableException($"The key '{id}' was destroyed while it was made.");
    }

    /// <summary>The keys there are of these things; what was destroyed is missing.</summary>
    /// <exception cref="CryptographicException">A key was altered or wrapped under another master key.</exception>
    public async Task<IReadOnlyDictionary<string, DataKey>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await OpenAsync(cancellation);
        return await database.ReadAsync(
            async connection =>
            {
                var found = new Dictionary<string, DataKey>(StringComparer.Ordinal);
                foreach (var chunk in ids.Distinct(StringComparer.Ordinal).Chunk(IdsPerQuery))
                {
                    var (names, parameters) = Sql.In(chunk);
                    foreach (var (id, wrapped) in await connection.QueryAsync($"SELECT id, wrapped FROM data_keys WHERE id IN ({names})", row => (row.GetString(0), row.Bytes(1)), cancellation, parameters))
                    {
                        found.Add(id, new DataKey(Master.Wrapping.Decrypt(wrapped, WrappedFor(id))));
                    }
                }
                return (IReadOnlyDictionary<string, DataKey>)found;
            },
            cancellation);
    }

    /// <summary>Destroys the key of a thing, and with it what it encrypted. Once more changes nothing.</summary>
    public async Task DestroyAsync(string id, CancellationToken cancellation)
    {
        await database.WriteAsync(connection => DeleteAsync(connection, [id], cancellation), cancellation);
        await database.ForgetAsync(cancellation);
    }

    /// <summary>A fresh key, to be stored by <see cref="InsertAsync"/> in the transaction that stores what it encrypts.</summary>
    public NewDataKey New(string id)
    {
        if (id.Length is 0 or > IdLength)
        {
            throw new ArgumentException($"The id of a key has 1 to {IdLength} characters.", nameof(id));
        }
        var key = RandomNumberGenerator.GetBytes(DataKey.Length);
        return new NewDataKey(id, Master.Kid, Master.Wrapping.Encrypt(key, WrappedFor(id)), new DataKey(key));
    }

    /// <summary>Stores fresh keys on a connection of <see cref="PrivateDatabase.WriteAsync(Func{DbConnection, Task}, CancellationToken)"/>; an id that has a key keeps it.</summary>
    public Task InsertAsync(DbConnection connection, IReadOnlyCollection<NewDataKey> keys, CancellationToken cancellation) =>
        connection.InsertAsync("data_keys", "id, kid, wrapped, created_at", [.. keys.Select(k => new object?[] { k.Id, k.Kid, k.Wrapped, Now })], cancellation, "ON CONFLICT (id) DO NOTHING");

    /// <summary>Destroys keys in the transaction of a connection; call <see cref="PrivateDatabase.ForgetAsync"/> after its commit.</summary>
    public static async Task DeleteAsync(DbConnection connection, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        foreach (var chunk in ids.Chunk(IdsPerQuery))
        {
            var (names, parameters) = Sql.In(chunk);
            await connection.RunAsync($"DELETE FROM data_keys WHERE id IN ({names})", cancellation, parameters);
        }
    }

    private long Now => JournalTime.ToMicroseconds(clock.GetUtcNow());

    private static string WrappedFor(string id) => "data key " + id;

    private async Task<string?> EnteredAsync(CancellationToken cancellation) =>
        (await database.ReadAsync(connection => connection.QueryAsync("SELECT kid FROM master_keys", row => row.GetString(0), cancellation), cancellation)).FirstOrDefault();

    private IncrementalHash Begin(string purpose)
    {
        var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Master.Hashing);
        Append(hash, Encoding.UTF8.GetBytes(purpose));
        return hash;
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}

/// <summary>A key that is not stored yet.</summary>
/// <param name="Id">What it is for.</param>
/// <param name="Kid">The master key it is wrapped under.</param>
/// <param name="Wrapped">Itself, encrypted.</param>
/// <param name="Key">Itself.</param>
internal sealed record NewDataKey(string Id, string Kid, byte[] Wrapped, DataKey Key);
