// Where services are found, in which order, and how outgoing HTTP behaves: found by name, repeated only where harmless.
using System.Net;
using ExternalAction.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ExternalAction.House.Tests.Defaults;

public sealed class DiscoveryTests
{
    [Fact]
    public void The_variable_of_the_endpoint_wins_then_the_endpoint_then_the_scheme()
    {
        Dictionary<string, string?> all = new()
        {
            ["PEACE_FACILITY_GRPC"] = "http://one:1",
            ["services:peace-facility:grpc:0"] = "http://two:2",
            ["services:peace-facility:grpc:1"] = "http://three:3",
            ["services:peace-facility:https:0"] = "https://four:4",
            ["services:peace-facility:http:0"] = "http://five:5",
        };
        Assert.Equal(["http://one:1/"], Resolve(all));
        all.Remove("PEACE_FACILITY_GRPC");
        Assert.Equal(["http://two:2/", "http://three:3/"], Resolve(all));
        all.Remove("services:peace-facility:grpc:0");
        all.Remove("services:peace-facility:grpc:1");
        Assert.Equal(["https://four:4/"], Resolve(all));
        all.Remove("services:peace-facility:https:0");
        Assert.Equal(["http://five:5/"], Resolve(all));
        all.Clear();
        var fault = Assert.Throws<InvalidOperationException>(() => Resolve(all));
        Assert.Contains("PEACE_FACILITY_GRPC", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_no_address_is_named_with_its_key()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Resolve(new() { ["PEACE_FACILITY_GRPC"] = "localhost" }));
        Assert.Contains("PEACE_FACILITY_GRPC is 'localhost'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_http_client_reaches_a_service_by_its_name_and_repeats_only_what_may_be_repeated()
    {
        var calls = new Dictionary<string, int>();
        await using var service = await ProbeHost.StartAsync(map: app =>
        {
            app.MapMethods("/flaky", ["GET", "POST"], (HttpContext http) =>
            {
                var kind = http.Request.Method + http.Request.Headers["Idempotency-Key"];
                lock (calls)
                {
                    calls[kind] = calls.GetValueOrDefault(kind) + 1;
                    if (calls[kind] == 1)
                    {
                        http.Response.Headers.RetryAfter = "0";
                        http.Response.StatusCode = 503;
                    }
                }
            }).AllowAnonymous();
        });
        await using var caller = await ProbeHost.StartAsync(new() { ["PROBE_HTTP"] = service.HttpAddress });
        var http = caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("http://probe/flaky")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.PostAsync("https+http://probe/flaky", new StringContent("x"))).StatusCode);
        using var named = new HttpRequestMessage(HttpMethod.Post, "http://_http.probe/flaky") { Content = new StringContent("x"), Headers = { { "Idempotency-Key", "k" } } };
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(named)).StatusCode);
        Assert.Equal([("GET", 2), ("POST", 1), ("POSTk", 2)], calls.OrderBy(call => call.Key).Select(call => (call.Key, call.Value)));
    }

    private static IEnumerable<string> Resolve(Dictionary<string, string?> settings) =>
        ServiceEndpoints.Resolve(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), "peace-facility", "grpc").Select(uri => uri.ToString());
}
