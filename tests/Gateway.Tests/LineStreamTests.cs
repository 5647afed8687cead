using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>JSON lines in, JSON lines out, both at once.</summary>
[Collection(Shared.Name)]
public sealed class LineStreamTests(SharedSuite shared)
{
    private const string Lines = "application/x-ndjson";
    private readonly Suite _suite = shared.Suite;

    [Fact]
    public async Task Every_line_is_answered_before_the_next_is_written_over_http2()
    {
        using var body = new OpenBody(Lines);
        var sending = _suite.SendAsync(HttpMethod.Post, "/v1/lists/duplex:screen", body, change: _suite.OverHttp2);
        await body.WriteAsync("{\"id\":\"0\",\"name\":\"first\"}\n");
        using var response = await sending;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(Lines, response.Content.Headers.ContentType!.ToString());
        Assert.Equal("""{ "id": "0", "text": "duplex//first" }""", await reader.ReadLineAsync());

        for (var i = 1; i < 20; i++)
        {
            await body.WriteAsync($$"""{"id":"{{i}}"}""" + "\n");
            Assert.Contains($"\"id\": \"{i}\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
        }

        body.End();
        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Every_line_is_answered_before_the_next_is_written_over_http1()
    {
        using var raw = await Raw.PostAsync(_suite, "/v1/lists/duplex:screen", Lines, "Transfer-Encoding: chunked");
        for (var i = 0; i < 20; i++)
        {
            await raw.WriteChunkAsync($$"""{"id":"{{i}}"}""" + "\r\n");
            Assert.Contains($"\"id\": \"{i}\"", await raw.ReadUntilAsync("{"), StringComparison.Ordinal);
        }

        await raw.WriteChunkAsync("");
        Assert.Equal("0", await raw.ReadUntilAsync("0"));
    }

    [Fact]
    public async Task Path_and_query_fill_their_fields_in_every_message()
    {
        var replies = await ScreenAsync("/v1/lists/eu:screen?profile=payments", "{\"id\":\"1\",\"name\":\"a\"}\n{\"id\":\"2\",\"name\":\"b\"}");

        Assert.Equal(["eu/payments/a", "eu/payments/b"], replies.Select(reply => reply.GetProperty("text").GetString()!));
    }

    [Fact]
    public async Task A_byte_order_mark_begins_no_line()
    {
        var replies = await ScreenAsync("/v1/lists/eu:screen?profile=payments", "\uFEFF{\"id\":\"1\",\"name\":\"a\"}\n{\"id\":\"2\",\"name\":\"b\"}");

        Assert.Equal(["eu/payments/a", "eu/payments/b"], replies.Select(reply => reply.GetProperty("text").GetString()!));
    }

    [Fact]
    public async Task A_line_that_is_no_message_is_answered_with_its_number_and_the_others_go_on()
    {
        var replies = await ScreenAsync("/v1/lists/eu:screen?profile=p", string.Join('\n',
            """{"id":"first"}""",
            "not json",
            "",
            """{"id":"x","colour":"blue"}""",
            """{"id":7}""",
            """{"list":"un"}""",
            """{"profile":"q"}""",
            $$"""{"name":"{{new string('x', 1 << 20)}}"}""",
            "[]",
            "{\"id\":\"\\ud83c\"}",
            """{"id":"last"}"""));

        var problems = replies.Where(reply => reply.TryGetProperty("line", out _)).ToList();
        Assert.Equal(["first", "last"], replies.Where(reply => reply.TryGetProperty("id", out _)).Select(reply => reply.GetProperty("id").GetString()!));
        Assert.Equal(
            [(2, "MALFORMED_BODY", null), (4, "UNKNOWN_FIELD", "colour"), (5, "INVALID_FIELD", "id"), (6, "INVALID_FIELD", "list"), (7, "INVALID_FIELD", "profile"), (8, "BODY_TOO_LARGE", null), (9, "MALFORMED_BODY", null), (10, "INVALID_FIELD", "id")],
            problems.Select(reply => (reply.GetProperty("line").GetInt32(), reply.GetProperty("error").GetProperty("code").GetString()!, reply.GetProperty("error").TryGetProperty("field", out var field) ? field.GetString() : null)));
    }

    [Fact]
    public async Task A_hundred_thousand_lines_beyond_every_limit_of_a_body_are_answered_in_order()
    {
        using var body = new OpenBody(Lines);
        var sending = _suite.SendAsync(HttpMethod.Post, "/v1/lists/many:screen", body, change: _suite.OverHttp2);
        var writing = Task.Run(async () =>
        {
            var lines = new StringBuilder();
            for (var i = 0; i < 100_000; i++)
            {
                lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{i}\",\"name\":\"{new string('n', 200)}\"}}\n");
                if (i % 500 == 499)
                {
                    await body.WriteAsync(lines.ToString());
                    lines.Clear();
                }
            }

            body.End();
        });

        using var response = await sending;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var count = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            Assert.StartsWith($$"""{ "id": "{{count++}}",""", line, StringComparison.Ordinal);
        }

        await writing;
        Assert.Equal(100_000, count);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_held_up_and_then_gets_everything()
    {
        const int lines = 4_000;
        using var body = new OpenBody(Lines);
        var sending = _suite.SendAsync(HttpMethod.Post, "/v1/lists/slow:screen", body, change: _suite.OverHttp2);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < lines; i++)
            {
                await body.WriteAsync("{\"name\":\"50000\"}\n"); // each answered with 50,000 characters
            }

            body.End();
        });
        using var response = await sending;

        var answered = await Eventually.StandsStillAsync(() => _suite.State.Calls.GetValueOrDefault("subjects of slow"));
        Assert.InRange(answered, 1, lines / 2);
        Assert.Equal(lines, (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await writing;
    }

    [Fact]
    public async Task A_failure_of_the_call_is_the_last_line_and_has_no_number()
    {
        var replies = await ScreenAsync("/v1/lists/eu:screen", "{\"id\":\"1\"}\n{\"id\":\"OVERLOADED\",\"name\":\"fail\"}\n{\"id\":\"3\"}\n");

        Assert.Equal(2, replies.Count);
        Assert.False(replies[1].TryGetProperty("line", out _));
        Assert.Equal("OVERLOADED", replies[1].GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_failure_before_the_first_reply_is_a_plain_problem() =>
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:screen", Body("{\"id\":\"OVERLOADED\",\"name\":\"fail\"}\n")), HttpStatusCode.TooManyRequests, "OVERLOADED", "code");

    [Fact]
    public async Task No_line_at_all_is_the_services_to_judge() =>
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:screen", null), HttpStatusCode.BadRequest, "FIELD_REQUIRED", null);

    [Fact]
    public async Task A_service_that_has_said_all_ends_the_reply_while_the_body_is_still_open()
    {
        using var raw = await Raw.PostAsync(_suite, "/v1/lists/eu:screen", Lines, "Transfer-Encoding: chunked");
        await raw.WriteChunkAsync("{\"id\":\"1\"}\n{\"name\":\"enough\"}\n");

        Assert.Contains("\"1\"", await raw.ReadUntilAsync("{"), StringComparison.Ordinal);
        Assert.Equal("0", await raw.ReadUntilAsync("0"));
    }

    [Theory]
    [InlineData("application/json", null, "secretariat", HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE")]
    [InlineData(Lines, "application/json", "secretariat", HttpStatusCode.NotAcceptable, "NOT_ACCEPTABLE")]
    [InlineData(Lines, null, "reader", HttpStatusCode.Forbidden, "ROLE_MISSING")]
    [InlineData(Lines, null, null, HttpStatusCode.Unauthorized, "UNAUTHENTICATED")]
    public async Task What_any_request_is_refused_for_is_a_plain_problem(string type, string? accept, string? role, HttpStatusCode status, string code)
    {
        var content = new StringContent("{\"id\":\"1\"}\n", Encoding.UTF8, type);

        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:screen", content, role, request => request.Headers.TryAddWithoutValidation("Accept", accept)), status, code, null);
    }

    [Theory]
    [InlineData("?list=un", "list")]
    [InlineData("?nope=1", "nope")]
    public async Task A_bad_query_is_a_plain_problem(string query, string field) =>
        Assert.Equal(field, (await _suite.JsonAsync(HttpMethod.Post, $"/v1/lists/eu:screen{query}", Body("{}"))).Json.GetProperty("field").GetString());

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Content-Length: 5000")]
    public async Task A_client_that_leaves_within_its_body_cancels_the_call(string length)
    {
        var list = length[..7];
        using (var raw = await Raw.PostAsync(_suite, $"/v1/lists/{list}:screen", Lines, length))
        {
            const string line = "{\"id\":\"1\",\"name\":\"begin\"}\n";
            await (length.StartsWith('T') ? raw.WriteChunkAsync(line) : raw.WriteAsync(line));
            await ProbeState.Signal(_suite.State.Begun, list).Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await ProbeState.Signal(_suite.State.Cancelled, list).Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static StringContent Body(string lines) => new(lines, Encoding.UTF8, Lines);

    private async Task<List<JsonElement>> ScreenAsync(string path, string lines)
    {
        using var response = await _suite.SendAsync(HttpMethod.Post, path, Body(lines), change: _suite.OverHttp2);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
