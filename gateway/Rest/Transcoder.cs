using ExternalAction.Gateway.Caching;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// REST for every rpc with a google.api.http rule, from the descriptors alone. A request goes through these steps, and a
/// refusal at any of them is an <see cref="RpcException"/> that leaves as a problem document:
/// 1. the path leads to the rpcs behind it (404, 405);
/// 2. the Accept header chooses one of them and the form of the reply (406);
/// 3. the caller may call it (401, 403), before anything is read or looked up;
/// 4. path, query and body become the rpc's request (400, 413, 415);
/// 5. a reply that may be kept is looked for;
/// 6. the service is called with a deadline and the caller's own cancellation;
/// 7. the reply is written.
/// Where lines go to and fro, 4 to 7 happen for each line while the others are under way (<see cref="LineStream"/>).
/// </summary>
internal sealed class Transcoder(RouteTable routes, Func<GatewayService, CallInvoker> invokers, OutputCache cache, IOptions<GatewayOptions> options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Transcoder> logger)
{
    private readonly RequestReader _requests = new(new BodyReader(options.Value.JsonBodyLimit, options.Value.FileBodyLimit));

    /// <summary>Answers a request.</summary>
    /// <exception cref="RpcException">A refusal, or the service's failure; nothing has been written.</exception>
    public async Task InvokeAsync(HttpContext context)
    {
        // 1. Where to.
        var match = Match(context);
        if (match.Bindings.Count == 0)
        {
            context.Response.Headers.Allow = string.Join(", ", match.Allowed);
            throw Refuse.MethodNotAllowed(context.Request.Method, match.Allowed);
        }

        // 2. In which form.
        var (binding, mediaType) = MediaTypes.Choose(match.Bindings, context.Request.Headers.Accept);
        context.SetEndpoint(binding.Endpoint); // from here on log and telemetry know the route
        if (match.Bindings.Count > 1 || binding.Rpc.Streams)
        {
            context.Response.Headers.Vary = "Accept";
        }

        // 3. For whom.
        if (binding.Rpc.Access.Refuse(context) is { } refusal)
        {
            throw refusal;
        }

        // 4. What.
        var metadata = ForwardedHeaders.Read(context.Request, binding.Rpc.Streams);
        if (binding.Rpc.ReplyTypes.Count > 1)
        {
            metadata.Add("accept", mediaType);
            context.Response.Headers.Vary = "Accept";
        }

        if (binding.Rpc.Kind == RpcKind.Lines)
        {
            await LinesAsync(context, binding, metadata, RequestReader.ReadForm(context.Request, binding, match.Segments));
            return;
        }

        var request = await _requests.ReadAsync(context.Request, binding, match.Segments, context.RequestAborted);

        // 5 to 7. The reply: kept, or from the service.
        if (binding.Rpc.Streams)
        {
            await StreamAsync(context, binding, mediaType, metadata, request);
        }
        else if (binding.Rpc.Cacheable)
        {
            await ETags.WriteAsync(context, await KeptOrCalledAsync(context, binding, mediaType, metadata, request));
        }
        else
        {
            var reply = await CallAsync(binding, mediaType, metadata, request, context.RequestAborted);
            if (reply.Position is { } position && binding.Method != "GET")
            {
                cache.Evict(binding.Rpc.Service.Name, position); // so that who has just written does not read what was before
            }

            await reply.WriteAsync(context);
        }
    }

    private async Task<Reply> KeptOrCalledAsync(HttpContext context, HttpBinding binding, string mediaType, Metadata metadata, IMessage request)
    {
        // 5. A kept reply, unless the caller wants a position it may not rest on; the service judges one that is no number.
        var service = binding.Rpc.Service.Name;
        var key = OutputCache.KeyOf(binding, request, context.CallerOrNull());
        var wanted = metadata.GetValue(ForwardedHeaders.MinPosition);
        if ((wanted is null ? 0 : ForwardedHeaders.Parse(wanted)) is { } minPosition && await cache.FindAsync(key, service, minPosition) is { } kept)
        {
            return kept;
        }

        // 6. The service's, which is kept.
        var reply = await CallAsync(binding, mediaType, metadata, request, context.RequestAborted);
        await cache.KeepAsync(key, service, reply);
        return reply;
    }

    private RouteMatch Match(HttpContext context)
    {
        // The target as sent: the server's own Path is decoded already, and a second decoding would change values.
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.StartsWith('/'))
        {
            target = Uri.TryCreate(target, UriKind.Absolute, out var absolute) ? absolute.PathAndQuery : context.Request.Path.ToUriComponent();
        }

        var path = target.Split('?', 2)[0];
        return routes.TryMatch(context.Request.Method, path, out var match) ? match : throw Refuse.NoSuchPath(path);
    }

    private async Task<Reply> CallAsync(HttpBinding binding, string mediaType, Metadata metadata, IMessage request, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow().Add(options.Value.UnaryDeadline).UtcDateTime;
        using var call = invokers(binding.Rpc.Service).AsyncUnaryCall(binding.Rpc.Method, null, new CallOptions(metadata, deadline, cancellation), request);
        var message = await call.ResponseAsync;
        var position = ForwardedHeaders.PositionOf(await call.ResponseHeadersAsync) ?? ForwardedHeaders.PositionOf(call.GetTrailers());
        return message is HttpBody body
            ? new Reply(body.ContentType.Length > 0 ? body.ContentType : mediaType, body.Data.Memory, position)
            : new Reply(MediaTypes.Json, JsonWriter.Write(message, binding.ReplyField), position);
    }

    private async Task StreamAsync(HttpContext context, HttpBinding binding, string mediaType, Metadata metadata, IMessage request)
    {
        // No deadline: a stream lasts as long as its reader, its token (the service ends it) and this process.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var call = invokers(binding.Rpc.Service).AsyncServerStreamingCall(binding.Rpc.Method, null, new CallOptions(metadata, cancellationToken: end.Token), request);
        try
        {
            await (binding.Rpc.Kind == RpcKind.File
                ? FileReply.CopyAsync(context, mediaType, call, logger, end.Token)
                : new StreamReply(context.Response, binding.Rpc, mediaType).CopyAsync(call.ResponseStream, end.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } && end.IsCancellationRequested)
        {
            // The reader has gone, or the gateway stops: an EventSource comes back with its Last-Event-ID.
        }
    }

    private async Task LinesAsync(HttpContext context, HttpBinding binding, Metadata metadata, LineForm form)
    {
        using var lines = new LineStream(context, binding.Rpc, form, options.Value, time, lifetime.ApplicationStopping);
        using var call = invokers(binding.Rpc.Service).AsyncDuplexStreamingCall(binding.Rpc.Method, null, new CallOptions(metadata, cancellationToken: lines.End));
        await lines.RunAsync(call);
    }
}
