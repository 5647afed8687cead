using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>Bodies that are handed on as they are: several media types, limits of their own, broken uploads.</summary>
[Collection(Shared.Name)]
public sealed class LargeBodyTests(SharedSuite shared)
{
    private const int Limit = 64 << 20;
    private readonly Suite _suite = shared.Suite;

    [Theory]
    [InlineData("application/xml", 30_000_001, false)]
    [InlineData("application/gzip", 9_000_000, true)]
    [InlineData("text/csv", Limit, false)]
    [InlineData("text/csv", Limit, true)]
    [InlineData("application/xml", 1, true)]
    public async Task A_file_arrives_whole_with_its_media_type_and_what_path_and_query_say(string type, int size, bool chunked)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);

        var (status, report) = await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:import?dryRun=true", File(type, bytes), change: request => request.Headers.TransferEncodingChunked = chunked);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("eu", true, type), (report.GetProperty("list").GetString(), report.GetProperty("dryRun").GetBoolean(), report.GetProperty("contentType").GetString()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), report.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task A_query_without_the_file_it_goes_with_is_told_that_the_body_is_empty()
    {
        var reply = await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:import?dryRun=true", File("application/xml", []));

        BadInputTests.AssertProblem(reply, HttpStatusCode.BadRequest, "MALFORMED_BODY", null);
        Assert.Contains("The body is empty", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_encoded_on_its_way_is_told_how_to_send_it()
    {
        var file = File("application/xml", new byte[10]);
        file.Headers.ContentEncoding.Add("gzip");

        var reply = await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:import", file);

        BadInputTests.AssertProblem(reply, HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", null);
        Assert.Contains("Content-Encoding: gzip", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("as application/gzip", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_between_the_old_limit_of_messages_and_the_limit_of_files_gets_through()
    {
        var (status, report) = await _suite.JsonAsync(HttpMethod.Post, "/v1/things:import?source=x", File("text/csv", new byte[6_000_000]));

        Assert.Equal((HttpStatusCode.OK, "6000000"), (status, report.GetProperty("bytes").GetString()));
    }

    [Theory]
    [InlineData(1000, false, HttpStatusCode.OK)]
    [InlineData(1000, true, HttpStatusCode.OK)]
    [InlineData(1001, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1001, true, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(5_000_000, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(5_000_000, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task The_limit_of_the_contract_holds_to_the_byte(int size, bool chunked, HttpStatusCode expected)
    {
        var reply = await _suite.JsonAsync(HttpMethod.Put, "/v1/blobs/b", File("application/octet-stream", new byte[size]), change: request => request.Headers.TransferEncodingChunked = chunked);

        if (expected == HttpStatusCode.OK)
        {
            Assert.Equal((expected, "1000"), (reply.Status, reply.Json.GetProperty("bytes").GetString()));
        }
        else
        {
            BadInputTests.AssertProblem(reply, expected, "BODY_TOO_LARGE", null);
        }
    }

    [Fact]
    public async Task A_length_over_the_limit_is_refused_before_a_byte_has_come()
    {
        using var raw = await Raw.PostAsync(_suite, "/v1/lists/eu:import", "application/xml", "Content-Length: 67108865");

        Assert.Equal("HTTP/1.1 413 Payload Too Large", await raw.Reader.ReadLineAsync());
        Assert.Contains("67,108,864", await raw.ReadUntilAsync("{"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_for_the_same_rpc_keeps_the_limit_of_json() =>
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:import", $$"""{"file": {"data": "{{new string('A', 2_000_000)}}"} }"""), HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE", null);

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain")]
    [InlineData("text/csv; charset=utf-16")]
    public async Task Another_media_type_is_a_415_that_names_those_that_are_read(string type)
    {
        var content = new ByteArrayContent([1]);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var reply = await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:import", content);

        BadInputTests.AssertProblem(reply, HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", null);
        Assert.EndsWith("this path reads application/json or application/xml or text/csv or application/gzip.", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_role_is_judged_before_the_body_is_read()
    {
        var reply = await _suite.JsonAsync(HttpMethod.Post, "/v1/lists/eu:import", File("application/xml", new byte[1]), role: "reader");

        BadInputTests.AssertProblem(reply, HttpStatusCode.Forbidden, "ROLE_MISSING", null);
    }

    [Theory]
    [InlineData("file=x")]
    [InlineData("file.data=x")]
    [InlineData("list=un")]
    public async Task The_query_reaches_neither_the_file_nor_the_path(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _suite.JsonAsync(HttpMethod.Post, $"/v1/lists/eu:import?{query}", File("application/xml", new byte[1]))).Status);

    [Theory]
    [InlineData("Content-Length: 1000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_client_that_leaves_within_its_body_calls_nobody(string length)
    {
        var calls = _suite.State.Calls.GetValueOrDefault("ImportFile");
        var lines = LinesOf("/v1/lists/{list}:import");
        using (var raw = await Raw.PostAsync(_suite, "/v1/lists/eu:import", "application/xml", length))
        {
            await (length.StartsWith("Content", StringComparison.Ordinal) ? raw.WriteAsync("<half") : raw.WriteChunkAsync("<half"));
        }

        await Eventually.Async(() => LinesOf("/v1/lists/{list}:import") > lines);
        Assert.Equal(calls, _suite.State.Calls.GetValueOrDefault("ImportFile"));
    }

    private int LinesOf(string route) => _suite.Log.Lines.Count(line => line.Category == "ExternalAction.Gateway.Access" && line.Text.Contains(route, StringComparison.Ordinal));

    private static ByteArrayContent File(string type, byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}
