using System.Text;
using System.Text.Json;

namespace ExternalAction.Journal;

/// <summary>
/// Rows as JSON Lines: one object a line, everything the hash covers and the hash itself. The payload is a JSON string,
/// not nested JSON: its bytes must survive the export, or the hash could not be checked. Times are microseconds since 1970.
/// </summary>
public static class RowExport
{
    /// <summary>One row as one line, without the line break.</summary>
    public static string Write(JournalRow row)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("position", row.Position);
            json.WriteString("stream", row.Stream);
            json.WriteNumber("version", row.Version);
            json.WriteString("type", row.Type);
            json.WriteString("payload", row.Payload.Span);
            json.WriteString("actor", row.Actor);
            json.WriteNumber("occurredAt", row.OccurredAt);
            json.WriteNumber("recordedAt", row.RecordedAt);
            json.WriteString("previousHash", row.PreviousHash?.ToString());
            json.WriteString("hash", row.Hash.ToString());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads a line that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not such a line.</exception>
    public static JournalRow Read(string line)
    {
        try
        {
            var json = JsonElement.Parse(line);
            return new JournalRow
            {
                Position = json.GetProperty("position").GetInt64(),
                Stream = Text(json, "stream"),
                Version = json.GetProperty("version").GetInt64(),
                Type = Text(json, "type"),
                Payload = Encoding.UTF8.GetBytes(Text(json, "payload")),
                Actor = Text(json, "actor"),
                OccurredAt = json.GetProperty("occurredAt").GetInt64(),
                RecordedAt = json.GetProperty("recordedAt").GetInt64(),
                PreviousHash = json.GetProperty("previousHash").ValueKind == JsonValueKind.Null ? null : Hash(json, "previousHash"),
                Hash = Hash(json, "hash"),
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"Not a line of a journal export: {malformed.Message}", malformed);
        }
    }

    private static string Text(JsonElement json, string name)
        => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null.");

    private static Digest Hash(JsonElement json, string name)
        => Digest.TryParse(json.GetProperty(name).GetString(), out var hash) ? hash : throw new FormatException($"'{name}' is not a hash.");
}
