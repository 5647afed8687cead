using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Domain.Screening;
using Screened = ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Screening;

// The shape of OpenSanctions' match endpoint (yente), so that its clients switch by address: property names, nesting and
// numbers are theirs, the matching is ours.

/// <summary>A match request.</summary>
internal sealed record MatchBody(Dictionary<string, MatchQuery?>? Queries);

/// <summary>One query: a FollowTheMoney schema and properties, each with values.</summary>
internal sealed record MatchQuery(string? Id, string? Schema, Dictionary<string, JsonElement>? Properties);

/// <summary>A match reply.</summary>
internal sealed record MatchBodyReply(Dictionary<string, MatchResponse> Responses, Dictionary<string, string> Matcher, int Limit);

/// <summary>The answer to one query; <paramref name="ScreeningId"/> is ours alone: the record of the screening.</summary>
internal sealed record MatchResponse(int Status, MatchTotal Total, MatchQueryEcho Query, IReadOnlyList<MatchedEntity> Results, string ScreeningId);

/// <summary>How many results there are.</summary>
internal sealed record MatchTotal(int Value, string Relation);

/// <summary>The query as it was understood.</summary>
internal sealed record MatchQueryEcho(string Schema, Dictionary<string, IReadOnlyList<string>> Properties);

/// <summary>A listed subject.</summary>
internal sealed record MatchedEntity(
    string Id, string Caption, string Schema, Dictionary<string, IReadOnlyList<string>> Properties, IReadOnlyList<string> Datasets, IReadOnlyList<string> Referents,
    bool Target, string FirstSeen, string LastSeen, string LastChange, double Score, bool Match, Dictionary<string, double> Features, Dictionary<string, MatchExplanation> Explanations);

/// <summary>Why it matched.</summary>
internal sealed record MatchExplanation(double Score, string Detail, string? Query, string? Candidate);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MatchBody))]
[JsonSerializable(typeof(MatchQuery))]
[JsonSerializable(typeof(MatchBodyReply))]
internal sealed partial class MatchJson : JsonSerializerContext
{
    /// <summary>Names in their own script instead of escapes; the reply is never put into HTML.</summary>
    public static MatchJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Reads a query of that shape, and writes hits in it.</summary>
internal static class OpenSanctionsMatch
{
    private const string BirthDate = "birthDate";

    private static readonly string[] _countries = ["nationality", "citizenship", "country", "jurisdiction", "birthCountry", "flag"];

    /// <summary>What the properties ask for. Properties that have nothing to do with matching are passed over, as there.</summary>
    public static ScreeningQuery Read(MatchQuery query)
    {
        var properties = query.Properties;
        IEnumerable<string> Values(params string[] names) => names.SelectMany(name => Texts(properties, name));
        var joined = string.Join(' ', Values("firstName").Take(1).Concat(Values("secondName", "middleName", "fatherName").Take(1)).Concat(Values("lastName").Take(1)));
        string[] names = [.. Values("name", "alias", "weakAlias", "previousName").Concat(joined.Contains(' ', StringComparison.Ordinal) ? [joined] : [])];
        return new ScreeningQuery(
            [.. names.Distinct(StringComparer.Ordinal)],
            query.Schema switch
            {
                "Person" => Screened.SubjectType.Person,
                "Vessel" => Screened.SubjectType.Vessel,
                "Airplane" => Screened.SubjectType.Aircraft,
                "Organization" or "Company" or "PublicBody" => Screened.SubjectType.Enterprise,
                _ => Screened.SubjectType.Unknown,
            },
            Values(BirthDate).Select(Screened.BirthDate.Parse).FirstOrDefault(b => b is not null),
            Values("gender").FirstOrDefault() switch { "male" => Gender.Male, "female" => Gender.Female, _ => Gender.Unknown },
            [.. Values(_countries).Where(IsCountry).Select(ScreenedEntities.CountryCode).Distinct(StringComparer.Ordinal)],
            [
                .. Values("passportNumber").Select(v => new Identifier("passport", v)), .. Values("idNumber").Select(v => new Identifier("id", v)),
                .. Values("innCode").Select(v => new Identifier("inn", v)), .. Values("ogrnCode").Select(v => new Identifier("ogrn", v)), .. Values("leiCode").Select(v => new Identifier("lei", v)),
                .. Values("swiftBic").Select(v => new Identifier("bic", v)), .. Values("imoNumber").Select(v => new Identifier("imo", v)),
                .. Values("registrationNumber").Select(v => new Identifier("regnumber", v)), .. Values("taxNumber").Select(v => new Identifier("fiscalcode", v)),
            ],
            [.. Values("address").Take(5)]);
    }

