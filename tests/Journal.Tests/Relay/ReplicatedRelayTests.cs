using ExternalAction.Journal.Relay;
using ExternalAction.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace ExternalAction.Journal.Tests.Relay;

/// <summary>Several replicas of a service over PostgreSQL and RabbitMQ: one publishes, one consumes, whoever dies.</summary>
[Trait("Needs", "Servers")]
[Collection(OnePostgres.Name)]
public sealed class ReplicatedRelayTests(PostgresServer postgres, RabbitMqServer rabbit) : IClassFixture<RabbitMqServer>, IAsyncLifetime
{
    private const string Copy = "copy.decisions";
    private readonly string _folder = Directory.CreateTempSubdirectory("ea-replicas-").FullName;
    private Dictionary<string, string?> _settings = [];

    [Fact]
    public async Task Of_two_relays_one_publishes_and_the_other_takes_over()
    {
        var first = await Suite.StartAsync(_folder, listener: false, settings: _settings);
        await using var second = await Suite.StartAsync(_folder, listener: false, settings: _settings);
        await using var listener = await Suite.StartAsync(_folder, sender: false, settings: _settings);

        // 1. Both write, one publishes: no event comes twice.
        await Task.WhenAll(first.Sender.TellAllAsync(1, 100), second.Sender.TellAllAsync(1001, 100));
        var notes = await listener.NotesAsync(200);
        Assert.Equal(Sender.Notes(await ToldAsync(second)), notes);
        Assert.Equal(200, (await QueueContent.TakeAsync(rabbit.ConnectionString, Copy)).Sum(message => message.Events.Count));
        bool[] active = [await IsActiveAsync(first), await IsActiveAsync(second)];
        Assert.Single(active, yes => yes);

        // 2. One goes; whichever it is, the rest is published by the other.
        await first.DisposeAsync();
        await second.Sender.TellAllAsync(2001, 50);
        Assert.Equal(Sender.Notes(await ToldAsync(second)), await listener.NotesAsync(250));
        Assert.True(await IsActiveAsync(second));
    }

    [Fact]
    public async Task Two_consumers_of_one_service_take_turns_and_nothing_happens_twice()
    {
        await using var sender = await Suite.StartAsync(_folder, listener: false, settings: _settings);
        var first = await Suite.StartAsync(_folder, sender: false, settings: _settings);
        await using var second = await Suite.StartAsync(_folder, sender: false, settings: _settings);
        var telling = sender.Sender.TellAllAsync(1, 300);
        await first.NotesAsync(50);
        await first.DisposeAsync();
        await telling;

        Assert.Equal(Sender.Notes(Enumerable.Range(1, 300).Select(n => new Happened(n, "vote"))), await second.NotesAsync(300));
    }

    [Fact]
    public async Task A_database_that_is_killed_in_the_middle_keeps_order_and_loses_nothing()
    {
        await using var sender = await Suite.StartAsync(_folder, listener: false, settings: new Dictionary<string, string?>(_settings) { ["Journal:Store"] = "sqlite" });
        await using var listener = await Suite.StartAsync(_folder, sender: false, settings: _settings);
        var telling = sender.Sender.TellAllAsync(1, 1000);
        await listener.NotesAsync(100);
        await postgres.KillAsync();
        await telling;
        await sender.Sender.TellAllAsync(1001, 50); // however fast the consumer was, there is more for it
        await Suite.EventuallyAsync(() => listener.Consumer.Obstacle is not null, () => "the consumer noticed nothing");
        Assert.Equal(HealthStatus.Degraded, (await listener.HealthAsync($"consumer:{Listener.Queue}")).Status);
        await postgres.StartAsync();

        Assert.Equal(Sender.Notes(Enumerable.Range(1, 1050).Select(n => new Happened(n, "vote"))), await listener.NotesAsync(1050));
    }

    public async Task InitializeAsync()
    {
        _settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:messaging"] = rabbit.ConnectionString,
            ["ConnectionStrings:decisions"] = await postgres.CreateDatabaseAsync(),
            ["ConnectionStrings:listener"] = await postgres.CreateDatabaseAsync(),
            ["Journal:Store"] = "postgres",
            ["Relay:Queues:decisions:1"] = Copy,
        };
        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbit.ConnectionString) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in (string[])[Listener.Queue, Copy])
        {
            await channel.QueueDeleteAsync(queue);
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>What stands in the sender's journal, in its order.</summary>
    private static async Task<List<Happened>> ToldAsync(Suite suite)
    {
        var told = new List<Happened>();
        await foreach (var row in suite.Sender.ReadEventsAsync(0, suite.Sender.Position, default))
        {
            told.Add(row.Event);
        }

        return told;
    }

    private static async Task<bool> IsActiveAsync(Suite suite) => (await suite.HealthAsync("relay:decisions")).Data["active"] is true;
}
