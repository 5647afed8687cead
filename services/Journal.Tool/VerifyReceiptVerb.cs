namespace ExternalAction.Journal.Tool;

/// <summary>
/// <c>verify-receipt</c>: for somebody who holds one receipt. Checks the signature with the published keys and, given a
/// journal or an export, that the row still stands there with the hash that was signed.
/// </summary>
internal static class VerifyReceiptVerb
{
    public static Verb Verb { get; } = new(
        "verify-receipt",
        "checks one receipt: its signature and its row",
        $"""
        verify-receipt: checks the signature of a receipt and prints what it says; given a journal, its row too.
          --receipt FILE      the receipt, a compact JWS
          --jwks FILE         the public keys, saved from /.well-known/jwks.json
        {JournalSource.Help}
        Exit code 1 if the receipt or its row is not as it should be.
        """,
        [.. JournalSource.Options, "--receipt", "--jwks"],
        RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        // 1. The signature.
        var keys = await SignedFiles.ReadKeysAsync(arguments.Get("--jwks"), ct);
        var statements = await SignedFiles.ReadAsync(arguments.Get("--receipt"), ct);
        if (statements.Count != 1)
        {
            throw new UsageException($"The file of --receipt must hold one receipt, not {statements.Count}; 'verify --receipts' takes many.");
        }

        Receipt receipt;
        try
        {
            receipt = SignedStatements.VerifyReceipt(statements[0].Jws, keys);
        }
        catch (SignatureRefusedException refused)
        {
            errors.WriteLine($"NOT SOUND: {refused.Message}");
            return JournalTool.NotSound;
        }

        output.WriteLine($"Signed by '{receipt.Service}': row {receipt.Position} of journal {receipt.JournalId}, recorded {receipt.RecordedAt.UtcDateTime:O}, hash {receipt.Hash}");
        foreach (var (name, value) in receipt.Facts)
        {
            output.WriteLine($"  {name}: {value}");
        }

        if (!JournalSource.IsGiven(arguments))
        {
            output.WriteLine("The signature is good. No journal was given, so the row was not looked at.");
            return JournalTool.Success;
        }

        // 2. The row: its hash as signed, and its content as hashed.
        await foreach (var row in JournalSource.ReadAsync(arguments, receipt.Position, ct))
        {
            var problem = row.Position != receipt.Position ? "the row is missing"
                : row.Hash != receipt.Hash ? $"the row's hash is {row.Hash}"
                : row.ComputeHash() != row.Hash ? "the row's content does not match its hash"
                : null;
            if (problem is not null)
            {
                errors.WriteLine($"NOT SOUND at position {receipt.Position}: {problem}.");
                return JournalTool.NotSound;
            }

            output.WriteLine("The signature is good and the row stands as signed.");
            return JournalTool.Success;
        }

        errors.WriteLine($"NOT SOUND at position {receipt.Position}: the row is missing.");
        return JournalTool.NotSound;
    }
}
