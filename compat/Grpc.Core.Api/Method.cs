// What a client and a server must agree on to call a method: its name, its shape and how its two messages become bytes.
// Grpc.Tools generates one Method object for every rpc of a .proto file.
namespace Grpc.Core;

/// <summary>Whether each side sends one message or a stream.</summary>
public enum MethodType
{
    /// <summary>One request, one response.</summary>
    Unary,
    /// <summary>A stream of requests, one response.</summary>
    ClientStreaming,
    /// <summary>One request, a stream of responses.</summary>
    ServerStreaming,
    /// <summary>A stream each way.</summary>
    DuplexStreaming,
}

/// <summary>A method without the types of its messages.</summary>
public interface IMethod
{
    /// <summary>The shape.</summary>
    MethodType Type { get; }

    /// <summary>The full name of the service, package included.</summary>
    string ServiceName { get; }

    /// <summary>The name of the method alone.</summary>
    string Name { get; }

    /// <summary>The HTTP/2 path: slash, service, slash, method.</summary>
    string FullName { get; }
}

/// <summary>A method with its messages and their marshallers.</summary>
public class Method<TRequest, TResponse> : IMethod
{
    /// <summary>Describes a method.</summary>
    public Method(MethodType type, string serviceName, string name, Marshaller<TRequest> requestMarshaller, Marshaller<TResponse> responseMarshaller)
    {
        Type = type;
        ServiceName = serviceName ?? throw new ArgumentNullException(nameof(serviceName));
        Name = name ?? throw new ArgumentNullException(nameof(name));
        RequestMarshaller = requestMarshaller ?? throw new ArgumentNullException(nameof(requestMarshaller));
        ResponseMarshaller = responseMarshaller ?? throw new ArgumentNullException(nameof(responseMarshaller));
        FullName = $"/{serviceName}/{name}";
    }

    /// <inheritdoc/>
    public MethodType Type { get; }

    /// <inheritdoc/>
    public string ServiceName { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string FullName { get; }

    /// <summary>Request to bytes and back.</summary>
    public Marshaller<TRequest> RequestMarshaller { get; }

    /// <summary>Response to bytes and back.</summary>
    public Marshaller<TResponse> ResponseMarshaller { get; }
}
