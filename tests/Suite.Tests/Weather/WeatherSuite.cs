using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ExternalAction.Testing;
using Npgsql;

namespace ExternalAction.Suite.Tests.Weather;

/// <summary>
/// A distributed suite made to be treated badly: a wire that can be cut between the service and PostgreSQL, limits small enough
/// to be reached, and a queue for a consumer that comes late.
/// </summary>
public sealed class WeatherSuite() : SuiteFixture("distributed", "gateway")
{
    /// <summary>Commands that may wait.</summary>
    public const int QueueLimit = 8;

    /// <summary>Requests that a caller may make at once; a tenth of that per second in the long run.</summary>
    public const int Burst = 400;

    /// <summary>The queue nobody reads yet.</summary>
    public const string LateQueue = "archive.late";

    // The journal's lock in its database, see services/Journal/Stores/PostgresConnections.cs.
    private const long WriterLock = 0x6A6F75726E616C01;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>All that the service and its database say to each other.</summary>
    public TcpProxy Wire { get; private set; } = null!;

    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        var database = (IResourceWithConnectionString)builder.Resources.Single(r => r.Name == "decisions-db");
        var decisions = builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "decisions");
        builder.CreateResourceBuilder(decisions)
            .WithEnvironment("Journal__QueueLimit", QueueLimit.ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("Relay__Queues__decisions__0", LateQueue)
            .WithEnvironment(async context =>
            {
                var address = new NpgsqlConnectionStringBuilder(await database.GetConnectionStringAsync(context.CancellationToken));
                Wire ??= new TcpProxy(address.Port);
                address.Port = Wire.Port;
                context.EnvironmentVariables["ConnectionStrings__decisions"] = address.ToString();
            });
        var gateway = builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "gateway");
        builder.CreateResourceBuilder(gateway)
            .WithEnvironment("Gateway__UnaryDeadline", "00:00:08")
            .WithEnvironment("Gateway__RateLimit__PerSecond", (Burst / 10).ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("Gateway__RateLimit__Burst", Burst.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Holds the lock that every write needs, as a replica that hangs in the middle of a transaction would.</summary>
    public async Task<IAsyncDisposable> HoldJournalAsync()
    {
        var connection = new NpgsqlConnection($"{await App.GetConnectionStringAsync("decisions-db")};Pooling=false");
        await connection.OpenAsync();
        await using var locking = new NpgsqlCommand($"SELECT pg_advisory_lock({WriterLock})", connection);
        await locking.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Runs something while a resource is stopped, and waits until the service is well again.</summary>
    public async Task WithoutAsync(string resource, Func<Task> act)
    {
        using var limit = new CancellationTokenSource(_patience);
        await App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, limit.Token);
        try
        {
            await act();
        }
        finally
        {
            await App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, limit.Token);
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
            // Its health is asked for now and then only; a command that is taken proves it.
            await UntilWritableAsync(limit.Token);
        }
    }

    private async Task UntilWritableAsync(CancellationToken limit)
    {
        while (true)
        {
            try
            {
                await Grpc.Create();
                return;
            }
            catch (Clients.ApiException refusal) when (refusal.Code == "UNAVAILABLE")
            {
                await Task.Delay(100, limit);
            }
        }
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Wire is not null)
        {
            await Wire.DisposeAsync();
        }
    }
}

[CollectionDefinition("weather")]
public sealed class WeatherTests : ICollectionFixture<WeatherSuite>;
