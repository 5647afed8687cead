using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExternalAction.Gateway.Edge;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.Reflection;

namespace ExternalAction.Gateway.OpenApi;

/// <summary>
/// The REST API as an OpenAPI 3.1 document, written from the same descriptors by which the transcoder works and with the
/// comments of the proto files, so that it cannot say anything else than the contract.
/// </summary>
public static class OpenApiDocument
{
    private static readonly JsonSerializerOptions _readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document for these services.</summary>
    /// <returns>Indented JSON that ends with a line feed; the same for the same contracts.</returns>
    public static string Write(params IReadOnlyList<GatewayService> services)
    {
        var bindings = Rpc.Of(services).SelectMany(HttpBinding.Of).ToList();
        var comments = ProtoComments.OfContracts();
        var schemas = new Schemas(comments, OnlyInReplies(bindings));
        var operations = new Operations(comments, schemas);

        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var ids = new HashSet<string>();
        foreach (var shared in bindings.GroupBy(binding => (Path: Operations.PathOf(binding), binding.Method)))
        {
            // JSON first: it gives the operation its name and its words.
            var ordered = shared.OrderBy(MediaTypes.Preference).ToList();
            paths.TryAdd(shared.Key.Path, []);
            paths[shared.Key.Path][shared.Key.Method.ToLowerInvariant()] = operations.Write(ordered, Unique(ids, $"{ordered[0].Rpc.Descriptor.Service.Name}_{ordered[0].Rpc.Descriptor.Name}"));
        }

        AddOwnPaths(paths);
        AddProblem(schemas, bindings.Exists(binding => binding.Rpc.Kind == RpcKind.Lines));
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "External Action",
                ["version"] = "1",
                ["description"] = "EU external action: Council decisions and votes, and what follows from them. JSON is proto3 JSON: 64-bit numbers are strings, default values are printed, a field that the contract does not know is refused. Refusals are problem documents (RFC 9457) with a stable code.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["apiKey"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. bindings.Select(binding => binding.Rpc.Descriptor.Service).Distinct().Select(service => (JsonNode)new JsonObject { ["name"] = service.Name, ["description"] = comments.Of(service) is { Length: > 0 } words ? words : comments.Of(service.File) }), new JsonObject { ["name"] = "Gateway", ["description"] = "What belongs to no single service." }]),
            ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create<string, JsonNode?>(path.Key, path.Value))),
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.ToJson(),
                ["parameters"] = Parameters(),
                ["headers"] = Headers(),
                ["responses"] = new JsonObject { ["Problem"] = ProblemReply("Refused, or not to be had just now: see the code.") },
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT", ["description"] = "A token of the configured OpenID Connect authority; in Development one of POST /dev/tokens." },
                    ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = ApiKeys.Header, ["description"] = "The same token, for clients that know API keys only. Authorization: ApiKey and the token is read too." },
                },
            },
        };
        return document.ToJsonString(_readable) + "\n";
    }

    private static string Unique(HashSet<string> ids, string id)
    {
        var unique = id;
        for (var n = 2; !ids.Add(unique); n++)
        {
            unique = $"{id}_{n}"; // an additional binding
        }

        return unique;
    }

    private static void AddOwnPaths(SortedDictionary<string, JsonObject> paths)
    {
        JsonObject Get(string id, string summary, string mediaType, params string[] otherStatus) => new()
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = id,
                ["tags"] = new JsonArray("Gateway"),
                ["summary"] = summary,
                ["security"] = new JsonArray(),
                ["responses"] = new JsonObject(otherStatus.Prepend("200").Select(status => KeyValuePair.Create<string, JsonNode?>(status, new JsonObject { ["description"] = status == "200" ? "Here it is." : "Something is unhealthy; the body says what.", ["content"] = new JsonObject { [mediaType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } }))),
            },
        };
        paths["/.well-known/jwks.json"] = Get("Gateway_GetPublicKeys", "The public keys that sign receipts and journal heads, retired ones included (RFC 7517)", "application/jwk-set+json");
        paths["/health"] = Get("Gateway_GetHealth", "The health of the gateway and of every service", MediaTypes.Json, "503");
    }

    private static void AddProblem(Schemas schemas, bool withLines)
    {
        JsonObject Text(string words) => new() { ["type"] = "string", ["description"] = words };
        schemas.Add("ErrorCode", new JsonObject
        {
            ["type"] = "string",
            ["description"] = "A stable code. New ones may come; the old ones keep their meaning.\n\n" + string.Join('\n', ErrorCatalog.All.DistinctBy(code => code.Code).Select(code => $"- `{code.Code}` ({code.HttpStatus}): {code.Title}")),
            ["examples"] = new JsonArray("INVALID_FIELD"),
        });
        schemas.Add("Problem", new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Why a request was refused (RFC 9457).",
            ["properties"] = new JsonObject
            {
                ["type"] = Text("Where the code is described, relative to the gateway."),
                ["title"] = Text("Short, the same for every occurrence."),
                ["status"] = new JsonObject { ["type"] = "integer", ["format"] = "int32", ["description"] = "The HTTP status." },
                ["detail"] = Text("What is at fault this time."),
                ["code"] = Schemas.Ref("schemas", "ErrorCode"),
                ["field"] = Text("The field at fault: notParticipating[0].memberState."),
                ["errors"] = new JsonObject { ["type"] = "array", ["description"] = "All fields at fault.", ["items"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["field"] = Text("Path of the field."), ["detail"] = Text("What is wrong with it.") }, ["required"] = new JsonArray("field", "detail") } },
                ["article"] = Text("The rule that was applied."),
                ["traceId"] = Text("To be quoted in a report."),
            },
            ["required"] = new JsonArray("type", "title", "status", "detail", "code"),
        });
        if (withLines)
        {
            schemas.Add("LineProblem", new JsonObject
            {
                ["type"] = "object",
                ["description"] = "In place of a reply: a line of the request that is no message, or, without a line, why the stream ended early; then it is the last.",
                ["properties"] = new JsonObject
                {
                    ["line"] = new JsonObject { ["type"] = "integer", ["format"] = "int64", ["description"] = "The number of the line in the request, from 1." },
                    ["error"] = Schemas.Ref("schemas", "Problem"),
                },
                ["required"] = new JsonArray("error"),
            });
        }
    }

    private static JsonObject Parameters()
    {
        JsonObject Header(string name, string words, string pattern) => new() { ["name"] = name, ["in"] = "header", ["description"] = words, ["schema"] = new JsonObject { ["type"] = "string", ["pattern"] = pattern } };
        return new JsonObject
        {
            ["IdempotencyKey"] = Header("Idempotency-Key", "Makes a repetition safe: the same key with the same request is answered as the first time and changes nothing; with another request it is IDEMPOTENCY_KEY_REUSED.", "^[!-~]{1,128}$"),
            ["IfNoneMatch"] = Header("If-None-Match", "The ETag of a reply at hand: 304 when it is still right.", "^.*$"),
            ["LastEventId"] = Header("Last-Event-ID", "The id of the last event seen; the stream goes on after it. An EventSource sends it by itself.", "^[0-9]+$"),
            ["MinPosition"] = Header("ea-min-position", "The least journal position the reply must rest on; waited for up to 5 s.", "^[0-9]+$"),
        };
    }

    private static JsonObject Headers() => new()
    {
        ["CorrelationId"] = new JsonObject { ["description"] = "The request's id in all logs: the one sent with it, or a new one.", ["schema"] = new JsonObject { ["type"] = "string" } },
        ["ETag"] = new JsonObject { ["description"] = "Names this very reply, for If-None-Match.", ["schema"] = new JsonObject { ["type"] = "string" } },
        ["Position"] = new JsonObject { ["description"] = "The journal position the reply rests on.", ["schema"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+$" } },
    };

    private static JsonObject ProblemReply(string words) => new()
    {
        ["description"] = words,
        ["content"] = new JsonObject { [Problem.MediaType] = new JsonObject { ["schema"] = Schemas.Ref("schemas", "Problem") } },
    };

    private static HashSet<MessageDescriptor> OnlyInReplies(List<HttpBinding> bindings)
    {
        var inReplies = new HashSet<MessageDescriptor>();
        var inRequests = new HashSet<MessageDescriptor>();
        bindings.ForEach(binding => Reach(binding.Rpc.Descriptor.OutputType, inReplies));
        bindings.ForEach(binding => Reach(binding.Rpc.Descriptor.InputType, inRequests));
        inReplies.ExceptWith(inRequests);
        return inReplies;
    }

    private static void Reach(MessageDescriptor message, HashSet<MessageDescriptor> reached)
    {
        if (reached.Add(message))
        {
            foreach (var field in message.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
            {
                Reach(field.MessageType, reached);
            }
        }
    }
}
