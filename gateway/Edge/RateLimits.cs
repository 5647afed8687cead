using System.Globalization;
using System.Threading.RateLimiting;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace ExternalAction.Gateway.Edge;

/// <summary>How much a client may ask.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Requests a caller with a token may make per second, in the long run.</summary>
    public int PerSecond { get; set; } = 10_000;

    /// <summary>Requests it may make at once.</summary>
    public int Burst { get; set; } = 20_000;

    /// <summary>Requests per second from one address without a valid token.</summary>
    public int AnonymousPerSecond { get; set; } = 200;

    /// <summary>Requests at once from one address without a valid token.</summary>
    public int AnonymousBurst { get; set; } = 1_000;
}

/// <summary>
/// A bucket of tokens for each client: the caller's <c>sub</c>, or the peer's address while it has not said who it is. Over the
/// limit is RATE_LIMITED, with Retry-After in seconds. Health probes are not counted.
/// </summary>
internal static class RateLimits
{
    public static void UseRateLimits(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.RateLimit;
        var limiter = PartitionedRateLimiter.Create<HttpContext, (string Kind, string Client)>(context => context.CallerOrNull() is { } caller
            ? Bucket(("sub", caller.Subject), options.PerSecond, options.Burst)
            : Bucket(("address", context.Connection.RemoteIpAddress?.ToString() ?? ""), options.AnonymousPerSecond, options.AnonymousBurst));
        app.Lifetime.ApplicationStopped.Register(limiter.Dispose);
        app.Use(async (context, next) =>
        {
            if (context.Request.Path.Value is "/health" or "/alive" || Hop.IsOwn(context))
            {
                await next(context);
                return;
            }

            using var lease = limiter.AttemptAcquire(context);
            if (!lease.IsAcquired)
            {
                var seconds = Math.Max(1, lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Ceiling(after.TotalSeconds) : 1);
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                throw RpcErrors.Create(PlatformError.Types.Code.RateLimited, string.Create(CultureInfo.InvariantCulture, $"This client has made too many requests. Try again in {seconds} s."));
            }

            await next(context);
        });
    }

    private static RateLimitPartition<(string, string)> Bucket((string, string) client, int perSecond, int burst) => RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    });
}
