using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExternalAction.Contracts.Events;

/// <summary>
/// The versioned names of the integration events and their JSON. The name is what travels and what a consumer is
/// written against; it never changes its meaning.
/// </summary>
public static class EventTypes
{
    private static readonly FrozenDictionary<Type, string> _names = new Dictionary<Type, string>
    {
        [typeof(DecisionOpened)] = "decisions.decision-opened.v1",
        [typeof(VoteRecorded)] = "decisions.vote-recorded.v1",
        [typeof(DecisionAdopted)] = "decisions.decision-adopted.v1",
        [typeof(DecisionNotAdopted)] = "decisions.decision-not-adopted.v1",
        [typeof(ActPublished)] = "decisions.act-published.v1",
        [typeof(ActChanged)] = "decisions.act-changed.v1",
        [typeof(FileChanged)] = "decisions.file-changed.v1",
        [typeof(ListingChanged)] = "sanctions.listing-changed.v1",
        [typeof(ListImported)] = "sanctions.list-imported.v1",
        [typeof(RegimeExpiryApproached)] = "sanctions.regime-expiry-approached.v1",
        [typeof(RegimeChanged)] = "sanctions.regime-changed.v1",
        [typeof(SubjectMatched)] = "sanctions.subject-matched.v1",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Type> _types = _names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The travelling name of an event record.</summary>
    /// <exception cref="ArgumentException">The type is not an integration event.</exception>
    public static string NameOf(Type type) =>
        _names.TryGetValue(type, out var name) ? name : throw new ArgumentException($"{type} is not an integration event; add it to EventTypes.", nameof(type));

    /// <summary>The event record of a travelling name; null when it is not known here (a newer source).</summary>
    public static Type? TypeOf(string name) => _types.GetValueOrDefault(name);

    /// <summary>The event as JSON, lowerCamelCase.</summary>
    public static string Serialize(object integrationEvent) => JsonSerializer.Serialize(integrationEvent, integrationEvent.GetType(), EventJson.Default);

    /// <summary>The event in an envelope; null when its type is not known here (a newer source).</summary>
    /// <exception cref="JsonException">The payload is not the JSON of that type.</exception>
    public static object? Deserialize(IntegrationEvent envelope) =>
        _types.TryGetValue(envelope.Type, out var type) ? JsonSerializer.Deserialize(envelope.Payload, type, EventJson.Default) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DecisionOpened))]
[JsonSerializable(typeof(VoteRecorded))]
[JsonSerializable(typeof(DecisionAdopted))]
[JsonSerializable(typeof(DecisionNotAdopted))]
[JsonSerializable(typeof(ActPublished))]
[JsonSerializable(typeof(ActChanged))]
[JsonSerializable(typeof(FileChanged))]
[JsonSerializable(typeof(ListingChanged))]
[JsonSerializable(typeof(ListImported))]
[JsonSerializable(typeof(RegimeExpiryApproached))]
[JsonSerializable(typeof(RegimeChanged))]
[JsonSerializable(typeof(SubjectMatched))]
internal sealed partial class EventJson : JsonSerializerContext;
