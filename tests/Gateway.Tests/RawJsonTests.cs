using System.Net;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>JSON of a foreign shape, which only the service understands.</summary>
[Collection(Shared.Name)]
public sealed class RawJsonTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Fact]
    public async Task The_body_reaches_the_service_as_it_is_and_so_does_the_reply_the_client()
    {
        const string query = """{"queries": {"q1": {"schema": "Person", "properties": {"name": ["А. Б."], "weight_of": 1.50}}}}""";

        var (status, json) = await _suite.JsonAsync(HttpMethod.Post, "/match/eu_fsf?limit=5", query, role: "reader");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("eu_fsf", 5, 0.97), (json.GetProperty("dataset_name").GetString(), json.GetProperty("limit").GetInt32(), json.GetProperty("score").GetDouble()));
        Assert.Equal(query, json.GetProperty("query").GetRawText());
    }

    [Fact]
    public async Task A_refusal_is_a_problem_as_everywhere()
    {
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/match/eu_fsf", "[]", role: "reader"), HttpStatusCode.BadRequest, "MALFORMED_BODY", null);
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/match/eu_fsf?nope=1", "{}", role: "reader"), HttpStatusCode.BadRequest, "UNKNOWN_FIELD", "nope");
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/match/eu_fsf", "{}", role: "secretariat"), HttpStatusCode.Forbidden, "ROLE_MISSING", null);
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/match/eu_fsf", $$"""{"a":"{{new string('x', 1 << 20)}}"}""", role: "reader"), HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE", null);
    }

    [Theory]
    [InlineData("Authorization", "ApiKey ")]
    [InlineData("Authorization", "apikey  ")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("ApiKey", "")]
    public async Task A_token_is_read_in_every_form_that_screening_clients_send_and_reaches_the_service_as_a_bearer_token(string header, string prefix)
    {
        var token = await _suite.TokenAsync("reader");
        void Sign(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation(header, prefix + token);

        Assert.Equal(HttpStatusCode.OK, (await _suite.JsonAsync(HttpMethod.Post, "/match/eu_fsf", "{}", role: null, change: Sign)).Status);
        var headers = (await _suite.JsonAsync(HttpMethod.Get, "/v1/headers", role: null, change: Sign)).Json.GetProperty("headers");
        Assert.Equal($"Bearer {token}", headers.GetProperty("authorization").GetString());
        Assert.False(headers.TryGetProperty("apikey", out _));
    }

    [Fact]
    public async Task A_wrong_key_is_a_401_and_authorization_counts_before_a_key()
    {
        var token = await _suite.TokenAsync("reader");
        async Task<HttpStatusCode> Status(params (string Name, string Value)[] headers) => (await _suite.JsonAsync(HttpMethod.Post, "/match/eu_fsf", "{}", role: null, change: request =>
        {
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        })).Status;

        Assert.Equal(HttpStatusCode.Unauthorized, await Status(("ApiKey", "secret-key-of-nobody")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(("ApiKey", "")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(("Authorization", "ApiKey secret-key-of-nobody"), ("ApiKey", token)));
        Assert.Equal(HttpStatusCode.OK, await Status(("Authorization", $"Bearer {token}"), ("ApiKey", "secret-key-of-nobody")));
        Assert.DoesNotContain(_suite.Log.Lines, line => line.Text.Contains("secret-key-of-nobody", StringComparison.Ordinal) || line.Text.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_over_grpc_is_a_bearer_token_too()
    {
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress($"http://127.0.0.1:{_suite.GrpcPort}");
        var reply = await new Probe.ProbeClient(channel).EchoAsync(new Everything { Text = "x" }, new global::Grpc.Core.Metadata { { "apikey", await _suite.TokenAsync() } });

        Assert.Equal("x", reply.Text);
    }

    [Fact]
    public async Task The_document_describes_every_kind()
    {
        var paths = (await _suite.JsonAsync(HttpMethod.Get, "/openapi/v1.json", role: null)).Json.GetProperty("paths");
        string Body(string path, string method = "post") => string.Join(' ', paths.GetProperty(path).GetProperty(method).GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(type => type.Name));
        string Reply(string path, string method = "post") => string.Join(' ', paths.GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(type => type.Name));
        JsonElement Line(string part) => paths.GetProperty("/v1/lists/{list}:screen").GetProperty("post").GetProperty(part);

        Assert.Equal(("application/json application/xml text/csv application/gzip", "application/json text/event-stream"), (Body("/v1/lists/{list}:import"), Reply("/v1/lists/{list}:import")));
        Assert.Equal("At most 67,108,864 bytes.", paths.GetProperty("/v1/lists/{list}:import").GetProperty("post").GetProperty("requestBody").GetProperty("description").GetString());
        Assert.Equal("application/json application/xml text/csv", Reply("/v1/exports/{id}", "get"));
        Assert.Equal(("application/json", "application/json"), (Body("/match/{dataset}"), Reply("/match/{dataset}")));
        Assert.Equal(("application/x-ndjson", "application/x-ndjson"), (Body("/v1/lists/{list}:screen"), Reply("/v1/lists/{list}:screen")));
        Assert.Contains("#/components/schemas/LineProblem", Line("responses").GetRawText(), StringComparison.Ordinal);
        Assert.Contains(Line("parameters").EnumerateArray(), parameter => parameter.TryGetProperty("name", out var name) && name.GetString() == "profile");
    }
}
