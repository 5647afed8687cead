using ExternalAction.Contracts.Options.V1;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

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
        Method = new Method<IMessage, IMessage>(
            descriptor.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary,
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

    public Media? Media { get; }

    public bool Cacheable { get; }

    public HttpRule? Http { get; }

    public bool Streams => Descriptor.IsServerStreaming;

    /// <summary>True: the reply is bytes with a media type of their own, not JSON.</summary>
    public bool RepliesWithBytes => Descriptor.OutputType.FullName == HttpBody.Descriptor.FullName;

    /// <summary>An empty request.</summary>
    public IMessage NewRequest() => Descriptor.InputType.Parser.ParseFrom(ByteString.Empty);

    /// <summary>
    /// Every rpc of the services that the gateway can carry: unary and server streaming.
    /// </summary>
    /// <exception cref="InvalidOperationException">An rpc does not say who may call it.</exception>
    public static IReadOnlyList<Rpc> Of(IEnumerable<GatewayService> services)
    {
        var rpcs = (from service in services
                    from file in service.Files
                    from declared in file.Services
                    from method in declared.Methods
                    select new Rpc(service, method)).ToList();
        foreach (var rpc in rpcs)
        {
            if (rpc.Http is not null && rpc.Descriptor.IsClientStreaming)
            {
                throw new InvalidOperationException($"{rpc.Descriptor.FullName} streams from the client; HTTP/1.1 cannot, so it may not have an HTTP rule.");
            }
        }

        return rpcs;
    }

    private static Marshaller<IMessage> MarshallerOf(MessageDescriptor message) => Marshallers.Create<IMessage>(
        (value, context) =>
        {
            context.SetPayloadLength(value.CalculateSize());
            value.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => message.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
