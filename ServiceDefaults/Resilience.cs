// Outgoing HTTP with patience and limits: at most 30 s in all, 10 s per attempt, three more attempts where repeating does
// no harm, and a circuit breaker per host. gRPC has its own retry policy (Grpc/GrpcChannels.cs) and does not pass here.
using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;
using Polly.Timeout;

namespace ExternalAction.ServiceDefaults;

/// <summary>Retries, breaks and bounds outgoing HTTP requests.</summary>
internal sealed class ResilienceHandler(ResiliencePipelineRegistry<string> pipelines, TimeProvider time) : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("request");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content && MayRepeat(request))
        {
            await content.LoadIntoBufferAsync(cancellationToken); // a stream could be sent once only
        }

        var pipeline = pipelines.GetOrAddPipeline<HttpResponseMessage>(
            request.RequestUri?.Authority ?? "", builder => Build(builder, time));
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, handler) => await handler.Base(context.Properties.GetValue(RequestKey, null!), context.CancellationToken),
                context,
                this);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // A method whose repetition changes nothing (RFC 9110, section 9.2.2), or a request that names itself.
    private static bool MayRepeat(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
        || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete || request.Headers.Contains("Idempotency-Key");

    private static void Build(ResiliencePipelineBuilder<HttpResponseMessage> builder, TimeProvider time)
    {
        builder.TimeProvider = time;
        builder
            .AddTimeout(TimeSpan.FromSeconds(30))
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 3,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(2),
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    IsTransient(arguments.Outcome)
                    && arguments.Context.Properties.TryGetValue(RequestKey, out var request) && MayRepeat(request)),
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.Headers.RetryAfter?.Delta),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.1,
                MinimumThroughput = 100,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(5),
                ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome)),
            })
            .AddTimeout(TimeSpan.FromSeconds(10));
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };

    private Task<HttpResponseMessage> Base(HttpRequestMessage request, CancellationToken cancellation) => base.SendAsync(request, cancellation);
}
