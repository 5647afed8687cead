using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ExternalAction.Contracts.Events;

namespace ExternalAction.Journal.Relay;

/// <summary>
/// What stands around a message on the wire: of MassTransit's JSON envelope the members that its consumers need. Written
/// here by generated code, since a relay writes one for every event.
/// </summary>
/// <param name="MessageId">The message's id.</param>
/// <param name="MessageType">The names of its type.</param>
/// <param name="Message">The message.</param>
internal sealed record BusMessage<T>(Guid MessageId, IReadOnlyList<string> MessageType, T Message);

/// <summary>Writes messages.</summary>
internal static class BusMessage
{
    /// <summary>MassTransit's media type for its envelope.</summary>
    public const string ContentType = "application/vnd.masstransit+json";

    private static readonly string[] EventType = [UrnOf(nameof(IntegrationEvent))];
    private static readonly string[] EventsType = [UrnOf(nameof(IntegrationEvents))];
    private static readonly string[] MovedType = [UrnOf(nameof(JournalMoved))];

    public static byte[] Write(Guid id, IntegrationEvent envelope) => Write(new(id, EventType, envelope), BusJson.Default.BusMessageIntegrationEvent);

    public static byte[] Write(Guid id, IntegrationEvents envelopes) => Write(new(id, EventsType, envelopes), BusJson.Default.BusMessageIntegrationEvents);

    public static byte[] Write(Guid id, JournalMoved moved) => Write(new(id, MovedType, moved), BusJson.Default.BusMessageJournalMoved);

    private static byte[] Write<T>(BusMessage<T> message, JsonTypeInfo<BusMessage<T>> json) => JsonSerializer.SerializeToUtf8Bytes(message, json);

    private static string UrnOf(string type) => $"urn:message:{typeof(IntegrationEvent).Namespace}:{type}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(BusMessage<IntegrationEvent>))]
[JsonSerializable(typeof(BusMessage<IntegrationEvents>))]
[JsonSerializable(typeof(BusMessage<JournalMoved>))]
internal sealed partial class BusJson : JsonSerializerContext;
