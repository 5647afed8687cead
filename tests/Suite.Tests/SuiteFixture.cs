using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Suite.Tests.Clients;
using Grpc.Net.Client;

namespace ExternalAction.Suite.Tests;

/// <summary>The whole suite as its AppHost starts it, on random ports, with a data folder of its own. One for all tests of a mode.</summary>
public abstract class SuiteFixture(string mode, string front) : IAsyncLifetime
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromMinutes(3);

    public DistributedApplication App { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public GrpcChannel Channel { get; private set; } = null!;

    /// <summary>Where the suite keeps everything.</summary>
    public string Data { get; } = DataFolders.Create();

    /// <summary>The people around a file, over REST.</summary>
    public Council Rest => new(new RestApi(Http), Http);

    /// <summary>The people around a file, over gRPC.</summary>
    public Council Grpc => new(new GrpcApi(Channel), Http);

    /// <summary>By protocol name, for theories.</summary>
    public Council Over(string protocol) => protocol == "REST" ? Rest : Grpc;

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(_startLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--mode", mode, "--data", Data], limit.Token);
        Configure(builder);
        App = await builder.BuildAsync(limit.Token);
        await App.StartAsync(limit.Token);
        await App.ResourceNotifications.WaitForResourceHealthyAsync(front, limit.Token);
        Connect();
    }

    /// <summary>
    /// What a suite has that its AppHost does not give it by itself: here, commands that may wait longer for their turn. Hundreds at
    /// once prove that none is lost, and on a slow machine need more than the usual two seconds.
    /// </summary>
    protected virtual void Configure(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            builder.CreateResourceBuilder(project).WithEnvironment("Journal__QueueWaitSeconds", "20");
        }
    }

    /// <summary>Opens the clients anew, after a restart.</summary>
    public void Connect()
    {
        Http = App.CreateHttpClient(front, "http");
        Channel = GrpcChannel.ForAddress(App.GetEndpoint(front, "grpc"));
    }

    public virtual async Task DisposeAsync()
    {
        Channel?.Dispose();
        Http?.Dispose();
        if (App is not null)
        {
            await App.DisposeAsync();
        }
        Directory.Delete(Data, recursive: true);
    }
}

/// <summary>One process, SQLite.</summary>
public sealed class EmbeddedSuite() : SuiteFixture("embedded", "suite");

/// <summary>One process per service, with PostgreSQL, RabbitMQ and Redis.</summary>
public sealed class DistributedSuite() : SuiteFixture("distributed", "gateway");

[CollectionDefinition("embedded")]
public sealed class EmbeddedTests : ICollectionFixture<EmbeddedSuite>;

[CollectionDefinition("distributed")]
public sealed class DistributedTests : ICollectionFixture<DistributedSuite>;
