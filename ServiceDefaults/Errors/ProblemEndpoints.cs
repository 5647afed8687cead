// The same discipline for HTTP endpoints: an exception becomes a problem document, an unforeseen one is logged once, and
// an empty 404, 405 or 415 gets a body. Also the list of all codes, which problem types point to.
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Problem documents in the HTTP pipeline.</summary>
public static partial class ProblemEndpoints
{
    /// <summary>Answers failures of HTTP endpoints with problem documents. gRPC calls pass untouched: their interceptor does it.</summary>
    public static TApp UseProblems<TApp>(this TApp app) where TApp : IApplicationBuilder
    {
        var mapping = app.ApplicationServices.GetRequiredService<IOptions<ExceptionMapping>>();
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("ExternalAction.ServiceDefaults.Problems");
        var time = app.ApplicationServices.GetService<TimeProvider>() ?? TimeProvider.System;
        app.Use(async (context, next) =>
        {
            CallFacts.Stamp(context, time);
            if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
            {
                await next(context);
                return;
            }

            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                return; // nobody is there to read an answer
            }
            catch (Exception fault) when (!context.Response.HasStarted)
            {
                await ProblemOf(fault, mapping.Value, context, logger).WriteAsync(context);
                return;
            }

            if (!context.Response.HasStarted && context.Response is { ContentLength: null, ContentType: null } && EmptyReply(context) is { } problem)
            {
                await problem.WriteAsync(context);
            }
        });
        return app;
    }

    /// <summary><c>GET /errors[/{service}[/{code}]]</c> lists the codes: what a problem's <c>type</c> refers to.</summary>
    public static IEndpointConventionBuilder MapErrorCatalog(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/errors").AllowAnonymous();
        group.MapGet("", (HttpContext context) => WriteAsync(context, ErrorCatalog.All));
        group.MapGet("{service}", (HttpContext context, string service) =>
            WriteAsync(context, ErrorCatalog.All.Where(code => code.Service == service)));
        group.MapGet("{service}/{code}", (HttpContext context, string service, string code) =>
            WriteAsync(context, ErrorCatalog.All.Where(known => known.Service == service && known.Code == code)));
        return group;
    }

    private static Task WriteAsync(HttpContext context, IEnumerable<ErrorCode> codes)
    {
        ErrorCode[] list = [.. codes];
        if (list.Length > 0)
        {
            return context.Response.WriteAsJsonAsync(list, ProblemJson.Default.ErrorCodeArray, contentType: null, context.RequestAborted);
        }

        return Problem.Create(PlatformError.Types.Code.NoSuchPath, "There is no such error code.").WriteAsync(context);
    }

    private static Problem ProblemOf(Exception fault, ExceptionMapping mapping, HttpContext context, ILogger logger)
    {
        if (mapping.Map(fault) is { } refusal)
        {
            return Problem.From(refusal);
        }

        if (fault is BadHttpRequestException bad)
        {
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Problem.Create(PlatformError.Types.Code.BodyTooLarge, "The body is larger than this path accepts.")
                : Problem.Create(PlatformError.Types.Code.MalformedBody, bad.Message);
        }

        LogUnforeseen(logger, context.Request.Method, context.Request.Path, fault);
        return Problem.From(RpcErrors.Internal());
    }

    private static Problem? EmptyReply(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => Problem.Create(PlatformError.Types.Code.MalformedBody, "The request is not of the form this path expects."),
        StatusCodes.Status404NotFound => Problem.Create(PlatformError.Types.Code.NoSuchPath, $"There is no path {context.Request.Path}."),
        StatusCodes.Status405MethodNotAllowed => Problem.Create(
            PlatformError.Types.Code.MethodNotAllowed, $"{context.Request.Path} does not take {context.Request.Method}."),
        StatusCodes.Status413PayloadTooLarge => Problem.Create(PlatformError.Types.Code.BodyTooLarge, "The body is larger than this path accepts."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Create(
            PlatformError.Types.Code.UnsupportedMediaType, $"{context.Request.Path} does not read {context.Request.ContentType ?? "a body without Content-Type"}."),
        _ => null,
    };

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Unforeseen fault in {Method} {Path}")]
    private static partial void LogUnforeseen(ILogger logger, string method, string path, Exception fault);
}
