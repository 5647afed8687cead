using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ExternalAction.Gateway.Rest;

/// <summary>How much a request may carry.</summary>
/// <param name="JsonBytes">Largest JSON body.</param>
/// <param name="FileBytes">Largest body of an rpc's own media type (a CSV import).</param>
internal sealed record BodyLimits(long JsonBytes, long FileBytes);

/// <summary>
/// Makes the rpc's request from an HTTP request, in this order: 1. the path's variables, 2. the query, 3. the body. What the
/// path fills can be named by neither of the others, and the body is read by the message it belongs to, so it cannot reach
/// a field outside of it.
/// </summary>
internal static class RequestReader
{
    private const string Json = "application/json";
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 32 };
    private static readonly HashSet<string> _none = [];

    /// <summary>Reads the request.</summary>
    /// <exception cref="RpcException">A refusal that names the field at fault.</exception>
    public static async ValueTask<IMessage> ReadAsync(HttpRequest http, HttpBinding binding, IReadOnlyList<string> segments, BodyLimits limits, CancellationToken cancellation)
    {
        var request = binding.Rpc.NewRequest();
        var mediaType = BodyType(http, binding);

        // 1. The path.
        foreach (var (fields, variable) in binding.Variables)
        {
            var path = FieldPath.Of(fields[0].JsonName);
            var message = request;
            foreach (var (field, next) in fields.Zip(fields.Skip(1)))
            {
                var inner = (IMessage?)field.Accessor.GetValue(message) ?? field.MessageType.Parser.ParseFrom(ByteString.Empty);
                field.Accessor.SetValue(message, inner);
                (message, path) = (inner, FieldPath.In(path, next.JsonName));
            }

            var covered = binding.Path.Segments[variable.Start + variable.Length - 1] == PathTemplate.Rest ? segments.Skip(variable.Start) : segments.Skip(variable.Start).Take(variable.Length);
            fields[^1].Accessor.SetValue(message, Scalars.FromText(fields[^1], string.Join('/', covered), path));
        }

        // 2. The query: whatever neither path nor body fills. With a whole-request JSON body nothing is left.
        var raw = mediaType is not null && mediaType != Json;
        var query = http.QueryString.Value ?? "";
        if (binding.WholeBody && !raw)
        {
            QueryReader.RefuseAny(query);
        }
        else
        {
            var body = raw ? binding.RawField : binding.BodyField;
            QueryReader.Read(request, query, body is null ? binding.PathFields : binding.PathFields.Append(body.JsonName).ToHashSet());
        }

        // 3. The body.
        if (raw)
        {
            await ReadBodyAsync(http.BodyReader, limits.FileBytes, bytes => binding.RawField!.Accessor.SetValue(request, ByteString.CopyFrom(bytes.ToArray())), cancellation);
        }
        else if (mediaType is not null)
        {
            await ReadBodyAsync(http.BodyReader, limits.JsonBytes, bytes => ReadJson(request, binding, bytes), cancellation);
        }

        return request;
    }

    /// <summary>The body's media type if there is a body; refuses one that this path does not read, and one that is too large by its own word.</summary>
    private static string? BodyType(HttpRequest http, HttpBinding binding)
    {
        if (http.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null; // no body is an empty object: POST …:close needs none
        }

        if (!binding.HasBody)
        {
            throw Refuse.MalformedBody("This path takes no body.");
        }

        var own = binding.Rpc.Media?.RequestType is { Length: > 0 } type ? type : null;
        var given = http.ContentType ?? "";
        var parsed = MediaTypeHeaderValue.TryParse(given, out var value) ? value : null;
        var isUtf8 = parsed is not null && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
        if (!isUtf8 || http.Headers.ContentEncoding.Count > 0 || (!parsed!.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) && !parsed.MediaType.Equals(own, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refuse.UnsupportedMediaType(given, own is null ? [Json] : [Json, own]);
        }

        return parsed.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) ? Json : own;
    }

    private static void ReadJson(IMessage request, HttpBinding binding, ReadOnlySequence<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, _strict);
            if (binding.BodyField is { } field)
            {
                JsonReader.ReadField(request, field, document.RootElement, FieldPath.Of(field.JsonName), binding.PathFields);
            }
            else
            {
                JsonReader.Read(request, document.RootElement, null, binding.PathFields);
            }
        }
        catch (JsonException fault)
        {
            throw Refuse.MalformedBody($"The body is not JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.");
        }
    }

    private static async ValueTask ReadBodyAsync(PipeReader reader, long limit, Action<ReadOnlySequence<byte>> use, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw Refuse.BodyTooLarge(limit);
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
}
