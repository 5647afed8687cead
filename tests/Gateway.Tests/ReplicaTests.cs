using System.Net;
using ExternalAction.Gateway.Tests.Backend;
using Grpc.Core;
using Grpc.Net.Client;

namespace ExternalAction.Gateway.Tests;

/// <summary>Several replicas of a service behind one gateway, and streams when the gateway ends.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task Calls_go_to_all_replicas_and_when_one_is_gone_to_the_others()
    {
        await using var one = await Suite.StartAsync();
        var other = await Suite.StartAsync(new() { ["Authentication:Authority"] = $"http://127.0.0.1:{one.HttpPort}/dev" }, serviceAuthority: $"http://127.0.0.1:{one.HttpPort}/dev");
        await using var gateway = await one.StartReplicaAsync(new()
        {
            ["services:probe:grpc:1"] = $"http://127.0.0.1:{other.ServiceGrpcPort}",
            ["services:probe:http:0"] = $"http://127.0.0.1:{one.ServiceHttpPort}",
            ["services:probe:http:1"] = $"http://127.0.0.1:{other.ServiceHttpPort}",
        });
        var token = await one.TokenAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{gateway.GrpcPort}");
        var client = new Probe.ProbeClient(channel);
        var headers = new Metadata { { "authorization", $"Bearer {token}" } };

        // 1. Both work, over gRPC and REST; the second may be connected a moment later than the first. No more calls than
        //    that: some connections to the replica that will go have been opened and never used.
        bool BothAsked() => new[] { one, other }.All(suite => suite.State.Titles.ContainsKey("grpc") && suite.State.Titles.ContainsKey("rest"));
        for (var i = 0; !BothAsked(); i++)
        {
            Assert.True(i < 1_000, "one replica was never asked");
            await client.RenameThingAsync(new RenameThingRequest { Id = "grpc", Title = "x" }, headers);
            Assert.Equal(HttpStatusCode.OK, await RenameAsync(gateway, token));
        }

        // 2. One goes. Some calls may fail until it is known; then a hundred in a row do not.
        await other.DisposeAsync();
        for (var good = 0; good < 100;)
        {
            try
            {
                await client.RenameThingAsync(new RenameThingRequest { Id = "grpc", Title = "x" }, headers);
                good = await RenameAsync(gateway, token) == HttpStatusCode.OK ? good + 1 : 0;
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.Unavailable)
            {
                good = 0;
            }

            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task A_gateway_that_stops_ends_its_streams_instead_of_waiting_for_them()
    {
        await using var suite = await Suite.StartAsync();
        using var response = await suite.SendAsync(HttpMethod.Get, "/v1/things/endless:watch?count=1");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("id: 1", await reader.ReadLineAsync());

        // Without an end of its own the stream would hold up the stop until the host's patience ends it with a fault.
        await suite.Gateway.StopAsync();

        await reader.ReadToEndAsync();
    }

    private static async Task<HttpStatusCode> RenameAsync(Suite gateway, string token)
    {
        using var response = await gateway.SendAsync(HttpMethod.Post, "/v1/things/rest:rename", new { title = "x" }, role: null, change: request => request.Headers.Authorization = new("Bearer", token));
        return response.StatusCode;
    }
}
