using System.Globalization;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// One entity of a CSV file while its rows come in: they may stand anywhere in the file, repeat what they say of the entity, and
/// add a part each.
/// </summary>
internal sealed class CsvSubject
{
    private readonly List<Regulation> _acts = [];
    private readonly List<Name> _names = [];
    private readonly List<Citizenship> _citizenships = [];
    private readonly List<BirthDate> _births = [];
    private readonly List<Address> _addresses = [];
    private readonly List<Identification> _ids = [];
    private Entry? _entry;

    public CsvSubject(int line, ReadOptions options)
    {
        Line = line;
        Faults = new(options.MaxTextLength);
        (Entity, Part, Act) = (new(Faults, emptyIsAbsent: true), new(Faults, emptyIsAbsent: true), new(Faults, emptyIsAbsent: true));
    }

    public int Line { get; }

    public int Rows { get; set; }

    public Faults Faults { get; }

    public Fields Entity { get; }

    public Fields Part { get; }

    public Fields Act { get; }

    /// <summary>Takes the entity's columns of a row: they must say the same in every row, but for the act, of which there may be several.</summary>
    public void TakeEntity(int line, string remarks, string regulationId)
    {
        var type = FsfParts.SubjectType(Entity.Pooled("code"), Entity.Pooled("classificationCode"));
        var entry = new Entry
        {
            Key = Entity.Id()?.ToString(CultureInfo.InvariantCulture) ?? "",
            EuReferenceNumber = Entity.Optional("euReferenceNumber"),
            UnitedNationId = Entity.Pooled("unitedNationId"),
            DesignationDate = Entity.OptionalDate("designationDate"),
            DesignationDetails = Entity.Text("designationDetails"),
            SubjectType = type ?? SubjectType.Person,
            Remarks = CsvText.Remarks(remarks),
        };
        if (type is null)
        {
            Faults.Report(line, "Entity_SubjectType", "The subject type is unknown; person and enterprise are known.");
        }
        else if (_entry is not null && _entry != entry)
        {
            Faults.Report(line, "Entity", $"This row says something else of the entity than the row in line {Line}.");
        }

        _entry ??= entry;
        var act = FsfParts.Regulation(Entity, Entity.Text("publicationUrl")) with { LogicalId = Number(regulationId) };
        if (act != new Regulation() && !_acts.Contains(act))
        {
            _acts.Add(act);
        }
    }

    /// <summary>Takes a part; the same part in two rows counts once.</summary>
    public void TakePart(CsvColumns.Block block, Children children)
    {
        if (block == CsvColumns.Name)
        {
            Once(_names, FsfParts.Name(Part, children), name => name.LogicalId);
        }
        else if (block == CsvColumns.Address)
        {
            Once(_addresses, FsfParts.Address(Part, children), address => address.LogicalId);
        }
        else if (block == CsvColumns.BirthDate)
        {
            Once(_births, FsfParts.BirthDate(Part, children), birth => birth.LogicalId);
        }
        else if (block == CsvColumns.Identification)
        {
            Once(_ids, FsfParts.Identification(Part, children), id => id.LogicalId);
        }
        else
        {
            Once(_citizenships, FsfParts.Citizenship(Part, children), citizenship => citizenship.LogicalId);
        }
    }

    public Entry Entry() => (_entry ?? new Entry { Key = "" }) with
    {
        Regulations = _acts.ToSequence(),
        Names = _names.ToSequence(),
        Citizenships = _citizenships.ToSequence(),
        BirthDates = _births.ToSequence(),
        Addresses = _addresses.ToSequence(),
        Identifications = _ids.ToSequence(),
    };

    private static void Once<T>(List<T> parts, T part, Func<T, long?> id)
    {
        if (id(part) is null || !parts.Contains(part))
        {
            parts.Add(part);
        }
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