    /// <summary>The query as it was understood, for the echo: a birth date or a country that cannot be read is not in it, as there.</summary>
    public static MatchQueryEcho Echo(MatchQuery query) => new(
        query.Schema ?? "Thing",
        (query.Properties ?? []).Keys
            .Select(name => (Name: name, Values: (IReadOnlyList<string>)[.. Texts(query.Properties, name).Where(v => name == BirthDate ? Screened.BirthDate.Parse(v) is not null : !_countries.Contains(name) || IsCountry(v))]))
            .Where(p => p.Values.Count > 0).ToDictionary(p => p.Name, p => p.Values, StringComparer.Ordinal));

    /// <summary>A hit.</summary>
    public static MatchedEntity Write(Listing listing, ScreeningHit hit, string dataset, decimal threshold)
    {
        var (entry, score) = (listing.Entry, (double)hit.Score);
        var properties = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        void Add(string name, IEnumerable<string> values)
        {
            string[] given = [.. values.Where(v => v.Length > 0).Distinct(StringComparer.Ordinal)];
            if (given.Length > 0)
            {
                properties[name] = given;
            }
        }

        Add("name", entry.Names.Where(n => !n.IsWeak).Select(n => n.Text));
        Add("weakAlias", entry.Names.Where(n => n.IsWeak).Select(n => n.Text));
        Add("gender", entry.Names.Select(n => n.Gender switch { "M" => "male", "F" => "female", _ => "" }));
        Add("position", entry.Names.Select(n => n.Function));
        Add("birthDate", entry.BirthDates.Select(b => b.Date is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : b.Year?.ToString(CultureInfo.InvariantCulture) ?? ""));
        Add("nationality", entry.Citizenships.Select(c => c.Country.Code == "00" ? "" : c.Country.Code.ToLowerInvariant()));
        Add("country", entry.Addresses.Select(a => a.Country.Code == "00" ? "" : a.Country.Code.ToLowerInvariant()));
        Add("passportNumber", entry.Identifications.Where(i => i.TypeCode == "passport").Select(i => i.Number));
        Add("idNumber", entry.Identifications.Where(i => i.TypeCode is not "passport").Select(i => i.Number));
        Add("program", [listing.Regime]);
        Add("notes", entry.Remarks);
        Add("topics", ["sanction"]);
        var seen = Instant(listing.Created.RecordedAt);
        return new MatchedEntity(
            listing.Id,
            listing.Caption,
            SchemaOf(listing),
            properties,
            [dataset],
            Referents(listing),
            Target: true,
            seen,
            Instant(listing.Updated.RecordedAt),
            Instant(listing.Updated.RecordedAt),
            score,
            hit.Score >= threshold,
            new Dictionary<string, double>(StringComparer.Ordinal) { ["name_match"] = score },
            new Dictionary<string, MatchExplanation>(StringComparer.Ordinal)
            {
                ["name_match"] = new(score, string.Join(' ', hit.Evidence.Select(e => e.Text)), hit.QueryName, hit.Matched.Text),
            });
    }

    /// <summary>The FollowTheMoney schema of a listing's subject.</summary>
    public static string SchemaOf(Listing listing) => listing.Kept.SubjectType switch
    {
        Domain.Lists.SubjectType.Person => "Person",
        Domain.Lists.SubjectType.Vessel => "Vessel",
        Domain.Lists.SubjectType.Aircraft => "Airplane",
        _ => "Organization",
    };

    /// <summary>Other ids of a listing.</summary>
    public static IReadOnlyList<string> Referents(Listing listing) => listing.Kept.EuReferenceNumber is { Length: > 0 } number ? [number] : [];

    private static bool IsCountry(string code) => code.Length == 2 && char.IsAsciiLetter(code[0]) && char.IsAsciiLetter(code[1]);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(Dictionary<string, JsonElement>? properties, string name) =>
        properties is null || !properties.TryGetValue(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : [];
}
