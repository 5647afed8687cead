using ExternalAction.Contracts.Options.V1;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>How an rpc goes over REST; each kind has one class that answers it.</summary>
internal enum RpcKind
{
    /// <summary>A request and a reply (<see cref="Reply"/>).</summary>
    Unary,

    /// <summary>A stream of messages as events or JSON lines (<see cref="StreamReply"/>).</summary>
    Events,

    /// <summary>A stream of google.api.HttpBody, which is one file in chunks (<see cref="FileReply"/>).</summary>
    File,

    /// <summary>JSON lines in and JSON lines out, both at once (<see cref="LineStream"/>).</summary>
    Lines,

    /// <summary>A stream from the client and one reply: gRPC only.</summary>
    GrpcOnly,
}

/// <summary>
/// One rpc as the gateway sees it: what the contract says about it (access, caching, media types, HTTP rule) and a
/// <see cref="Grpc.Core.Method{TRequest,TResponse}"/> over plain messages, so that no generated client is needed.
/// </summary>
internal sealed class Rpc
{
    private Rpc(GatewayService service, MethodDescriptor descriptor)
    {
        var options = descriptor.GetOptions();
        Service = service;
        Descriptor = descriptor;
        Access = AccessRule.From(options?.GetExtension(OptionsExtensions.Access))
            ?? throw new InvalidOperationException($"{descriptor.FullName} does not say who may call it (option externalaction.options.v1.access).");
        Media = options?.GetExtension(OptionsExtensions.Media);
        Cacheable = options?.GetExtension(OptionsExtensions.Cacheable) ?? false;
        Http = options?.GetExtension(AnnotationsExtensions.Http);
        Kind = (descriptor.IsClientStreaming, descriptor.IsServerStreaming) switch
        {
            (false, false) => RpcKind.Unary,
            (false, true) => RepliesWithBytes ? RpcKind.File : RpcKind.Events,
            (true, true) => RpcKind.Lines,
            (true, false) => RpcKind.GrpcOnly,
        };
        RequestTypes = [.. Media?.RequestType ?? []];
        ReplyTypes = [.. Media?.ResponseType ?? []];
        Method = new Method<IMessage, IMessage>(
            (descriptor.IsClientStreaming, descriptor.IsServerStreaming) switch
            {
                (false, false) => MethodType.Unary,
                (false, true) => MethodType.ServerStreaming,
                (true, true) => MethodType.DuplexStreaming,
                (true, false) => MethodType.ClientStreaming,
            },
            descriptor.Service.FullName,
            descriptor.Name,
            MarshallerOf(descriptor.InputType),
            MarshallerOf(descriptor.OutputType));
    }

    public GatewayService Service { get; }

    public MethodDescriptor Descriptor { get; }

    public Method<IMessage, IMessage> Method { get; }

    /// <summary>Who may call. The gateway asks before it reads or looks up anything; the service asks again.</summary>
    public AccessRule Access { get; }

    public RpcKind Kind { get; }

    public Media? Media { get; }

    /// <summary>Media types of bodies that the rpc reads beside JSON; with <see cref="MediaTypes.Json"/> among them JSON is bytes to the rpc.</summary>
    public IReadOnlyList<string> RequestTypes { get; }

    /// <summary>Media types of the reply, the preferred first; none where they follow from the kind.</summary>
    public IReadOnlyList<string> ReplyTypes { get; }

    public bool Cacheable { get; }

    public HttpRule? Http { get; }

    public bool Streams => Kind != RpcKind.Unary;

    /// <summary>True: the reply is bytes with a media type of their own, not JSON.</summary>
    public bool RepliesWithBytes => Descriptor.OutputType.FullName == HttpBody.Descriptor.FullName;

    /// <summary>An empty request.</summary>
    public IMessage NewRequest() => Descriptor.InputType.Parser.ParseFrom(ByteString.Empty);

    /// <summary>Every rpc of the services.</summary>
    /// <exception cref="InvalidOperationException">An rpc does not say who may call it, or says of media types what cannot be.</exception>
    public static IReadOnlyList<Rpc> Of(IEnumerable<GatewayService> services)
    {
        var rpcs = (from service in services
                    from file in service.Files
                    from declared in file.Services
                    from method in declared.Methods
                    select new Rpc(service, method)).ToList();
        foreach (var rpc in rpcs.Where(rpc => rpc.Http is not null))
        {
            if (rpc.Mistake() is { } mistake)
            {
                throw new InvalidOperationException($"{rpc.Descriptor.FullName} has an HTTP rule, but {mistake}.");
            }
        }

        return rpcs;
    }

    // What the option media cannot say, found at start rather than by the first request.
    private string? Mistake() => this switch
    {
        { Kind: RpcKind.GrpcOnly } => "it streams from the client and answers once, which REST does not offer",
        { Kind: RpcKind.Lines } when RequestTypes is not [MediaTypes.JsonLines] || ReplyTypes is not [MediaTypes.JsonLines] || Media?.RequestField is not "" || Http!.Body != "*" => $"it streams both ways and must therefore have the body * and media {{request_type: \"{MediaTypes.JsonLines}\" response_type: \"{MediaTypes.JsonLines}\"}} without a request_field",
        { Kind: RpcKind.File, ReplyTypes.Count: 0 } => "its media has no response_type",
        { Kind: RpcKind.Events } when ReplyTypes.Any(type => type is not (MediaTypes.EventStream or MediaTypes.JsonLines)) => $"a stream of messages cannot be {string.Join(" or ", ReplyTypes)}",
        { Kind: RpcKind.Unary, RepliesWithBytes: false, ReplyTypes.Count: > 0 } => "its media has a response_type and its reply is not google.api.HttpBody",
        { Cacheable: true, ReplyTypes.Count: > 1 } => "it is cacheable and has several response types",
        { Kind: not RpcKind.Lines, RequestTypes.Count: > 0 } when Descriptor.InputType.FindFieldByName(Media!.RequestField) is not { IsRepeated: false } field || !(field.FieldType == FieldType.Bytes || IsHttpBody(field)) => "its media has a request_type and no request_field that is bytes or google.api.HttpBody",
        { Media.MaxBodyBytes: < 0 or > 1 << 30 } => "max_body_bytes is not from 0 to 1 GiB",
        _ => null,
    };

    /// <summary>True for a field that takes a body together with its media type.</summary>
    public static bool IsHttpBody(FieldDescriptor field) => field.FieldType == FieldType.Message && field.MessageType.FullName == HttpBody.Descriptor.FullName;

    private static Marshaller<IMessage> MarshallerOf(MessageDescriptor message) => Marshallers.Create<IMessage>(
        (value, context) =>
        {
            context.SetPayloadLength(value.CalculateSize());
            value.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => message.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
