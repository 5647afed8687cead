// What can be said about a resource: its endpoints, its environment, whom it waits for, how its health is asked.

using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One address of a resource. <c>Port</c> is what others connect to, <c>TargetPort</c> what the process listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    public EndpointAnnotation(ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null,
        int? port = null, int? targetPort = null, bool? isExternal = null, bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? (protocol == ProtocolType.Udp ? "udp" : "tcp");
        Name = name ?? UriScheme;
        ModelName.Check(Name, "endpoint");
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        (Port, TargetPort, IsExternal, IsProxied) = (port, targetPort, isExternal ?? false, isProxied);
    }

    public ProtocolType Protocol { get; set; }

    public string Name { get; set; }

    public string UriScheme { get; set; }

    /// <summary><c>http</c>, <c>http2</c> or <c>tcp</c>.</summary>
    public string Transport { get; set; }

    /// <summary>The host the process binds; this runner binds 127.0.0.1 whatever it says.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>1 to 65535; null means any free one.</summary>
    public int? Port { get; set; }

    /// <inheritdoc cref="Port"/>
    public int? TargetPort { get; set; }

    public bool IsExternal { get; set; }

    public bool IsProxied { get; set; }

    /// <summary>Where the endpoint is reached, once the application has begun to start.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    /// <summary>The port each instance of the resource listens on; empty until allocated.</summary>
    internal int[] InstancePorts { get; set; } = [];

    /// <summary>The name in the project's <c>Kestrel:Endpoints</c>, when it differs from <see cref="Name"/>.</summary>
    internal string? KestrelName { get; set; }

    /// <summary>The variable that carries the target port.</summary>
    internal string? PortVariable { get; set; }
}

/// <summary>The address an endpoint got.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public EndpointAnnotation Endpoint { get; } = endpoint;

    public string Address { get; } = address;

    public int Port { get; } = port;

    public string UriScheme => Endpoint.UriScheme;

    public string UriString => $"{UriScheme}://{Address}:{Port}";

    public override string ToString() => UriString;
}

/// <summary>Adds to or changes the environment when the resource is about to start.</summary>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an environment callback sees.</summary>
public class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource,
    Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default)
{
    /// <summary>Values are strings or value providers (endpoints, parameters, expressions).</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    public IResource Resource { get; } = resource;

    public ILogger Logger { get; set; } = NullLogger.Instance;

    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Adds to or changes the arguments when the resource is about to start.</summary>
public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an argument callback sees.</summary>
public sealed class CommandLineArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
{
    public IList<object> Args { get; } = args;

    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>What is waited for.</summary>
public enum WaitType { WaitUntilHealthy, WaitForCompletion, WaitUntilStarted }

/// <summary>What a waiter does when the other one fails: go on waiting, or give up too.</summary>
public enum WaitBehavior { WaitOnResourceUnavailable, StopOnResourceUnavailable }

/// <summary>"I start after this one."</summary>
public class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public WaitType WaitType { get; } = waitType;

    public int ExitCode { get; } = exitCode;

    public WaitBehavior? WaitBehavior { get; set; }
}

/// <summary>A health check registered in the AppHost's services under this key.</summary>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    public string Key { get; } = key;
}

/// <summary>Ask this path of each instance; the status says whether it is healthy.</summary>
internal sealed record HttpProbeAnnotation(Func<EndpointReference> Endpoint, string Path, int StatusCode) : IResourceAnnotation;

/// <summary>How many processes of a project.</summary>
public class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas { get; } = replicas;
}

/// <summary>The resource is started by a command only.</summary>
public class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>The connection string comes from elsewhere; the resource itself is not started.</summary>
public class ConnectionStringRedirectAnnotation(IResourceWithConnectionString resource) : IResourceAnnotation
{
    public IResourceWithConnectionString Resource { get; } = resource;
}

/// <summary>A link to show for the resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    public string Url { get; set; } = "";

    public string? DisplayText { get; set; }

    public int? DisplayOrder { get; set; }

    public EndpointReference? Endpoint { get; init; }
}

/// <summary>Changes the link of one endpoint once its address is known.</summary>
internal sealed record UrlForEndpointAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Change) : IResourceAnnotation;

/// <summary>Keep the server's data in the data folder when the application stops.</summary>
internal sealed record KeepDataAnnotation : IResourceAnnotation;

/// <summary>Something only the official packages can do; said once in the log.</summary>
internal sealed record NotDoneHereAnnotation(string What) : IResourceAnnotation;
