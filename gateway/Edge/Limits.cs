using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ExternalAction.Gateway.Edge;

/// <summary>What the server itself refuses, before any code of ours runs, and whose word about a client's address counts.</summary>
internal static class Limits
{
    /// <summary>Limits of the server: request line, headers, bodies, patience.</summary>
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new GatewayOptions();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 100;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
            // Twice the largest body that is read: what is refused by its length may be read to its end, so that the client gets to read the refusal.
            kestrel.Limits.MaxRequestBodySize = 2 * Math.Max(options.FileBodyLimit, options.JsonBodyLimit);
        });
    }

    /// <summary>A gRPC stream has no total length; its messages are limited one by one by the service.</summary>
    public static void UseStreamLimits(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.IsGrpc() && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        return next(context);
    });

    /// <summary>The client's address and scheme from X-Forwarded-For and -Proto, when they come from a proxy that configuration names.</summary>
    public static void UseConfiguredProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.Proxies;
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = proxies.Count };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                options.KnownProxies.Add(System.Net.IPAddress.Parse(proxy));
            }
        }

        app.UseForwardedHeaders(options);
    }
}
