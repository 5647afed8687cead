using System.Net;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace ExternalAction.Gateway.Forwarding;

/// <summary>Asks a replica for its health over HTTP/1.1: the cluster speaks HTTP/2 only, the health endpoint does not.</summary>
internal sealed class HealthProbe : IProbingRequestFactory
{
    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination) => new(
        HttpMethod.Get,
        new Uri(new Uri(destination.Config.Health ?? destination.Config.Address), cluster.Config.HealthCheck?.Active?.Path ?? "/health"))
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
