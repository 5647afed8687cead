using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace ExternalAction.Journal;

/// <summary>
/// The storage format of a service's events: versioned type name ↔ JSON. The names and the JSON *are* the format;
/// an event type that must change gets a new name (<c>….v2</c>) and the old one stays readable through
/// <see cref="AddOld{TOld}"/>. Fill it once at start; afterwards it is read from many threads.
/// </summary>
public sealed partial class EventCodec<TEvent>
    where TEvent : class
{
    private delegate TEvent Decoder(ReadOnlySpan<byte> payload);

    private readonly Dictionary<Type, (string Name, Func<TEvent, byte[]> Encode)> _encoders = [];
    private readonly Dictionary<string, Decoder> _decoders = [];

    /// <summary>The names this codec reads.</summary>
    public IReadOnlyCollection<string> TypeNames => _decoders.Keys;

    /// <summary>Adds an event type.</summary>
    /// <param name="name">Its versioned name, for example <c>vote-recorded.v1</c>; lower case, hyphens, ends in a version.</param>
    /// <param name="json">Source-generated JSON metadata.</param>
    /// <exception cref="ArgumentException">The name is malformed, reserved (<c>journal.</c>) or taken.</exception>
    public EventCodec<TEvent> Add<T>(string name, JsonTypeInfo<T> json)
        where T : class, TEvent
    {
        AddDecoder(name, payload => JsonSerializer.Deserialize(payload, json) ?? throw NullPayload(name));
        _encoders.Add(typeof(T), (name, value => JsonSerializer.SerializeToUtf8Bytes((T)value, json)));
        return this;
    }

    /// <summary>Adds a type that is no longer written but still stands in old rows.</summary>
    /// <param name="name">The name the old rows carry.</param>
    /// <param name="json">JSON metadata of the old shape.</param>
    /// <param name="upgrade">Old shape → today's event. Pure.</param>
    public EventCodec<TEvent> AddOld<TOld>(string name, JsonTypeInfo<TOld> json, Func<TOld, TEvent> upgrade)
        where TOld : class
    {
        AddDecoder(name, payload => upgrade(JsonSerializer.Deserialize(payload, json) ?? throw NullPayload(name)));
        return this;
    }

    /// <summary>The versioned name and the UTF-8 JSON of an event.</summary>
    /// <exception cref="InvalidOperationException">The event's type was never added.</exception>
    public (string Type, byte[] Payload) Encode(TEvent value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _encoders.TryGetValue(value.GetType(), out var encoder)
            ? (encoder.Name, encoder.Encode(value))
            : throw new InvalidOperationException($"Event type {value.GetType().Name} has no name in the codec.");
    }

    /// <summary>The event a row holds.</summary>
    /// <exception cref="InvalidDataException">The name is unknown: the row was written by a newer version of the service.</exception>
    /// <exception cref="JsonException">The payload does not fit the type.</exception>
    public TEvent Decode(string type, ReadOnlySpan<byte> payload)
        => _decoders.TryGetValue(type, out var decoder)
            ? decoder(payload)
            : throw new InvalidDataException($"Unknown event type '{type}'; was the journal written by a newer version of the service?");

    private void AddDecoder(string name, Decoder decoder)
    {
        if (!VersionedName().IsMatch(name) || name.StartsWith(SystemEventCodec.NamePrefix, StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' is not a versioned event name such as 'vote-recorded.v1'.", nameof(name));
        }

        if (!_decoders.TryAdd(name, decoder))
        {
            throw new ArgumentException($"The event name '{name}' is taken.", nameof(name));
        }
    }

    private static JsonException NullPayload(string name) => new($"The payload of a '{name}' row is null.");

    [GeneratedRegex(@"^[a-z][a-z0-9]*([-.][a-z0-9]+)*\.v[1-9][0-9]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionedName();
}
