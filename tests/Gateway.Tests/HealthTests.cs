using System.Net;
using ExternalAction.Gateway.Tests.Backend;
using ExternalAction.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExternalAction.Gateway.Tests;

/// <summary>How long <c>/health</c> says the same: good news for a second, bad news for a fifth of that.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private Suite _suite = null!;

    public async Task InitializeAsync() =>
        _suite = await Suite.StartAsync(change: services => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SuiteHealth>(provider, _clock)));

    public async Task DisposeAsync() => await _suite.DisposeAsync();

    [Fact]
    public async Task Bad_news_is_dropped_after_a_fifth_of_a_second()
    {
        _suite.State.Healthy = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync());
        _suite.State.Healthy = true;

        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync());
    }

    [Fact]
    public async Task Good_news_is_kept_for_a_second()
    {
        Assert.Equal(HttpStatusCode.OK, await AskAsync());
        _suite.State.Healthy = false;

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync());
    }

    private async Task<HttpStatusCode> AskAsync()
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/health", role: null);
        return response.StatusCode;
    }
}
