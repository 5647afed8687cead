using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Reads Financial Sanctions Files CSV 1.1: UTF-8 with or without a byte order mark, semicolons, columns found by name. Rows of
/// one entity are gathered by its number, wherever they stand. A wrong value rejects the entity; a missing column that the
/// format cannot do without, a row with too few cells or an unclosed quote rejects the file.
/// </summary>
internal sealed class FsfCsvReader
{
    /// <summary>Columns that some producers leave empty throughout; such a file does not say that the value is gone.</summary>
    private static readonly FrozenSet<string> OftenEmpty = FrozenSet.ToFrozenSet(
    [
        "Entity_DesignationDate", "NameAlias_Remark", "Address_PoBox", "Address_Place", "Address_AsAtListingTime", "Address_ContactInfo", "Address_Remark",
        "BirthDate_YearRangeFrom", "BirthDate_YearRangeTo", "BirthDate_ZipCode", "BirthDate_Remark", "Identification_Diplomatic", "Identification_KnownExpired",
        "Identification_KnownFalse", "Identification_ReportedLost", "Identification_RevokedByIssuer", "Identification_IssuedBy", "Identification_IssuedDate",
        "Identification_ValidFrom", "Identification_ValidTo", "Identification_LatinNumber", "Identification_NameOnDocument", "Identification_TypeDescription",
        "Identification_Region", "Identification_CountryDescription", "Identification_Remark", "Citizenship_Region", "Citizenship_Remark",
    ]);

    private readonly CsvReader _csv;
    private readonly ReadOptions _options;
    private readonly Collected _collected;
    private readonly Dictionary<string, CsvSubject> _subjects = [];
    private readonly List<CsvSubject> _order = [];
    private readonly int _cells;
    private readonly bool[] _filled;
    private readonly int _generated;
    private readonly int _strong;
    private readonly int _regulationId;
    private readonly int[] _entity;
    private readonly ImmutableArray<(CsvColumns.Block Block, int[] Columns)> _parts;

    private FsfCsvReader(CsvReader csv, ReadOptions options, Collected collected)
    {
        (_csv, _options, _collected) = (csv, options, collected);
        _cells = csv.Headers?.Count ?? 0;
        _filled = new bool[_cells];
        _generated = Column(CsvColumns.GenerationDate);
        if (_generated < 0)
        {
            throw new ListFileException(ListFileFault.NotTheList, $"The file is neither a known XML list nor CSV with a column '{CsvColumns.GenerationDate}'.", 1);
        }

        foreach (var needed in CsvColumns.Header.Where(name => !OftenEmpty.Contains(name) && !CsvColumns.NotRead.Contains(name) && Column(name) < 0))
        {
            throw new ListFileException(ListFileFault.NotTheList, $"The file has no column '{needed}': read without it, it would take from every subject what stands there.", 1);
        }

        _entity = Columns(CsvColumns.Entity);
        _parts = [.. CsvColumns.Parts.Select(block => (block, Columns(block)))];
        (_strong, _regulationId) = (Column(CsvColumns.StrongColumn), Column(CsvColumns.RegulationIdColumn));
        foreach (var missing in CsvColumns.Header.Where(name => Column(name) < 0))
        {
            collected.Note($"The file has no column {missing}.");
        }

        foreach (var unknown in csv.Headers!.Where(name => !CsvColumns.Header.Contains(name) && name is not (CsvColumns.StrongColumn or CsvColumns.RegulationIdColumn)))
        {
            collected.Note($"The column {unknown} is not part of the format and was passed over.");
        }
    }

    /// <summary>Reads the whole file.</summary>
    public static ListFile Read(SourceStream text, ReadOptions options, Collected collected)
    {
        var settings = new CsvReaderOptions
        {
            Separator = ';',
            HasHeader = true,
            TrackLineNumbers = true,
            PoolStrings = true,
            MaxRecordSize = 1 << 20,
            OnMalformedRecord = record =>
            {
                // The published file has stray quotes inside unquoted cells, which read well; a quote never closed does not.
                if (record.Reason is CsvMalformedReason.UnterminatedQuote)
                {
                    throw new ListFileException(ListFileFault.Broken, "The file ends inside a quoted cell.");
                }
            },
        };
        try
        {
            using var csv = CsvReader.Create(text, settings);
            csv.ReadHeader();
            var list = new FsfCsvReader(csv, options, collected).Read();

            // CSV has no end mark, but every row of a list ends its line: a cell cut short shows by that alone.
            return text.EndsLine ? list : throw new ListFileException(ListFileFault.Broken, "The file ends too early: its last row does not end with a line break.");
        }
        catch (CsvFormatException fault)
        {
            throw new ListFileException(ListFileFault.Broken, $"The file ends too early or is not sound CSV: {fault.Message}", (int?)fault.LineNumber, fault);
        }
    }

