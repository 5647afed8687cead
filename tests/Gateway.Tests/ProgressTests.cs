using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>One path, one body, two rpcs: the report alone, or the progress as events with the report as the last.</summary>
[Collection(Shared.Name)]
public sealed class ProgressTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json, text/event-stream")]
    public async Task Without_a_wish_the_report_comes_alone(string? accept)
    {
        using var response = await ImportAsync("/v1/lists/eu:import", accept);

        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("5", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("bytes").GetString());
    }

    [Fact]
    public async Task As_events_the_report_is_the_last_before_the_end()
    {
        using var response = await ImportAsync("/v1/lists/eu:import?dryRun=true", "text/event-stream");
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(5, events.Length);
        Assert.Equal("""data: { "done": "1", "total": "3" }""", events[0]);
        var report = JsonDocument.Parse(events[3]["data: ".Length..]).RootElement.GetProperty("report");
        Assert.Equal(("eu", true, "5"), (report.GetProperty("list").GetString(), report.GetProperty("dryRun").GetBoolean(), report.GetProperty("bytes").GetString()));
        Assert.Equal("event: end\ndata: {}", events[4]);
    }

    [Fact]
    public async Task A_failure_on_the_way_is_the_last_event_and_there_is_no_end()
    {
        using var response = await ImportAsync("/v1/lists/eu:import?failWith=OVERLOADED", "text/event-stream");
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(4, events.Length);
        Assert.StartsWith("event: error\ndata: {", events[3], StringComparison.Ordinal);
        Assert.Contains("\"code\":\"OVERLOADED\"", events[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_at_once_is_a_plain_problem()
    {
        using var response = await ImportAsync("/v1/lists/eu:import?failWith=at%20once", "text/event-stream");

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("text/csv")]
    public async Task What_neither_rpc_produces_is_a_406(string accept)
    {
        using var response = await ImportAsync("/v1/lists/eu:import", accept);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Contains("application/json or text/event-stream", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_within_the_progress_cancels_the_import()
    {
        using (var response = await ImportAsync("/v1/lists/endless:import", "text/event-stream"))
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
        {
            Assert.Equal("""data: { "done": "1", "total": "3" }""", await reader.ReadLineAsync());
            await ProbeState.Signal(_suite.State.Begun, "import").Task;
        }

        await ProbeState.Signal(_suite.State.Cancelled, "import").Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<HttpResponseMessage> ImportAsync(string path, string? accept) => _suite.SendAsync(
        HttpMethod.Post,
        path,
        new ByteArrayContent("<xml>"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/xml") } },
        change: request => request.Headers.TryAddWithoutValidation("Accept", accept));
}
