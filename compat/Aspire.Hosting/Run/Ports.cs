// Gives every endpoint its port before anything starts, so that resources may refer to each other in any order.

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Run;

/// <summary>
/// Free ports on 127.0.0.1. They are taken from below the range the kernel hands to outgoing connections: a client
/// that retries a dead server inside that range can be given the server's own port, connect to itself and so keep
/// the server from coming back.
/// </summary>
internal static class Ports
{
    private const int Lowest = 10_000;

    /// <summary>Allocates every endpoint of the model.</summary>
    /// <exception cref="DistributedApplicationException">A fixed port is in use.</exception>
    public static void Allocate(IEnumerable<IResource> resources, IConfiguration configuration, bool randomise)
    {
        var held = new List<Socket>();
        try
        {
            var endpoints = resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>().Select(e => (Resource: r, Endpoint: e))).ToArray();
            // 1. Fixed ports first, so that no free one is given away that somebody asked for by number.
            foreach (var (resource, endpoint) in endpoints)
            {
                var wanted = configuration.GetValue<int?>($"Ports:{resource.Name}:{endpoint.Name}") ?? endpoint.Port ?? (endpoint.IsProxied ? null : endpoint.TargetPort);
                endpoint.AllocatedEndpoint = wanted is { } port && !(randomise && endpoint.IsProxied)
                    ? new AllocatedEndpoint(endpoint, "localhost", Take(port, held, resource, endpoint, configuration))
                    : null;
            }
            // 2. Then a free one for each of the others, and for each process behind a shared address.
            foreach (var (resource, endpoint) in endpoints)
            {
                var fixedTarget = endpoint.TargetPort is { } own && own != endpoint.Port ? own : (int?)null;
                var replicas = resource.GetReplicaCount();
                if (replicas > 1 && (!endpoint.IsProxied || endpoint.TargetPort is not null))
                    throw new DistributedApplicationException($"Endpoint '{endpoint.Name}' of '{resource.Name}' cannot be shared by {replicas} replicas: it has a fixed target port or no proxy.");
                endpoint.AllocatedEndpoint ??= new AllocatedEndpoint(endpoint, "localhost", fixedTarget is { } fixedPort ? Take(fixedPort, held, resource, endpoint, configuration) : Free(held));
                endpoint.InstancePorts = replicas > 1 ? [.. Enumerable.Range(0, replicas).Select(_ => Free(held))]
                    : fixedTarget is { } target && target != endpoint.AllocatedEndpoint.Port ? [Take(target, held, resource, endpoint, configuration)]
                    : [endpoint.AllocatedEndpoint.Port];
            }
        }
        finally
        {
            // 3. All probes stay open until every endpoint has a port, so none is given twice.
            held.ForEach(s => s.Dispose());
        }
    }

    /// <summary>A free port for a server's own needs.</summary>
    public static int Free()
    {
        var held = new List<Socket>();
        try
        {
            return Free(held);
        }
        finally
        {
            held.ForEach(s => s.Dispose());
        }
    }

    public static bool IsFree(int port)
    {
        using var socket = TryBind(port);
        return socket is not null;
    }

    private static int Free(List<Socket> held)
    {
        var end = FirstOutgoingPort();
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (TryBind(Random.Shared.Next(Lowest, end)) is { } socket)
            {
                held.Add(socket);
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
        }
        throw new DistributedApplicationException($"No free port on 127.0.0.1 between {Lowest} and {end}.");
    }

    private static int Take(int port, List<Socket> held, IResource resource, EndpointAnnotation endpoint, IConfiguration configuration)
    {
        held.Add(TryBind(port) ?? throw new DistributedApplicationException(
            $"Port {port}, which endpoint '{endpoint.Name}' of '{resource.Name}' wants, is in use on 127.0.0.1. Free it, or choose another with {Hints.For(configuration, $"Ports:{resource.Name}:{endpoint.Name}", "PORT")}."));
        return port;
    }

    private static Socket? TryBind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // .NET sets SO_REUSEADDR on Unix, as servers do: a port whose last connections are still closing counts as free.
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static int FirstOutgoingPort()
    {
        const string File = "/proc/sys/net/ipv4/ip_local_port_range";
        var first = System.IO.File.Exists(File) && int.TryParse(System.IO.File.ReadAllText(File).Split('\t', ' ')[0], out var written) ? written : 32_768;
        return first > Lowest + 1_000 ? first : 65_535;
    }
}

/// <summary>
/// How a person changes a setting, for messages: <c>--{key} VALUE</c>, unless the AppHost says under
/// <c>OptionNames:{key}</c> in its appsettings that it has an option of its own for it.
/// </summary>
internal static class Hints
{
    public static string For(IConfiguration configuration, string key, string value) => configuration[$"OptionNames:{key}"] ?? $"--{key} {value}";
}
