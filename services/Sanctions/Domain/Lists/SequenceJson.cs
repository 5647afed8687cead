using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>A sequence as a JSON array; its items by their own rules in the context it stands in.</summary>
public sealed class SequenceJson : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sequence<>);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<Sequence<T>>
    {
        public override Sequence<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new([.. (T[])JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T[])))!]);

        public override void Write(Utf8JsonWriter writer, Sequence<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), options.GetTypeInfo(typeof(T[])));
    }
}
