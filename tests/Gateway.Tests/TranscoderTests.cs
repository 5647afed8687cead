using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

[Collection(Shared.Name)]
public sealed class TranscoderTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Fact]
    public async Task Every_kind_of_field_survives_the_way_through_json_and_grpc()
    {
        const string body = """
            {
              "text": "Ελλάδα 🇪🇺 \" \\ \n", "int32": -5, "int64": "-9223372036854775808", "uint32": 4294967295, "uint64": "18446744073709551615",
              "sint32": -1, "sint64": "-2", "fixed32": 7, "fixed64": "8", "float": 1.5, "double": "Infinity", "bool": true, "bytes": "AQID/w==",
              "colour": "BLUE", "inner": {"text": "a", "number": 1, "inner": {"text": "b", "number": 2, "inner": null}},
              "texts": ["x", ""], "numbers": ["1", 2, 3.0, 4e0], "inners": [{"number": 3}], "colours": ["BLUE", 2],
              "colourByName": {"sky": "BLUE"}, "innerByNumber": {"-4": {"text": "minus"}},
              "at": "2025-06-01T12:00:00.5Z", "lasting": "3.5s", "mask": "text,innerByNumber",
              "freeForm": {"a": [1, "two", null, {"b": false}]}, "anyJson": null, "textValue": "", "numberValue": "9007199254740993",
              "byNumber": 0, "maybe": 0, "times": ["2025-06-01T00:00:00+02:00"]
            }
            """;

        var (status, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", body);

        Assert.Equal(HttpStatusCode.OK, status);
        const string expected = """
            {
              "text": "Ελλάδα 🇪🇺 \" \\ \n", "int32": -5, "int64": "-9223372036854775808", "uint32": 4294967295, "uint64": "18446744073709551615",
              "sint32": -1, "sint64": "-2", "fixed32": 7, "fixed64": "8", "float": 1.5, "double": "Infinity", "bool": true, "bytes": "AQID/w==",
              "colour": "BLUE", "inner": {"text": "a", "number": 1, "inner": {"text": "b", "number": 2}},
              "texts": ["x", ""], "numbers": ["1", "2", "3", "4"], "inners": [{"text": "", "number": 3}], "colours": ["BLUE", "YELLOW"],
              "colourByName": {"sky": "BLUE"}, "innerByNumber": {"-4": {"text": "minus", "number": 0}},
              "at": "2025-06-01T12:00:00.500Z", "lasting": "3.500s", "mask": "text,innerByNumber",
              "freeForm": {"a": [1, "two", null, {"b": false}]}, "anyJson": null, "textValue": "", "numberValue": "9007199254740993",
              "byNumber": 0, "maybe": 0, "times": ["2025-05-31T22:00:00Z"]
            }
            """;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, json), json.ToString());
    }

    [Fact]
    public async Task Default_values_are_printed_and_absent_messages_are_not()
    {
        var (_, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", "{}");

        Assert.Equal("", json.GetProperty("text").GetString());
        Assert.Equal("0", json.GetProperty("int64").GetString());
        Assert.Equal("UNSPECIFIED", json.GetProperty("colour").GetString());
        Assert.Equal(0, json.GetProperty("texts").GetArrayLength());
        Assert.False(json.TryGetProperty("inner", out _));
        Assert.False(json.TryGetProperty("maybe", out _));
    }

    [Fact]
    public async Task A_body_may_use_the_names_of_the_proto_file()
    {
        var (_, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/echo", """{"colour_by_name": {"sky": "BLUE"}}""");

        Assert.Equal("BLUE", json.GetProperty("colourByName").GetProperty("sky").GetString());
    }

    [Fact]
    public async Task A_query_fills_plain_nested_repeated_and_well_known_fields()
    {
        var (status, json) = await _suite.JsonAsync(
            HttpMethod.Get, "/v1/echo?text=a%2Bb+c%26%C3%A9&int64=-7&bool=true&colour=YELLOW&inner.text=deep&inner.inner.number=4&texts=1&texts=2&at=2025-06-01T12%3A00%3A00Z&lasting=2s&bytes=AQI&textValue=w&numbers=1&numbers=2&uint32=&colours=BLUE");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("a+b c&é", json.GetProperty("text").GetString());
        Assert.Equal("-7", json.GetProperty("int64").GetString());
        Assert.True(json.GetProperty("bool").GetBoolean());
        Assert.Equal("YELLOW", json.GetProperty("colour").GetString());
        Assert.Equal("deep", json.GetProperty("inner").GetProperty("text").GetString());
        Assert.Equal(4, json.GetProperty("inner").GetProperty("inner").GetProperty("number").GetInt32());
        Assert.Equal("""["1","2"]""", JsonSerializer.Serialize(json.GetProperty("texts")));
        Assert.Equal("2025-06-01T12:00:00Z", json.GetProperty("at").GetString());
        Assert.Equal("AQI=", json.GetProperty("bytes").GetString());
        Assert.Equal("w", json.GetProperty("textValue").GetString());
    }

    [Theory]
    [InlineData("/v1/things/a%2Fb", "a/b")]
    [InlineData("/v1/things/a%252Fb", "a%2Fb")]
    [InlineData("/v1/things/a%20b+c", "a b+c")]
    [InlineData("/v1/things/x%3Arename", "x:rename")]
    [InlineData("/v1/things/%CE%95%CE%BB", "Ελ")]
    [InlineData("/v1/things/..%2F..", "../..")]
    public async Task Path_values_are_decoded_exactly_once(string path, string id)
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(id, json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_verb_leads_to_its_own_rpc()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/things/verbs:rename", """{"title": "new"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("verbs", "new"), (json.GetProperty("id").GetString(), json.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task A_variable_of_several_segments_fills_a_nested_field_beside_the_body_and_the_query()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Patch, "/v1/shelves/1/things/a%2Fb?updateMask=title", """{"title": "kept", "id": "7"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("shelves/1/things/a/b", json.GetProperty("name").GetString());
        Assert.Equal("kept", json.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Two_stars_take_the_rest_of_the_path()
    {
        var (_, json) = await _suite.JsonAsync(HttpMethod.Get, "/v1/files/a/b/c.txt");

        Assert.Equal("a/b/c.txt", json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_additional_binding_takes_its_body_in_a_field()
    {
        var (_, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/echo/here/inner?int32=3", """{"text": "in the field"}""");

        Assert.Equal(("here", 3, "in the field"), (json.GetProperty("text").GetString(), json.GetProperty("int32").GetInt32(), json.GetProperty("inner").GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_response_body_is_the_field_alone()
    {
        var (_, json) = await _suite.JsonAsync(HttpMethod.Get, "/v1/things?pageSize=2&filter.text=t");

        Assert.Equal(JsonValueKind.Array, json.ValueKind);
        Assert.Equal(["1", "2"], json.EnumerateArray().Select(thing => thing.GetProperty("id").GetString()!));
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json, text/csv;q=0.9", "application/json")]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/*, application/json;q=0.5", "text/csv")]
    [InlineData("application/xml, */*;q=0.1", "application/json")]
    [InlineData("application/json;q=0, */*", "text/csv")]
    public async Task The_accept_header_chooses_among_the_rpcs_of_a_path(string? accept, string expected)
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/reports/r1", change: request =>
        {
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(expected == "text/csv" ? "id\r\nr1\r\n" : "r1", expected == "text/csv"
            ? await response.Content.ReadAsStringAsync()
            : (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_csv_body_goes_raw_into_its_field_and_the_rest_comes_from_the_query()
    {
        var csv = new ByteArrayContent(Encoding.UTF8.GetBytes("id,title\r\n1,\"a\"\"\",é\r\n")) { Headers = { ContentType = MediaTypeHeaderValue.Parse("text/csv; charset=utf-8") } };

        var (status, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/things:import?source=OJ", csv);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((2, "OJ", "22"), (json.GetProperty("imported").GetInt32(), json.GetProperty("source").GetString(), json.GetProperty("bytes").GetString()));
    }

    [Fact]
    public async Task The_same_import_takes_json()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/things:import", """{"source": "OJ", "things": [{"id": "1"}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, json.GetProperty("imported").GetInt32());
    }

    [Fact]
    public async Task An_empty_body_is_an_empty_object_and_needs_no_content_type()
    {
        using var response = await _suite.SendAsync(HttpMethod.Post, "/v1/things/t:rename");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Head_answers_like_get_without_a_body()
    {
        using var response = await _suite.SendAsync(HttpMethod.Head, "/v1/things/h");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Chosen_headers_travel_to_the_service_and_others_do_not()
    {
        var (_, json) = await _suite.JsonAsync(HttpMethod.Get, "/v1/headers", change: request =>
        {
            request.Headers.Add("Idempotency-Key", "k-1");
            request.Headers.Add("ea-min-position", "7");
            request.Headers.Add("x-correlation-id", "corr-1");
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            request.Headers.Add("x-user", "root");
            request.Headers.Add("Cookie", "a=b");
        });

        var headers = json.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString());
        Assert.Equal(("k-1", "7", "corr-1"), (headers["idempotency-key"], headers["ea-min-position"], headers["x-correlation-id"]));
        Assert.StartsWith("Bearer ey", headers["authorization"], StringComparison.Ordinal);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", headers["traceparent"], StringComparison.Ordinal);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", json.GetProperty("traceId").GetString());
        Assert.DoesNotContain("x-user", headers.Keys);
        Assert.DoesNotContain("cookie", headers.Keys);
    }

    [Fact]
    public async Task A_call_has_a_deadline_of_thirty_seconds()
    {
        var (_, json) = await _suite.JsonAsync(HttpMethod.Get, "/v1/headers");

        Assert.InRange(long.Parse(json.GetProperty("deadlineMs").GetString()!, System.Globalization.CultureInfo.InvariantCulture), 1, 30_000);
    }

    [Fact]
    public async Task The_position_a_reply_rests_on_is_a_header()
    {
        using var response = await _suite.SendAsync(HttpMethod.Post, "/v1/things/p:rename", """{"title": "x"}""");

        Assert.Equal((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("position").GetString(), response.Headers.GetValues("ea-position").Single());
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_the_call()
    {
        using var patience = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/wait/leaver");
        request.Headers.Authorization = new("Bearer", await _suite.TokenAsync());
        var call = _suite.Client.SendAsync(request, patience.Token);
        await ProbeState.Signal(_suite.State.Begun, "leaver").Task;

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ProbeState.Signal(_suite.State.Cancelled, "leaver").Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
