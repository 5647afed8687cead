using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ExternalAction.Load;

/// <summary>Calls over REST, with a development token for each role.</summary>
internal sealed class SanctionsClient(HttpClient http)
{
    private readonly ConcurrentDictionary<string, string> _tokens = [];

    public async Task<string> SendAsync(string path, string role, byte[] body, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role));
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path}: {text}");
    }

    /// <summary>A listing is proposed, and a decision that lists it lies under silence.</summary>
    public async Task<(string Decision, string Name)> DecideAsync(int i)
    {
        var name = $"Zorblax{(char)('a' + (i % 26))}{(char)('a' + (i / 26))} Quentharion";
        var listing = await PostAsync("/v1/listings:propose", "high-representative", $$"""{"regime":"CYB","type":"PERSON","content":{"names":[{"wholeName":"{{name}}"}],"statementOfReasons":"Load."} }""");
        var decision = await PostAsync("/v1/decisions", "secretariat", $$"""{"title":"Load {{i}}","documentNumber":"ST {{i}}/26","legalBasis":"TEU-31-1","initiative":"HIGH_REPRESENTATIVE","procedure":"SILENCE","links":[{"kind":"SANCTIONS_LISTING","id":"{{listing["id"]}}"}]}""");
        var id = (string)decision["id"]!;
        await PostAsync($"/v1/decisions/{id}:open", "secretariat", $$"""{"deadline":"{{TimeProvider.System.GetUtcNow().AddSeconds(1):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}""");
        return (id, name);
    }

    /// <summary>The decision is published once it is adopted; milliseconds from the request to publish until a screening finds the name.</summary>
    public async Task<double> PublishAndFindAsync(int i, string id, string name)
    {
        while ((string?)(await GetAsync($"/v1/decisions/{id}", "secretariat"))["state"] != "ADOPTED")
        {
            await Task.Delay(200);
        }
        var today = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        await PostAsync($"/v1/decisions/{id}:publish", "secretariat", $$"""{"actNumber":"(CFSP) 2026/{{50_000 + i}}","publicationDate":"{{today}}","effectDate":"{{today}}"}""");
        while ((await PostAsync("/v1/screenings:match", "integrator", $$"""{"subjects":[{"names":["{{name}}"],"type":"PERSON"}],"limit":100}"""))["results"]![0]!["hits"]!.AsArray().All(hit => (string?)hit!["caption"] != name))
        {
        }
        return clock.Elapsed.TotalMilliseconds;
    }

    public async Task<JsonNode> PostAsync(string path, string role, string json) => JsonNode.Parse(await SendAsync(path, role, Encoding.UTF8.GetBytes(json), "application/json"))!;

    public async Task<JsonNode> GetAsync(string path, string role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role));
        using var response = await http.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private async Task<string> TokenAsync(string role)
    {
        if (!_tokens.TryGetValue(role, out var token))
        {
            using var response = await http.PostAsync("/dev/tokens", new StringContent($$"""{"role":"{{role}}","name":"Load"}""", Encoding.UTF8, "application/json"));
            _tokens[role] = token = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["token"]!;
        }
        return token;
    }
}
