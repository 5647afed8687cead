using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;

namespace ExternalAction.Gateway.Caching;

/// <summary>
/// Replies of rpcs marked <c>cacheable</c>, for a few seconds. Every entry carries the journal position it rests on, and for
/// every service the newest position known here is remembered: an entry below it is not served. So it does not matter when an entry
/// was stored. One computed before an event but stored after the event's eviction is below the position of that event,
/// and no list of entries has to be walked to evict.
/// </summary>
public sealed class OutputCache
{
    /// <summary>How long an entry lives at most, when no event evicts it before (the event queue may be down).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _newest = new();
    private readonly ICacheStore _store;
    private readonly TimeProvider _time;

    internal OutputCache(ICacheStore store, TimeProvider time) => (_store, _time) = (store, time);

    /// <summary>Something happened in a service's journal: whatever rests on an earlier position is no longer served.</summary>
    /// <param name="service">The journal's service, the source of its integration events.</param>
    /// <param name="position">The journal position of what happened.</param>
    public void Evict(string service, long position) => _newest.AddOrUpdate(service, position, (_, known) => Math.Max(known, position));

    /// <summary>
    /// What a reply may depend on besides time: the rpc, the form of the reply, the whole request, the caller's roles and
    /// member state. Not the caller: a cacheable rpc answers the same to all who share these.
    /// </summary>
    internal static string KeyOf(HttpBinding binding, IMessage request, Caller? caller)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in new[] { binding.Rpc.Descriptor.FullName, binding.ReplyField?.Name ?? "", string.Join(',', (caller?.Roles ?? new HashSet<string>()).Order(StringComparer.Ordinal)), caller?.MemberState ?? "" })
        {
            Append(hash, Encoding.UTF8.GetBytes(part));
        }

        Append(hash, request.ToByteArray());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>An entry that may be served.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="service">The service it comes from.</param>
    /// <param name="minPosition">The least position the caller wants.</param>
    internal async ValueTask<Reply?> FindAsync(string key, string service, long? minPosition) =>
        await _store.FindAsync(key) is { } entry
        && entry.Expires > _time.GetUtcNow()
        && entry.Position >= _newest.GetValueOrDefault(service)
        && entry.Position >= (minPosition ?? 0)
            ? entry.Reply
            : null;

    /// <summary>Keeps a reply, if it says what it rests on and is not outdated already.</summary>
    internal async ValueTask KeepAsync(string key, string service, Reply reply)
    {
        if (reply.Position is { } position && position >= _newest.GetValueOrDefault(service))
        {
            await _store.KeepAsync(key, new CachedReply(reply, position, _time.GetUtcNow() + Lifetime));
        }
    }

    // Every part with its length before it, so that no two lists of parts look alike.
    private static void Append(IncrementalHash hash, byte[] part)
    {
        hash.AppendData(BitConverter.GetBytes(part.Length));
        hash.AppendData(part);
    }
}
