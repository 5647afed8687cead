// What travels beside the message: keys, positions, deadlines, tokens; and how streams end.
using ExternalAction.House.Tests.Probe.V1;
using ExternalAction.ServiceDefaults;
using ExternalAction.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ExternalAction.House.Tests.Defaults;

public sealed class CallTests : TrustingProbe
{
    [Fact]
    public async Task Key_and_positions_are_read_and_the_position_of_the_reply_is_a_header()
    {
        var headers = Headers(("idempotency-key", "a7~!"), ("ea-min-position", "7"), ("last-event-id", "12"));
        using var call = Host.Client.DescribeAsync(new ProbeRequest(), headers);
        Assert.Equal("42", (await call.ResponseHeadersAsync).GetValue("ea-position"));
        var reply = await call;
        Assert.Equal(("a7~!", 7L, 12L), (reply.IdempotencyKey, reply.MinPosition, reply.LastEventId));
    }

    [Fact]
    public async Task Without_them_there_is_nothing()
    {
        var reply = await Host.Client.DescribeAsync(new ProbeRequest(), Headers());
        Assert.Equal(("", -1L, -1L), (reply.IdempotencyKey, reply.MinPosition, reply.LastEventId));
    }

    [Theory]
    [InlineData("idempotency-key", "two words", "IDEMPOTENCY_KEY_INVALID")]
    [InlineData("idempotency-key", "", "IDEMPOTENCY_KEY_INVALID")]
    [InlineData("ea-min-position", "-1", "INVALID_FIELD")]
    [InlineData("ea-min-position", "soon", "INVALID_FIELD")]
    [InlineData("last-event-id", "99999999999999999999", "INVALID_FIELD")]
    public async Task A_header_of_the_wrong_form_is_refused_by_name(string header, string value, string code)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Host.Client.DescribeAsync(new ProbeRequest(), Headers((header, value))));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Equal(code, Problem.From(refusal).Code);
    }

    [Fact]
    public async Task A_key_has_128_characters_at_most()
    {
        Assert.Equal(128, (await Host.Client.DescribeAsync(new ProbeRequest(), Headers(("idempotency-key", new string('k', 128))))).IdempotencyKey.Length);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await Host.Client.DescribeAsync(new ProbeRequest(), Headers(("idempotency-key", new string('k', 129)))));
        Assert.Equal("IDEMPOTENCY_KEY_INVALID", Problem.From(refusal).Code);
    }

    [Fact]
    public async Task A_stream_ends_with_TOKEN_EXPIRED_when_its_token_does()
    {
        Host.Clock.Stop(); // the token is valid when it arrives, however slow the machine; the stream's timer runs in real time
        using var call = Host.Client.Watch(new ProbeRequest(), ProbeHost.Bearer(Issuer.Token(expiresIn: TimeSpan.FromSeconds(2), now: Host.Clock.GetUtcNow())));
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(default))
            {
                Assert.Equal("first", call.ResponseStream.Current.Text);
            }
        });
        Assert.Equal(("TOKEN_EXPIRED", 401), (Problem.From(refusal).Code, Problem.From(refusal).Status));
    }

    [Fact]
    public async Task A_stream_ends_with_UNAVAILABLE_when_the_service_stops_and_does_not_hold_it_up()
    {
        await using var host = await ProbeHost.StartAsync(ProbeHost.Trusting(Issuer));
        using var call = host.Client.Watch(new ProbeRequest(), ProbeHost.Bearer(Issuer.Token()));
        Assert.True(await call.ResponseStream.MoveNext(default));
        var stop = host.App.StopAsync();
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal("UNAVAILABLE", Problem.From(refusal).Code);
        await stop;
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task A_call_without_a_deadline_gets_one()
    {
        var reply = await Outgoing().DescribeAsync(new ProbeRequest(), Headers());
        Assert.InRange(reply.DeadlineMilliseconds, 1, (long)OutgoingCallInterceptor.DefaultDeadline.TotalMilliseconds);
    }

    [Fact]
    public async Task A_call_with_a_key_is_tried_again_while_the_service_is_unavailable()
    {
        var service = Host.App.Services.GetRequiredService<ProbeService>();
        service.UnavailableFor = 2;
        var reply = await Outgoing().DescribeAsync(new ProbeRequest(), Headers(("idempotency-key", "k1")));
        Assert.Equal(3, reply.Attempt);
    }

    [Fact]
    public async Task A_call_without_a_key_is_not_tried_again()
    {
        var service = Host.App.Services.GetRequiredService<ProbeService>();
        service.UnavailableFor = 2;
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Outgoing().DescribeAsync(new ProbeRequest(), Headers()));
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        Assert.Equal(1, service.Attempts);
    }

    [Fact]
    public async Task A_service_that_starts_late_is_reached_by_a_call_that_may_be_repeated()
    {
        // Connections are turned away until one was; how long a process takes to start on this machine is not the question.
        await using var door = new TcpProxy(new Uri(Host.GrpcAddress).Port) { Refusing = true };
        using var channels = Channels(("LATE_GRPC", $"http://127.0.0.1:{door.Port}"));
        var client = new Probe.V1.Probe.ProbeClient(channels.Invoker("late"));
        var call = client.DescribeAsync(new ProbeRequest(), Headers(("idempotency-key", "k2")));
        await door.Refused;
        door.Refusing = false;
        Assert.Equal("alice", (await call).Subject);
    }

    [Fact]
    public async Task Replicas_share_the_calls()
    {
        await using var other = await ProbeHost.StartAsync(ProbeHost.Trusting(Issuer));
        using var channels = Channels(("services:probe:grpc:0", Host.GrpcAddress), ("services:probe:grpc:1", other.GrpcAddress));
        var client = new Probe.V1.Probe.ProbeClient(channels.Invoker("probe"));
        var (here, there) = (Host.App.Services.GetRequiredService<ProbeService>(), other.App.Services.GetRequiredService<ProbeService>());
        var calls = 0;
        while (calls < 20 || here.Attempts == 0 || there.Attempts == 0) // one may be connected a moment later than the other
        {
            Assert.True(calls < 10_000, $"{here.Attempts} and {there.Attempts}");
            await client.DescribeAsync(new ProbeRequest(), Headers());
            calls++;
        }

        Assert.Equal(calls, here.Attempts + there.Attempts);
    }

    [Fact]
    public async Task The_token_and_the_deadline_of_an_incoming_call_go_along_with_the_outgoing_one()
    {
        await using var middle = await ForwarderAsync();
        var reply = await middle.Client.DescribeAsync(
            new ProbeRequest { Text = "forward" },
            ProbeHost.Bearer(Issuer.Token(subject: "carol")),
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(12));
        Assert.Equal("carol", reply.Subject);
        Assert.InRange(reply.DeadlineMilliseconds, 1, 12_000);
    }

    [Fact]
    public async Task The_token_of_an_incoming_request_goes_along_with_the_outgoing_call()
    {
        await using var middle = await ForwarderAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward");
        request.Headers.Add("Authorization", $"Bearer {Issuer.Token(subject: "carol")}");
        using var reply = await middle.Http.SendAsync(request);
        Assert.Equal("carol", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_read_of_the_contract_is_tried_again_without_a_key()
    {
        await using var host = await ProbeHost.StartAsync(
            ProbeHost.Trusting(Issuer),
            configure: builder => builder.Services.AddSingleton<FlakyReference>(),
            map: app => app.MapGrpcService<FlakyReference>());
        using var channels = Channels(("DECISIONS_GRPC", host.GrpcAddress));
        var client = new Contracts.Decisions.V1.ReferenceData.ReferenceDataClient(channels.Invoker("decisions"));
        Assert.Empty((await client.ListOptOutsAsync(new(), Headers())).OptOuts);
    }

    private Task<ProbeHost> ForwarderAsync()
    {
        var settings = ProbeHost.Trusting(Issuer);
        settings["PROBE_GRPC"] = Host.GrpcAddress;
        return ProbeHost.StartAsync(
            settings,
            configure: builder => builder.Services.AddGrpcClient("probe", invoker => new Probe.V1.Probe.ProbeClient(invoker)),
            map: app => app.MapGet("/forward", async (HttpContext http, Probe.V1.Probe.ProbeClient client) =>
                (await client.DescribeAsync(new ProbeRequest())).Subject).RequireAnyRole());
    }

    private Probe.V1.Probe.ProbeClient Outgoing() => new(Channels(("PROBE_GRPC", Host.GrpcAddress)).Invoker("probe"));

    private GrpcChannels Channels(params (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build(),
        new HttpContextAccessor(),
        TimeProvider.System,
        Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

    private Metadata Headers(params (string Key, string Value)[] more)
    {
        var headers = ProbeHost.Bearer(Issuer.Token());
        foreach (var (key, value) in more)
        {
            headers.Add(key, value);
        }

        return headers;
    }
}
