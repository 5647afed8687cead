using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ExternalAction.Journal;

/// <summary>
/// What a journal records about itself, in its own stream <c>journal</c>: its birth, its signing keys and the integration
/// events it refused. The service's Evolve never sees these rows. As with all events, names and JSON are the storage format.
/// </summary>
internal abstract record SystemEvent
{
    /// <summary>The stream that holds these events; no service event may go there.</summary>
    public const string Stream = "journal";

    /// <summary>Genesis: the first row of every journal.</summary>
    internal sealed record Opened(Guid JournalId, string Service) : SystemEvent;

    /// <summary>A public key whose private half signs from now on. X and Y are base64url, as in a JWK.</summary>
    internal sealed record SigningKeyAdded(string Kid, KeyPurpose Purpose, string X, string Y) : SystemEvent;

    /// <summary>The key signs nothing any more; it stays published, or old receipts could not be verified.</summary>
    internal sealed record SigningKeyRetired(string Kid) : SystemEvent;

    /// <summary>The domain refused an integration event; the cursor moved on.</summary>
    internal sealed record IntegrationEventRejected(string Source, Guid SourceJournalId, long Position, int Index, string Type, string Reason) : SystemEvent;
}

/// <summary>Versioned names and JSON of the system events.</summary>
internal static class SystemEventCodec
{
    /// <summary>Every system event's name begins with this, and no service event's does.</summary>
    public const string NamePrefix = "journal.";

    public static (string Type, byte[] Payload) Encode(SystemEvent value) => value switch
    {
        SystemEvent.Opened e => ("journal.opened.v1", Write(e, SystemJson.Default.Opened)),
        SystemEvent.SigningKeyAdded e => ("journal.signing-key-added.v1", Write(e, SystemJson.Default.SigningKeyAdded)),
        SystemEvent.SigningKeyRetired e => ("journal.signing-key-retired.v1", Write(e, SystemJson.Default.SigningKeyRetired)),
        SystemEvent.IntegrationEventRejected e => ("journal.integration-event-rejected.v1", Write(e, SystemJson.Default.IntegrationEventRejected)),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "No name for this system event."),
    };

    public static SystemEvent Decode(string type, ReadOnlySpan<byte> payload) => type switch
    {
        "journal.opened.v1" => Read(payload, SystemJson.Default.Opened),
        "journal.signing-key-added.v1" => Read(payload, SystemJson.Default.SigningKeyAdded),
        "journal.signing-key-retired.v1" => Read(payload, SystemJson.Default.SigningKeyRetired),
        "journal.integration-event-rejected.v1" => Read(payload, SystemJson.Default.IntegrationEventRejected),
        _ => throw new InvalidDataException($"Unknown system event '{type}'; was the journal written by a newer version of the suite?"),
    };

    private static byte[] Write<T>(T value, JsonTypeInfo<T> json) => JsonSerializer.SerializeToUtf8Bytes(value, json);

    private static T Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> json)
        => JsonSerializer.Deserialize(payload, json) ?? throw new InvalidDataException("The payload of a system event is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SystemEvent.Opened))]
[JsonSerializable(typeof(SystemEvent.SigningKeyAdded))]
[JsonSerializable(typeof(SystemEvent.SigningKeyRetired))]
[JsonSerializable(typeof(SystemEvent.IntegrationEventRejected))]
internal sealed partial class SystemJson : JsonSerializerContext;
