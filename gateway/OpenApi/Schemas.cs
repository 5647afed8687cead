using System.Text.Json.Nodes;
using ExternalAction.Gateway.Rest;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Gateway.OpenApi;

/// <summary>
/// JSON schemas of messages and enums, as proto3 JSON writes them. A schema's name is its service's and its own
/// (<c>decisions.Tally</c>), so it stays what it is when another service brings a message of the same name.
/// </summary>
internal sealed class Schemas(ProtoComments comments, IReadOnlySet<MessageDescriptor> onlyInReplies)
{
    private readonly SortedDictionary<string, JsonObject> _all = new(StringComparer.Ordinal);

    /// <summary>All that was referred to, by name.</summary>
    public JsonObject ToJson() => new(_all.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value)));

    /// <summary>A reference to a schema written elsewhere.</summary>
    public static JsonObject Ref(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    /// <summary>Adds a schema that no message stands for.</summary>
    public void Add(string name, JsonObject schema) => _all[name] = schema;

    /// <summary>A message's schema.</summary>
    public JsonObject Of(MessageDescriptor message) => WellKnown(message) ?? Named(message, () => Object(message, new HashSet<string>()));

    /// <summary>The body of a request: the message without the fields that the path fills.</summary>
    public JsonObject Body(string name, MessageDescriptor message, IReadOnlySet<string> withoutFields)
    {
        var schema = Object(message, withoutFields);
        schema["additionalProperties"] = false;
        _all[name] = schema;
        return Ref("schemas", name);
    }

    /// <summary>A field's schema with its comment.</summary>
    public JsonObject Of(FieldDescriptor field)
    {
        var schema = field switch
        {
            { IsMap: true } => new JsonObject { ["type"] = "object", ["additionalProperties"] = Single(field.MessageType.FindFieldByNumber(2)) },
            { IsRepeated: true } => new JsonObject { ["type"] = "array", ["items"] = Single(field) },
            _ => Single(field),
        };
        var comment = comments.Of(field);
        if (field.RealContainingOneof is { } oneof)
        {
            comment = $"{comment} Only one of {string.Join(", ", oneof.Fields.Select(f => f.JsonName))} is given.".Trim();
        }

        if (comment.Length > 0)
        {
            schema["description"] = comment;
        }

        return schema;
    }

    /// <summary>The name of a message or enum among the schemas.</summary>
    public static string NameOf(IDescriptor descriptor)
    {
        var package = descriptor.File.Package;
        var service = package.Split('.') is [_, var middle, ..] ? middle : package;
        var name = descriptor.FullName[(package.Length + 1)..];
        return $"{service}.{(name.EndsWith(".Value", StringComparison.Ordinal) ? name[..^6] : name)}"; // Rule.Value is what people call Rule
    }

    private JsonObject Single(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => Of(field.MessageType),
        FieldType.Enum => Named(field.EnumType, () => Enum(field.EnumType)),
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Double or FieldType.Float => new JsonObject { ["type"] = "number" },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.UInt32 or FieldType.Fixed32 => new JsonObject { ["type"] = "integer", ["format"] = "int64", ["minimum"] = 0 },
        FieldType.UInt64 or FieldType.Fixed64 => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+$" },
        _ => new JsonObject { ["type"] = "string", ["pattern"] = "^-?[0-9]+$" }, // 64 bits do not fit into a JavaScript number
    };

    private JsonObject Named(IDescriptor descriptor, Func<JsonObject> write)
    {
        var name = NameOf(descriptor);
        if (_all.TryAdd(name, [])) // the name first: a message may contain itself
        {
            _all[name] = write();
        }

        return Ref("schemas", name);
    }

    private JsonObject Object(MessageDescriptor message, IReadOnlySet<string> withoutFields)
    {
        var fields = message.Fields.InDeclarationOrder().Where(field => !withoutFields.Contains(field.JsonName)).ToList();
        var schema = new JsonObject { ["type"] = "object" };
        if (comments.Of(message) is { Length: > 0 } comment)
        {
            schema["description"] = comment;
        }

        schema["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.JsonName, Of(field))));

        // Default values are printed, so a reply always has its plain fields.
        if (onlyInReplies.Contains(message) && fields.Where(field => !field.HasPresence).Select(field => (JsonNode)field.JsonName).ToArray() is { Length: > 0 } required)
        {
            schema["required"] = new JsonArray(required);
        }

        return schema;
    }

    private JsonObject Enum(EnumDescriptor type)
    {
        var owner = type.Name == "Value" && type.ContainingType is { } containing ? comments.Of(containing) : comments.Of(type);
        var lines = type.Values.Select(value => Scalars.IsUnspecified(value)
            ? $"- `{value.Name}`: not given; refused in requests."
            : comments.Of(value) is { Length: > 0 } comment ? $"- `{value.Name}`: {comment}" : $"- `{value.Name}`");
        return new JsonObject
        {
            ["type"] = "string",
            ["description"] = $"{owner}\n\n{string.Join('\n', lines)}".Trim(),
            ["enum"] = new JsonArray([.. type.Values.Select(value => (JsonNode)value.Name)]),
        };
    }

    private static JsonObject? WellKnown(MessageDescriptor message) => message.FullName switch
    {
        var name when name == Timestamp.Descriptor.FullName => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        var name when name == Duration.Descriptor.FullName => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?[0-9]+(\.[0-9]{1,9})?s$" },
        var name when name == FieldMask.Descriptor.FullName => new JsonObject { ["type"] = "string" },
        var name when name == Struct.Descriptor.FullName || name == Any.Descriptor.FullName => new JsonObject { ["type"] = "object" },
        var name when name == ListValue.Descriptor.FullName => new JsonObject { ["type"] = "array", ["items"] = new JsonObject() },
        var name when name == Value.Descriptor.FullName => [],
        var name when name == BoolValue.Descriptor.FullName => Nullable("boolean"),
        var name when name == Int32Value.Descriptor.FullName || name == UInt32Value.Descriptor.FullName => Nullable("integer"),
        var name when name == DoubleValue.Descriptor.FullName || name == FloatValue.Descriptor.FullName => Nullable("number"),
        var name when name == StringValue.Descriptor.FullName || name == BytesValue.Descriptor.FullName || name == Int64Value.Descriptor.FullName || name == UInt64Value.Descriptor.FullName => Nullable("string"),
        _ => null,
    };

    private static JsonObject Nullable(string type) => new() { ["type"] = new JsonArray(type, "null") };
}
