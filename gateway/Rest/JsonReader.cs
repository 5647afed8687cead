using System.Collections;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Reads proto3 JSON into a message, strictly: a field that the contract does not know, a field given twice, two fields of
/// one oneof, an enum's UNSPECIFIED, NUL and ill-formed UTF-16 are refused, each with the path of the field at fault. The
/// library's own parser does the well-known types only; it cannot say where a fault stands and forgives some of these.
/// </summary>
internal static class JsonReader
{
    /// <summary>Fills a message from an object.</summary>
    /// <param name="message">The message.</param>
    /// <param name="json">The object.</param>
    /// <param name="path">Where it stands; null for the request itself.</param>
    /// <param name="taken">Paths that something else fills and that may not be named here.</param>
    /// <exception cref="RpcException">UNKNOWN_FIELD, INVALID_FIELD, MALFORMED_BODY.</exception>
    public static void Read(IMessage message, JsonElement json, FieldPath? path, IReadOnlySet<string> taken)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw path is null ? Refuse.MalformedBody("The body must be a JSON object.") : Scalars.Expected(path, "an object");
        }

        var seen = new HashSet<int>();
        var oneofs = new HashSet<OneofDescriptor>();
        foreach (var property in json.EnumerateObject())
        {
            var name = NameOf(property);
            var at = FieldPath.In(path, name);
            if (!FieldNames.TryGet(message.Descriptor, name, out var field))
            {
                throw Refuse.UnknownField(at);
            }

            at = FieldPath.In(path, field.JsonName);
            if (taken.Count > 0 && taken.Contains(at.ToString()))
            {
                throw Refuse.FromPath(at);
            }

            if (!seen.Add(field.FieldNumber))
            {
                throw Refuse.InvalidField(at, $"The field {at} is given twice.");
            }

            if (property.Value.ValueKind == JsonValueKind.Null && !IsJsonValue(field))
            {
                continue; // null is "not given"
            }

            if (field.RealContainingOneof is { } oneof && !oneofs.Add(oneof))
            {
                throw Refuse.InvalidField(at, $"Only one of {string.Join(", ", oneof.Fields.Select(f => f.JsonName))} may be given.");
            }

            ReadField(message, field, property.Value, at, taken);
        }
    }

    /// <summary>Fills one field, whatever its kind.</summary>
    public static void ReadField(IMessage message, FieldDescriptor field, JsonElement json, FieldPath path, IReadOnlySet<string> taken)
    {
        if (field.IsMap)
        {
            ReadMap((IDictionary)field.Accessor.GetValue(message), field, json, path, taken);
        }
        else if (field.IsRepeated)
        {
            ReadList((IList)field.Accessor.GetValue(message), field, json, path, taken);
        }
        else
        {
            // A message that the path has begun to fill is filled further, not replaced.
            var begun = taken.Count > 0 && field.FieldType == FieldType.Message && !Scalars.IsWrapper(field) ? (IMessage?)field.Accessor.GetValue(message) : null;
            field.Accessor.SetValue(message, ReadValue(field, json, path, taken, begun));
        }
    }

    private static void ReadList(IList list, FieldDescriptor field, JsonElement json, FieldPath path, IReadOnlySet<string> taken)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Scalars.Expected(path, "a list");
        }

        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            list.Add(ReadValue(field, item, path.Item(index++), taken, null));
        }
    }

    private static void ReadMap(IDictionary map, FieldDescriptor field, JsonElement json, FieldPath path, IReadOnlySet<string> taken)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Scalars.Expected(path, "an object");
        }

        var keyField = field.MessageType.FindFieldByNumber(1);
        var valueField = field.MessageType.FindFieldByNumber(2);
        foreach (var property in json.EnumerateObject())
        {
            var name = NameOf(property);
            var at = FieldPath.In(path, name);
            var key = Scalars.FromText(keyField, name, at);
            if (map.Contains(key))
            {
                throw Refuse.InvalidField(at, $"The key {at} is given twice.");
            }

            map.Add(key, ReadValue(valueField, property.Value, at, taken, null));
        }
    }

    private static object ReadValue(FieldDescriptor field, JsonElement json, FieldPath path, IReadOnlySet<string> taken, IMessage? begun)
    {
        if (field.FieldType == FieldType.Message && !Scalars.IsWrapper(field))
        {
            return ReadMessage(field.MessageType, json, path, taken, begun);
        }

        var type = Scalars.IsWrapper(field) ? field.MessageType.FindFieldByNumber(1).FieldType : field.FieldType;
        return (type, json.ValueKind) switch
        {
            (FieldType.Bool, JsonValueKind.True) => true,
            (FieldType.Bool, JsonValueKind.False) => false,
            (FieldType.Bool, _) => throw Scalars.Expected(path, "true or false"),
            (FieldType.Enum, JsonValueKind.Number) => Scalars.EnumNumber(field.EnumType, json.TryGetInt32(out var number) ? number : -1, path),
            (FieldType.String or FieldType.Bytes, not JsonValueKind.String) => throw Scalars.Expected(path, "a string"),
            (not (FieldType.String or FieldType.Bytes or FieldType.Enum), JsonValueKind.Number) => Scalars.FromText(field, json.GetRawText(), path),
            (_, JsonValueKind.String) => Scalars.FromText(field, TextOf(json, path), path),
            (FieldType.Enum, _) => throw Scalars.Expected(path, "the name of an enum value"),
            _ => throw Scalars.Expected(path, "a number"),
        };
    }

    private static IMessage ReadMessage(MessageDescriptor type, JsonElement json, FieldPath path, IReadOnlySet<string> taken, IMessage? begun)
    {
        if (Scalars.IsText(type))
        {
            return json.ValueKind == JsonValueKind.String
                ? Scalars.WellKnown(type, $"\"{JsonEncodedText.Encode(TextOf(json, path))}\"", path)
                : throw Scalars.Expected(path, "a string");
        }

        if (type.FullName == Struct.Descriptor.FullName || type.FullName == Value.Descriptor.FullName || type.FullName == ListValue.Descriptor.FullName || type.FullName == Any.Descriptor.FullName)
        {
            RefuseBadText(json, path);
            return Scalars.WellKnown(type, json.GetRawText(), path);
        }

        var message = begun ?? type.Parser.ParseFrom(ByteString.Empty);
        Read(message, json, path, taken);
        return message;
    }

    private static bool IsJsonValue(FieldDescriptor field) => field.FieldType == FieldType.Message && field.MessageType.FullName == Value.Descriptor.FullName;

    // Free-form JSON goes to the library's parser as text; what it would let through is refused first.
    private static void RefuseBadText(JsonElement json, FieldPath path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                if (TextOf(json, path).Contains('\0', StringComparison.Ordinal))
                {
                    throw Refuse.InvalidField(path, "The character NUL is not allowed.");
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in json.EnumerateArray())
                {
                    RefuseBadText(item, path.Item(index++));
                }

                break;
            case JsonValueKind.Object:
                var seen = new HashSet<string>();
                foreach (var property in json.EnumerateObject())
                {
                    var at = FieldPath.In(path, NameOf(property));
                    if (!seen.Add(property.Name))
                    {
                        throw Refuse.InvalidField(at, $"The field {at} is given twice.");
                    }

                    RefuseBadText(property.Value, at);
                }

                break;
        }
    }

    private static string TextOf(JsonElement json, FieldPath path)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException) // bytes that are not UTF-8, or half of a surrogate pair
        {
            throw Refuse.InvalidField(path, $"The text of {path} is not well-formed Unicode.");
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            var name = property.Name;
            return name.Contains('\0', StringComparison.Ordinal) ? throw Refuse.MalformedBody("A name in the body has the character NUL.") : name;
        }
        catch (InvalidOperationException)
        {
            throw Refuse.MalformedBody("A name in the body is not well-formed Unicode.");
        }
    }
}
