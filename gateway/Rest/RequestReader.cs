using System.Buffers;
using System.Text.Json;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>What all messages of a stream have in common, because path and query say it once.</summary>
/// <param name="Bytes">A message that has these fields and no others.</param>
/// <param name="Taken">Their JSON paths; no line may name them again.</param>
internal sealed record LineForm(ByteString Bytes, IReadOnlySet<string> Taken);

/// <summary>
/// Makes the rpc's request from an HTTP request, in this order: 1. the path's variables, 2. the query, 3. the body. What the
/// path fills can be named by neither of the others, and the body is read by the message it belongs to, so it cannot reach
/// a field outside of it. A body of the rpc's own media types is handed on as it is.
/// </summary>
internal sealed class RequestReader(BodyReader bodies)
{
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 32 };

    /// <summary>Reads the request.</summary>
    /// <exception cref="RpcException">A refusal that names the field at fault.</exception>
    public async ValueTask<IMessage> ReadAsync(HttpRequest http, HttpBinding binding, IReadOnlyList<string> segments, CancellationToken cancellation)
    {
        var request = binding.Rpc.NewRequest();
        var mediaType = BodyReader.TypeOf(http, binding);
        var raw = mediaType is not null && binding.Rpc.RequestTypes.Contains(mediaType);

        // 1. The path.
        ReadPath(request, binding, segments);

        // 2. The query: whatever neither path nor body fills. With a whole-request JSON body nothing is left.
        var query = http.QueryString.Value ?? "";
        if (binding.WholeBody && !raw)
        {
            if (mediaType is null && query.Length > 1 && binding.Rpc.RequestTypes.Count > 0)
            {
                throw Refuse.EmptyBody(binding.Rpc.RequestTypes); // the query goes with a file, and there is none
            }

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
            var bytes = UnsafeByteOperations.UnsafeWrap(await bodies.ReadFileAsync(http, binding, mediaType!, cancellation)); // nobody else has these bytes
            binding.RawField!.Accessor.SetValue(request, Rpc.IsHttpBody(binding.RawField) ? new HttpBody { ContentType = mediaType, Data = bytes } : bytes);
        }
        else if (mediaType is not null)
        {
            await bodies.ReadJsonAsync(http, bytes => ReadJson(request, binding, bytes), cancellation);
        }

        return request;
    }

    /// <summary>Reads what path and query say about every line of a stream.</summary>
    /// <exception cref="RpcException">A refusal that names the field at fault.</exception>
    public static LineForm ReadForm(HttpRequest http, HttpBinding binding, IReadOnlyList<string> segments)
    {
        _ = BodyReader.TypeOf(http, binding);
        var form = binding.Rpc.NewRequest();
        ReadPath(form, binding, segments);
        var named = QueryReader.Read(form, http.QueryString.Value ?? "", binding.PathFields);
        return new LineForm(form.ToByteString(), named.Concat(binding.PathFields).ToHashSet());
    }

    /// <summary>Reads one line of a stream.</summary>
    /// <exception cref="RpcException">MALFORMED_BODY, UNKNOWN_FIELD, INVALID_FIELD.</exception>
    public static IMessage ReadLine(Rpc rpc, LineForm form, ReadOnlySequence<byte> line)
    {
        var message = rpc.Descriptor.InputType.Parser.ParseFrom(form.Bytes);
        try
        {
            using var document = JsonDocument.Parse(line, _strict);
            JsonReader.Read(message, document.RootElement, null, form.Taken);
            return message;
        }
        catch (JsonException fault)
        {
            throw Refuse.MalformedBody($"The line is not JSON: byte {fault.BytePositionInLine + 1}.");
        }
    }

    private static void ReadPath(IMessage request, HttpBinding binding, IReadOnlyList<string> segments)
    {
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
}
