// Where the other services are. The orchestrator says it in the environment, in Aspire's two conventions; this file reads
// both, for gRPC channels, for the gateway's clusters and for outgoing HTTP requests to http://{service}.
using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;

namespace ExternalAction.ServiceDefaults;

/// <summary>Service discovery by configuration.</summary>
public static class ServiceEndpoints
{
    /// <summary>
    /// The addresses of a service's endpoint. Looked for in this order:
    /// 1. <c>{NAME}_{ENDPOINT}</c> (upper case, other characters than letters and digits become _): <c>DECISIONS_GRPC</c>, one address;
    /// 2. <c>services:{name}:{endpoint}:*</c>, one address per replica;
    /// 3. <c>services:{name}:https:*</c>, then <c>services:{name}:http:*</c>: orchestrators that know schemes only.
    /// </summary>
    /// <exception cref="InvalidOperationException">None of them is set, or a value is not an absolute address.</exception>
    public static ImmutableArray<Uri> Resolve(IConfiguration configuration, string name, string endpoint)
    {
        var found = Find(configuration, name, endpoint);
        return !found.IsEmpty ? found : throw new InvalidOperationException(
            $"Configuration does not say where the endpoint {endpoint} of {name} is: set {Variable(name, endpoint)} or services:{name}:{endpoint}:0.");
    }

    /// <summary>Like <see cref="Resolve"/>, but empty when nothing is set.</summary>
    public static ImmutableArray<Uri> Find(IConfiguration configuration, string name, string endpoint)
    {
        if (configuration[Variable(name, endpoint)] is { Length: > 0 } single)
        {
            return [Parse(single, Variable(name, endpoint))];
        }

        foreach (var key in new[] { endpoint, Uri.UriSchemeHttps, Uri.UriSchemeHttp })
        {
            var section = configuration.GetSection($"services:{name}:{key}");
            var addresses = section.GetChildren()
                .Where(child => !string.IsNullOrWhiteSpace(child.Value))
                .OrderBy(child => child.Key, StringComparer.Ordinal)
                .Select(child => Parse(child.Value!, child.Path))
                .ToImmutableArray();
            if (!addresses.IsEmpty)
            {
                return addresses;
            }
        }

        return [];
    }

    private static string Variable(string name, string endpoint) =>
        string.Concat($"{name}_{endpoint}".Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_'));

    private static Uri Parse(string value, string key) => Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Host.Length > 0
        ? address
        : throw new InvalidOperationException($"{key} is '{value}', which is not an address such as http://localhost:5000.");
}

/// <summary>
/// Rewrites requests to a service's name: <c>http://decisions/…</c> and <c>https+http://decisions/…</c> go to its endpoint
/// <c>http</c>, <c>http://_admin.decisions/…</c> to its endpoint <c>admin</c>. Names nobody configured are left as they are.
/// </summary>
internal sealed class ServiceDiscoveryHandler(IConfiguration configuration) : DelegatingHandler
{
    private int _turn;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { IsAbsoluteUri: true, Host: var host } uri)
        {
            var dot = host.StartsWith('_') ? host.IndexOf('.', StringComparison.Ordinal) : -1;
            var (name, endpoint) = dot > 0 ? (host[(dot + 1)..], host[1..dot]) : (host, Uri.UriSchemeHttp);
            var addresses = ServiceEndpoints.Find(configuration, name, endpoint);
            if (!addresses.IsEmpty)
            {
                var address = addresses[(int)(unchecked((uint)Interlocked.Increment(ref _turn)) % (uint)addresses.Length)];
                request.RequestUri = new UriBuilder(uri) { Scheme = address.Scheme, Host = address.Host, Port = address.Port }.Uri;
            }
        }

        return base.SendAsync(request, cancellationToken);
    }
}
