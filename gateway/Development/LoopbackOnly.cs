using System.Net;
using ExternalAction.Gateway.Rest;

namespace ExternalAction.Gateway.Development;

/// <summary>
/// In Development anybody gets a token, so nobody but this machine may ask: the process refuses to start on another address
/// than loopback, and a request is refused that comes from elsewhere or names another host (a web page whose name was
/// rebound to 127.0.0.1 would).
/// </summary>
internal static class LoopbackOnly
{
    /// <summary>Stops a start on an address that others can reach.</summary>
    /// <exception cref="InvalidOperationException">Configuration names such an address.</exception>
    public static void CheckBindings(IConfiguration configuration)
    {
        var addresses = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"])
            .Concat((configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Concat(new[] { configuration["http_ports"], configuration["https_ports"] }.Where(ports => !string.IsNullOrEmpty(ports)).Select(ports => $"http://*:{ports}"))
            .OfType<string>();
        if (addresses.FirstOrDefault(address => !IsLoopback(BindingAddress.Parse(address).Host)) is { } open)
        {
            throw new InvalidOperationException($"The gateway runs in Development, where /dev/tokens gives a token to everybody, but is bound to {open}. Bind 127.0.0.1, or set ASPNETCORE_ENVIRONMENT=Production and Authentication:Authority.");
        }
    }

    /// <summary>Refuses requests from other machines and for other hosts.</summary>
    public static void UseLoopbackOnly(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // RemoteIpAddress is null for requests that reach the pipeline without a socket (a test server).
        var isLocal = context.Connection.RemoteIpAddress is null || IPAddress.IsLoopback(context.Connection.RemoteIpAddress);
        return isLocal && IsLoopback(context.Request.Host.Host)
            ? next(context)
            : throw Refuse.InvalidField("Host", $"In Development the gateway answers requests of this machine to localhost, 127.0.0.1 or [::1] only, not to '{context.Request.Host}'.");
    });

    private static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "[::1]";
}
