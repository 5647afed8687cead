using System.Security.Cryptography;
using ExternalAction.ServiceDefaults;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ExternalAction.Gateway.Development;

/// <summary>
/// Signs development tokens. Its key is its own (never that of receipts or journal heads), lies in the data folder with
/// mode 600 and survives a restart, so a token from yesterday's session still works if it has not expired. Token type and
/// audience are reserved for it, and every environment but Development refuses both.
/// </summary>
internal sealed class DevIssuer : IDisposable
{
    private readonly ECDsa _key;
    private readonly TimeProvider _time;
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public DevIssuer(string keyFile, TimeProvider time)
    {
        _time = time;
        _key = LoadOrCreate(keyFile);
        SigningKey = new ECDsaSecurityKey(_key);
        SigningKey.KeyId = Base64UrlEncoder.Encode(SigningKey.ComputeJwkThumbprint());
        PublicKey = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(_key.ExportParameters(includePrivateParameters: false))) { KeyId = SigningKey.KeyId });
    }

    /// <summary>The <c>iss</c> of its tokens. No address, so that all replicas of a gateway, which share the key, are one issuer.</summary>
    public const string Issuer = "urn:external-action:development";

    /// <summary>The key that verifies them, without its private part.</summary>
    public JsonWebKey PublicKey { get; }

    private ECDsaSecurityKey SigningKey { get; }

    /// <summary>A token and when it expires.</summary>
    public (string Token, DateTimeOffset Expires) Issue(string subject, string name, IReadOnlyList<string> roles, string? memberState, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["name"] = name, ["role"] = roles.ToArray(), ["jti"] = Guid.CreateVersion7(now).ToString() };
        if (memberState is not null)
        {
            claims["member_state"] = memberState;
        }

        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = BearerOptions.DevelopmentAudience,
            TokenType = BearerOptions.DevelopmentTokenType,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(SigningKey, SecurityAlgorithms.EcdsaSha256),
        });
        return (token, expires);
    }

    public void Dispose() => _key.Dispose();

    private static ECDsa LoadOrCreate(string file)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!File.Exists(file))
        {
            Create(key, file);
        }

        key.ImportFromPem(File.ReadAllText(file)); // also after creating it: another replica may have been faster
        return key;
    }

    private static void Create(ECDsa key, string file)
    {
        // Written beside its place and moved, so that a crash leaves no half key; readable by the owner from its first byte on.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var draft = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, options))
        {
            writer.Write(key.ExportECPrivateKeyPem());
        }

        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }
}
