using ExternalAction.Gateway.Rest;
using Microsoft.Net.Http.Headers;

namespace ExternalAction.Gateway.Caching;

/// <summary>Conditional requests (RFC 9110, section 13) for replies that may be kept.</summary>
internal static class ETags
{
    /// <summary>Adds the reply's ETag and writes it, or 304 when the client has it already.</summary>
    public static async Task WriteAsync(HttpContext context, Reply reply)
    {
        var tag = CachedReply.ETagOf(reply);
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache"; // the client may keep it, and asks each time
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)))
        {
            reply.WritePosition(context.Response);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await reply.WriteAsync(context);
    }
}
