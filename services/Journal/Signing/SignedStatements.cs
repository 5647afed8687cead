using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExternalAction.Journal;

/// <summary>What a receipt says: this row, with this hash, stands in this journal, and it records these facts.</summary>
/// <param name="Service">The service (<c>iss</c>).</param>
/// <param name="JournalId">The journal's id.</param>
/// <param name="Position">The row's position.</param>
/// <param name="Hash">The row's hash.</param>
/// <param name="RecordedAt">When the row was recorded.</param>
/// <param name="Facts">What the service put into it, for example decision, member state and position.</param>
public sealed record Receipt(
    string Service, Guid JournalId, long Position, Digest Hash, DateTimeOffset RecordedAt, IReadOnlyDictionary<string, string> Facts);

/// <summary>What a signed head says: at that time the journal ended with this row. It makes cutting off the end visible.</summary>
/// <param name="Service">The service (<c>iss</c>).</param>
/// <param name="JournalId">The journal's id.</param>
/// <param name="Position">The last row.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="SignedAt">When the head was signed.</param>
public sealed record JournalHead(string Service, Guid JournalId, long Position, Digest Hash, DateTimeOffset SignedAt);

/// <summary>A signature, or what it covers, is not what it should be; the message says what.</summary>
public sealed class SignatureRefusedException(string message) : JournalException(message);

/// <summary>
/// Receipts and heads as compact JWS (RFC 7515, ES256), written and read. Header: <c>alg</c>, <c>typ</c>, <c>kid</c>; payload:
/// <c>iss</c>, <c>journal</c>, <c>position</c>, <c>hash</c> and a time, in receipts also <c>facts</c>. Verification needs
/// nothing but the text and the public keys, so anybody can do it offline.
/// </summary>
public static class SignedStatements
{
    /// <summary>Length of an ES256 signature in bytes.</summary>
    private const int SignatureLength = 64;

    internal static string TypeOf(KeyPurpose purpose) => purpose == KeyPurpose.Receipt ? "ea-receipt+jwt" : "ea-head+jwt";

    /// <summary>Verifies a receipt and reads it.</summary>
    /// <exception cref="SignatureRefusedException">It is altered, malformed, of another kind or signed by no key of the set.</exception>
    public static Receipt VerifyReceipt(string jws, IReadOnlyList<SigningKey> keys)
    {
        var payload = Verify(jws, KeyPurpose.Receipt, keys);
        var facts = Member(payload, "facts", JsonValueKind.Object).EnumerateObject()
            .ToDictionary(fact => fact.Name, fact => fact.Value.ToString(), StringComparer.Ordinal);
        return new Receipt(Text(payload, "iss"), Id(payload), Position(payload), Hash(payload), Time(payload, "recordedAt"), facts);
    }

    /// <summary>Verifies a signed head and reads it.</summary>
    /// <exception cref="SignatureRefusedException">It is altered, malformed, of another kind or signed by no key of the set.</exception>
    public static JournalHead VerifyHead(string jws, IReadOnlyList<SigningKey> keys)
    {
        var payload = Verify(jws, KeyPurpose.Head, keys);
        return new JournalHead(Text(payload, "iss"), Id(payload), Position(payload), Hash(payload), Time(payload, "signedAt"));
    }

    internal static string Write(Receipt receipt, string kid, ECDsa key) => Sign(KeyPurpose.Receipt, kid, key, json =>
    {
        json.WriteString("iss", receipt.Service);
        json.WriteString("journal", receipt.JournalId);
        json.WriteNumber("position", receipt.Position);
        json.WriteString("hash", receipt.Hash.ToString());
        json.WriteString("recordedAt", receipt.RecordedAt.UtcDateTime.ToString("O"));
        json.WriteStartObject("facts");
        foreach (var (name, value) in receipt.Facts)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    });

    internal static string Write(JournalHead head, string kid, ECDsa key) => Sign(KeyPurpose.Head, kid, key, json =>
    {
        json.WriteString("iss", head.Service);
        json.WriteString("journal", head.JournalId);
        json.WriteNumber("position", head.Position);
        json.WriteString("hash", head.Hash.ToString());
        json.WriteString("signedAt", head.SignedAt.UtcDateTime.ToString("O"));
    });

