using ExternalAction.Gateway.Tests.Backend;
using ExternalAction.ServiceDefaults;
using ExternalAction.Testing;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace ExternalAction.Gateway.Tests;

/// <summary>gRPC through the gateway is what it is without it, but for those who may not call.</summary>
[Collection(Shared.Name)]
public sealed class ForwardingTests(SharedSuite shared) : IAsyncLifetime
{
    private readonly Suite _suite = shared.Suite;
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{shared.Suite.GrpcPort}");
    private readonly Metadata _headers = [];
    private Probe.ProbeClient Client => new(_channel);

    public async Task InitializeAsync() => _headers.Add("authorization", $"Bearer {await _suite.TokenAsync()}");

    public Task DisposeAsync()
    {
        _channel.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_unary_call_carries_message_headers_and_position()
    {
        var call = Client.RenameThingAsync(new RenameThingRequest { Id = "g", Title = "through" }, _headers);

        var thing = await call;
        Assert.Equal("through", thing.Title);
        Assert.Equal(thing.Position.ToString(System.Globalization.CultureInfo.InvariantCulture), (await call.ResponseHeadersAsync).GetValue("ea-position"));
    }

    [Fact]
    public async Task A_message_of_three_megabytes_passes() =>
        Assert.Equal(3 << 20, (await Client.EchoAsync(new Everything { Text = new string('x', 3 << 20) }, _headers)).Text.Length);

    [Fact]
    public async Task A_stream_of_requests_passes_with_its_trailers_even_when_it_is_large()
    {
        using var call = Client.Upload(_headers);
        for (var i = 0; i < 40; i++)
        {
            await call.RequestStream.WriteAsync(new Thing { Title = new string('x', 1 << 20) });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(40, (await call).Imported);
        Assert.Equal("seen", call.GetTrailers().GetValue("probe-trailer"));
        Assert.Equal([1, 2, 3], call.GetTrailers().GetValueBytes("probe-trailer-bin")!);
    }

    [Fact]
    public async Task A_stream_of_replies_passes()
    {
        using var call = Client.Watch(new WatchRequest { Id = "g", Count = 5 }, _headers);

        var positions = new List<long>();
        await foreach (var update in call.ResponseStream.ReadAllAsync())
        {
            positions.Add(update.Position);
        }

        Assert.Equal([1, 2, 3, 4, 5], positions);
    }

    [Fact]
    public async Task A_conversation_goes_back_and_forth_without_waiting_for_its_end()
    {
        using var call = Client.Chat(_headers);
        foreach (var word in new[] { "one", "two", "three" })
        {
            await call.RequestStream.WriteAsync(new Thing { Title = word });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(word.ToUpperInvariant(), call.ResponseStream.Current.Title);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task A_deadline_travels_to_the_service()
    {
        var reply = await Client.HeadersAsync(new HeadersRequest(), _headers, TimeProvider.System.GetUtcNow().AddSeconds(20).UtcDateTime);
        Assert.InRange(reply.DeadlineMs, 1, 20_000);

        // On a slow machine the time may be over before the call is there: the next one has twice as much.
        for (var time = TimeSpan.FromMilliseconds(300); !ProbeState.Signal(_suite.State.Begun, "g-deadline").Task.IsCompleted; time *= 2)
        {
            Assert.True(time < TimeSpan.FromMinutes(1), "The call never reached the service.");
            var fault = await Assert.ThrowsAsync<RpcException>(async () => await Client.WaitAsync(new WaitRequest { Id = "g-deadline" }, _headers, (TimeProvider.System.GetUtcNow() + time).UtcDateTime));
            Assert.Equal(StatusCode.DeadlineExceeded, fault.StatusCode);
        }

        await ProbeState.Signal(_suite.State.Cancelled, "g-deadline").Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_cancellation_travels_to_the_service()
    {
        using var leave = new CancellationTokenSource();
        var call = Client.WaitAsync(new WaitRequest { Id = "g-cancel" }, _headers, cancellationToken: leave.Token);
        await ProbeState.Signal(_suite.State.Begun, "g-cancel").Task;

        await leave.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
        await ProbeState.Signal(_suite.State.Cancelled, "g-cancel").Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_refusal_of_the_service_keeps_its_details()
    {
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await Client.FailAsync(new FailRequest { Code = "INVALID_PAGE_TOKEN" }, _headers));

        Assert.Equal((StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"), (fault.StatusCode, CodeOf(fault)));
    }

    [Theory]
    [InlineData(null, StatusCode.Unauthenticated, "UNAUTHENTICATED")]
    [InlineData("Bearer x.y.z", StatusCode.Unauthenticated, "UNAUTHENTICATED")]
    [InlineData("reader", StatusCode.PermissionDenied, "ROLE_MISSING")]
    public async Task Who_may_not_call_is_refused_by_the_gateway_in_grpcs_own_words(string? authorization, StatusCode status, string code)
    {
        var headers = new Metadata();
        if (authorization is not null)
        {
            headers.Add("authorization", authorization == "reader" ? $"Bearer {await _suite.TokenAsync("reader")}" : authorization);
        }

        var fault = await Assert.ThrowsAsync<RpcException>(async () => await Client.RenameThingAsync(new RenameThingRequest { Id = "x" }, headers));

        Assert.Equal((status, code), (fault.StatusCode, CodeOf(fault)));
    }

    [Fact]
    public async Task An_rpc_that_nobody_offers_is_unimplemented()
    {
        var method = new Method<HeadersRequest, HeadersReply>(MethodType.Unary, "externalaction.nobody.v1.Nobody", "Ask", Marshallers.Create(_ => Array.Empty<byte>(), _ => new HeadersRequest()), Marshallers.Create(_ => Array.Empty<byte>(), _ => new HeadersReply()));

        var fault = await Assert.ThrowsAsync<RpcException>(async () => await _channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(_headers), new HeadersRequest()));

        Assert.Equal(StatusCode.Unimplemented, fault.StatusCode);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_unavailable()
    {
        await using var suite = await Suite.StartAsync(new() { ["services:probe:grpc:0"] = $"http://127.0.0.1:{FreePort.Next()}" });
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{suite.GrpcPort}");

        var fault = await Assert.ThrowsAsync<RpcException>(async () => await new Probe.ProbeClient(channel).HeadersAsync(new HeadersRequest()));

        Assert.Equal((StatusCode.Unavailable, "UNAVAILABLE"), (fault.StatusCode, CodeOf(fault)));
    }

    [Fact]
    public async Task The_rate_limit_counts_grpc_calls_too()
    {
        await using var suite = await Suite.StartAsync(new() { ["Gateway:RateLimit:PerSecond"] = "1", ["Gateway:RateLimit:Burst"] = "3" });
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{suite.GrpcPort}");
        var headers = new Metadata { { "authorization", $"Bearer {await suite.TokenAsync()}" } };

        var fault = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await new Probe.ProbeClient(channel).EchoAsync(new Everything(), headers);
            }
        });

        Assert.Equal((StatusCode.ResourceExhausted, "RATE_LIMITED"), (fault.StatusCode, CodeOf(fault)));
    }

    [Fact]
    public async Task A_command_over_grpc_evicts_what_rest_has_kept()
    {
        using var before = await _suite.SendAsync(HttpMethod.Get, "/v1/things/both-ways");
        await Client.RenameThingAsync(new RenameThingRequest { Id = "both-ways", Title = "by gRPC" }, _headers);

        Assert.Equal("by gRPC", (await _suite.JsonAsync(HttpMethod.Get, "/v1/things/both-ways")).Json.GetProperty("title").GetString());
    }

    private static string? CodeOf(RpcException fault) =>
        RpcErrors.DetailsOf(fault)?.Details.Where(detail => detail.Is(ErrorInfo.Descriptor)).Select(detail => detail.Unpack<ErrorInfo>().Reason).SingleOrDefault();
}
