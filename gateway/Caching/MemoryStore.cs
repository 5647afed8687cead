using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace ExternalAction.Gateway.Caching;

/// <summary>Replies in this process's memory, bounded in bytes; the least recently used go first.</summary>
internal sealed class MemoryStore(long bytes, TimeProvider time) : ICacheStore, IDisposable
{
    private const int Overhead = 512;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = bytes, Clock = new Clock(time) });

    public ValueTask<CachedReply?> FindAsync(string key) => ValueTask.FromResult(_cache.Get<CachedReply>(key));

    public ValueTask KeepAsync(string key, CachedReply reply)
    {
        var life = reply.Expires - time.GetUtcNow();
        if (life > TimeSpan.Zero)
        {
            _cache.Set(key, reply, new MemoryCacheEntryOptions { Size = reply.Reply.Body.Length + Overhead, AbsoluteExpirationRelativeToNow = life });
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose() => _cache.Dispose();

    /// <summary>One clock for both: what this cache forgets by itself, and what is too old to be served.</summary>
    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
