using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;

namespace ExternalAction.Suite.Tests.Clients;

/// <summary>Calls rpcs over REST, by the path their contract names.</summary>
public sealed partial class RestApi(HttpClient http) : Api
{
    /// <inheritdoc/>
    protected override async Task<JsonObject> SendAsync(MethodDescriptor method, JsonObject request, CallOptions options)
    {
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        var left = (JsonObject)request.DeepClone();
        var path = Variable().Replace(rule.PatternCase switch { HttpRule.PatternOneofCase.Get => rule.Get, HttpRule.PatternOneofCase.Delete => rule.Delete, _ => rule.Post }, match =>
        {
            var value = left[match.Groups["name"].Value]?.ToString() ?? "";
            left.Remove(match.Groups["name"].Value);
            return Uri.EscapeDataString(value);
        });
        using var message = new HttpRequestMessage(rule.PatternCase switch { HttpRule.PatternOneofCase.Get => HttpMethod.Get, HttpRule.PatternOneofCase.Delete => HttpMethod.Delete, _ => HttpMethod.Post }, path);
        if (message.Method != HttpMethod.Post)
        {
            var query = string.Join('&', left.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value!.ToString())}"));
            message.RequestUri = new Uri(query.Length > 0 ? $"{path}?{query}" : path, UriKind.Relative);
        }
        else
        {
            message.Content = new StringContent(left.ToJsonString(), Encoding.UTF8, "application/json");
        }
        if (options.Token is { } token)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (options.Key is { } key)
        {
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }
        if (options.MinPosition is { } position)
        {
            message.Headers.Add("ea-min-position", position.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        return await SendAsync(http, message);
    }

    /// <summary>Any request; a refusal must be a problem document that agrees with its status.</summary>
    public static async Task<JsonObject> SendAsync(HttpClient http, HttpRequestMessage message)
    {
        using var response = await http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        var json = JsonNode.Parse(text)!.AsObject();
        if (response.IsSuccessStatusCode)
        {
            return json;
        }
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)response.StatusCode, (int)json["status"]!);
        throw Refused(json);
    }

    /// <summary>What a problem document says.</summary>
    public static ApiException Refused(JsonObject json) => new((string)json["code"]!, ((int)json["status"]!).ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)json["detail"] ?? "", (string?)json["field"], (string?)json["article"]);

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Variable();
}
