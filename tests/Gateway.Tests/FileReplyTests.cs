using System.Globalization;
using System.Net;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

/// <summary>Files that a service streams: whole, as slowly as they are read, and never half without saying so.</summary>
[Collection(Shared.Name)]
public sealed class FileReplyTests(SharedSuite shared)
{
    private readonly Suite _suite = shared.Suite;

    [Fact]
    public async Task A_file_of_25_MB_arrives_whole_with_the_media_type_of_its_first_chunk()
    {
        using var response = await ExportAsync("/v1/exports/a?chunks=100&chunkBytes=262144");
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal("application/xml; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(_suite.State.Position.ToString(CultureInfo.InvariantCulture), Assert.Single(response.Headers.GetValues("ea-position")));
        Assert.Equal(100 * 262_144, bytes.Length);
        Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)'x'));
    }

    [Fact]
    public async Task A_file_without_chunks_is_empty_and_of_the_contracts_media_type()
    {
        using var response = await ExportAsync("/v1/exports/a");

        Assert.Equal((HttpStatusCode.OK, "application/xml", ""), (response.StatusCode, response.Content.Headers.ContentType!.ToString(), await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/xml, application/json;q=0.5", "application/xml")]
    [InlineData("text/csv", "text/csv")]
    [InlineData("application/xml;q=0.1, text/*", "text/csv")]
    public async Task The_accept_header_chooses_between_file_and_json(string? accept, string expected)
    {
        using var response = await _suite.SendAsync(HttpMethod.Get, "/v1/exports/a?chunks=1&chunkBytes=1", change: request => request.Headers.TryAddWithoutValidation("Accept", accept));

        Assert.Equal(expected, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Accept", response.Headers.Vary.ToString());
    }

    [Fact]
    public async Task Another_form_is_a_406() =>
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Get, "/v1/exports/a", change: request => request.Headers.Add("Accept", "text/calendar")), HttpStatusCode.NotAcceptable, "NOT_ACCEPTABLE", null);

    [Fact]
    public async Task The_role_of_the_chosen_rpc_counts()
    {
        Assert.Equal(HttpStatusCode.OK, (await _suite.JsonAsync(HttpMethod.Get, "/v1/exports/a", role: "auditor")).Status);
        BadInputTests.AssertProblem(await _suite.JsonAsync(HttpMethod.Get, "/v1/exports/a", role: "auditor", change: request => request.Headers.Add("Accept", "application/xml")), HttpStatusCode.Forbidden, "ROLE_MISSING", null);
    }

    [Fact]
    public async Task A_failure_before_the_first_chunk_is_a_plain_problem()
    {
        using var response = await ExportAsync("/v1/exports/a?failWith=INVALID_AS_OF");

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_after_the_first_chunk_is_no_end_of_the_file(bool http2)
    {
        using var response = await ExportAsync("/v1/exports/a?chunks=3&chunkBytes=100000&failWith=UNAVAILABLE", http2);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_reader_who_does_not_read_holds_the_service_up_and_then_gets_everything()
    {
        const int chunks = 600;
        using var response = await ExportAsync($"/v1/exports/slow?chunks={chunks}&chunkBytes=262144");

        var written = await Eventually.StandsStillAsync(() => _suite.State.Calls.GetValueOrDefault("chunks of slow"));
        Assert.InRange(written, 1, chunks / 2);
        Assert.Equal(chunks * 262_144, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task A_reader_who_leaves_ends_the_call()
    {
        (await ExportAsync("/v1/exports/endless?chunks=1&chunkBytes=10")).Dispose();

        await ProbeState.Signal(_suite.State.Cancelled, "export").Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<HttpResponseMessage> ExportAsync(string path, bool http2 = false) => await _suite.SendAsync(HttpMethod.Get, path, change: request =>
    {
        request.Headers.Add("Accept", "application/xml");
        if (http2)
        {
            _suite.OverHttp2(request);
        }
    });
}
