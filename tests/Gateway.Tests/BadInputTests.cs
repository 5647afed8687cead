using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>Whatever is wrong with a request: a problem document with a code, and the field at fault.</summary>
[Collection(Shared.Name)]
public sealed class BadInputTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Theory]
    [InlineData("""{"unknown": 1}""", "UNKNOWN_FIELD", "unknown")]
    [InlineData("""{"inners": [{}, {"inner": {"nope": 1}}]}""", "UNKNOWN_FIELD", "inners[1].inner.nope")]
    [InlineData("""{"innerByNumber": {"3": {"nope": 1}}}""", "UNKNOWN_FIELD", "innerByNumber.3.nope")]
    [InlineData("""{"Text": "case matters"}""", "UNKNOWN_FIELD", "Text")]
    [InlineData("""{"int32": "five"}""", "INVALID_FIELD", "int32")]
    [InlineData("""{"int32": 1.5}""", "INVALID_FIELD", "int32")]
    [InlineData("""{"int32": 2147483648}""", "INVALID_FIELD", "int32")]
    [InlineData("""{"int64": "9223372036854775808"}""", "INVALID_FIELD", "int64")]
    [InlineData("""{"uint32": -1}""", "INVALID_FIELD", "uint32")]
    [InlineData("""{"uint64": "1e400"}""", "INVALID_FIELD", "uint64")]
    [InlineData("""{"int32": ""}""", "INVALID_FIELD", "int32")]
    [InlineData("""{"int32": " 1"}""", "INVALID_FIELD", "int32")]
    [InlineData("""{"int32": true}""", "INVALID_FIELD", "int32")]
    [InlineData("""{"double": 1e400}""", "INVALID_FIELD", "double")]
    [InlineData("""{"double": "infinity"}""", "INVALID_FIELD", "double")]
    [InlineData("""{"float": 1e39}""", "INVALID_FIELD", "float")]
    [InlineData("""{"bool": "true"}""", "INVALID_FIELD", "bool")]
    [InlineData("""{"bool": 1}""", "INVALID_FIELD", "bool")]
    [InlineData("""{"text": 1}""", "INVALID_FIELD", "text")]
    [InlineData("""{"text": {"a": 1}}""", "INVALID_FIELD", "text")]
    [InlineData("""{"text": "a\u0000b"}""", "INVALID_FIELD", "text")]
    [InlineData("""{"text": "\ud83c"}""", "INVALID_FIELD", "text")]
    [InlineData("""{"texts": ["ok", "\udc00"]}""", "INVALID_FIELD", "texts[1]")]
    [InlineData("""{"bytes": "*"}""", "INVALID_FIELD", "bytes")]
    [InlineData("""{"colour": "GREEN"}""", "INVALID_FIELD", "colour")]
    [InlineData("""{"colour": "UNSPECIFIED"}""", "INVALID_FIELD", "colour")]
    [InlineData("""{"colour": 0}""", "INVALID_FIELD", "colour")]
    [InlineData("""{"colour": 3}""", "INVALID_FIELD", "colour")]
    [InlineData("""{"colour": "blue"}""", "INVALID_FIELD", "colour")]
    [InlineData("""{"colour": true}""", "INVALID_FIELD", "colour")]
    [InlineData("""{"colourByName": {"sky": "UNSPECIFIED"}}""", "INVALID_FIELD", "colourByName.sky")]
    [InlineData("""{"colourByName": {"sky": null}}""", "INVALID_FIELD", "colourByName.sky")]
    [InlineData("""{"colourByName": {"sky": "BLUE", "sky": "BLUE"}}""", "INVALID_FIELD", "colourByName.sky")]
    [InlineData("""{"innerByNumber": {"x": {}}}""", "INVALID_FIELD", "innerByNumber.x")]
    [InlineData("""{"inner": "text"}""", "INVALID_FIELD", "inner")]
    [InlineData("""{"inner": [1]}""", "INVALID_FIELD", "inner")]
    [InlineData("""{"texts": "x"}""", "INVALID_FIELD", "texts")]
    [InlineData("""{"texts": [null]}""", "INVALID_FIELD", "texts[0]")]
    [InlineData("""{"texts": {"0": "x"}}""", "INVALID_FIELD", "texts")]
    [InlineData("""{"at": "yesterday"}""", "INVALID_FIELD", "at")]
    [InlineData("""{"at": 1}""", "INVALID_FIELD", "at")]
    [InlineData("""{"at": "2025-02-30T00:00:00Z"}""", "INVALID_FIELD", "at")]
    [InlineData("""{"at": {"seconds": 1}}""", "INVALID_FIELD", "at")]
    [InlineData("""{"lasting": "3"}""", "INVALID_FIELD", "lasting")]
    [InlineData("""{"textValue": 1}""", "INVALID_FIELD", "textValue")]
    [InlineData("""{"numberValue": {}}""", "INVALID_FIELD", "numberValue")]
    [InlineData("""{"freeForm": [1]}""", "INVALID_FIELD", "freeForm")]
    [InlineData("""{"freeForm": {"a": {"b": "\u0000"}}}""", "INVALID_FIELD", "freeForm.a.b")]
    [InlineData("""{"text": "a", "text": "b"}""", "INVALID_FIELD", "text")]
    [InlineData("""{"colourByName": {}, "colour_by_name": {}}""", "INVALID_FIELD", "colourByName")]
    [InlineData("""{"byName": "a", "byNumber": 1}""", "INVALID_FIELD", "byNumber")]
    [InlineData("""[]""", "MALFORMED_BODY", null)]
    [InlineData("""null""", "MALFORMED_BODY", null)]
    [InlineData("""{"text": "a",}""", "MALFORMED_BODY", null)]
    [InlineData("""{"text": "a"} x""", "MALFORMED_BODY", null)]
    [InlineData("""{'text': 'a'}""", "MALFORMED_BODY", null)]
    [InlineData("""{"text": /* no */ "a"}""", "MALFORMED_BODY", null)]
    [InlineData("""{"text": NaN}""", "MALFORMED_BODY", null)]
    [InlineData("""{"\ud83c": 1}""", "MALFORMED_BODY", null)]
    [InlineData("{\"text\": \"a\nb\"}", "MALFORMED_BODY", null)]
    [InlineData("not json", "MALFORMED_BODY", null)]
    [InlineData(" ", "MALFORMED_BODY", null)]
    public async Task A_bad_body_is_a_400_that_names_the_field(string body, string code, string? field) =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", body), HttpStatusCode.BadRequest, code, field);

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused()
    {
        byte[] body = [.. "{\"text\": \""u8, 0xFF, 0xFE, .. "\"}"u8];

        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", body), HttpStatusCode.BadRequest, "INVALID_FIELD", "text");
    }

    [Fact]
    public async Task A_body_nested_too_deep_is_refused()
    {
        var body = string.Concat(Enumerable.Repeat("""{"inner": """, 40)) + "{}" + new string('}', 40);

        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", body), HttpStatusCode.BadRequest, "MALFORMED_BODY", null);
    }

    [Theory]
    [InlineData("/v1/things/a?unknown=1", "UNKNOWN_FIELD", "unknown")]
    [InlineData("/v1/things/a?id=b", "INVALID_FIELD", "id")]
    [InlineData("/v1/things/a?detail=1&detail=2", "INVALID_FIELD", "detail")]
    [InlineData("/v1/things/a?detail=%ZZ", "INVALID_FIELD", "detail")]
    [InlineData("/v1/things/a?detail=%C3", "INVALID_FIELD", "detail")]
    [InlineData("/v1/things/a?detail=%00", "INVALID_FIELD", "detail")]
    [InlineData("/v1/things/%C3%28", "INVALID_FIELD", null)]
    [InlineData("/v1/things/%", "INVALID_FIELD", null)]
    [InlineData("/v1/things?pageSize=many", "INVALID_FIELD", "pageSize")]
    [InlineData("/v1/things?filter=x", "INVALID_FIELD", "filter")]
    [InlineData("/v1/things?filter.inner.nope=x", "UNKNOWN_FIELD", "filter.inner.nope")]
    [InlineData("/v1/things?pageSize.x=1", "UNKNOWN_FIELD", "pageSize.x")]
    [InlineData("/v1/echo?colour=UNSPECIFIED", "INVALID_FIELD", "colour")]
    [InlineData("/v1/echo?bool=yes", "INVALID_FIELD", "bool")]
    [InlineData("/v1/echo?colourByName=x", "INVALID_FIELD", "colourByName")]
    [InlineData("/v1/echo?byName=a&byNumber=1", "INVALID_FIELD", "byNumber")]
    public async Task A_bad_query_or_path_is_a_400_that_names_the_field(string path, string code, string? field) =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Get, path), HttpStatusCode.BadRequest, code, field);

    [Theory]
    [InlineData("POST", "/v1/things/t:rename", """{"id": "other", "title": "x"}""", "id")]
    [InlineData("POST", "/v1/things/t:rename", """{"id": "t"}""", "id")]
    [InlineData("PATCH", "/v1/shelves/1/things/2", """{"name": "shelves/9/things/9"}""", "thing.name")]
    [InlineData("PATCH", "/v1/shelves/1/things/2?thing.name=x", """{}""", "thing")]
    [InlineData("POST", "/v1/echo/here/inner?inner.text=x", """{}""", "inner")]
    [InlineData("POST", "/v1/echo/here/inner?text=x", """{}""", "text")]
    public async Task Neither_body_nor_query_can_set_what_the_path_sets(string method, string path, string body, string field) =>
        AssertProblem(await _suite.JsonAsync(new HttpMethod(method), path, body), HttpStatusCode.BadRequest, "INVALID_FIELD", field);

    [Fact]
    public async Task A_body_cannot_break_out_of_its_field()
    {
        // Pasted into an object this would set another field; read by its own message it is not JSON.
        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/echo/here/inner", """{"text": "a"}, "int32": {"number": 1}"""), HttpStatusCode.BadRequest, "MALFORMED_BODY", null);
    }

    [Fact]
    public async Task A_query_beside_a_whole_body_is_refused() =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/echo?text=x", "{}"), HttpStatusCode.BadRequest, "UNKNOWN_FIELD", "text");

    [Fact]
    public async Task A_body_where_none_is_read_is_refused() =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Get, "/v1/things/a", "{}"), HttpStatusCode.BadRequest, "MALFORMED_BODY", null);

    [Fact]
    public async Task A_chunked_body_where_none_is_read_is_refused_too() =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Get, "/v1/things/a", new StringContent("{}"), change: request => request.Headers.TransferEncodingChunked = true), HttpStatusCode.BadRequest, "MALFORMED_BODY", null);

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/things/a:fly")]
    [InlineData("/v1/things//")]
    [InlineData("/v1/things/a/")]
    [InlineData("/v2/echo")]
    [InlineData("/externalaction.probe.v1.Probe/Echo")]
    public async Task An_unknown_path_is_a_404(string path) =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Get, path), HttpStatusCode.NotFound, "NO_SUCH_PATH", null);

    [Theory]
    [InlineData("DELETE", "/v1/things/a", "GET")]
    [InlineData("PUT", "/v1/echo", "GET, POST")]
    [InlineData("GET", "/v1/things/a:rename", "POST")]
    [InlineData("HEAD", "/v1/things/a:watch", "GET")]
    public async Task A_known_path_with_another_method_is_a_405_that_lists_the_methods(string method, string path, string allowed)
    {
        using var response = await _suite.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        if (method != "HEAD")
        {
            Assert.Equal("METHOD_NOT_ALLOWED", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/csv")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_media_type_that_is_not_read_is_a_415(string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", content), HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", null);
    }

    [Fact]
    public async Task A_compressed_body_is_a_415()
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}")) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        content.Headers.ContentEncoding.Add("gzip");

        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", content), HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", null);
    }

    [Theory]
    [InlineData("/v1/things/a", "text/csv")]
    [InlineData("/v1/reports/a", "image/png, application/json;q=0")]
    [InlineData("/v1/things/a:watch?count=1", "application/json")]
    public async Task An_accept_header_that_nothing_satisfies_is_a_406(string path, string accept) =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Get, path, change: request => request.Headers.TryAddWithoutValidation("Accept", accept)), HttpStatusCode.NotAcceptable, "NOT_ACCEPTABLE", null);

    [Theory]
    [InlineData(2_000_000)]
    [InlineData(9_000_000)]
    public async Task A_title_of_megabytes_is_a_413(int size) =>
        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/things/t:rename", $$"""{"title": "{{new string('x', size)}}"}"""), HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE", null);

    [Fact]
    public async Task A_chunked_body_over_the_limit_is_a_413_too()
    {
        var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"title": "{{new string('x', 2_000_000)}}"}"""))) { Headers = { ContentType = new("application/json") } };

        AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/v1/things/t:rename", content, change: request => request.Headers.TransferEncodingChunked = true), HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE", null);
    }

    [Fact]
    public async Task A_csv_import_may_be_larger_than_json()
    {
        var csv = new ByteArrayContent(new byte[2_000_000]) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };

        Assert.Equal(HttpStatusCode.OK, (await _suite.JsonAsync(HttpMethod.Post, "/v1/things:import", csv)).Status);
    }

    [Theory]
    [InlineData("Idempotency-Key", "ключ", "IDEMPOTENCY_KEY_INVALID")]
    [InlineData("Idempotency-Key", "", "IDEMPOTENCY_KEY_INVALID")]
    [InlineData("ea-min-position", "é", "INVALID_FIELD")]
    public async Task A_header_that_cannot_travel_is_refused(string header, string value, string code)
    {
        // HttpClient would not send these: straight through a socket.
        using var socket = new System.Net.Sockets.TcpClient("127.0.0.1", _suite.HttpPort);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET /v1/headers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}: {value}\r\n\r\n"));
        var reply = await new StreamReader(stream).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400", reply, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", reply, StringComparison.Ordinal);
    }

    internal static void AssertProblem((HttpStatusCode Status, JsonElement Json) reply, HttpStatusCode status, string code, string? field)
    {
        Assert.Equal((status, code), (reply.Status, reply.Json.GetProperty("code").GetString()));
        Assert.Equal((int)status, reply.Json.GetProperty("status").GetInt32());
        Assert.Equal($"/errors/platform/{code}", reply.Json.GetProperty("type").GetString());
        Assert.Equal(field, reply.Json.TryGetProperty("field", out var at) ? at.GetString() : null);
    }
}
