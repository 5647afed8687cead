using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Grpc.Core;

namespace ExternalAction.Gateway;

/// <summary>
/// <c>/.well-known/jwks.json</c>: the public keys of every service's receipts and journal heads in one set (RFC 7517), from the rpc
/// GetSigningKeys that each of them has. Kept for a few seconds; a service that does not answer is represented by the
/// keys it named last, since keys once published stay published.
/// </summary>
internal sealed class PublicKeys(IReadOnlyList<Rpc> rpcs, Func<GatewayService, CallInvoker> invokers, TimeProvider time)
{
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (long AskedAt, IReadOnlyList<string> Keys)> _known = new();

    /// <summary>Answers the request.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: a service has never named its keys and does not answer.</exception>
    public async Task WriteAsync(HttpContext context)
    {
        var sets = await Task.WhenAll(rpcs.Where(rpc => rpc.Descriptor.Name == "GetSigningKeys" && rpc.RepliesWithBytes).Select(rpc => KeysOfAsync(rpc, context.RequestAborted)));
        context.Response.ContentType = "application/jwk-set+json";
        context.Response.Headers.CacheControl = "public, max-age=5";
        await context.Response.WriteAsync($$"""{"keys":[{{string.Join(',', sets.SelectMany(keys => keys))}}]}""", context.RequestAborted);
    }

    private async Task<IReadOnlyList<string>> KeysOfAsync(Rpc rpc, CancellationToken cancellation)
    {
        var service = rpc.Service.Name;
        if (_known.TryGetValue(service, out var known) && time.GetElapsedTime(known.AskedAt) < _fresh)
        {
            return known.Keys;
        }

        try
        {
            var options = new CallOptions(deadline: (time.GetUtcNow() + _patience).UtcDateTime, cancellationToken: cancellation);
            var body = (HttpBody)await invokers(rpc.Service).AsyncUnaryCall(rpc.Method, null, options, rpc.NewRequest());
            IReadOnlyList<string> keys = [.. (JsonNode.Parse(body.Data.Span)?["keys"]?.AsArray() ?? []).Select(key => key!.ToJsonString())];
            _known[service] = (time.GetTimestamp(), keys);
            return keys;
        }
        catch (Exception fault) when (fault is RpcException or JsonException or InvalidOperationException && !cancellation.IsCancellationRequested)
        {
            return known.Keys ?? throw RpcErrors.Create(PlatformError.Types.Code.Unavailable, $"The service {service} has not named its keys yet. Try again.");
        }
    }
}
