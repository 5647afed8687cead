using System.Xml;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Reads a sanctions list file of any known format; the format is told by the content, never by a name. Steps: 1 count and
/// decompress (gzip), 2 tell XML from CSV by the first character, 3 tell the XML formats by root element and namespace,
/// 4 read to the end. A file that is not the list, or ends early, throws and yields nothing.
/// </summary>
public static class ListFileReader
{
    /// <summary>
    /// Reads the whole file from the stream, which is read once, forward, synchronously (give it a file or memory, not a
    /// network connection), and is left open.
    /// </summary>
    /// <exception cref="ListFileException">The file as a whole cannot be taken; see <see cref="ListFileFault"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two entities.</exception>
    public static ListFile Read(Stream file, ReadOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= ReadOptions.Default;
        var total = options.TotalBytes ?? (file.CanSeek ? file.Length - file.Position : null);

        // 1
        var (received, text) = SourceStream.Open(file, options);

        // 2
        var list = StartsLikeXml(text.Start)
            ? Xml(text, options, () => received.Count, total, cancellation)
            : FsfCsvReader.Read(text, options, new Collected(options, () => received.Count, total, cancellation));
        SourceStream.CheckEnd(received, text);
        return list;
    }

    private static ListFile Xml(Stream text, ReadOptions options, Func<long> bytes, long? total, CancellationToken cancellation)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = options.MaxExpandedBytes,
        };
        try
        {
            using var xml = XmlReader.Create(text, settings);
            xml.MoveToContent();

            // 3
            var (root, space) = (xml.LocalName, xml.NamespaceURI);
            var collected = new Collected(options, bytes, total, cancellation) { ChecksProgrammes = root is "export" };

            // 4
            var header = (root, space) switch
            {
                ("export", FsfXmlReader.Namespace) => new FsfXmlReader(xml, options, collected).Read(),
                ("CONSOLIDATED_LIST", "") => new UnXmlReader(xml, options, collected).Read(),
                ("export", _) => throw new ListFileException(ListFileFault.NotTheList, $"The export is in the namespace '{space}' and not in '{FsfXmlReader.Namespace}'.", 1),
                _ => throw new ListFileException(ListFileFault.NotTheList, $"The root element '{root}' is of no known list.", 1),
            };
            while (xml.Read())
            {
                // What follows the root must be well-formed too.
            }

            collected.Report();
            return new ListFile { Header = header, Entries = collected.Entries, Rejected = collected.Rejected, Notes = collected.Notes };
        }
        catch (XmlException fault) when (fault.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new ListFileException(ListFileFault.Forbidden, "The file declares a document type; no list file does, and none is read.", fault.LineNumber, fault);
        }
        catch (XmlException fault) when (fault.Message.Contains("MaxCharacters", StringComparison.Ordinal))
        {
            throw new ListFileException(ListFileFault.TooLarge, $"The file exceeds {options.MaxExpandedBytes:N0} characters.", fault.LineNumber, fault);
        }
        catch (XmlException fault)
        {
            throw new ListFileException(ListFileFault.Broken, $"The file ends too early or is not well-formed XML: {fault.Message}", fault.LineNumber, fault);
        }
    }

    private static bool StartsLikeXml(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, (byte)'<'] or [(byte)'<', ..] => true,
        [0xFF, 0xFE, (byte)'<', ..] or [0xFE, 0xFF, ..] => true,
        [(byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t', ..] => true,
        _ => false,
    };
}
