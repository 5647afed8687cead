using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExternalAction.Journal;

/// <summary>What a key signs. The two never share a key: a signed head can never be passed off as a receipt.</summary>
public enum KeyPurpose
{
    /// <summary>Receipts for single rows; <c>typ</c> is <c>ea-receipt+jwt</c>.</summary>
    Receipt,

    /// <summary>The journal's head; <c>typ</c> is <c>ea-head+jwt</c>.</summary>
    Head,
}

/// <summary>The public half of an ES256 key (P-256), as journal and JWKS hold it.</summary>
/// <param name="Kid">RFC 7638 thumbprint.</param>
/// <param name="Purpose">The one thing it signs.</param>
/// <param name="X">X coordinate, base64url.</param>
/// <param name="Y">Y coordinate, base64url.</param>
/// <param name="AddedAt">Since when it signs.</param>
/// <param name="RetiredAt">Since when it does not; null while it does.</param>
public sealed record SigningKey(string Kid, KeyPurpose Purpose, string X, string Y, DateTimeOffset AddedAt, DateTimeOffset? RetiredAt)
{
    /// <summary>The thumbprint of RFC 7638: SHA-256 over the required members in lexicographic order, base64url.</summary>
    public static string Thumbprint(string x, string y)
        => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));

    /// <summary>
    /// A JWKS document (RFC 7517) of keys, retired ones too. The member <c>ea_purpose</c> tells receipt keys from head
    /// keys; other readers ignore it.
    /// </summary>
    public static string WriteJwks(IEnumerable<SigningKey> keys)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var key in keys)
            {
                json.WriteStartObject();
                json.WriteString("kty", "EC");
                json.WriteString("crv", "P-256");
                json.WriteString("x", key.X);
                json.WriteString("y", key.Y);
                json.WriteString("use", "sig");
                json.WriteString("alg", "ES256");
                json.WriteString("kid", key.Kid);
                json.WriteString("ea_purpose", key.Purpose == KeyPurpose.Receipt ? "receipt" : "head");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads a JWKS document; keys of other kinds in it are skipped.</summary>
    /// <exception cref="JsonException">It is not a JWKS document.</exception>
    public static IReadOnlyList<SigningKey> ReadJwks(string jwks)
    {
        using var document = JsonDocument.Parse(jwks);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("keys", out var array) || array.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("Not a JWKS document: there is no array 'keys'.");
        }

        var keys = new List<SigningKey>();
        foreach (var key in array.EnumerateArray())
        {
            if (key.ValueKind == JsonValueKind.Object && Text(key, "kty") == "EC" && Text(key, "crv") == "P-256"
                && Text(key, "x") is { } x && Text(key, "y") is { } y && Text(key, "ea_purpose") is "receipt" or "head")
            {
                var purpose = Text(key, "ea_purpose") == "receipt" ? KeyPurpose.Receipt : KeyPurpose.Head;
                keys.Add(new SigningKey(Thumbprint(Text(key, "x")!, Text(key, "y")!), purpose, Text(key, "x")!, Text(key, "y")!, DateTimeOffset.MinValue, null));
            }
        }

        return keys;
    }

    /// <summary>The key as an object that can verify; the caller disposes it.</summary>
    internal ECDsa ToPublicKey() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
    });

    private static string? Text(JsonElement key, string name)
        => key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
