// The reply of /health: the whole and each check, as JSON, for people and probes. Descriptions are the checks' own words;
// exceptions stay in the log.
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExternalAction.ServiceDefaults;

/// <summary>The health of a process.</summary>
/// <param name="Status">Healthy, Degraded or Unhealthy: the worst of the checks.</param>
/// <param name="Checks">Each check.</param>
public sealed record HealthReply(string Status, IReadOnlyList<HealthCheckReply> Checks)
{
    /// <summary>Writes a report as JSON.</summary>
    internal static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var reply = new HealthReply(
            report.Status.ToString(),
            [.. report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new HealthCheckReply(
                entry.Key,
                entry.Value.Status.ToString(),
                entry.Value.Description,
                entry.Value.Data.Count == 0 ? null : entry.Value.Data.ToDictionary(fact => fact.Key, fact => fact.Value.ToString()),
                (long)entry.Value.Duration.TotalMilliseconds))]);
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, reply, HealthJson.Default.HealthReply, context.RequestAborted);
    }
}

/// <summary>The health of one part.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Description">What the check says.</param>
/// <param name="Data">Its figures.</param>
/// <param name="DurationMilliseconds">How long it took.</param>
public sealed record HealthCheckReply(string Name, string Status, string? Description, IReadOnlyDictionary<string, string?>? Data, long DurationMilliseconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReply))]
internal sealed partial class HealthJson : JsonSerializerContext;
