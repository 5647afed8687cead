using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace ExternalAction.Suite.Tests.Clients;

/// <summary>Calls rpcs as protobuf over gRPC; the JSON of the test becomes the message and back.</summary>
public sealed class GrpcApi(GrpcChannel channel) : Api
{
    private static readonly JsonFormatter _formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <inheritdoc/>
    protected override async Task<JsonObject> SendAsync(MethodDescriptor method, JsonObject request, CallOptions options)
    {
        var input = JsonParser.Default.Parse(request.ToJsonString(), method.InputType);
        var rpc = new Method<IMessage, IMessage>(
            MethodType.Unary, method.Service.FullName, method.Name,
            Marshallers.Create<IMessage>(m => m.ToByteArray(), method.InputType.Parser.ParseFrom),
            Marshallers.Create<IMessage>(m => m.ToByteArray(), method.OutputType.Parser.ParseFrom));
        var headers = new Metadata();
        if (options.Token is { } token)
        {
            headers.Add("authorization", $"Bearer {token}");
        }
        if (options.Key is { } key)
        {
            headers.Add("idempotency-key", key);
        }
        if (options.MinPosition is { } position)
        {
            headers.Add("ea-min-position", position.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        try
        {
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(rpc, null, new Grpc.Core.CallOptions(headers, DateTime.MaxValue), input);
            return JsonNode.Parse(_formatter.Format(await call.ResponseAsync))!.AsObject();
        }
        catch (RpcException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>What a failed call says: the code in its details, or none when the status came without.</summary>
    public static ApiException Refused(RpcException e)
    {
        var details = e.Trailers.GetValueBytes("grpc-status-details-bin") is { } bytes ? Google.Rpc.Status.Parser.ParseFrom(bytes).Details : [];
        var info = details.FirstOrDefault(d => d.Is(ErrorInfo.Descriptor))?.Unpack<ErrorInfo>();
        var field = details.FirstOrDefault(d => d.Is(BadRequest.Descriptor))?.Unpack<BadRequest>().FieldViolations.FirstOrDefault()?.Field;
        return new ApiException(info?.Reason ?? "", e.StatusCode.ToString(), e.Status.Detail, field, info?.Metadata.GetValueOrDefault("article"));
    }
}
