using ExternalAction.Gateway.Development;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace ExternalAction.Gateway;

/// <summary>
/// The gateway as two calls, so that it runs in a process of its own (Program.cs) or together with the services
/// (Standalone): <see cref="AddGateway"/> registers, <see cref="MapGateway"/> builds the pipeline.
/// </summary>
public static class GatewayExtensions
{
    /// <summary>Registers the gateway for these services.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder, params GatewayService[] services)
    {
        builder.AddServiceDefaults();
        builder.Services.AddOptions<GatewayOptions>().Bind(builder.Configuration.GetSection(GatewayOptions.Section)).ValidateOnStart();
        builder.AddRest(services);
        builder.AddDevelopment();
        return builder;
    }

    /// <summary>Builds the gateway's pipeline. Services of the same process are mapped before or after, in any order.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        app.UseGrpcRefusals();
        app.UseProblems();
        app.UseDevelopment();
        app.UseAuthentication();

        var transcoder = app.Services.GetRequiredService<Transcoder>();
        app.MapFallback("{**path}", transcoder.InvokeAsync).AllowAnonymous(); // the transcoder judges access rpc by rpc
        return app;
    }

    private static void AddRest(this WebApplicationBuilder builder, GatewayService[] services)
    {
        var rpcs = Rpc.Of(services);
        builder.Services.AddSingleton(new RouteTable(rpcs.SelectMany(HttpBinding.Of)));
        builder.Services.AddSingleton(provider => new Transcoder(
            provider.GetRequiredService<RouteTable>(),
            service => provider.GetRequiredService<GrpcChannels>().Invoker(service.Name),
            provider.GetRequiredService<IOptions<GatewayOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IHostApplicationLifetime>()));
    }

    private static void AddDevelopment(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            return;
        }

        // Unless another authority is named, the gateway trusts its own development issuer.
        var own = OwnAddress(builder.Configuration, "http") + "/dev";
        builder.Services.PostConfigure<BearerOptions>(options =>
        {
            options.Authority = string.IsNullOrWhiteSpace(options.Authority) ? own : options.Authority;
            options.Audience = string.IsNullOrWhiteSpace(options.Audience) ? BearerOptions.DevelopmentAudience : options.Audience;
        });
        builder.Services.AddSingleton(provider => new DevIssuer(
            Path.Combine(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.DataFolder, "development-token-key.pem"),
            provider.GetRequiredService<IOptions<BearerOptions>>().Value.Authority!,
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void UseDevelopment(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        LoopbackOnly.CheckBindings(app.Configuration);
        app.UseLoopbackOnly();
        DevTokens.Map(app, app.Services.GetRequiredService<DevIssuer>(), app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.MemberStates);
        app.Logger.LogWarning("Development: everybody on this machine gets a token with any role from POST /dev/tokens.");
    }

    /// <summary>The address of one of this process's Kestrel endpoints, as this machine reaches it.</summary>
    private static string OwnAddress(ConfigurationManager configuration, string endpoint)
    {
        var url = configuration[$"Kestrel:Endpoints:{endpoint}:Url"] ?? throw new InvalidOperationException($"Kestrel:Endpoints:{endpoint}:Url is not configured.");
        var address = BindingAddress.Parse(url);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}");
    }
}
