// A real Kestrel with the official gRPC server on two free ports of the loopback address: one in clear text (h2c), one
// with TLS. One server serves all checks of a class.
using System.Net;
using System.Security.Cryptography.X509Certificates;
using ExternalAction.Compat.Tests.Contract;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Compat.Tests;

public sealed class GrpcFixture : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = TestCertificates.SelfSigned();
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public Sightings Sightings { get; } = new();

    /// <summary>The address in clear text.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The address with TLS.</summary>
    public string TlsAddress { get; private set; } = "";

    /// <summary>A plain channel in clear text.</summary>
    public GrpcChannel Channel => _channel!;

    /// <summary>A plain client over <see cref="Channel"/>.</summary>
    public Checks.ChecksClient Client => new(Channel);

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(_certificate);
            });
        });
        builder.Services.AddSingleton(Sightings);
        builder.Services.AddGrpc(options =>
        {
            options.ResponseCompressionAlgorithm = "gzip";
            options.Interceptors.Add<MarkingServerInterceptor>();
        });
        _app = builder.Build();
        _app.MapGrpcService<CheckService>();
        await _app.StartAsync();
        Address = _app.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal));
        TlsAddress = _app.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal));
        _channel = GrpcChannel.ForAddress(Address);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>A handler that trusts the server's certificate and no other.</summary>
    public HttpMessageHandler TrustingHandler() => new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _certificate.Thumbprint },
    };
}
