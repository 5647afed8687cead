// The health pages: what they say, in which environments, and that anybody may ask.
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.House.Tests.Defaults;

public sealed class HealthTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Health_names_each_check_in_every_environment(string environment)
    {
        await using var host = await ProbeHost.StartAsync(Safe, environment);
        var health = JsonDocument.Parse(await host.Http.GetStringAsync("/health")).RootElement;
        Assert.Equal("Healthy", health.GetProperty("status").GetString());
        Assert.Equal(["accepting", "self"], health.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
        var alive = JsonDocument.Parse(await host.Http.GetStringAsync("/alive")).RootElement;
        Assert.Equal("self", alive.GetProperty("checks")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_sick_part_makes_health_503_but_the_process_stays_alive_and_its_exception_stays_inside()
    {
        await using var host = await ProbeHost.StartAsync(configure: builder => builder.Services.AddHealthChecks().AddCheck(
            "database", () => HealthCheckResult.Unhealthy("The database does not answer.", new InvalidOperationException("password=1234"), new Dictionary<string, object> { ["waiting"] = 7 })));
        using var reply = await host.Http.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.DoesNotContain("1234", text, StringComparison.Ordinal);
        var database = JsonDocument.Parse(text).RootElement.GetProperty("checks")[1];
        Assert.Equal("The database does not answer.", database.GetProperty("description").GetString());
        Assert.Equal("7", database.GetProperty("data").GetProperty("waiting").GetString());
        using var alive = await host.Http.GetAsync("/alive");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    private static Dictionary<string, string?> Safe => new()
    {
        ["Authentication:Authority"] = "https://login.example",
        ["Authentication:Audience"] = "external-action",
    };
}
