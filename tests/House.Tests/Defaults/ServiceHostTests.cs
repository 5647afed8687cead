using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExternalAction.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExternalAction.House.Tests.Defaults;

public sealed class ServiceHostTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_service_answers_over_https_with_the_certificate_that_its_configuration_names()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=service", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var certificateFile = Path.Combine(_folder.FullName, "service.crt");
        var keyFile = Path.Combine(_folder.FullName, "service.key");
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());

        var builder = ServiceHost.CreateBuilder([
            "--Kestrel:Endpoints:https:Url=https://127.0.0.1:0",
            $"--Kestrel:Endpoints:https:Certificate:Path={certificateFile}",
            $"--Kestrel:Endpoints:https:Certificate:KeyPath={keyFile}",
        ]);
        builder.Logging.ClearProviders();
        builder.AddDefaultHealthChecks();
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();

        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { certificate }, RevocationMode = X509RevocationMode.NoCheck };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(Assert.Single(app.Urls)) };
        Assert.Equal("https", http.BaseAddress.Scheme);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/alive")).StatusCode);
    }
}
