namespace ExternalAction.Journal.Tool;

/// <summary>
/// <c>verify</c>: walks the whole chain and names the first bad position; compares it with saved heads and receipts. The
/// chain shows that no row was changed in the middle; only a saved head or receipt shows that the whole was not rewritten.
/// </summary>
internal static class VerifyVerb
{
    public static Verb Verb { get; } = new(
        "verify",
        "walks the chain, names the first bad position; checks saved heads and receipts",
        $"""
        verify: walks a journal row by row and checks positions, hashes, versions and times.
        {JournalSource.Help}
          --head FILE         saved signed heads, one a line: the journal must contain them
          --receipts FILE     saved receipts, one a line: their rows must stand as they say
          --jwks FILE         the public keys that heads and receipts are checked with
        Exit code 1 if anything is not as it should be. Keep heads, receipts and keys elsewhere than the journal.
        """,
        [.. JournalSource.Options, "--head", "--receipts", "--jwks"],
        RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        // 1. What is claimed: signatures first, since a claim nobody signed is worth nothing.
        var (claims, badSignatures) = await ReadClaimsAsync(arguments, errors, ct);

        // 2. The chain, row by row, and the claims about each row on the way.
        var chain = new ChainCheck();
        var expected = claims.ToLookup(claim => claim.Position);
        var (journalId, service, badClaims) = (Guid.Empty, "", 0);
        await foreach (var row in JournalSource.ReadAsync(arguments, 1, ct))
        {
            if ((chain.Next(row) ?? GenesisProblem(row, ref journalId, ref service)) is { } problem)
            {
                var at = Math.Min(row.Position, chain.Position + 1);
                errors.WriteLine($"NOT SOUND at position {at}: {problem}.");
                return JournalTool.NotSound;
            }

            foreach (var claim in expected[row.Position])
            {
                if (claim.JournalId != journalId)
                {
                    errors.WriteLine($"{claim.Where}: is about another journal ({claim.JournalId}).");
                    badClaims++;
                }
                else if (claim.Hash != row.Hash)
                {
                    errors.WriteLine($"{claim.Where}: NOT SOUND at position {row.Position}: the row's hash is {row.Hash}, signed was {claim.Hash}.");
                    badClaims++;
                }
            }
        }

        // 3. Claims beyond the end: rows were cut off.
        foreach (var claim in claims.Where(claim => claim.Position > chain.Position || claim.Position < 1))
        {
            errors.WriteLine($"{claim.Where}: NOT SOUND at position {chain.Position + 1}: the journal ends at {chain.Position}, signed was {claim.Position}.");
            badClaims++;
        }

        if (chain.Hash is null)
        {
            errors.WriteLine("NOT SOUND at position 1: the journal is empty.");
            return JournalTool.NotSound;
        }

        output.WriteLine($"Journal of '{service}' ({journalId}): {chain.Position} rows, the chain is whole. Head: {chain.Position} {chain.Hash}");
        if (claims.Count > 0)
        {
            output.WriteLine($"{claims.Count - badClaims} of {claims.Count} signed statements agree with it.");
        }

        return badClaims + badSignatures == 0 ? JournalTool.Success : JournalTool.NotSound;
    }

    private static string? GenesisProblem(JournalRow row, ref Guid journalId, ref string service)
    {
        if (row.Position != 1)
        {
            return null;
        }

        if (row.Stream != SystemEvent.Stream || row.Type != "journal.opened.v1"
            || SystemEventCodec.Decode(row.Type, row.Payload.Span) is not SystemEvent.Opened opened)
        {
            return "the first row is not a genesis row";
        }

        (journalId, service) = (opened.JournalId, opened.Service);
        return null;
    }

    private static async Task<(List<Claim> Claims, int BadSignatures)> ReadClaimsAsync(Arguments arguments, TextWriter errors, CancellationToken ct)
    {
        var claims = new List<Claim>();
        var bad = 0;
        if (arguments.Find("--head") is null && arguments.Find("--receipts") is null)
        {
            return (claims, bad);
        }

        var keys = await SignedFiles.ReadKeysAsync(arguments.Get("--jwks"), ct);
        foreach (var option in (string[])["--head", "--receipts"])
        {
            if (arguments.Find(option) is not { } file)
            {
                continue;
            }

            foreach (var (line, jws) in await SignedFiles.ReadAsync(file, ct))
            {
                var where = $"{Path.GetFileName(file)}, line {line}";
                try
                {
                    claims.Add(option == "--head"
                        ? Claim.Of(SignedStatements.VerifyHead(jws, keys), where)
                        : Claim.Of(SignedStatements.VerifyReceipt(jws, keys), where));
                }
                catch (SignatureRefusedException refused)
                {
                    errors.WriteLine($"{where}: {refused.Message}");
                    bad++;
                }
            }
        }

        return (claims, bad);
    }

    /// <summary>This row, with this hash, stands in this journal.</summary>
    private sealed record Claim(Guid JournalId, long Position, Digest Hash, string Where)
    {
        public static Claim Of(JournalHead head, string where) => new(head.JournalId, head.Position, head.Hash, where);

        public static Claim Of(Receipt receipt, string where) => new(receipt.JournalId, receipt.Position, receipt.Hash, where);
    }
}
