using System.Globalization;
using System.Text;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Writes Financial Sanctions Files CSV 1.1: byte order mark, semicolons, 118 columns, one row per name, address, birth date,
/// identification or citizenship. What the 118 columns cannot say (see docs/lists.md) is left out, unless the two extra columns
/// are asked for: the strength of a name and the number of the act.
/// </summary>
internal sealed class FsfCsvWriter : IDisposable
{
    private readonly TextWriter _out;
    private readonly string _generated;
    private readonly bool _extended;
    private readonly Dictionary<string, string> _row = [];

    /// <summary>Writes the byte order mark and the header row.</summary>
    public FsfCsvWriter(Stream output, ListHeader header, bool extended)
    {
        _out = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16, leaveOpen: true) { NewLine = "\r\n" };
        _extended = extended;
        _generated = header.GeneratedAt.ToString("dd'/'MM'/'yyyy", CultureInfo.InvariantCulture);
        _out.Write(string.Join(';', CsvColumns.Header));
        _out.WriteLine(extended ? $";{CsvColumns.StrongColumn};{CsvColumns.RegulationIdColumn}" : "");
    }

    /// <summary>Writes the rows of one entity.</summary>
    public void Write(Entry entry)
    {
        var first = entry.Regulations.IsEmpty ? null : entry.Regulations[0];
        foreach (var part in (IEnumerable<EntryPart>)[.. entry.Names, .. entry.Addresses, .. entry.BirthDates, .. entry.Identifications, .. entry.Citizenships])
        {
            Row(entry, first, part);
        }

        // A further act has no block of its own: a row with nothing but the entity says it.
        foreach (var act in entry.Regulations.Items.Skip(1))
        {
            Row(entry, act, null);
        }
    }

    /// <summary>Pushes what is written so far to the output.</summary>
    public void Flush() => _out.Flush();

    /// <inheritdoc/>
    public void Dispose() => _out.Dispose();

    private void Row(Entry entry, Regulation? regulation, EntryPart? part)
    {
        _row.Clear();
        Fill(CsvColumns.Entity, "", FsfAttributes.Of(entry));
        Fill(CsvColumns.Entity, CsvColumns.Remark, CsvText.Pack(entry.Remarks));
        var (code, classification) = FsfAttributes.Of(entry.SubjectType);
        Fill(CsvColumns.Entity, "code", code);
        Fill(CsvColumns.Entity, "classificationCode", classification);
        if (regulation is not null)
        {
            Fill(CsvColumns.Entity, "", FsfAttributes.Of(regulation).Where(field => field.Name != "logicalId"));
            Fill(CsvColumns.Entity, "publicationUrl", regulation.PublicationUrl);
        }

        var strong = "";
        if (part is not null)
        {
            var block = BlockOf(part);
            foreach (var (name, value) in FsfAttributes.Of(part))
            {
                strong = name is "strong" ? value ?? "" : strong;
                Fill(block, name, value ?? "");
            }

            Fill(block, CsvColumns.Remark, CsvText.Pack(part.Remarks));
            Fill(block, CsvColumns.Contact, part is Address address ? CsvText.Pack(address.Contacts) : "");
            if (part.Act is { } act)
            {
                Fill(block, CsvColumns.ActPrefix, FsfAttributes.Of(act));
                Fill(block, "act.programme", regulation?.Programme ?? "");
            }
        }

        _out.Write(_generated);
        foreach (var column in CsvColumns.Header.AsSpan()[1..])
        {
            _out.Write(';');
            Cell(_row.GetValueOrDefault(column, ""));
        }

        if (_extended)
        {
            _out.Write($";{strong};{regulation?.LogicalId?.ToString(CultureInfo.InvariantCulture)}");
        }

        _out.WriteLine();
    }

    private static CsvColumns.Block BlockOf(EntryPart part) => part switch
    {
        Name => CsvColumns.Name,
        Address => CsvColumns.Address,
        BirthDate => CsvColumns.BirthDate,
        Identification => CsvColumns.Identification,
        Citizenship => CsvColumns.Citizenship,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private void Fill(CsvColumns.Block block, string prefix, IEnumerable<(string Name, string? Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            Fill(block, prefix + name, value ?? "");
        }
    }

    private void Fill(CsvColumns.Block block, string attribute, string value)
    {
        if (value.Length > 0 && block.ColumnOf.TryGetValue(attribute, out var column))
        {
            _row[column] = value;
        }
    }

    private void Cell(string text)
    {
        if (text.AsSpan().IndexOfAny(";\"\r\n") < 0)
        {
            _out.Write(text);
            return;
        }

        _out.Write('"');
        _out.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        _out.Write('"');
    }
}
