using ExternalAction.Gateway.Rest;
using Microsoft.Net.Http.Headers;

namespace ExternalAction.Gateway.Caching;

/// <summary>Conditional requests (RFC 9110, section 13) for replies that may be kept.</summary>
internal static class ETags
{
    /// <summary>Adds the reply's ETag and writes it, or 304 when the client has it already.</summary>
    public static async Task WriteAsync(HttpContext context, Reply reply)
    {
        context.Response.Headers.ETag = reply.ETag;
        context.Response.Headers.CacheControl = "private, no-cache"; // the client may keep it, and asks each time
        if (context.Request.Headers.IfNoneMatch.Count > 0 && Has(context.Request.GetTypedHeaders().IfNoneMatch, new EntityTagHeaderValue(reply.ETag)))
        {
            reply.WritePosition(context.Response);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await reply.WriteAsync(context);
    }

    private static bool Has(IList<EntityTagHeaderValue> known, EntityTagHeaderValue tag) =>
        known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
}
