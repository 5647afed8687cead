using System.IO.Pipelines;
using System.Text.Json;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Writes a list as a file, entity by entity: nothing but a chunk of about 64 KB is held, and a slow receiver slows the writing
/// down. The same entries and header give the same bytes.
/// </summary>
public static class ListFileWriter
{
    private const int Chunk = 1 << 16;

    /// <summary>Writes the list into a stream, which is flushed and left open.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="header">Format and generation date of the file to write; <see cref="ListFormat.UnXml"/> cannot be written.</param>
    /// <param name="entries">The entries, in the order to write them.</param>
    /// <param name="extendedCsv">CSV only: two columns more than the 118 of the format (<c>NameAlias_Strong</c>, <c>Entity_Regulation_LogicalId</c>), without which these two are lost.</param>
    /// <param name="cancellation">Stops between two chunks; the output is then cut off.</param>
    /// <exception cref="NotSupportedException">The format can only be read.</exception>
    public static async Task WriteAsync(Stream output, ListHeader header, IEnumerable<Entry> entries, bool extendedCsv = false, CancellationToken cancellation = default)
    {
        using var chunk = new MemoryStream(Chunk * 2);
        using var xml = header.Format is ListFormat.FsfXml ? new FsfXmlWriter(chunk, header) : null;
        using var csv = header.Format is ListFormat.FsfCsv ? new FsfCsvWriter(chunk, header, extendedCsv) : null;
        Action<Entry> write = header.Format switch
        {
            ListFormat.FsfXml => xml!.Write,
            ListFormat.FsfCsv => csv!.Write,
            ListFormat.JsonLines => entry => Line(chunk, entry),
            _ => throw new NotSupportedException($"Lists are not written as {header.Format}."),
        };
        foreach (var entry in entries)
        {
            write(entry);
            xml?.Flush();
            csv?.Flush();
            if (chunk.Length >= Chunk)
            {
                await DrainAsync(chunk, output, cancellation);
            }
        }

        xml?.End();
        csv?.Flush();
        await DrainAsync(chunk, output, cancellation);
        await output.FlushAsync(cancellation);
    }

    /// <summary>Writes the list into a pipe, for example the body of a response; the pipe is left open.</summary>
    public static Task WriteAsync(PipeWriter output, ListHeader header, IEnumerable<Entry> entries, bool extendedCsv = false, CancellationToken cancellation = default)
        => WriteAsync(output.AsStream(leaveOpen: true), header, entries, extendedCsv, cancellation);

    private static void Line(MemoryStream chunk, Entry entry)
    {
        using (var json = new Utf8JsonWriter(chunk))
        {
            JsonSerializer.Serialize(json, entry, ListJson.Default.Entry);
        }

        chunk.WriteByte((byte)'\n');
    }

    private static async Task DrainAsync(MemoryStream chunk, Stream output, CancellationToken cancellation)
    {
        await output.WriteAsync(chunk.GetBuffer().AsMemory(0, (int)chunk.Length), cancellation);
        chunk.SetLength(0);
    }
}
