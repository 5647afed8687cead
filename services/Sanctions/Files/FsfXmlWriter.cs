using System.Globalization;
using System.Text;
using System.Xml;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Writes Financial Sanctions Files XML 1.1: the layout of the published file, every attribute, and the source's own spelling
/// where it left an attribute out or printed one more. Reading the result gives equal entries.
/// </summary>
internal sealed class FsfXmlWriter : IDisposable
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        IndentChars = "    ",
        NewLineChars = "\n",

        // A line break inside a text comes back as the same line break.
        NewLineHandling = NewLineHandling.Entitize,
        CloseOutput = false,
    };

    private readonly XmlWriter _xml;

    /// <summary>Writes the start of the file.</summary>
    public FsfXmlWriter(Stream output, ListHeader header)
    {
        _xml = XmlWriter.Create(output, Settings);
        _xml.WriteStartDocument(standalone: true);
        _xml.WriteStartElement("export", FsfXmlReader.Namespace);
        _xml.WriteAttributeString("xmlns", FsfXmlReader.Namespace);
        _xml.WriteAttributeString("generationDate", header.GeneratedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
        _xml.WriteAttributeString("globalFileId", header.FileId);
    }

    /// <summary>Writes one entity.</summary>
    public void Write(Entry entry)
    {
        Start("sanctionEntity", FsfAttributes.Of(entry), entry.Oddities);
        Remarks(entry.Remarks);
        foreach (var act in entry.Regulations)
        {
            Start("regulation", FsfAttributes.Of(act), act.Oddities);
            if (act.PublicationUrl.Length > 0 || !act.Oddities.Items.Contains(new("publicationUrl", null)))
            {
                _xml.WriteElementString("publicationUrl", FsfXmlReader.Namespace, Writable(act.PublicationUrl));
            }

            _xml.WriteEndElement();
        }

        var (code, classification) = FsfAttributes.Of(entry.SubjectType);
        Start("subjectType", [("code", code), ("classificationCode", classification)], []);
        _xml.WriteEndElement();
        foreach (var part in entry.Parts)
        {
            Write(part);
        }

        _xml.WriteEndElement();
    }

    /// <summary>Pushes what is written so far to the output.</summary>
    public void Flush() => _xml.Flush();

    /// <summary>Writes the end of the file.</summary>
    public void End()
    {
        _xml.WriteEndElement();
        _xml.WriteEndDocument();
        _xml.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _xml.Dispose();

    private void Start(string element, IEnumerable<(string Name, string? Value)> attributes, Sequence<Oddity> oddities)
    {
        _xml.WriteStartElement(element, FsfXmlReader.Namespace);
        if (oddities.IsEmpty)
        {
            foreach (var (name, value) in attributes)
            {
                Attribute(name, value);
            }

            return;
        }

        var odd = oddities.Items.ToDictionary(oddity => oddity.Attribute, oddity => oddity.Value);
        foreach (var (name, value) in attributes)
        {
            // The source's spelling of "nothing" counts only as long as the entry still says nothing.
            Attribute(name, odd.Remove(name, out var spelled) && SaysNothing(name, value) ? spelled : value);
        }

        foreach (var (name, value) in odd)
        {
            Attribute(name, value);
        }
    }

    private void Attribute(string name, string? value)
    {
        if (value is not null)
        {
            _xml.WriteAttributeString(name, Writable(value));
        }
    }

    /// <summary>Without what XML 1.0 cannot hold: one such character in a CSV file must not cut off everybody's export.</summary>
    private static string Writable(string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException)
        {
            return string.Concat(text.EnumerateRunes().Where(rune => rune != Rune.ReplacementChar && (!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value))));
        }
    }

    private static bool SaysNothing(string name, string? value) => name is "strong" ? value is "true" : value is null or "" or "false" or "GREGORIAN";

    private void Write(EntryPart part)
    {
        Start(ElementOf(part), FsfAttributes.Of(part), part.Oddities);
        foreach (var contact in part is Address address ? address.Contacts : [])
        {
            Start("contactInfo", [("key", contact.Key), ("value", contact.Value)], []);
            _xml.WriteEndElement();
        }

        Remarks(part.Remarks);
        if (part.Act is { } act)
        {
            Start("regulationSummary", FsfAttributes.Of(act), act.Oddities);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private static string ElementOf(EntryPart part) => part switch
    {
        Name => "nameAlias",
        Citizenship => "citizenship",
        BirthDate => "birthdate",
        Address => "address",
        Identification => "identification",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private void Remarks(Sequence<string> remarks)
    {
        foreach (var remark in remarks)
        {
            _xml.WriteElementString("remark", FsfXmlReader.Namespace, Writable(remark));
        }
    }
}
