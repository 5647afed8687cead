using System.Globalization;
using System.Security.Cryptography;

namespace ExternalAction.Gateway.Rest;

/// <summary>A whole reply.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Position">The journal position it rests on, where the service says.</param>
internal sealed record Reply(string ContentType, ReadOnlyMemory<byte> Body, long? Position)
{
    private string? _eTag;

    /// <summary>Names these very bytes: their hash, so that two replicas of the gateway say the same.</summary>
    public string ETag => _eTag ??= $"\"{Convert.ToHexStringLower(SHA256.HashData(Body.Span).AsSpan(0, 16))}\"";

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        WritePosition(response);
        if (!response.Headers.ContainsKey("Cache-Control"))
        {
            response.Headers.CacheControl = "no-store";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }

    /// <summary>Names the position in the headers, where the service says it.</summary>
    public void WritePosition(HttpResponse response)
    {
        if (Position is { } position)
        {
            response.Headers[ForwardedHeaders.Position] = position.ToString(CultureInfo.InvariantCulture);
        }
    }
}
