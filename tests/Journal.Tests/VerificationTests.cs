using ExternalAction.Journal.Tool;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.Journal.Tests;

/// <summary>Tampering behind the journal's back: the tool names the position, and the service refuses to start.</summary>
public abstract class VerificationTests(Func<Task<JournalHome>> newHome) : JournalTests(newHome)
{
    [Fact]
    public async Task A_sound_journal_verifies_from_store_and_export_with_its_heads_and_receipts()
    {
        await using var home = await NewHomeAsync();
        var files = await WriteAsync(home);
        var (code, output, errors) = await RunAsync(["verify", .. home.ToolArguments, "--head", files.Head, "--receipts", files.Receipts, "--jwks", files.Jwks]);
        Assert.Equal(("", 0), (errors, code));
        Assert.Contains("the chain is whole", output, StringComparison.Ordinal);
        Assert.Contains("6 of 6 signed statements agree", output, StringComparison.Ordinal);

        var export = Path.Combine(home.Folder, "export.jsonl");
        Assert.Equal(0, (await RunAsync(["export", .. home.ToolArguments, "--to", export])).Code);
        Assert.Equal(0, (await RunAsync(["verify", "--export", export, "--head", files.Head, "--receipts", files.Receipts, "--jwks", files.Jwks])).Code);
        var first = Path.Combine(home.Folder, "first.jws");
        await File.WriteAllTextAsync(first, (await File.ReadAllLinesAsync(files.Receipts))[0]);
        Assert.Equal(0, (await RunAsync(["verify-receipt", "--receipt", first, "--jwks", files.Jwks, "--export", export])).Code);
        Assert.Equal(3, (await RunAsync(["export", .. home.ToolArguments, "--to", export])).Code);
    }

    [Theory]
    [InlineData("UPDATE journal_rows SET payload = replace(payload, '\"cents\":3', '\"cents\":4') WHERE position = 6", 6)]
    [InlineData("UPDATE journal_rows SET actor = 'mallory' WHERE position = 5", 5)]
    [InlineData("UPDATE journal_rows SET occurred_at = occurred_at + 1 WHERE position = 7", 7)]
    [InlineData("UPDATE journal_rows SET stream = 'account:z', version = 1 WHERE position = 4", 4)]
    [InlineData("DELETE FROM journal_rows WHERE position = 5", 5)]
    [InlineData("UPDATE journal_rows SET previous_hash = NULL WHERE position = 6", 6)]
    public async Task One_altered_byte_or_lost_row_is_named_by_position_and_the_service_does_not_start(string sql, long position)
    {
        await using var home = await NewHomeAsync();
        await WriteAsync(home);
        await home.TamperAsync(sql);
        var (code, _, errors) = await RunAsync(["verify", .. home.ToolArguments]);
        Assert.Equal(1, code);
        Assert.StartsWith($"NOT SOUND at position {position}:", errors, StringComparison.Ordinal);

        var export = Path.Combine(home.Folder, "export.jsonl");
        await RunAsync(["export", .. home.ToolArguments, "--to", export]);
        Assert.StartsWith($"NOT SOUND at position {position}:", (await RunAsync(["verify", "--export", export])).Errors, StringComparison.Ordinal);

        var broken = await Assert.ThrowsAsync<ChainBrokenException>(() => home.OpenAsync());
        Assert.InRange(broken.Position, position, position + 1);
    }

