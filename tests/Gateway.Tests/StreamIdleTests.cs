using System.Net;
using System.Text;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>Streams of lines in which nothing moves any more, and the rate of all kinds of requests; each with its own settings.</summary>
public sealed class StreamIdleTests : IDisposable
{
    private const string Lines = "application/x-ndjson";
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(1));

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task A_client_that_falls_silent_reads_why_the_stream_ended()
    {
        await using var suite = await ImpatientAsync();
        using var raw = await Raw.PostAsync(suite, "/v1/lists/eu:screen", Lines, "Transfer-Encoding: chunked");
        await raw.WriteChunkAsync("{\"id\":\"1\"}\n");

        Assert.Contains("\"1\"", await raw.ReadUntilAsync("{"), StringComparison.Ordinal);
        Assert.Contains("DEADLINE_EXCEEDED", await raw.ReadUntilAsync("{\"error\":"), StringComparison.Ordinal);
        Assert.Equal("0", await raw.ReadUntilAsync("0"));
    }

    [Fact]
    public async Task A_client_that_says_nothing_gets_a_plain_problem()
    {
        await using var suite = await ImpatientAsync();
        using var raw = await Raw.PostAsync(suite, "/v1/lists/eu:screen", Lines, "Transfer-Encoding: chunked");

        Assert.Equal("HTTP/1.1 504 Gateway Timeout", await raw.Reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_writes_everything_before_it_reads_is_cut_off_when_nothing_moves()
    {
        await using var suite = await ImpatientAsync();
        using var raw = await Raw.PostAsync(suite, "/v1/lists/eu:screen", Lines, "Transfer-Encoding: chunked");
        var lines = string.Concat(Enumerable.Repeat($$"""{"name":"50000","id":"{{new string('i', 1_000)}}"}""" + "\n", 500));

        // 100 MB of lines and 5 GB of replies, which nobody reads: no buffer on the way holds either.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await raw.WriteChunkAsync(lines).WaitAsync(_patience.Token);
            }

            while (await raw.Reader.ReadLineAsync(_patience.Token) is { } line)
            {
                Assert.NotEqual("0", line); // no end that looks like one
            }

            throw new EndOfStreamException();
        });
        await ProbeState.Signal(suite.State.Cancelled, "eu").Task.WaitAsync(_patience.Token);
    }

    [Fact]
    public async Task Every_kind_of_request_counts_against_the_rate()
    {
        await using var suite = await Suite.StartAsync(new() { ["Gateway:RateLimit:PerSecond"] = "1", ["Gateway:RateLimit:Burst"] = "3" });
        Func<Task<HttpResponseMessage>>[] kinds =
        [
            () => suite.SendAsync(HttpMethod.Post, "/v1/lists/eu:screen", new StringContent("{}", Encoding.UTF8, Lines)),
            () => suite.SendAsync(HttpMethod.Get, "/v1/exports/a?chunks=1", change: request => request.Headers.Add("Accept", "application/xml")),
            () => suite.SendAsync(HttpMethod.Post, "/v1/lists/eu:import", new StringContent("a", Encoding.UTF8, "text/csv"), change: request => request.Headers.Add("Accept", "text/event-stream")),
        ];
        var seen = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++)
        {
            using var response = await kinds[i % kinds.Length]();
            seen.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], seen.Take(3));
        Assert.All(Enumerable.Range(0, 3), kind => Assert.Contains(HttpStatusCode.TooManyRequests, seen.Where((_, i) => i % 3 == kind)));
    }

    private static Task<Suite> ImpatientAsync() => Suite.StartAsync(new() { ["Gateway:StreamIdle"] = "00:00:05" }); // far more than the first call through a new gateway takes
}
