using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExternalAction.Gateway.Caching;
using ExternalAction.Gateway.Tests.Backend;
using ExternalAction.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExternalAction.Gateway.Tests;

/// <summary>Kept replies: never another's, never older than an event that has been heard of, never more than a help.</summary>
public sealed class CacheTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);
    private Suite _suite = null!;

    // Only the cache's clock stands still, so that nothing grows too old by itself.
    public async Task InitializeAsync() => _suite = await Suite.StartAsync(change: services => services
        .AddSingleton<ICacheStore>(new MemoryStore(1 << 20, _clock))
        .AddSingleton(provider => new OutputCache(provider.GetRequiredService<ICacheStore>(), _clock)));

    public async Task DisposeAsync() => await _suite.DisposeAsync();

    [Fact]
    public async Task The_same_request_of_the_same_role_is_answered_once()
    {
        var first = await GetAsync("/v1/things/a?detail=x");
        var second = await GetAsync("/v1/things/a?detail=x");

        Assert.Equal(1, Calls);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_kept_reply_lives_for_five_seconds()
    {
        await GetAsync("/v1/things/a");
        _clock.Advance(OutputCache.Lifetime - TimeSpan.FromMilliseconds(1));
        await GetAsync("/v1/things/a");
        Assert.Equal(1, Calls);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await GetAsync("/v1/things/a");
        Assert.Equal(2, Calls);
        Assert.Equal(TimeSpan.FromSeconds(5), OutputCache.Lifetime);
    }

    [Fact]
    public async Task Another_request_role_or_member_state_is_another_entry()
    {
        await GetAsync("/v1/things/a");
        await GetAsync("/v1/things/b");
        await GetAsync("/v1/things/a?detail=x");
        await GetAsync("/v1/things/a", "reader");
        await GetAsync("/v1/things/a", "delegation");
        Assert.Equal(5, Calls);

        var other = await _suite.TokenAsync("delegation", "DE");
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a", role: null, change: request => request.Headers.Authorization = new("Bearer", other));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(6, Calls);
    }

    [Fact]
    public async Task Who_may_not_read_gets_nothing_from_the_cache()
    {
        await GetAsync("/v1/things/a");

        Assert.Equal(HttpStatusCode.Forbidden, (await _suite.JsonAsync(HttpMethod.Get, "/v1/things/a", role: "auditor")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _suite.JsonAsync(HttpMethod.Get, "/v1/things/a", role: null)).Status);
    }

    [Fact]
    public async Task An_event_of_the_service_evicts_and_one_of_another_service_does_not()
    {
        await GetAsync("/v1/things/a");
        Evict("elsewhere", 1_000);
        await GetAsync("/v1/things/a");
        Assert.Equal(1, Calls);

        _suite.State.Titles["a"] = "changed elsewhere";
        _suite.State.Position = 2;
        Evict("probe", 2);

        Assert.Equal("changed elsewhere", (await GetAsync("/v1/things/a")).Title);
        await GetAsync("/v1/things/a");
        Assert.Equal(2, Calls);
    }

    [Fact]
    public async Task An_event_that_comes_late_or_twice_evicts_nothing_newer()
    {
        _suite.State.Position = 9;
        await GetAsync("/v1/things/a");

        Evict("probe", 8);
        Evict("probe", 9);
        await GetAsync("/v1/things/a");

        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task An_entry_computed_before_an_event_but_stored_after_its_eviction_is_never_served()
    {
        // 1. A read has its reply of position 1 in hand, but has not answered yet.
        _suite.State.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _suite.State.HoldReads = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = GetAsync("/v1/things/a");
        await _suite.State.Held.Task;

        // 2. The thing changes and the event is heard of.
        _suite.State.Titles["a"] = "new";
        _suite.State.Position = 2;
        Evict("probe", 2);

        // 3. Only now the read is answered, and its reply would be stored.
        _suite.State.HoldReads.SetResult();
        _suite.State.HoldReads = null;
        Assert.Equal("untitled", (await slow).Title);

        Assert.Equal("new", (await GetAsync("/v1/things/a")).Title);
    }

    [Fact]
    public async Task Who_wants_a_newer_position_gets_past_the_cache()
    {
        await GetAsync("/v1/things/a");
        _suite.State.Titles["a"] = "newer";
        _suite.State.Position = 2;

        Assert.Equal("untitled", (await GetAsync("/v1/things/a", minPosition: "1")).Title);
        Assert.Equal("newer", (await GetAsync("/v1/things/a", minPosition: "2")).Title);
        Assert.Equal("newer", (await GetAsync("/v1/things/a")).Title);
    }

    [Fact]
    public async Task Who_has_written_through_the_gateway_reads_what_was_written()
    {
        for (var i = 0; i < 20; i++)
        {
            await GetAsync("/v1/things/a");
            using var renamed = await _suite.SendAsync(HttpMethod.Post, "/v1/things/a:rename", new { title = $"title {i}" });
            Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);

            Assert.Equal($"title {i}", (await GetAsync("/v1/things/a")).Title);
        }
    }

    [Fact]
    public async Task A_kept_reply_has_an_etag_and_is_not_sent_twice()
    {
        using var first = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a");
        var tag = first.Headers.ETag!;

        foreach (var known in new[] { tag.ToString(), $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            using var again = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a", change: request => request.Headers.TryAddWithoutValidation("If-None-Match", known));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Equal(tag, again.Headers.ETag);
            Assert.Equal("1", again.Headers.GetValues("ea-position").Single());
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }

        using var changed = await _suite.SendAsync(HttpMethod.Post, "/v1/things/a:rename", new { title = "changed" });
        using var fresh = await _suite.SendAsync(HttpMethod.Get, "/v1/things/a", change: request => request.Headers.TryAddWithoutValidation("If-None-Match", tag.ToString()));
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
        Assert.NotEqual(tag, fresh.Headers.ETag);
        Assert.Equal("private, no-cache", fresh.Headers.CacheControl!.ToString().Replace("no-cache, private", "private, no-cache", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_are_not_kept()
    {
        await using var suite = await Suite.StartAsync(new() { ["services:probe:grpc:0"] = $"http://127.0.0.1:{FreePort.Next()}" });

        using var response = await suite.SendAsync(HttpMethod.Get, "/v1/things/a", change: request => request.Headers.Add("ea-min-position", "0"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Null(response.Headers.ETag);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    private int Calls => _suite.State.Calls.GetValueOrDefault(nameof(ProbeService.GetThing));

    private void Evict(string service, long position) => _suite.Gateway.Services.GetRequiredService<OutputCache>().Evict(service, position);

    private async Task<(string Title, string Position)> GetAsync(string path, string role = "secretariat", string? minPosition = null)
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, path, role: role, change: request =>
        {
            if (minPosition is not null)
            {
                request.Headers.Add("ea-min-position", minPosition);
            }
        });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(json.GetProperty("position").GetString(), response.Headers.GetValues("ea-position").Single());
        return (json.GetProperty("title").GetString()!, json.GetProperty("position").GetString()!);
    }
}
