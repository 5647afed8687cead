using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// How an entry is stored: compact JSON in which whatever is empty, false or unknown is left out. It stands on
/// <see cref="Entry"/> itself, so an entry inside any event or reply is stored alike, whatever the context around it.
/// </summary>
public sealed class EntryJson : JsonConverter<Entry>
{
    /// <inheritdoc/>
    public override Entry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => EntryJsonReader.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Entry value, JsonSerializerOptions options)
        => EntryJsonWriter.Write(writer, value);
}
