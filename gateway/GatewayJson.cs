using System.Text.Json;
using System.Text.Json.Serialization;
using ExternalAction.Gateway.Development;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;

namespace ExternalAction.Gateway;

/// <summary>The gateway's own JSON: problems, development tokens, health, links.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(LineProblem))]
[JsonSerializable(typeof(DevToken))]
[JsonSerializable(typeof(DevDiscovery))]
[JsonSerializable(typeof(PublicJwks))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(SuiteHealthReply))]
[JsonSerializable(typeof(Links))]
internal sealed partial class GatewayJson : JsonSerializerContext;
