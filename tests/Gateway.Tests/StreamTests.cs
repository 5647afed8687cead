using System.Net;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

[Collection(Shared.Name)]
public sealed class StreamTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Theory]
    [InlineData(null)]
    [InlineData("text/event-stream")]
    [InlineData("*/*")]
    public async Task A_stream_arrives_as_events_whose_id_is_the_position_and_ends_by_saying_so(string? accept)
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a:watch?count=3", change: request => request.Headers.TryAddWithoutValidation("Accept", accept));

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(
            """
            id: 1
            data: { "position": "1", "text": "a\n1", "heartbeat": false }

            id: 2
            data: { "position": "2", "text": "a\n2", "heartbeat": false }

            id: 3
            data: { "position": "3", "text": "a\n3", "heartbeat": false }

            event: end
            data: {}


            """,
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_reconnect_goes_on_after_the_last_event_seen_in_order_and_without_a_gap()
    {
        var seen = new List<string>();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a:watch?count=5", change: request =>
            {
                if (seen.Count > 0)
                {
                    request.Headers.Add("Last-Event-ID", seen[^1]);
                }
            });
            seen.AddRange((await response.Content.ReadAsStringAsync()).Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..]));
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)), seen);
    }

    [Fact]
    public async Task Heartbeats_are_comments()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a:watch?count=2&heartbeats=true");

        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([": heartbeat", "id: 1", ": heartbeat", "id: 2"], lines.Where(line => line.StartsWith(':') || line.StartsWith("id", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Json_lines_are_to_be_had_too()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a:watch?count=2&failWith=TOKEN_EXPIRED", change: request => request.Headers.Add("Accept", "application/x-ndjson"));

        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["1", "2"], lines.Take(2).Select(line => line.GetProperty("position").GetString()!));
        Assert.Equal("TOKEN_EXPIRED", lines[2].GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_stream_that_fails_at_once_is_a_plain_problem() =>
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Get, "/v1/things/a:watch?count=0"), HttpStatusCode.BadRequest, "INVALID_FIELD", "count");

    [Fact]
    public async Task A_stream_that_fails_later_ends_with_the_problem_as_its_last_event()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a:watch?count=1&failWith=TOKEN_EXPIRED");

        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, events.Length);
        Assert.StartsWith("event: error\ndata: ", events[1], StringComparison.Ordinal);
        var problem = JsonDocument.Parse(events[1]["event: error\ndata: ".Length..]).RootElement;
        Assert.Equal(("TOKEN_EXPIRED", 401), (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Events_are_sent_as_they_come_and_a_reader_that_leaves_ends_the_call()
    {
        var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/endless:watch?count=2");
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
        {
            // The service is still in its call, so these lines were not collected until its end.
            Assert.Equal("id: 1", await reader.ReadLineAsync());
            await ProbeState.Signal(_suite.State.Begun, "endless").Task;
            Assert.False(ProbeState.Signal(_suite.State.Cancelled, "endless").Task.IsCompleted);
        }

        response.Dispose();
        await ProbeState.Signal(_suite.State.Cancelled, "endless").Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
