using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.Compat.Tests;
using ExternalAction.Contracts.Events;
using ExternalAction.Gateway.Caching;
using ExternalAction.Gateway.Tests.Backend;
using ExternalAction.Journal.Relay;
using ExternalAction.Testing;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExternalAction.Gateway.Tests;

/// <summary>The cache of several gateway replicas: Redis between them, events to each, and either of the two may go away.</summary>
[Trait("Needs", "Servers")]
public sealed class SharedCacheTests
{
    [Fact]
    public async Task What_one_replica_has_asked_the_other_need_not_ask()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await Suite.StartAsync(Cache(redis));
        await using var other = await one.StartReplicaAsync(Cache(redis));
        await TitleAsync(one, one);
        await EventuallyKeptAsync(one, one, other);

        // What the other has heard of outdates the shared entry for it, though the first one does not know yet.
        var before = Calls(one);
        one.State.Titles["a"] = "new";
        one.State.Position = 2;
        other.Gateway.Services.GetRequiredService<OutputCache>().Evict("probe", 2);
        Assert.Equal("new", await TitleAsync(other, one));
        Assert.Equal("new", await TitleAsync(one, one));
        Assert.True(Calls(one) > before, "the outdated entry was not served");
    }

    [Fact]
    public async Task Without_redis_replies_come_from_the_service_and_are_right_and_with_it_again_they_are_kept_again()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var suite = await Suite.StartAsync(Cache(redis));
        await EventuallyKeptAsync(suite, suite);

        // 1. Killed in the middle of traffic: nobody sees more than the service's own answer, always the newest.
        using var stop = new CancellationTokenSource();
        var traffic = Task.Run(async () =>
        {
            var answers = 0;
            while (!stop.IsCancellationRequested)
            {
                await RenameAndReadAsync(suite, $"title {++answers}");
            }

            return answers;
        });
        await redis.KillAsync();
        var before = Calls(suite);
        for (var i = 0; i < 20; i++)
        {
            Assert.NotEmpty(await TitleAsync(suite, suite, id: "quiet"));
        }

        Assert.True(Calls(suite) >= before + 20, "without Redis every read asks the service");
        Assert.Contains(suite.Log.Lines, line => line.Text.Contains("The shared cache does not answer", StringComparison.Ordinal));

        // 2. Back again: sooner or later two reads in a row ask the service once.
        // The traffic ends first: every command of it evicts, and on a fast machine leaves no room for two reads in between.
        await redis.RestartAsync();
        await stop.CancelAsync();
        Assert.True(await traffic > 0);
        await EventuallyKeptAsync(suite, suite);
        Assert.Empty(suite.Log.Errors);
    }

    [Fact]
    public async Task A_gateway_starts_and_answers_while_redis_is_down()
    {
        await using var suite = await Suite.StartAsync(new() { ["ConnectionStrings:cache"] = $"127.0.0.1:{FreePort.Next()}" });

        Assert.Equal("untitled", await TitleAsync(suite, suite));
        Assert.Equal("untitled", await TitleAsync(suite, suite));
    }

    [Fact]
    public async Task Every_replica_hears_of_a_change_through_a_queue_of_its_own()
    {
        await using var rabbit = new RabbitMqServer();
        await rabbit.InitializeAsync();
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:messaging"] = rabbit.ConnectionString };
        await using var one = await Suite.StartAsync(settings);
        await using var other = await one.StartReplicaAsync(settings);
        var relay = Host.CreateApplicationBuilder();
        relay.Configuration.AddInMemoryCollection(settings);
        relay.AddServiceBus();
        using var sender = relay.Build();
        await sender.StartAsync();
        var exchange = await sender.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{Subscriptions.PositionsOf("probe")}?type=fanout"));

        // Changes are told until both have heard of one: their queues may be bound a moment after the start.
        for (var position = 2; ; position++)
        {
            Assert.True(position < 1_000, "nothing arrived");
            one.State.Position = position;
            one.State.Titles["a"] = $"at {position}";
            await exchange.Send(new JournalMoved("probe", Guid.NewGuid(), position));
            if (await BecomesAsync(one, one, $"at {position}") && await BecomesAsync(other, one, $"at {position}"))
            {
                break;
            }
        }

        await sender.StopAsync();
    }

    private static Dictionary<string, string?> Cache(RedisServer redis) => new() { ["ConnectionStrings:cache"] = $"127.0.0.1:{redis.Port}" };

    private static int Calls(Suite suite) => suite.State.Calls.GetValueOrDefault(nameof(ProbeService.GetThing));

    private static async Task<string> TitleAsync(Suite gateway, Suite issuer, string id = "a")
    {
        var token = await issuer.TokenAsync();
        using var response = await gateway.SendAsync(HttpMethod.Get, $"/v1/things/{id}", role: null, change: request => request.Headers.Authorization = new("Bearer", token));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString()!;
    }

    private static async Task RenameAndReadAsync(Suite suite, string title)
    {
        using var renamed = await suite.SendAsync(HttpMethod.Post, "/v1/things/traffic:rename", new { title });
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.Equal(title, await TitleAsync(suite, suite, "traffic"));
    }

    // An entry lives for five seconds, so a read that still shows the old title soon after the event proves nothing; one that shows the new does.
    private static async Task<bool> BecomesAsync(Suite gateway, Suite issuer, string title)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
        {
            if (await TitleAsync(gateway, issuer) == title)
            {
                return true;
            }

            await Task.Delay(20);
        }

        return false;
    }

    // Sooner or later two reads in a row, by one gateway after another, ask the service once at most. Not always the first two: Redis is
    // left alone for two seconds after an answer that took too long, as the very first may on a busy machine.
    private static async Task EventuallyKeptAsync(Suite issuer, params Suite[] gateways)
    {
        for (var i = 0; i < 1_500; i++)
        {
            var known = issuer.State.Position;
            var before = Calls(issuer);
            await TitleAsync(gateways[0], issuer, $"quiet{i}");
            await TitleAsync(gateways[^1], issuer, $"quiet{i}");
            if (issuer.State.Position == known && Calls(issuer) - before < 2)
            {
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail("Redis answers, but nothing is kept.");
    }
}
