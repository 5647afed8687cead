using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Records;

/// <summary>
/// A query as bytes, the same for the same query for ever: they are hashed, and a kept query is these bytes, encrypted. It is
/// the query as it was understood, without the caller's own key of the subject.
/// </summary>
internal static class QueryForm
{
    /// <summary>The bytes of a query.</summary>
    public static byte[] Write(ScreeningQuery query) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredQuery(
            1,
            [.. query.Names],
            query.Type,
            query.Birth is { } b ? new StoredBirth(b.Year, b.Month, b.Day, b.Circa, b.YearFrom, b.YearTo, b.Calendar) : null,
            query.Gender,
            [.. Or(query.Countries)],
            [.. Or(query.Identifiers).Select(i => new StoredIdentifier(i.Type, i.Value, i.Country))],
            [.. Or(query.Addresses)]),
        QueryJson.Readable.StoredQuery);

    /// <summary>The query of these bytes.</summary>
    public static ScreeningQuery Read(ReadOnlySpan<byte> bytes)
    {
        var stored = JsonSerializer.Deserialize(bytes, QueryJson.Readable.StoredQuery) ?? throw new JsonException("A kept query is null.");
        return new ScreeningQuery(
            [.. stored.Names],
            stored.Type,
            stored.Birth is { } b ? new BirthDate(b.Year, b.Month, b.Day, b.Circa, b.YearFrom, b.YearTo, b.Calendar) : null,
            stored.Gender,
            [.. stored.Countries],
            [.. stored.Identifiers.Select(i => new Identifier(i.Type, i.Value, i.Country))],
            [.. stored.Addresses]);
    }

    private static System.Collections.Immutable.ImmutableArray<T> Or<T>(System.Collections.Immutable.ImmutableArray<T> list) => list.IsDefault ? [] : list;
}

/// <summary>The stored form; a change of it is a new version, and this one stays readable.</summary>
internal sealed record StoredQuery(
    int V, IReadOnlyList<string> Names, SubjectType Type, StoredBirth? Birth, Gender Gender, IReadOnlyList<string> Countries, IReadOnlyList<StoredIdentifier> Identifiers, IReadOnlyList<string> Addresses);

/// <summary>When the subject was born.</summary>
internal sealed record StoredBirth(int? Year, int? Month, int? Day, bool Circa, int? YearFrom, int? YearTo, BirthCalendar Calendar);

/// <summary>A number of the subject.</summary>
internal sealed record StoredIdentifier(string Type, string Value, string Country);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredQuery))]
internal sealed partial class QueryJson : JsonSerializerContext
{
    /// <summary>Names in their own script: shorter.</summary>
    public static QueryJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