    [Fact]
    public async Task Rows_cut_off_at_the_end_are_seen_by_saved_heads_and_receipts_only()
    {
        await using var home = await NewHomeAsync();
        var files = await WriteAsync(home);
        await home.TamperAsync("DELETE FROM journal_rows WHERE position > 6");
        Assert.Equal(0, (await RunAsync(["verify", .. home.ToolArguments])).Code);
        var byHead = await RunAsync(["verify", .. home.ToolArguments, "--head", files.Head, "--jwks", files.Jwks]);
        Assert.Equal(1, byHead.Code);
        Assert.Contains("NOT SOUND at position 7: the journal ends at 6, signed was 8", byHead.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(["verify", .. home.ToolArguments, "--receipts", files.Receipts, "--jwks", files.Jwks])).Code);
    }

    [Fact]
    public async Task A_journal_rewritten_as_a_whole_chain_is_seen_by_a_saved_receipt()
    {
        await using var home = await NewHomeAsync();
        var files = await WriteAsync(home);
        var export = Path.Combine(home.Folder, "export.jsonl");
        await RunAsync(["export", .. home.ToolArguments, "--to", export]);

        // A forger who changes row 6 and computes every hash after it anew: the chain alone looks whole.
        Digest? previous = null;
        var forged = (await File.ReadAllLinesAsync(export)).Select(line =>
        {
            var row = RowExport.Read(line);
            var copy = new JournalRow
            {
                Position = row.Position,
                Stream = row.Stream,
                Version = row.Version,
                Type = row.Type,
                Payload = row.Position == 6 ? "{\"account\":\"x\",\"cents\":9,\"note\":\"\"}"u8.ToArray() : row.Payload,
                Actor = row.Actor,
                OccurredAt = row.OccurredAt,
                RecordedAt = row.RecordedAt,
                PreviousHash = previous,
            }.Sealed();
            previous = copy.Hash;
            return RowExport.Write(copy);
        }).ToList();
        await File.WriteAllLinesAsync(export, forged);

        Assert.Equal(0, (await RunAsync(["verify", "--export", export])).Code);
        var (code, _, errors) = await RunAsync(["verify", "--export", export, "--receipts", files.Receipts, "--jwks", files.Jwks]);
        Assert.Equal(1, code);
        Assert.Contains("receipts.txt, line 3: NOT SOUND at position 6", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("line 2:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_altered_receipt_is_refused_by_the_tool()
    {
        await using var home = await NewHomeAsync();
        var files = await WriteAsync(home);
        var receipt = (await File.ReadAllLinesAsync(files.Receipts))[0];
        var altered = Path.Combine(home.Folder, "altered.jws");
        await File.WriteAllTextAsync(altered, receipt[..^9] + (receipt[^9] == 'A' ? 'B' : 'A') + receipt[^8..]);
        Assert.Equal(1, (await RunAsync(["verify-receipt", "--receipt", altered, "--jwks", files.Jwks])).Code);
        Assert.Equal(1, (await RunAsync(["verify", .. home.ToolArguments, "--receipts", altered, "--jwks", files.Jwks])).Code);
    }

    [Fact]
    public async Task A_row_changed_under_a_running_service_stops_its_writes_at_the_next_foreign_row()
    {
        await using var home = await NewHomeAsync();
        var journal = await home.OpenAsync();
        await journal.ExecuteAsync(Accounts.Deposit("x", 1), default);
        await home.TamperAsync($"INSERT INTO journal_rows (position, stream, version, type, payload, actor, occurred_at, recorded_at, previous_hash, hash) SELECT position + 1, stream, version + 1, type, payload, actor, occurred_at, recorded_at, hash, hash FROM journal_rows WHERE position = {journal.Position}");
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 1), default));
        Assert.Contains("broken at position", journal.Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.ExecuteAsync(Accounts.Deposit("x", 1), default));
        Assert.Equal(1, journal.Current.State.Total);
    }

    /// <summary>Rows 1 to 3 are the journal's own (genesis, two keys), rows 4 to 8 deposits of 1 to 5 cents.</summary>
    private static async Task<(string Head, string Receipts, string Jwks)> WriteAsync(JournalHome home)
    {
        var journal = await home.OpenAsync();
        Assert.Equal(3, journal.Position);
        var receipts = new List<string>();
        for (var i = 1; i <= 5; i++)
        {
            var result = await journal.ExecuteAsync(
                Accounts.Deposit("x", i) with { Reply = (_, rows) => new StringValue { Value = journal.SignReceipt(rows[0]) } }, default);
            receipts.Add(result.Reply!.Value);
        }

        await journal.StopAsync();
        var files = (Path.Combine(home.Folder, "head.jws"), Path.Combine(home.Folder, "receipts.txt"), Path.Combine(home.Folder, "jwks.json"));
        await File.WriteAllLinesAsync(files.Item2, receipts);
        await File.WriteAllTextAsync(files.Item3, journal.Jwks);
        return files;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await JournalTool.RunAsync(args, output, errors, default);
        return (code, output.ToString(), errors.ToString());
    }
}

/// <summary>The tool's command line.</summary>
public sealed class ToolUsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("verify")]
    [InlineData("verify --sqlite")]
    [InlineData("verify --sqlite a --export b")]
    [InlineData("verify --colour red")]
    [InlineData("export --sqlite a --sqlite b")]
    [InlineData("verify-receipt --receipt a")]
    public async Task A_wrong_command_line_is_explained(string line)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(2, await JournalTool.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, errors, default));
        Assert.NotEqual(0, output.ToString().Length + errors.ToString().Length);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(3, await JournalTool.RunAsync(["verify", "--sqlite", "/nowhere/journal.db"], output, errors, default));
        Assert.Contains("/nowhere/journal.db", errors.ToString(), StringComparison.Ordinal);
    }
}
