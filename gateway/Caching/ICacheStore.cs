namespace ExternalAction.Gateway.Caching;

/// <summary>Where replies are kept: in memory, or in Redis for all replicas of the gateway. A store may forget, but never fail.</summary>
internal interface ICacheStore
{
    /// <summary>What is kept under the key; null when nothing is, or the store cannot say just now.</summary>
    ValueTask<CachedReply?> FindAsync(string key);

    /// <summary>Keeps a reply, if the store can.</summary>
    ValueTask KeepAsync(string key, CachedReply reply);
}
