using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExternalAction.Gateway.OpenApi;
using ExternalAction.Gateway.Tests.Backend;

namespace ExternalAction.Gateway.Tests;

[Collection(Shared.Name)]
public sealed class OpenApiTests(SharedSuite shared)
{
    private static readonly Lazy<JsonElement> _suiteDocument = new(() => JsonDocument.Parse(OpenApiDocument.Write(GatewayService.Suite())).RootElement);
    private readonly Suite _suite = shared.Suite;

    [Fact]
    public async Task The_committed_document_is_what_the_contract_says()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "docs", "openapi.v1.json"));

        Assert.True(committed == OpenApiDocument.Write(GatewayService.Suite()), "The API has changed. If that is meant: dotnet run --project gateway -- openapi $PWD/docs/openapi.v1.json");
    }

    [Fact]
    public async Task The_served_document_is_the_one_of_the_services_registered()
    {
        var (status, json) = await _suite.JsonAsync(HttpMethod.Get, "/openapi/v1.json", role: null);

        Assert.Equal((HttpStatusCode.OK, "3.1.0"), (status, json.GetProperty("openapi").GetString()));
        Assert.True(json.GetProperty("paths").TryGetProperty("/v1/things/{id}:rename", out _));
        Assert.True(json.GetProperty("paths").TryGetProperty("/v1/shelves/{thing.name_1}/things/{thing.name_2}", out _));
    }

    [Fact]
    public void Comments_of_the_protos_reach_operations_fields_and_enum_values()
    {
        var document = _suiteDocument.Value;

        Assert.StartsWith("Records a member's position, or changes it while the vote is open", Operation("post", "/v1/decisions/{id}/votes").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal("The caller's member state; with `onBehalfOf`, still the caller's.", Schema("decisions.RecordVoteRequest.Body").GetProperty("properties").GetProperty("memberState").GetProperty("description").GetString());
        Assert.Contains("- `CONSTRUCTIVE_ABSTENTION`: Abstention with a formal declaration", Schema("decisions.Position").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Council decisions from the first draft to repeal", document.GetProperty("tags")[0].GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_the_path_fills_are_not_in_the_body() =>
        Assert.False(Schema("decisions.RecordVoteRequest.Body").GetProperty("properties").TryGetProperty("id", out _));

    [Fact]
    public void Operations_name_roles_errors_and_headers()
    {
        var vote = Operation("post", "/v1/decisions/{id}/votes");

        Assert.Equal(["delegation"], vote.GetProperty("x-roles").EnumerateArray().Select(role => role.GetString()!));
        Assert.EndsWith("Roles: delegation.", vote.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains("`VOTE_CLOSED`", vote.GetProperty("responses").GetProperty("409").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains("`BODY_TOO_LARGE`", vote.GetProperty("responses").GetProperty("413").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains(vote.GetProperty("parameters").EnumerateArray(), parameter => parameter.TryGetProperty("$ref", out var to) && to.GetString() == "#/components/parameters/IdempotencyKey");
        Assert.Empty(Operation("get", "/v1/journals/decisions:head").GetProperty("security").EnumerateArray());
    }

    [Fact]
    public void Media_types_are_listed_for_both_directions()
    {
        Assert.Equal(["application/json", "text/calendar"], Names(Operation("get", "/v1/decisions:calendar").GetProperty("responses").GetProperty("200").GetProperty("content")));
        Assert.Equal(["application/json", "text/csv"], Names(Operation("post", "/v1/populations:import").GetProperty("requestBody").GetProperty("content")));
        Assert.Equal(["text/event-stream", "application/x-ndjson"], Names(Operation("get", "/v1/decisions/{id}:watch").GetProperty("responses").GetProperty("200").GetProperty("content")));
    }

    [Fact]
    public void Operation_ids_are_unique_and_every_reference_leads_somewhere()
    {
        var document = _suiteDocument.Value;
        var ids = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());

        foreach (Match reference in Regex.Matches(document.GetRawText(), "\"\\$ref\": \"#/components/(?<kind>[^/]+)/(?<name>[^\"]+)\"", RegexOptions.None, TimeSpan.FromMinutes(1)))
        {
            Assert.True(document.GetProperty("components").GetProperty(reference.Groups["kind"].Value).TryGetProperty(reference.Groups["name"].Value, out _), reference.Value);
        }
    }

    [Fact]
    public async Task The_page_comes_with_its_own_scripts_and_needs_no_inline_ones()
    {
        using var page = await _suite.SendAsync(HttpMethod.Get, "/docs/index.html", role: null);
        var html = await page.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", Regex.Replace(html, "<!--.*?-->", "", RegexOptions.Singleline, TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<script[^>]*>\s*[^<\s]", html);
        foreach (Match script in Regex.Matches(html, "(src|href)=\"(?<file>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)))
        {
            using var asset = await _suite.SendAsync(HttpMethod.Get, $"/docs/{script.Groups["file"].Value.TrimStart('.', '/')}", role: null);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        }

        using var redirect = await _suite.SendAsync(HttpMethod.Get, "/docs", role: null);
        Assert.Equal(HttpStatusCode.MovedPermanently, redirect.StatusCode);
    }

    private static JsonElement Operation(string method, string path) => _suiteDocument.Value.GetProperty("paths").GetProperty(path).GetProperty(method);

    private static JsonElement Schema(string name) => _suiteDocument.Value.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ExternalAction.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
