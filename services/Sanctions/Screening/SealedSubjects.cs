using System.Buffers.Text;
using System.Text;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Private;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Screening;

/// <summary>
/// Stored subjects as the journal may know them: encrypted, each under a key of its own in the vault, and compared by keyed hashes.
/// A subject whose key was destroyed reads as null, here and in every copy of the journal.
/// </summary>
internal sealed class SealedSubjects(Vault vault)
{
    private const int HashBytes = 16;

    /// <summary>The client's own id of a subject.</summary>
    public string ReferenceHash(string client, string reference) => Text(vault.Hash("subject reference", client, reference));

    /// <summary>What a client sent of a subject.</summary>
    public string ContentHash(string client, Proto.ScreeningSubject subject) => Text(vault.Hash("subject content", Encoding.UTF8.GetBytes(client), subject.ToByteArray()));

    /// <summary>What stands for a request in the record of its idempotency key: from the request's plain hash, a short name could be guessed.</summary>
    public IMessage InputOf(IMessage request) => new StringValue { Value = Text(vault.Hash("subject request", request.ToByteArray())) };

    /// <summary>The key of a subject; made if there is none.</summary>
    public Task<DataKey> KeyAsync(string id, CancellationToken cancellation) => vault.CreateAsync(KeyOf(id), cancellation);

    /// <summary>Destroys the key of a subject: what was encrypted under it is gone.</summary>
    public Task DestroyAsync(string id, CancellationToken cancellation) => vault.DestroyAsync(KeyOf(id), cancellation);

    /// <summary>Of these subjects, the ids of those that still have a key.</summary>
    public async Task<IReadOnlyList<string>> WithKeyAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var keys = await vault.FindAsync([.. ids.Select(KeyOf)], cancellation);
        return [.. ids.Where(id => keys.ContainsKey(KeyOf(id)))];
    }

    /// <summary>Reads subjects, with one look into the vault; those without a key are missing.</summary>
    public async Task<IReadOnlyDictionary<string, OpenSubject>> OpenAsync(IReadOnlyCollection<Subject> subjects, CancellationToken cancellation)
    {
        var keys = await vault.FindAsync([.. subjects.Select(s => KeyOf(s.Id)).Distinct()], cancellation);
        return subjects.DistinctBy(s => s.Id).Where(s => keys.ContainsKey(KeyOf(s.Id)))
            .ToDictionary(s => s.Id, s => new OpenSubject(s, keys[KeyOf(s.Id)]), StringComparer.Ordinal);
    }

    private static string KeyOf(string id) => $"subject:{id}";

    private static string Text(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, HashBytes));
}

/// <summary>A subject with its key at hand. It is decrypted when it is asked for, and kept nowhere.</summary>
internal sealed class OpenSubject(Subject stored, DataKey key)
{
    /// <summary>As it is stored.</summary>
    public Subject Stored => stored;

    /// <summary>Its key.</summary>
    public DataKey Key => key;

    /// <summary>As it was sent.</summary>
    public Proto.ScreeningSubject Read() => Proto.ScreeningSubject.Parser.ParseFrom(key.Decrypt(stored.Ciphertext.AsSpan(), ContentOf(stored.Id)));

    /// <summary>The listed name that an alert came from.</summary>
    public string MatchedName(SubjectAlert alert) => Encoding.UTF8.GetString(key.Decrypt(alert.MatchedName.AsSpan(), NameOf(stored.Id, alert.ListingId)));

    /// <summary>A subject as it is stored; base64url.</summary>
    public static string Seal(DataKey key, string id, Proto.ScreeningSubject subject) => Base64Url.EncodeToString(key.Encrypt(subject.ToByteArray(), ContentOf(id)));

    /// <summary>A matched name as it is stored; base64url.</summary>
    public static string SealName(DataKey key, string id, string listingId, string name) => Base64Url.EncodeToString(key.Encrypt(Encoding.UTF8.GetBytes(name), NameOf(id, listingId)));

    private static string ContentOf(string id) => $"subject {id}";

    private static string NameOf(string id, string listingId) => $"subject {id} matched {listingId}";
}
