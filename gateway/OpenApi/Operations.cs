using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ExternalAction.Gateway.Rest;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.Reflection;

namespace ExternalAction.Gateway.OpenApi;

/// <summary>
/// One operation of the document: parameters, body and replies follow from the rpc's HTTP rule and options, the words from its
/// comment; the error codes its comment names become replies with their status.
/// </summary>
internal sealed partial class Operations(ProtoComments comments, Schemas schemas)
{
    private const int LongestSummary = 100;

    private const int MaxQueryDepth = 3;

    /// <summary>The path as OpenAPI writes it; a variable of several segments becomes one parameter for each star.</summary>
    public static string PathOf(HttpBinding binding)
    {
        var names = ParametersOf(binding.Path).ToDictionary(parameter => parameter.Index, parameter => parameter.Name);
        var segments = binding.Path.Segments.Select((segment, i) => names.TryGetValue(i, out var name) ? $"{{{name}}}" : segment);
        return $"/{string.Join('/', segments)}{(binding.Path.Verb.Length > 0 ? $":{binding.Path.Verb}" : "")}";
    }

    /// <summary>An operation for the bindings that share method and path.</summary>
    public JsonObject Write(IReadOnlyList<HttpBinding> bindings, string operationId)
    {
        var binding = bindings[0];
        var rpc = binding.Rpc;
        var words = bindings.Select(b => comments.Of(b.Rpc.Descriptor)).Where(text => text.Length > 0).ToList();
        var summary = words.Count == 0 ? rpc.Descriptor.Name : SummaryOf(words[0]);
        var operation = new JsonObject
        {
            ["operationId"] = operationId,
            ["tags"] = new JsonArray(rpc.Descriptor.Service.Name),
            ["summary"] = summary,
            ["description"] = $"{string.Join("\n\n", words)}\n\nRoles: {RolesOf(rpc)}.".Trim(),
            ["x-roles"] = new JsonArray([.. rpc.Access.Roles.Select(role => (JsonNode)role)]),
        };
        if (rpc.Access.Anonymous)
        {
            operation["security"] = new JsonArray(); // none
        }

        if (Parameters(binding) is { Count: > 0 } parameters)
        {
            operation["parameters"] = parameters;
        }

        if (binding.HasBody)
        {
            operation["requestBody"] = Body(binding);
        }

        operation["responses"] = Replies(bindings);
        return operation;
    }

    private JsonArray Parameters(HttpBinding binding)
    {
        var rpc = binding.Rpc;
        var parameters = new JsonArray();
        foreach (var (index, name) in ParametersOf(binding.Path))
        {
            var field = binding.Variables.Single(v => v.Variable.Start <= index && index < v.Variable.Start + v.Variable.Length).Fields[^1];
            parameters.Add(Parameter("path", name, new JsonObject { ["type"] = "string" }, comments.Of(field)));
        }

        // The query: what neither path nor body fills. JSON that is the whole request leaves nothing for it, a body of another type and lines do.
        var isFile = binding.RawField is not null;
        if (!binding.WholeBody || isFile || rpc.Kind == RpcKind.Lines)
        {
            var only = rpc.Kind == RpcKind.Lines ? "For all lines."
                : isFile && binding.WholeBody && !rpc.RequestTypes.Contains(MediaTypes.Json) ? $"With a body of type {string.Join(" or ", rpc.RequestTypes)} only." : "";
            var taken = binding.PathFields.Append(isFile ? binding.RawField!.JsonName : binding.BodyField?.JsonName).OfType<string>().ToHashSet();
            foreach (var (name, field) in QueryOf(rpc.Descriptor.InputType, "", taken, 1))
            {
                parameters.Add(Parameter("query", name, schemas.Of(field), $"{comments.Of(field)} {only}".Trim()));
            }
        }

        var headers = new List<string>();
        if (binding.Method == "GET")
        {
            headers.Add("MinPosition");
        }
        else
        {
            headers.Add("IdempotencyKey");
        }

        if (rpc.Cacheable)
        {
            headers.Add("IfNoneMatch");
        }

        if (rpc.Kind == RpcKind.Events && binding.Method == "GET")
        {
            headers.Add("LastEventId");
        }

        foreach (var header in headers)
        {
            parameters.Add(Schemas.Ref("parameters", header));
        }

        return parameters;
    }