    private ListFile Read()
    {
        DateOnly? generated = null;
        (int Line, int Cells)? ragged = null;
        while (_csv.Read())
        {
            var line = (int)_csv.LineNumber;
            generated ??= Generated(line);
            var subject = SubjectOf(line);
            ragged = _csv.FieldCount == _cells ? null : (line, _csv.FieldCount);
            if (ragged is not null)
            {
                subject.Faults.Report(line, "row", $"The row has {_csv.FieldCount} cells and the header {_cells}.");
            }
            else
            {
                Row(line, subject);
            }

            if (_order.Count > _options.MaxEntities)
            {
                throw new ListFileException(ListFileFault.TooLarge, $"The file has more than {_options.MaxEntities} entities.", line);
            }
        }

        // A cut file shows in its last row only: CSV has no end mark.
        if (ragged is { } last)
        {
            throw new ListFileException(ListFileFault.Broken, $"The file ends too early: its last row has {last.Cells} cells and the header {_cells}.", last.Line);
        }

        if (generated is not { } day)
        {
            throw new ListFileException(ListFileFault.NotTheList, "The file has no rows, so it does not say when it was made.");
        }

        foreach (var subject in _order)
        {
            _collected.Add(subject.Line, subject.Entry(), subject.Faults);
        }

        _collected.Report();
        return new ListFile
        {
            Header = new(ListFormat.FsfCsv, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)),
            Entries = _collected.Entries,
            Rejected = _collected.Rejected,
            Notes = _collected.Notes,
            NotCarried = FrozenSet.ToFrozenSet(
            [
                .. OftenEmpty.Where(name => Column(name) is var at && (at < 0 || !_filled[at])),
                .. _strong < 0 ? [CsvColumns.StrongColumn] : Array.Empty<string>(),
                .. _regulationId < 0 ? [CsvColumns.RegulationIdColumn] : Array.Empty<string>(),
            ]),
        };
    }

    private DateOnly Generated(int line)
    {
        var text = _csv.GetString(_generated);
        return DateOnly.TryParseExact(text, "dd/MM/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new ListFileException(ListFileFault.NotTheList, $"The generation date '{(text.Length <= 60 ? text : text[..60])}' is not a day written dd/mm/yyyy.", line);
    }

    private CsvSubject SubjectOf(int line)
    {
        var key = Cell(_entity[0]);
        if (key.Length > 0 && _subjects.TryGetValue(key, out var known))
        {
            return known;
        }

        var subject = new CsvSubject(line, _options);
        _order.Add(subject);
        if (key.Length > 0)
        {
            _subjects.Add(key, subject);
        }

        return subject;
    }

    private void Row(int line, CsvSubject subject)
    {
        if (++subject.Rows > _options.MaxPartsPerEntity)
        {
            subject.Faults.Report(line, "row", $"The entity has more than {_options.MaxPartsPerEntity} rows.");
            return;
        }

        subject.Entity.Start("Entity", line);
        Load(subject.Entity, null, CsvColumns.Entity, _entity, line, subject.Faults, out var remarks, out _);
        subject.TakeEntity(line, remarks, _regulationId < 0 ? "" : Cell(_regulationId));
        foreach (var (block, columns) in _parts)
        {
            subject.Part.Start(block.Prefix.TrimEnd('_'), line);
            subject.Act.Start(block.Prefix + "Regulation", line);
            Load(subject.Part, subject.Act, block, columns, line, subject.Faults, out var notes, out var contacts);
            if (subject.Part.HasText || subject.Act.HasText || notes.Length > 0)
            {
                if (block == CsvColumns.Name && _strong >= 0)
                {
                    subject.Part.Add("strong", Cell(_strong));
                }

                subject.TakePart(block, new(CsvText.Remarks(notes), subject.Act.HasText ? FsfParts.Act(subject.Act) : null, CsvText.Contacts(contacts)));
            }
        }
    }

    private void Load(Fields into, Fields? act, CsvColumns.Block block, int[] columns, int line, Faults faults, out string remarks, out string contacts)
    {
        (remarks, contacts) = ("", "");
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] < 0 || _csv.IsEmpty(columns[i]))
            {
                continue;
            }

            var (column, attribute) = block.Columns[i];
            var text = Cell(columns[i]);
            _filled[columns[i]] = true;
            if (CsvText.Unsound(text) is { } reason)
            {
                faults.Report(line, block.Prefix + column, reason);
                continue;
            }

            switch (attribute)
            {
                case CsvColumns.Remark: remarks = text; break;
                case CsvColumns.Contact: contacts = text; break;
                case "act.programme" or "act.organisationType" or "act.entryIntoForceDate": break;
                case var _ when attribute.StartsWith(CsvColumns.ActPrefix, StringComparison.Ordinal): act!.Add(attribute[CsvColumns.ActPrefix.Length..], text); break;
                default: into.Add(attribute, text); break;
            }
        }
    }

    private string Cell(int at) => at < _csv.FieldCount ? _csv.GetString(at) : "";

    private int Column(string name) => _csv.TryGetFieldIndex(name, out var at) ? at : -1;

    private int[] Columns(CsvColumns.Block block) => [.. block.Names.Select(Column)];
}
