// How long a stream may run: until its caller leaves, its token expires or the service stops. A stream that waits on this
// token ends with the fitting code (TOKEN_EXPIRED, UNAVAILABLE), which ErrorInterceptor chooses, and a stop is not held up.
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExternalAction.ServiceDefaults;

/// <summary>The life of one stream. Dispose it when the stream ends.</summary>
public sealed class StreamLifetime : IDisposable
{
    // Timers take at most about 49 days; a stream of a month has long met a restart.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly CancellationTokenSource _expiry;
    private readonly CancellationTokenSource _linked;

    private StreamLifetime(HttpContext http, CancellationToken call)
    {
        var services = http.RequestServices;
        var time = services.GetRequiredService<TimeProvider>();
        var left = (http.CallerOrNull()?.TokenExpires ?? DateTimeOffset.MaxValue) - time.GetUtcNow();
        _expiry = new CancellationTokenSource(left <= TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest, time);
        http.Features.Set(this);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(
            call, _expiry.Token, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }

    /// <summary>Cancelled when the stream has to end.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the caller's token ended it.</summary>
    public bool TokenExpired => _expiry.IsCancellationRequested;

    /// <summary>The life of a gRPC stream.</summary>
    public static StreamLifetime Of(ServerCallContext context) => new(context.GetHttpContext(), context.CancellationToken);

    /// <summary>The life of a stream over an own HTTP endpoint (server-sent events).</summary>
    public static StreamLifetime Of(HttpContext context) => new(context, context.RequestAborted);

    /// <inheritdoc/>
    public void Dispose()
    {
        _linked.Dispose();
        _expiry.Dispose();
    }
}