    private JsonObject Body(HttpBinding binding)
    {
        var rpc = binding.Rpc;
        JsonObject Schema() => binding.BodyField is { } field
            ? schemas.Of(field)
            : schemas.Body($"{Schemas.NameOf(rpc.Descriptor.InputType)}.Body", rpc.Descriptor.InputType, binding.PathFields);
        var content = new JsonObject();
        if (rpc.Kind != RpcKind.Lines && !rpc.RequestTypes.Contains(MediaTypes.Json))
        {
            content[MediaTypes.Json] = new JsonObject { ["schema"] = Schema() };
        }

        foreach (var type in rpc.RequestTypes)
        {
            content[type] = rpc.Kind == RpcKind.Lines ? new JsonObject { ["schema"] = Schema() } : Bytes(type);
        }

        var body = new JsonObject();
        if (rpc.Kind == RpcKind.Lines)
        {
            body["description"] = "One JSON object on each line, any number of lines.";
        }
        else if (rpc.Media is { MaxBodyBytes: > 0 and var most })
        {
            body["description"] = string.Create(CultureInfo.InvariantCulture, $"At most {most:N0} bytes.");
        }

        body["content"] = content;
        return body;
    }

    // Bytes as they are: OpenAPI 3.1 describes text as a string, JSON of any shape as an empty schema, and all else by its media type alone.
    private static JsonObject Bytes(string type) => type switch
    {
        MediaTypes.Json => new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } },
        _ when type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("xml", StringComparison.Ordinal) || type.EndsWith("ndjson", StringComparison.Ordinal) => new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } },
        _ => [],
    };

    private JsonObject Replies(IReadOnlyList<HttpBinding> bindings)
    {
        var content = new JsonObject();
        foreach (var binding in bindings)
        {
            foreach (var type in MediaTypes.ProducedBy(binding))
            {
                content[type] = binding.Rpc.RepliesWithBytes ? Bytes(type) : new JsonObject { ["schema"] = ReplySchema(binding, type) };
            }
        }

        var rpc = bindings[0].Rpc;
        var headers = new JsonObject { ["ea-position"] = Schemas.Ref("headers", "Position"), ["x-correlation-id"] = Schemas.Ref("headers", "CorrelationId") };
        if (rpc.Cacheable)
        {
            headers["ETag"] = Schemas.Ref("headers", "ETag");
        }

        var replies = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal)
        {
            ["200"] = new JsonObject { ["description"] = rpc.Kind switch { RpcKind.Unary => "Done.", RpcKind.File => "The file.", _ => "The stream." }, ["headers"] = headers, ["content"] = content },
            ["default"] = Schemas.Ref("responses", "Problem"),
        };
        if (rpc.Cacheable)
        {
            replies["304"] = new JsonObject { ["description"] = "What If-None-Match names is still right." };
        }

        foreach (var status in ErrorsOf(bindings).GroupBy(code => code.HttpStatus))
        {
            replies[status.Key.ToString(CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["description"] = string.Join('\n', status.OrderBy(code => code.Code, StringComparer.Ordinal).Select(code => $"- `{code.Code}`: {code.Title}")),
                ["content"] = new JsonObject { [Problem.MediaType] = new JsonObject { ["schema"] = Schemas.Ref("schemas", "Problem") } },
            };
        }

        return new JsonObject(replies.Select(reply => KeyValuePair.Create<string, JsonNode?>(reply.Key, reply.Value)));
    }

    private JsonObject ReplySchema(HttpBinding binding, string type) => binding switch
    {
        { Rpc.Streams: true } when type == MediaTypes.EventStream => new JsonObject { ["type"] = "string", ["description"] = $"Events whose data is a {Schemas.NameOf(binding.Rpc.Descriptor.OutputType)} and whose id is its position; comments are heartbeats." },
        { Rpc.Kind: RpcKind.Lines } => new JsonObject { ["anyOf"] = new JsonArray(schemas.Of(binding.Rpc.Descriptor.OutputType), Schemas.Ref("schemas", "LineProblem")), ["description"] = "The schema of each line." },
        { ReplyField: { } field } => schemas.Of(field),
        _ => schemas.Of(binding.Rpc.Descriptor.OutputType),
    };

    // The codes an rpc's comment names, and those that any request of its kind may meet.
    private IEnumerable<ErrorCode> ErrorsOf(IReadOnlyList<HttpBinding> bindings)
    {
        var rpc = bindings[0].Rpc;
        var package = rpc.Descriptor.File.Package.Split('.');
        var own = CodeWord().Matches(string.Join(' ', bindings.Select(b => comments.Of(b.Rpc.Descriptor)))).Select(word => ErrorCatalog.Find($"{package[1]}.{package[0]}", word.Value) ?? Platform(word.Value)).OfType<ErrorCode>();
        var common = new List<string> { "INVALID_FIELD", "UNKNOWN_FIELD", "NOT_ACCEPTABLE", "RATE_LIMITED", "UNSPECIFIED", "UNAVAILABLE" };
        common.AddRange(rpc.Access.Anonymous ? [] : ["UNAUTHENTICATED"]);
        common.AddRange(rpc.Access.Roles.Length > 0 ? ["ROLE_MISSING"] : []);
        common.AddRange(bindings[0].HasBody ? ["MALFORMED_BODY", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"] : []);
        common.AddRange(bindings[0].Method == "GET" ? ["POSITION_NOT_REACHED"] : ["IDEMPOTENCY_KEY_REUSED", "IDEMPOTENCY_KEY_INVALID", "OVERLOADED"]);
        common.AddRange(rpc.Streams ? [] : ["DEADLINE_EXCEEDED"]);
        return own.Concat(common.Select(Platform).OfType<ErrorCode>()).Distinct();
    }

    private static ErrorCode? Platform(string code) => ErrorCatalog.Find("platform.externalaction", code);

    private static IEnumerable<(int Index, string Name)> ParametersOf(PathTemplate path) =>
        from variable in path.Variables
        let stars = Enumerable.Range(variable.Start, variable.Length).Where(i => path.Segments[i] is PathTemplate.One or PathTemplate.Rest).ToList()
        from star in stars.Select((index, n) => (index, n))
        select (star.index, stars.Count == 1 ? variable.Field : string.Create(CultureInfo.InvariantCulture, $"{variable.Field}_{star.n + 1}"));

    private static IEnumerable<(string Name, FieldDescriptor Field)> QueryOf(MessageDescriptor message, string within, IReadOnlySet<string> taken, int depth)
    {
        foreach (var field in message.Fields.InDeclarationOrder().Where(field => !field.IsMap && !taken.Contains(within + field.JsonName)))
        {
            if (field.FieldType != FieldType.Message || Scalars.IsWrapper(field) || Scalars.IsText(field.MessageType))
            {
                yield return (within + field.JsonName, field);
            }
            else if (!field.IsRepeated && depth < MaxQueryDepth && !field.MessageType.File.Package.StartsWith("google.", StringComparison.Ordinal))
            {
                foreach (var inner in QueryOf(field.MessageType, $"{within}{field.JsonName}.", taken, depth + 1))
                {
                    yield return inner;
                }
            }
        }
    }

    private static JsonObject Parameter(string place, string name, JsonObject schema, string words)
    {
        schema.Remove("description"); // said once, beside the name
        var parameter = new JsonObject { ["name"] = name, ["in"] = place };
        if (place == "path")
        {
            parameter["required"] = true;
        }

        if (words.Length > 0)
        {
            parameter["description"] = words;
        }

        parameter["schema"] = schema;
        return parameter;
    }

    private static string RolesOf(Rpc rpc) => rpc.Access switch
    {
        { Anonymous: true } => "none, no token is needed",
        { AnyRole: true } => "every one",
        var access => string.Join(", ", access.Roles),
    };

    /// <summary>The first sentence as a heading: no mark-up, and a long one ends where its explanation begins.</summary>
    private static string SummaryOf(string words)
    {
        var sentence = (FirstSentence().Match(words) is { Success: true } match ? match.Value : words).TrimEnd('.').Replace("`", "", StringComparison.Ordinal);
        var explained = sentence.IndexOf(": ", StringComparison.Ordinal);
        return sentence.Length > LongestSummary && explained > 0 ? sentence[..explained] : sentence;
    }

    [GeneratedRegex(@"^.+?\.(?=\s|$)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FirstSentence();

    [GeneratedRegex(@"\b[A-Z]+(_[A-Z]+)+\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CodeWord();
}
