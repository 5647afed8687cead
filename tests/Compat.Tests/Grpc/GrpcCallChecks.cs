// What happens within a call: messages of each shape, headers, trailers and statuses, deadlines and cancellation.
using ExternalAction.Compat.Tests.Contract;
using Google.Protobuf;
using Grpc.Core;

namespace ExternalAction.Compat.Tests;

public class GrpcCallChecks(GrpcFixture grpc) : IClassFixture<GrpcFixture>
{
    private readonly Checks.ChecksClient _client = grpc.Client;

    [Fact]
    public async Task A_unary_call_is_answered()
    {
        using var call = _client.AnswerAsync(new Question { What = "echo", Number = 7 });

        Assert.Equal(7, (await call).Number);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public void A_blocking_unary_call_is_answered() => Assert.Equal(7, _client.Answer(new Question { What = "echo", Number = 7 }).Number);

    [Fact]
    public async Task A_client_stream_is_read_to_its_end()
    {
        using var call = _client.Sum();
        foreach (var number in Enumerable.Range(1, 100)) await call.RequestStream.WriteAsync(new Question { Number = number });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(5050, (await call).Number);
    }

    [Fact]
    public async Task A_server_stream_is_read_to_its_end_and_its_trailers_follow()
    {
        using var call = _client.Count(new Question { Number = 100 });
        var numbers = new List<int>();
        await foreach (var reply in call.ResponseStream.ReadAllAsync()) numbers.Add(reply.Number);

        Assert.Equal(Enumerable.Range(1, 100), numbers);
        Assert.Equal("100", call.GetTrailers().GetValue("x-count"));
    }

    [Fact]
    public async Task A_duplex_stream_answers_each_message_before_the_next_is_sent()
    {
        using var call = _client.Chat();
        for (var i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync(new Question { What = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"re: {i}", call.ResponseStream.Current.Text);
        }
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_message_of_three_megabytes_goes_both_ways()
    {
        var payload = new byte[3_000_000];
        new Random(1).NextBytes(payload);

        var reply = await _client.AnswerAsync(new Question { What = "echo", Payload = ByteString.CopyFrom(payload) });

        Assert.True(reply.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Response_headers_arrive_before_the_first_message()
    {
        using var call = _client.Count(new Question { What = "headers first", Number = 1 });
        var headers = await call.ResponseHeadersAsync;

        Assert.Equal("yes", headers.GetValue("x-early"));
        grpc.Sightings.Report("headers read 1", ""); // only now the server may write
        Assert.True(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Text_and_binary_trailers_arrive_as_they_were_set()
    {
        using var call = _client.AnswerAsync(new Question { What = "trailers" });
        await call;
        var trailers = call.GetTrailers();

        Assert.Equal("words", trailers.GetValue("x-text"));
        Assert.Equal([0, 1, 254, 255], trailers.GetValueBytes("x-bytes-bin"));
    }

    [Fact]
    public async Task A_status_set_by_the_handler_reaches_the_client_with_its_sentence()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _client.AnswerAsync(new Question { What = "status" }).ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("closed ☂ since yesterday", error.Status.Detail);
    }

    [Fact]
    public async Task Status_details_of_a_failure_can_be_read_from_its_trailers()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _client.AnswerAsync(new Question { What = "details" }).ResponseAsync);

        var details = StatusDetails.Parser.ParseFrom(error.Trailers.GetValueBytes(CheckService.DetailsTrailer));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(new StatusDetails { Code = 3, Message = "title is missing" }, details);
    }

    [Fact]
    public async Task The_text_of_an_unexpected_exception_stays_on_the_server()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _client.AnswerAsync(new Question { What = "secret" }).ResponseAsync);

        Assert.Equal(StatusCode.Unknown, error.StatusCode);
        Assert.DoesNotContain("swordfish", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passed_deadline_ends_the_call_on_both_sides()
    {
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5); // the call has to arrive before that

        var error = await Assert.ThrowsAsync<RpcException>(() => _client.AnswerAsync(new Question { What = "wait", Number = 1 }, deadline: deadline).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal("cancelled, with a deadline", await grpc.Sightings.Of("wait 1"));
    }

    [Fact]
    public async Task A_call_the_client_cancels_is_cancelled_on_the_server()
    {
        using var cancel = new CancellationTokenSource();
        var call = _client.AnswerAsync(new Question { What = "wait", Number = 2 }, cancellationToken: cancel.Token).ResponseAsync;
        await grpc.Sightings.Of("wait 2 started");
        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
        Assert.Equal("cancelled, no deadline", await grpc.Sightings.Of("wait 2"));
    }

    [Fact]
    public async Task A_stream_the_client_disposes_is_cancelled_on_the_server()
    {
        var call = _client.Count(new Question { What = "then wait", Number = 2 });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        call.Dispose();

        Assert.Equal("cancelled, no deadline", await grpc.Sightings.Of("stream 2"));
    }

    [Fact]
    public async Task Request_headers_reach_the_handler()
    {
        var reply = await _client.AnswerAsync(new Question { What = "header" }, new Metadata { { "X-Check", "given" } });

        Assert.Equal("given", reply.Text);
    }
}
