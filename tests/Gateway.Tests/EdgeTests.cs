using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;
using ExternalAction.Testing;

namespace ExternalAction.Gateway.Tests;

[Collection(Shared.Name)]
public sealed class EdgeTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Theory]
    [InlineData("order-66_a.b", true)]
    [InlineData("with space", false)]
    [InlineData("<script>", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    [InlineData(null, false)]
    public async Task A_correlation_id_is_taken_over_if_it_is_well_formed_and_made_if_not(string? given, bool kept)
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/headers", change: request => request.Headers.TryAddWithoutValidation("x-correlation-id", given));

        var returned = response.Headers.GetValues("x-correlation-id").Single();
        var forwarded = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("headers").GetProperty("x-correlation-id").GetString();
        Assert.Equal(kept, returned == given);
        Assert.Equal(returned, forwarded);
        Assert.NotEmpty(returned);
    }

    [Fact]
    public async Task Refusals_have_a_correlation_id_too()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/nothing");

        Assert.True(response.Headers.Contains("x-correlation-id"));
    }

    [Fact]
    public async Task The_access_log_has_route_status_and_subject_but_no_token_query_or_path_value()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/very-secret-id?detail=very-secret-query", change: request => request.Headers.Add("x-correlation-id", "log-line"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var line = await EventuallyAsync(() => _suite.Log.Lines.Where(line => line.Category == "ExternalAction.Gateway.Access" && line.Text.Contains("log-line", StringComparison.Ordinal)).Select(line => line.Text).FirstOrDefault());
        Assert.StartsWith("GET /v1/things/{id} 200 ", line, StringComparison.Ordinal);
        Assert.Contains(" dev:secretariat ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(_suite.Log.Lines, entry => entry.Text.Contains("very-secret", StringComparison.Ordinal) || entry.Text.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replies_tell_browsers_to_do_nothing_with_them()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a");

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Too_many_requests_are_a_429_that_says_when_to_come_back_and_hit_that_client_alone()
    {
        await using var suite = await Suite.StartAsync(new() { ["Gateway:RateLimit:PerSecond"] = "1", ["Gateway:RateLimit:Burst"] = "5" });
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 200 && !statuses.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            using var response = await suite.SendAsync(HttpMethod.Get, "/v1/things/a");
            statuses.Add(response.StatusCode);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
                Assert.Equal("RATE_LIMITED", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
            }
        }

        Assert.All(statuses.Take(5), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        using var other = await suite.SendAsync(HttpMethod.Get, "/v1/things/a", role: "reader");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var health = await suite.SendAsync(HttpMethod.Get, "/health", role: null);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_the_address_is_the_client_and_a_forged_forwarded_header_changes_nothing()
    {
        await using var suite = await Suite.StartAsync(new() { ["Gateway:RateLimit:AnonymousPerSecond"] = "1", ["Gateway:RateLimit:AnonymousBurst"] = "3" });
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 200 && !statuses.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            using var response = await suite.SendAsync(HttpMethod.Get, "/v1/headers", role: null, change: request => request.Headers.Add("X-Forwarded-For", $"10.0.0.{i}"));
            statuses.Add(response.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task A_configured_proxy_is_believed_about_its_clients()
    {
        await using var suite = await Suite.StartAsync(new()
        {
            ["Gateway:RateLimit:AnonymousPerSecond"] = "1",
            ["Gateway:RateLimit:AnonymousBurst"] = "3",
            ["Gateway:Proxies:0"] = "127.0.0.0/8",
            ["Authentication:Authority"] = "https://login.example",
            ["Authentication:Audience"] = "suite",
        }, "Production");

        for (var i = 0; i < 6; i++)
        {
            using var response = await suite.SendAsync(HttpMethod.Get, "/v1/headers", role: null, change: request => request.Headers.Add("X-Forwarded-For", $"10.0.0.{i}"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Health_shows_the_gateway_and_every_service()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Get, "/health", role: null);

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (status, json.GetProperty("status").GetString()));
        Assert.Equal(["gateway", "probe"], json.GetProperty("services").EnumerateObject().Select(service => service.Name));
        using var alive = await _suite.SendAsync(HttpMethod.Get, "/alive", role: null);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task Health_is_a_503_when_a_service_does_not_answer()
    {
        await using var suite = await Suite.StartAsync(new() { ["services:probe:http:0"] = $"http://127.0.0.1:{FreePort.Next()}" });

        var (status, json) = await suite.JsonAsync(HttpMethod.Get, "/health", role: null);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (status, json.GetProperty("status").GetString()));
        Assert.Equal("Healthy", json.GetProperty("services").GetProperty("gateway").GetProperty("status").GetString());
        Assert.Equal("Unhealthy", json.GetProperty("services").GetProperty("probe").GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_keys_of_all_services_are_one_set()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/.well-known/jwks.json", role: null);

        Assert.Equal("application/jwk-set+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("probe-1", Assert.Single(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("keys").EnumerateArray()).GetProperty("kid").GetString());
    }

    [Fact]
    public async Task The_root_says_where_to_go()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Get, "/", role: null);

        Assert.Equal((HttpStatusCode.OK, "/openapi/v1.json"), (status, json.GetProperty("openApi").GetString()));
    }

    internal static async Task<T> EventuallyAsync<T>(Func<T?> look) where T : class
    {
        for (var i = 0; i < 3_000; i++)
        {
            if (look() is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("It did not happen.");
    }
}
