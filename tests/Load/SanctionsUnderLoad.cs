using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ExternalAction.Load;

/// <summary>The distributed suite for loads of Sanctions. The rate limits are out of the way and the access log is off; everything else is as a newcomer runs it.</summary>
internal sealed class SanctionsUnderLoad : IAsyncDisposable
{
    private static readonly string _data = Path.Combine(AppContext.BaseDirectory, "Data");
    private readonly DistributedApplication _app;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _http;

    private SanctionsUnderLoad(DistributedApplication app, DirectoryInfo folder)
    {
        (_app, _folder, _http) = (app, folder, app.CreateHttpClient("gateway", "http"));
        _http.Timeout = TimeSpan.FromMinutes(5);
        Client = new SanctionsClient(_http);
    }

    /// <summary>Calls through the gateway.</summary>
    public SanctionsClient Client { get; }

    /// <summary>2,000 people who are on no list.</summary>
    public static string InventedPeople => Path.Combine(_data, "queries", "negatives_2000.csv");

    /// <summary>The whole EU list, compressed.</summary>
    public static Task<byte[]> ListFileAsync() => File.ReadAllBytesAsync(Path.Combine(_data, "eu_fsf_2026-05-01.xml.gz"));

    /// <summary>Starts it on a folder of its own.</summary>
    public static async Task<SanctionsUnderLoad> StartAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var folder = Directory.CreateTempSubdirectory("screening-load-");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        }

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--mode", "distributed", "--data", folder.FullName], limit.Token);
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "gateway"))
            .WithEnvironment("Gateway__RateLimit__PerSecond", "1000000").WithEnvironment("Gateway__RateLimit__Burst", "1000000")
            .WithEnvironment("Logging__LogLevel__ExternalAction.Gateway.Access", "Warning");
        var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", limit.Token);
        return new SanctionsUnderLoad(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
