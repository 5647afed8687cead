using StackExchange.Redis;

namespace ExternalAction.Gateway.Caching;

/// <summary>
/// Replies in Redis, for all replicas of the gateway. Redis is a convenience: it is asked for at most
/// <see cref="_patience"/>, and after a failure it is left alone for <see cref="_pause"/>, so that an outage costs a request
/// next to nothing and never an error. Only the asynchronous API is used; blocking calls would starve two cores.
/// </summary>
internal sealed partial class RedisStore(string connection, TimeProvider time, ILogger<RedisStore> logger) : ICacheStore, IAsyncDisposable
{
    private const string Prefix = "externalaction:reply:";
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);
    private readonly Lock _turn = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private long _closedUntil; // ticks of the clock's timestamp; 0 while all is well

    public async ValueTask<CachedReply?> FindAsync(string key)
    {
        var value = await TryAsync(async database => (ReadOnlyMemory<byte>)await database.StringGetAsync(Prefix + key));
        return value is { IsEmpty: false } bytes ? CachedReply.FromBytes(bytes) : null;
    }

    public async ValueTask KeepAsync(string key, CachedReply reply)
    {
        var life = reply.Expires - time.GetUtcNow();
        if (life > TimeSpan.Zero)
        {
            await TryAsync(database => database.StringSetAsync(Prefix + key, reply.ToBytes(), life));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connecting is { IsCompletedSuccessfully: true } connected)
        {
            await (await connected).DisposeAsync();
        }
    }

    private async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        if (time.GetTimestamp() < Volatile.Read(ref _closedUntil))
        {
            return default;
        }

        try
        {
            var redis = await Connect().WaitAsync(_patience, time);
            var answer = await ask(redis.GetDatabase()).WaitAsync(_patience, time);
            if (Interlocked.Exchange(ref _closedUntil, 0) != 0)
            {
                LogBack(logger);
            }

            return answer;
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException or InvalidOperationException)
        {
            var until = time.GetTimestamp() + (long)(_pause.TotalSeconds * time.TimestampFrequency);
            if (Interlocked.Exchange(ref _closedUntil, until) == 0)
            {
                LogAway(logger, fault.Message);
            }

            return default;
        }
    }

    private Task<ConnectionMultiplexer> Connect()
    {
        lock (_turn)
        {
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
            {
                var options = ConfigurationOptions.Parse(connection);
                options.AbortOnConnectFail = false; // it keeps trying by itself
                options.ConnectTimeout = 2_000;
                options.AsyncTimeout = 1_000;
                options.BacklogPolicy = BacklogPolicy.FailFast; // a late answer is worth nothing here
                options.ReconnectRetryPolicy = new LinearRetry(1_000);
                _connecting = ConnectionMultiplexer.ConnectAsync(options);
            }

            return _connecting;
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "The shared cache does not answer; replies come from the services until it does: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "The shared cache answers again")]
    private static partial void LogBack(ILogger logger);
}