    private static string Sign(KeyPurpose purpose, string kid, ECDsa key, Action<Utf8JsonWriter> writeMembers)
    {
        // 1. Header and payload as UTF-8.
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"ES256","typ":"{{TypeOf(purpose)}}","kid":"{{kid}}"}""");
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        // 2. What is signed, and behind it the signature; all of it is ASCII.
        var jws = new byte[Base64Url.GetEncodedLength(header.Length) + Base64Url.GetEncodedLength(payload.WrittenCount) + Base64Url.GetEncodedLength(SignatureLength) + 2];
        var at = Base64Url.EncodeToUtf8(header, jws);
        jws[at++] = (byte)'.';
        at += Base64Url.EncodeToUtf8(payload.WrittenSpan, jws.AsSpan(at));
        Span<byte> signature = stackalloc byte[SignatureLength];
        key.SignData(jws.AsSpan(0, at), signature, HashAlgorithmName.SHA256);
        jws[at++] = (byte)'.';
        at += Base64Url.EncodeToUtf8(signature, jws.AsSpan(at));
        return Encoding.ASCII.GetString(jws, 0, at);
    }

    private static JsonElement Verify(string jws, KeyPurpose purpose, IReadOnlyList<SigningKey> keys)
    {
        var parts = jws.Trim().Split('.');
        if (parts.Length != 3)
        {
            throw new SignatureRefusedException("Not a compact JWS: it does not have three parts.");
        }

        // 1. The header names algorithm, kind and key. All three are compared, none is trusted.
        var header = Json(parts[0], "header");
        if (Text(header, "alg") != "ES256" || Text(header, "typ") != TypeOf(purpose))
        {
            throw new SignatureRefusedException($"Not an ES256 '{TypeOf(purpose)}': alg '{Text(header, "alg")}', typ '{Text(header, "typ")}'.");
        }

        // 2. The key must be published for this purpose: a head key never vouches for a receipt.
        var kid = Text(header, "kid");
        var key = keys.FirstOrDefault(k => k.Kid == kid && k.Purpose == purpose)
            ?? throw new SignatureRefusedException($"No published {purpose} key has the id '{kid}'.");

        // 3. The signature covers header and payload as they are written.
        using var publicKey = key.ToPublicKey();
        if (!publicKey.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2], "signature"), HashAlgorithmName.SHA256))
        {
            throw new SignatureRefusedException("The signature does not fit the content: it was altered, or signed with another key.");
        }

        return Json(parts[1], "payload");
    }

    private static JsonElement Json(string part, string name)
    {
        try
        {
            return JsonElement.Parse(Bytes(part, name));
        }
        catch (JsonException)
        {
            throw new SignatureRefusedException($"The {name} is not JSON.");
        }
    }

    private static byte[] Bytes(string part, string name)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            throw new SignatureRefusedException($"The {name} is not base64url.");
        }
    }

    private static JsonElement Member(JsonElement json, string name, JsonValueKind kind)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new SignatureRefusedException($"The member '{name}' is missing or of the wrong type.");

    private static string Text(JsonElement json, string name) => Member(json, name, JsonValueKind.String).GetString()!;

    private static long Position(JsonElement json)
        => Member(json, "position", JsonValueKind.Number).TryGetInt64(out var position)
            ? position : throw new SignatureRefusedException("The member 'position' is not a position.");

    private static Guid Id(JsonElement json)
        => Guid.TryParse(Text(json, "journal"), out var id) ? id : throw new SignatureRefusedException("The member 'journal' is not an id.");

    private static Digest Hash(JsonElement json)
        => Digest.TryParse(Text(json, "hash"), out var hash) ? hash : throw new SignatureRefusedException("The member 'hash' is not a hash.");

    private static DateTimeOffset Time(JsonElement json, string name)
        => Member(json, name, JsonValueKind.String).TryGetDateTimeOffset(out var time)
            ? time : throw new SignatureRefusedException($"The member '{name}' is not a time.");
}
