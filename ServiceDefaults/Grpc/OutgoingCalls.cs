// What happens to every outgoing gRPC call before it leaves: it gets a deadline and the caller's token, and is sent over
// the channel that repeats or the one that does not.
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// Copies from the incoming call to the outgoing one what belongs to both: the bearer token, the deadline (the earlier of
/// the two) and the cancellation. A call that ends up without a deadline gets 30 s, a stream of replies none: it ends by
/// its caller, its token or the service.
/// </summary>
public sealed class OutgoingCallInterceptor(IHttpContextAccessor incoming, TimeProvider time) : Interceptor
{
    /// <summary>Deadline of a call for which nobody has set one.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Prepare(context, bounded: true));

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Prepare(context, bounded: true));

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Prepare(context, bounded: true));

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Prepare(context, bounded: false));

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Prepare(context, bounded: false));

    private ClientInterceptorContext<TRequest, TResponse> Prepare<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, bool bounded)
        where TRequest : class
        where TResponse : class
    {
        var options = context.Options;
        var http = incoming.HttpContext;

        // 1. The token, unless the caller brings one.
        const string authorization = "authorization";
        if (http?.Request.Headers[HeaderNames.Authorization] is [{ Length: > 0 } token] && options.Headers?.Get(authorization) is null)
        {
            var headers = new Metadata();
            foreach (var entry in options.Headers ?? [])
            {
                headers.Add(entry);
            }

            headers.Add(authorization, token);
            options = options.WithHeaders(headers);
        }

        // 2. The deadline: the earlier of the incoming call's and its own, 30 s where there is none.
        var deadline = Earlier(options.Deadline, http?.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Deadline);
        if (deadline is null && bounded)
        {
            deadline = time.GetUtcNow().UtcDateTime + DefaultDeadline;
        }

        if (deadline is not null)
        {
            options = options.WithDeadline(deadline.Value);
        }

        // 3. Whoever asked has gone: nobody needs the answer.
        if (http is not null && !options.CancellationToken.CanBeCanceled)
        {
            options = options.WithCancellationToken(http.RequestAborted);
        }

        return new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options);
    }

    private static DateTime? Earlier(DateTime? one, DateTime? other)
    {
        one = one == DateTime.MaxValue ? null : one;
        other = other == DateTime.MaxValue ? null : other;
        return one is null || other < one ? other ?? one : one;
    }
}

/// <summary>Chooses per call: reads and calls with an idempotency key go where UNAVAILABLE is tried again.</summary>
internal sealed class RepeatingInvoker(CallInvoker once, CallInvoker again) : CallInvoker
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        Choose(method, options).AsyncUnaryCall(method, host, options, request);

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        Choose(method, options).BlockingUnaryCall(method, host, options, request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        Choose(method, options).AsyncServerStreamingCall(method, host, options, request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        Choose(method, options).AsyncClientStreamingCall(method, host, options);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        Choose(method, options).AsyncDuplexStreamingCall(method, host, options);

    private CallInvoker Choose(IMethod method, CallOptions options) =>
        ContractFiles.Reads.Contains(method.FullName) || options.Headers?.Get(CallFacts.IdempotencyKeyHeader) is not null ? again : once;
}
