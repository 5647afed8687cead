// What surrounds calls: interceptors, compression, credentials, retries, and servers that are not there.
using ExternalAction.Compat.Tests.Contract;
using ExternalAction.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExternalAction.Compat.Tests;

public class GrpcChannelChecks(GrpcFixture grpc) : IClassFixture<GrpcFixture>
{
    [Fact]
    public async Task A_server_interceptor_sees_calls_of_every_shape()
    {
        var client = grpc.Client;
        using var unary = client.AnswerAsync(new Question { What = "echo" });
        await unary;
        using var up = client.Sum();
        await up.RequestStream.CompleteAsync();
        await up;
        using var down = client.Count(new Question());
        Assert.False(await down.ResponseStream.MoveNext());
        using var both = client.Chat();
        await both.RequestStream.CompleteAsync();
        Assert.False(await both.ResponseStream.MoveNext());

        Assert.Equal(["unary", "client streaming", "server streaming", "duplex streaming"],
            new[] { unary.GetTrailers(), up.GetTrailers(), down.GetTrailers(), both.GetTrailers() }.Select(trailers => trailers.GetValue(MarkingServerInterceptor.Trailer)));
    }

    [Fact]
    public async Task Client_interceptors_see_a_call_in_the_order_they_are_named()
    {
        var order = new List<string>();
        var invoker = grpc.Channel.Intercept(new NotingInterceptor("first", order), new NotingInterceptor("second", order));

        await new Checks.ChecksClient(invoker).AnswerAsync(new Question { What = "echo" });
        using var stream = new Checks.ChecksClient(invoker.Intercept(new NotingInterceptor("added later", order))).Count(new Question());

        Assert.Equal(["first Answer", "second Answer", "added later Count", "first Count", "second Count"], order);
    }

    [Fact]
    public async Task A_header_interceptor_adds_headers_to_calls()
    {
        var client = new Checks.ChecksClient(grpc.Channel.Intercept(headers =>
        {
            headers.Add("x-check", "intercepted");
            return headers;
        }));

        Assert.Equal("intercepted", (await client.AnswerAsync(new Question { What = "header" })).Text);
    }

    [Fact]
    public async Task A_client_with_a_host_names_it_in_its_calls()
    {
        var hosts = new List<string>();
        var client = new Checks.ChecksClient(grpc.Channel.Intercept(new NotingInterceptor("", [], hosts)));

        await client.WithHost("elsewhere.example").AnswerAsync(new Question { What = "echo" });
        await client.AnswerAsync(new Question { What = "echo" });

        Assert.Equal(["elsewhere.example", "none"], hosts);
    }

    [Fact]
    public async Task Requests_and_responses_are_compressed_with_gzip()
    {
        var recorder = new RecordingHandler();
        using var channel = GrpcChannel.ForAddress(grpc.Address, new GrpcChannelOptions { HttpHandler = recorder });
        var payload = ByteString.CopyFrom(new byte[100_000]);

        var reply = await new Checks.ChecksClient(channel).AnswerAsync(new Question { What = "encoding", Payload = payload },
            new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        Assert.Equal("gzip", reply.Text);
        Assert.Equal("gzip", recorder.ResponseEncoding);
        Assert.Equal(payload, reply.Payload);
    }

    [Fact]
    public async Task Call_credentials_add_their_headers_to_a_call()
    {
        using var channel = GrpcChannel.ForAddress(grpc.Address, new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });
        var options = new CallOptions().WithCredentials(CallCredentials.Compose(Adds("x-other", "1"), Adds("x-check", "token")));

        Assert.Equal("token", (await new Checks.ChecksClient(channel).AnswerAsync(new Question { What = "header" }, options)).Text);
    }

    [Fact]
    public async Task Call_credentials_of_a_tls_channel_are_on_every_call()
    {
        var credentials = ChannelCredentials.Create(new SslCredentials(), Adds("x-check", "token"));
        using var channel = GrpcChannel.ForAddress(grpc.TlsAddress, new GrpcChannelOptions { Credentials = credentials, HttpHandler = grpc.TrustingHandler() });

        Assert.Equal("token", (await new Checks.ChecksClient(channel).AnswerAsync(new Question { What = "header" })).Text);
    }

    [Fact]
    public async Task Call_credentials_go_over_a_channel_in_clear_text_only_when_told_to()
    {
        var credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, Adds("x-check", "token"));
        using var careless = GrpcChannel.ForAddress(grpc.Address, new GrpcChannelOptions { Credentials = credentials, UnsafeUseInsecureChannelCallCredentials = true });

        Assert.Equal("token", (await new Checks.ChecksClient(careless).AnswerAsync(new Question { What = "header" })).Text);
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(grpc.Address, new GrpcChannelOptions { Credentials = credentials }));
    }

    [Fact]
    public async Task A_retry_policy_repeats_a_call_until_the_server_is_available()
    {
        var retry = new RetryPolicy
        {
            MaxAttempts = 5,
            InitialBackoff = TimeSpan.FromMilliseconds(10),
            MaxBackoff = TimeSpan.FromMilliseconds(100),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        };
        var config = new ServiceConfig { MethodConfigs = { new MethodConfig { Names = { MethodName.Default }, RetryPolicy = retry } } };
        using var channel = GrpcChannel.ForAddress(grpc.Address, new GrpcChannelOptions { ServiceConfig = config });

        Assert.Equal("2", (await new Checks.ChecksClient(channel).AnswerAsync(new Question { What = "flaky", Number = 1 })).Text);
        var error = await Assert.ThrowsAsync<RpcException>(() => grpc.Client.AnswerAsync(new Question { What = "flaky", Number = 2 }).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{FreePort.Next()}");

        var error = await Assert.ThrowsAsync<RpcException>(() => new Checks.ChecksClient(channel).AnswerAsync(new Question { What = "echo" }).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.NotNull(error.Status.DebugException);
    }

    [Fact]
    public async Task A_service_can_be_bound_by_its_definition()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService(Checks.BindService(new CheckService(new Sightings())));
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());

        Assert.Equal(3, (await new Checks.ChecksClient(channel).AnswerAsync(new Question { What = "echo", Number = 3 })).Number);
    }

    private static CallCredentials Adds(string key, string value) => CallCredentials.FromInterceptor((context, headers) =>
    {
        Assert.Contains("Checks", context.ServiceUrl, StringComparison.Ordinal);
        headers.Add(key, value);
        return Task.CompletedTask;
    });

    private sealed class NotingInterceptor(string name, List<string> order, List<string>? hosts = null) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add($"{name} {context.Method.Name}");
            hosts?.Add(context.Host ?? "none");
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }
    }

    private sealed class RecordingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public string? ResponseEncoding { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            ResponseEncoding = response.Headers.TryGetValues("grpc-encoding", out var values) ? values.Single() : null;
            return response;
        }
    }
}
