namespace ExternalAction.Journal.Tool;

/// <summary>Files of signed statements and of public keys, as users save them: one compact JWS a line, and a JWKS document.</summary>
internal static class SignedFiles
{
    /// <summary>The public keys in a JWKS file.</summary>
    public static async Task<IReadOnlyList<SigningKey>> ReadKeysAsync(string file, CancellationToken ct)
    {
        try
        {
            return SigningKey.ReadJwks(await File.ReadAllTextAsync(file, ct));
        }
        catch (System.Text.Json.JsonException malformed)
        {
            throw new InvalidDataException($"{file}: {malformed.Message}", malformed);
        }
    }

    /// <summary>The statements in a file with their line numbers; empty lines are skipped.</summary>
    public static async Task<IReadOnlyList<(int Line, string Jws)>> ReadAsync(string file, CancellationToken ct)
        => [.. (await File.ReadAllLinesAsync(file, ct)).Select((line, i) => (i + 1, line.Trim())).Where(item => item.Item2.Length > 0)];
}
