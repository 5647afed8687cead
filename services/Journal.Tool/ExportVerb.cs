namespace ExternalAction.Journal.Tool;

/// <summary><c>export</c>: writes rows as JSON Lines, exactly as they are stored; <c>verify</c> reads them again.</summary>
internal static class ExportVerb
{
    public static Verb Verb { get; } = new(
        "export",
        "writes the rows as JSON Lines",
        $"""
        export: writes rows as JSON Lines, one row a line, with the payload as a string so that its bytes are kept.
        {JournalSource.Help}
          --from N            the first position (default 1; only a whole export can be verified as a chain)
          --to FILE           a new file (default: standard output)
        """,
        [.. JournalSource.Options, "--from", "--to"],
        RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        var rows = JournalSource.ReadAsync(arguments, arguments.FindPosition("--from") ?? 1, ct);
        if (arguments.Find("--to") is not { } file)
        {
            await WriteAsync(rows, output, ct);
            return JournalTool.Success;
        }

        // An existing file is never overwritten: it may be the last export of a journal that is gone.
        await using var writer = new StreamWriter(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
        var count = await WriteAsync(rows, writer, ct);
        output.WriteLine($"{count} rows written to {file}.");
        return JournalTool.Success;
    }

    private static async Task<long> WriteAsync(IAsyncEnumerable<JournalRow> rows, TextWriter writer, CancellationToken ct)
    {
        var count = 0L;
        await foreach (var row in rows.WithCancellation(ct))
        {
            // Always a line feed: the file is the same on every system.
            await writer.WriteAsync(RowExport.Write(row) + "\n");
            count++;
        }

        await writer.FlushAsync(ct);
        return count;
    }
}
