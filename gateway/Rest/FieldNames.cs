using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.Reflection;

namespace ExternalAction.Gateway.Rest;

/// <summary>Fields by the names proto3 JSON accepts: lowerCamelCase, and the name in the proto file.</summary>
internal static class FieldNames
{
    private static readonly ConcurrentDictionary<MessageDescriptor, FrozenDictionary<string, FieldDescriptor>> _known = new();

    public static bool TryGet(MessageDescriptor message, string name, [NotNullWhen(true)] out FieldDescriptor? field) =>
        _known.GetOrAdd(message, Read).TryGetValue(name, out field);

    private static FrozenDictionary<string, FieldDescriptor> Read(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder()
            .SelectMany(field => new[] { (Name: field.JsonName, Field: field), (Name: field.Name, Field: field) })
            .DistinctBy(pair => pair.Name)
            .ToFrozenDictionary(pair => pair.Name, pair => pair.Field);
}
