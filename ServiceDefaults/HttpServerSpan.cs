// Completes the server span. .NET 10 opens it with method, scheme and path (once a runtime switch is set, see
// Directory.Build.props), but adds neither route nor status, and gives it no name. .NET 11 does both: delete this then.
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// Outermost middleware: names the span after its route, adds the status, and drops spans of health probes; where no spans are
/// collected, it carries the trace id on.
/// </summary>
internal sealed class HttpServerSpan : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
            if (span is null)
            {
                // Nobody collects spans. A plain activity still carries the trace id from process to process: a caller's own, or one
                // that leads from a problem document to the log lines of every process it passed.
                using var carried = Carried(context.Request.Headers);
                await rest(context);
                return;
            }

            if (context.Request.Path.Value is "/health" or "/alive")
            {
                span.IsAllDataRequested = false;
                span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }

            try
            {
                await rest(context);
            }
            finally
            {
                Complete(span, context);
            }
        });
        next(app);
    };

    private static Activity? Carried(IHeaderDictionary headers)
    {
        if (Activity.Current is not null)
        {
            return null;
        }

        var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        if (ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent))
        {
            activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
            activity.TraceStateString = parent.TraceState;
        }

        return activity.Start();
    }

    private static void Complete(Activity span, HttpContext context)
    {
        if (!span.IsAllDataRequested)
        {
            return;
        }

        // Routing keeps the endpoint in a feature that outlives the pipeline's inner part.
        if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            span.SetTag("http.route", route);
            span.DisplayName = string.Create(CultureInfo.InvariantCulture, $"{context.Request.Method} {route}");
        }

        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
