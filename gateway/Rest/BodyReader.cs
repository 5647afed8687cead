using System.Buffers;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Reads bodies, each within its limit. JSON is parsed where it lies in the server's buffers. A file goes into one array that
/// becomes the request's field without another copy: it has the length the client declares, or grows while chunks come.
/// </summary>
/// <param name="jsonLimit">Largest JSON body in bytes, and largest line of a stream.</param>
/// <param name="fileLimit">Largest body of an rpc's own media types in bytes, where the contract names no other.</param>
internal sealed class BodyReader(long jsonLimit, long fileLimit)
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>The body's media type, as the contract writes it, when there is a body.</summary>
    /// <exception cref="RpcException">UNSUPPORTED_MEDIA_TYPE, or MALFORMED_BODY where no body is read.</exception>
    public static string? TypeOf(HttpRequest http, HttpBinding binding)
    {
        if (http.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null; // no body is an empty object: POST …:close needs none
        }

        if (!binding.HasBody)
        {
            throw Refuse.MalformedBody("This path takes no body.");
        }

        var own = binding.Rpc.RequestTypes;
        IReadOnlyList<string> read = binding.Rpc.Kind == RpcKind.Lines || own.Contains(MediaTypes.Json) ? own : [MediaTypes.Json, .. own];
        if (http.Headers.ContentEncoding.Count > 0)
        {
            throw Refuse.UnsupportedEncoding(http.Headers.ContentEncoding.ToString(), read);
        }

        var given = http.ContentType ?? "";
        var parsed = MediaTypeHeaderValue.TryParse(given, out var value) ? value : null;
        var isUtf8 = parsed is not null && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
        return isUtf8 && read.FirstOrDefault(type => parsed!.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)) is { } known
            ? known
            : throw Refuse.UnsupportedMediaType(given, read);
    }

    /// <summary>Reads a JSON body; <paramref name="use"/> sees it once, and not at all when it is empty.</summary>
    /// <exception cref="RpcException">BODY_TOO_LARGE, and what <paramref name="use"/> refuses.</exception>
    public async ValueTask ReadJsonAsync(HttpRequest http, Action<ReadOnlySequence<byte>> use, CancellationToken cancellation)
    {
        var reader = http.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > jsonLimit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw Refuse.BodyTooLarge(jsonLimit);
            }

            if (read.IsCompleted)
            {
                try
                {
                    if (!read.Buffer.IsEmpty)
                    {
                        use(read.Buffer);
                    }
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End); // also after a refusal, or the server would close the connection
                }

                return;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads a body that is handed on as it is.</summary>
    /// <exception cref="RpcException">BODY_TOO_LARGE: at once when the client has declared its length.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadFileAsync(HttpRequest http, HttpBinding binding, string mediaType, CancellationToken cancellation)
    {
        var limit = binding.Rpc.Media!.MaxBodyBytes is > 0 and var own ? own : mediaType == MediaTypes.Json ? jsonLimit : fileLimit;

        // Twice the limit: what is refused may be read to its end, so that the client gets to read the refusal.
        if (http.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server && server.MaxRequestBodySize < 2 * limit)
        {
            server.MaxRequestBodySize = 2 * limit;
        }

        if (http.ContentLength is { } declared)
        {
            if (declared > limit)
            {
                throw Refuse.BodyTooLarge(limit);
            }

            var whole = GC.AllocateUninitializedArray<byte>((int)declared);
            await http.Body.ReadExactlyAsync(whole, cancellation);
            return whole;
        }

        var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(FirstBuffer, limit + 1));
        var length = 0;
        while (await http.Body.ReadAsync(buffer.AsMemory(length), cancellation) is > 0 and var count)
        {
            length += count;
            if (length > limit)
            {
                throw Refuse.BodyTooLarge(limit);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * length, limit + 1));
            }
        }

        return buffer.AsMemory(0, length);
    }
}
