// The outermost server interceptor: every call that fails leaves through here as a refusal the contract knows. What the
// services foresee they throw themselves (RpcErrors); everything else is logged once and answered with a fixed sentence.
using ExternalAction.Contracts.Platform.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExternalAction.ServiceDefaults;

/// <summary>How exceptions of the libraries a service uses become refusals. Each service adds its own; the first that answers wins.</summary>
public sealed class ExceptionMapping
{
    /// <summary>Functions from an exception to a refusal, or null when it is not theirs. Asked in order.</summary>
    public IList<Func<Exception, RpcException?>> Functions { get; } = [];

    /// <summary>The refusal an exception stands for, or null.</summary>
    public RpcException? Map(Exception fault) => fault as RpcException
        ?? Functions.Select(function => function(fault)).FirstOrDefault(refusal => refusal is not null);
}

/// <summary>Turns every failure of a gRPC call into a refusal with a code; also stamps the time the call was received.</summary>
public sealed partial class ErrorInterceptor(
    IOptions<ExceptionMapping> mapping, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ErrorInterceptor> logger) : Interceptor
{
    private static readonly TimeSpan _newsOfTheCaller = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        CallFacts.Stamp(context.GetHttpContext(), time);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception fault) when (fault is not RpcException)
        {
            throw await RefusalAsync(fault, context);
        }
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallFacts.Stamp(context.GetHttpContext(), time);
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception fault) when (fault is not RpcException)
        {
            throw await RefusalAsync(fault, context);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallFacts.Stamp(context.GetHttpContext(), time);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception fault) when (fault is not RpcException)
        {
            throw await RefusalAsync(fault, context);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallFacts.Stamp(context.GetHttpContext(), time);
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception fault) when (fault is not RpcException)
        {
            throw await RefusalAsync(fault, context);
        }
    }

    private async Task<RpcException> RefusalAsync(Exception fault, ServerCallContext context)
    {
        // 1. What a service knows how to say.
        if (mapping.Value.Map(fault) is { } known)
        {
            return known;
        }

        // 2. The caller has gone or its time is up; writing to a closed call fails in either way. A stream breaks a moment before the call is told why.
        if (fault is IOException)
        {
            await Task.Delay(_newsOfTheCaller, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (context.CancellationToken.IsCancellationRequested && fault is OperationCanceledException or IOException or InvalidOperationException)
        {
            return context.Deadline <= time.GetUtcNow().UtcDateTime
                ? RpcErrors.Create(
                    PlatformError.Types.Code.DeadlineExceeded,
                    "The call's deadline has passed. Whether a command took effect is learned by repeating it with the same idempotency key.")
                : new RpcException(new Status(StatusCode.Cancelled, "The caller cancelled the call."));
        }

        // 3. A stream ended by StreamLifetime.
        if (fault is OperationCanceledException && lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return RpcErrors.Create(PlatformError.Types.Code.Unavailable, "The service is stopping; try again, streams from the last position received.");
        }

        if (fault is OperationCanceledException && context.GetHttpContext().Features.Get<StreamLifetime>() is { TokenExpired: true })
        {
            return RpcErrors.Create(PlatformError.Types.Code.TokenExpired, "The token has expired while the stream was open; resume with a new one from the last position received.");
        }

        // 4. Nobody foresaw it.
        LogUnforeseen(logger, context.Method, fault);
        return RpcErrors.Internal();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Unforeseen fault in {Method}")]
    private static partial void LogUnforeseen(ILogger logger, string method, Exception fault);
}
