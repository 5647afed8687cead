using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;
using ExternalAction.ServiceDefaults;
using ExternalAction.Testing;

namespace ExternalAction.Gateway.Tests;

[Collection(Shared.Name)]
public sealed class ProblemTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    public static TheoryData<string> Codes => [.. ErrorCatalog.All.Where(code => code is { Service: "platform", Code: not "UNSPECIFIED" }).Select(code => code.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_services_refusal_arrives_with_its_code_title_field_and_article(string code)
    {
        var facts = ErrorCatalog.Find("platform.externalaction", code)!;

        using var response = await _suite.SendAsync(HttpMethod.Post, "/v1/fail", new { code });

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(facts.HttpStatus, (int)response.StatusCode);
        Assert.Equal((facts.Code, facts.Title, facts.Type, facts.HttpStatus), (problem.GetProperty("code").GetString(), problem.GetProperty("title").GetString(), problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32()));
        Assert.Equal($"It was asked to fail with {code}.", problem.GetProperty("detail").GetString());
        Assert.Equal(("code", "TEU 31(4)"), (problem.GetProperty("field").GetString(), problem.GetProperty("article").GetString()));
    }

    [Theory]
    [InlineData(2, 500)]
    [InlineData(3, 400)]
    [InlineData(4, 504)]
    [InlineData(5, 404)]
    [InlineData(6, 409)]
    [InlineData(7, 403)]
    [InlineData(9, 409)]
    [InlineData(10, 409)]
    [InlineData(12, 404)]
    [InlineData(13, 500)]
    [InlineData(14, 503)]
    [InlineData(16, 401)]
    public async Task A_bare_status_is_a_problem_with_a_code_too(int grpc, int http)
    {
        var (status, problem) = await _suite.JsonAsync(HttpMethod.Post, "/v1/fail", new { status = grpc });

        Assert.Equal(http, (int)status);
        Assert.NotEmpty(problem.GetProperty("code").GetString()!);
    }

    [Fact]
    public async Task A_fault_nobody_foresaw_is_answered_with_a_fixed_sentence()
    {
        var (status, problem) = await _suite.JsonAsync(HttpMethod.Post, "/v1/fail", "{}");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal(("UNSPECIFIED", RpcErrors.InternalSentence), (problem.GetProperty("code").GetString(), problem.GetProperty("detail").GetString()));
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_a_503()
    {
        await using var suite = await Suite.StartAsync(new() { ["services:probe:grpc:0"] = $"http://127.0.0.1:{FreePort.Next()}" });

        BadInputTests.AssertProblem(await suite.JsonAsync(HttpMethod.Post, "/v1/echo", "{}"), HttpStatusCode.ServiceUnavailable, "UNAVAILABLE", null);
    }

    [Fact]
    public async Task A_service_that_takes_too_long_is_a_504()
    {
        await using var suite = await Suite.StartAsync(new() { ["Gateway:UnaryDeadline"] = "00:00:00.200" });

        // The first call has to connect: on a slow machine its time is over before the service hears of it, but not that of all.
        for (var i = 0; !ProbeState.Signal(suite.State.Begun, "long").Task.IsCompleted; i++)
        {
            Assert.True(i < 100, "No call reached the service.");
            BadInputTests.AssertProblem(await suite.JsonAsync(HttpMethod.Get, "/v1/wait/long"), HttpStatusCode.GatewayTimeout, "DEADLINE_EXCEEDED", null);
        }

        await ProbeState.Signal(suite.State.Cancelled, "long").Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Every_error_type_can_be_looked_up()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Get, "/errors", role: null);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(json.EnumerateArray(), code => code.GetProperty("code").GetString() == "UNAVAILABLE");
    }
}
