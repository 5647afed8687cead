using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.Gateway.Tests.Backend;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ExternalAction.Gateway.Tests;

[Collection(Shared.Name)]
public sealed class AccessTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Fact]
    public async Task Without_a_token_it_is_a_401_that_names_the_scheme()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a", role: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("UNAUTHENTICATED", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task With_a_bad_token_it_is_a_401_that_says_invalid_token()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a", role: null, change: request => request.Headers.Authorization = new("Bearer", "x.y.z"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task With_another_role_it_is_a_403_that_names_those_that_may()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Post, "/v1/things/a:rename", "{}", role: "reader");

        Assert.Equal((HttpStatusCode.Forbidden, "ROLE_MISSING"), (status, json.GetProperty("code").GetString()));
        Assert.Contains("secretariat", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_is_judged_before_the_body_is_read() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await _suite.JsonAsync(HttpMethod.Post, "/v1/things/a:rename", "not json", role: "reader")).Status);

    [Fact]
    public async Task An_anonymous_rpc_needs_no_token_and_minds_a_bad_one_not() =>
        Assert.Equal(HttpStatusCode.OK, (await _suite.JsonAsync(HttpMethod.Get, "/v1/headers", role: null, change: request => request.Headers.Authorization = new("Bearer", "x.y.z"))).Status);

    [Fact]
    public async Task A_development_token_says_who_which_roles_and_until_when()
    {
        using var response = await _suite.Client.PostAsJsonAsync("/dev/tokens", new { role = "delegation", memberState = "gr", name = "Ελένη", lifetimeSeconds = 60 });
        var reply = await response.Content.ReadFromJsonAsync<JsonElement>();
        var token = new JsonWebToken(reply.GetProperty("token").GetString());

        Assert.Equal(("ea-dev+jwt", "ES256"), (token.Typ, token.Alg));
        Assert.Equal(["external-action-dev"], token.Audiences);
        Assert.Equal("EL", token.GetClaim("member_state").Value);
        Assert.Equal("delegation", token.GetClaim("role").Value);
        Assert.Equal("Ελένη", token.GetClaim("name").Value);
        Assert.Equal(token.ValidTo, reply.GetProperty("expires").GetDateTimeOffset().UtcDateTime);
        Assert.Equal(60, (token.ValidTo - token.IssuedAt).TotalSeconds);
    }

    [Theory]
    [InlineData("""{"role": "king"}""", "INVALID_FIELD", "role")]
    [InlineData("""{}""", "FIELD_REQUIRED", "role")]
    [InlineData("""{"role": "delegation"}""", "FIELD_REQUIRED", "memberState")]
    [InlineData("""{"role": "delegation", "memberState": "UK"}""", "INVALID_FIELD", "memberState")]
    [InlineData("""{"role": "reader", "name": ""}""", "INVALID_FIELD", "name")]
    [InlineData("""{"role": "reader", "user": "x"}""", "UNKNOWN_FIELD", "user")]
    [InlineData("""{"roles": "reader"}""", "INVALID_FIELD", "roles")]
    [InlineData("""{"role": "reader", "lifetimeSeconds": 0}""", "INVALID_FIELD", "lifetimeSeconds")]
    [InlineData("""[]""", "MALFORMED_BODY", null)]
    [InlineData("""{""", "MALFORMED_BODY", null)]
    public async Task A_development_token_is_refused_with_what_is_allowed(string body, string code, string? field)
    {
        var reply = await _suite.JsonAsync(HttpMethod.Post, "/dev/tokens", body, role: null);

        BadInputTests.AssertProblem(reply, HttpStatusCode.BadRequest, code, field);
        if (field is "role" or "memberState")
        {
            Assert.Contains(field == "role" ? "high-representative" : "SE", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_development_issuer_publishes_its_public_key_only()
    {
        var (_, discovery) = await _suite.JsonAsync(HttpMethod.Get, "/dev/.well-known/openid-configuration", role: null);
        var (_, jwks) = await _suite.JsonAsync(HttpMethod.Get, new Uri(discovery.GetProperty("jwks_uri").GetString()!).PathAndQuery, role: null);

        var key = Assert.Single(jwks.GetProperty("keys").EnumerateArray());
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(part => part.Name).Order());
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task In_development_another_host_is_refused(string host) =>
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Post, "/dev/tokens", """{"role": "reader"}""", role: null, change: request => request.Headers.Host = host), HttpStatusCode.BadRequest, "INVALID_FIELD", "Host");

    [Fact]
    public async Task A_token_survives_a_restart_because_its_key_does()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-key-").FullName;
        var settings = new Dictionary<string, string?> { ["Gateway:DataFolder"] = folder };
        string token;
        await using (var before = await Suite.StartAsync(settings))
        {
            token = await before.TokenAsync();
        }

        await using var after = await Suite.StartAsync(settings);
        using var response = await after.SendAsync(HttpMethod.Get, "/v1/things/a", role: null, change: request => request.Headers.Authorization = new("Bearer", token));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "development-token-key.pem")));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Outside_development_there_is_no_issuer_and_its_tokens_are_refused()
    {
        var token = await _suite.TokenAsync();
        await using var production = await Suite.StartAsync(new() { ["Authentication:Authority"] = "https://login.example", ["Authentication:Audience"] = "suite" }, "Production");

        Assert.Equal(HttpStatusCode.NotFound, (await production.JsonAsync(HttpMethod.Post, "/dev/tokens", """{"role": "reader"}""", role: null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await production.JsonAsync(HttpMethod.Get, "/dev/jwks.json", role: null)).Status);
        var (status, problem) = await production.JsonAsync(HttpMethod.Get, "/v1/things/a", role: null, change: request => request.Headers.Authorization = new("Bearer", token));
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("Development only", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_says_in_the_log_that_it_gives_tokens_to_everybody() =>
        Assert.Contains(_suite.Log.Lines, line => line.Text.Contains("everybody on this machine gets a token", StringComparison.Ordinal));

    [Theory]
    [InlineData("Kestrel:Endpoints:http:Url", "http://0.0.0.0:0")]
    [InlineData("Kestrel:Endpoints:grpc:Url", "http://*:0")]
    [InlineData("urls", "http://example.org:80")]
    [InlineData("http_ports", "8080")]
    public async Task Development_does_not_start_on_an_address_others_can_reach(string key, string value)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Suite.StartAsync(new() { [key] = value }));

        Assert.Contains("/dev/tokens", fault.Message, StringComparison.Ordinal);
    }
}
