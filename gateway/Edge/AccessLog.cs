using System.Globalization;
using ExternalAction.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;

namespace ExternalAction.Gateway.Edge;

/// <summary>
/// One line for each request: what was asked, how it ended, how long it took, who asked. Neither tokens nor queries nor
/// bodies are in it, and the path stands there as the route's template, so a value in a path is not either.
/// </summary>
internal static partial class AccessLog
{
    /// <summary>Writes the log and gives every request its correlation id. Outermost, so that refusals are logged too.</summary>
    public static void UseAccessLog(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ExternalAction.Gateway.Access");
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            var correlationId = CorrelationId.Take(context);
            using var scope = logger.BeginScope("{CorrelationId}", correlationId);
            var start = time.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                var level = context.Request.Path.Value is "/health" or "/alive" || Hop.IsOwn(context) ? LogLevel.Debug : LogLevel.Information;
                if (logger.IsEnabled(level))
                {
                    LogRequest(logger, level, context.Request.Method, RouteOf(context), StatusOf(context), (long)time.GetElapsedTime(start).TotalMilliseconds, context.CallerOrNull()?.Subject ?? "-", correlationId);
                }
            }
        });
    }

    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText switch
    {
        null or GatewayExtensions.Everything => "-",
        _ when context.IsGrpc() => context.Request.Path.ToUriComponent(), // the method's name
        var route => route,
    };

    // A gRPC call that fails is a 200 with a status behind it.
    private static string StatusOf(HttpContext context)
    {
        var status = context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
        if (!context.IsGrpc())
        {
            return status;
        }

        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var grpc = context.Response.Headers["grpc-status"] is [var header] ? header : trailers?["grpc-status"] is [var trailer] ? trailer : "-";
        return $"{status}/{grpc}";
    }

    [LoggerMessage(EventId = 30, Message = "{Method} {Route} {Status} {Milliseconds} ms {Subject} {CorrelationId}")]
    private static partial void LogRequest(ILogger logger, LogLevel level, string method, string route, string status, long milliseconds, string subject, string correlationId);
}
