using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Reads Financial Sanctions Files XML 1.1, forward only: one entity is in memory at a time beside the entries already built.
/// An entity with a bad value becomes a rejection and reading goes on; a file that ends early or is not well-formed throws.
/// </summary>
internal sealed class FsfXmlReader
{
    /// <summary>The format's namespace.</summary>
    public const string Namespace = "http://eu.europa.ec/fpi/fsd/export";

    private readonly XmlReader _xml;
    private readonly ReadOptions _options;
    private readonly Collected _collected;
    private readonly Faults _faults;
    private readonly Fields _entity;
    private readonly Fields _part;
    private readonly Fields _act;

    public FsfXmlReader(XmlReader xml, ReadOptions options, Collected collected)
    {
        (_xml, _options, _collected) = (xml, options, collected);
        _faults = new(options.MaxTextLength);
        (_entity, _part, _act) = (new(_faults, emptyIsAbsent: false), new(_faults, emptyIsAbsent: false), new(_faults, emptyIsAbsent: false));
    }

    /// <summary>Reads on from the root element, on which the reader stands.</summary>
    public ListHeader Read()
    {
        var header = Header();
        foreach (var element in ChildElements())
        {
            if (element is "sanctionEntity")
            {
                Entity();
            }
            else
            {
                Unknown("export");
            }
        }

        return header;
    }

    private ListHeader Header()
    {
        var generated = _xml.GetAttribute("generationDate");
        return DateTimeOffset.TryParse(generated, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new ListHeader(ListFormat.FsfXml, at, _xml.GetAttribute("globalFileId") ?? "")
            : throw new ListFileException(ListFileFault.NotTheList, $"The export has no generationDate that could be read ('{generated}').", Line);
    }

    private void Entity()
    {
        _faults.Clear();
        var line = Line;
        Attributes(_entity);
        var designated = _entity.OptionalDate("designationDate");
        var details = _entity.Text("designationDetails");
        var unitedNationId = _entity.Pooled("unitedNationId");
        var reference = _entity.Optional("euReferenceNumber");
        var key = _entity.Id()?.ToString(CultureInfo.InvariantCulture) ?? "";
        var remarks = ImmutableArray.CreateBuilder<string>();
        var acts = ImmutableArray.CreateBuilder<Regulation>();
        var names = ImmutableArray.CreateBuilder<Name>();
        var citizenships = ImmutableArray.CreateBuilder<Citizenship>();
        var births = ImmutableArray.CreateBuilder<BirthDate>();
        var addresses = ImmutableArray.CreateBuilder<Address>();
        var ids = ImmutableArray.CreateBuilder<Identification>();
        SubjectType? type = null;
        var oddities = _entity.Oddities();
        var parts = 0;
        foreach (var element in ChildElements())
        {
            if (++parts > _options.MaxPartsPerEntity)
            {
                _faults.Report(Line, element, $"The entity has more than {_options.MaxPartsPerEntity} parts.");
                _xml.Skip();
                continue;
            }

            switch (element)
            {
                case "remark": remarks.Add(Content()); break;
                case "regulation": acts.Add(Regulation()); break;
                case "subjectType": type = Subject(); break;
                case "nameAlias": Attributes(_part); names.Add(FsfParts.Name(_part, Children(element))); break;
                case "citizenship": Attributes(_part); citizenships.Add(FsfParts.Citizenship(_part, Children(element))); break;
                case "birthdate": Attributes(_part); births.Add(FsfParts.BirthDate(_part, Children(element))); break;
                case "address": Attributes(_part); addresses.Add(FsfParts.Address(_part, Children(element))); break;
                case "identification": Attributes(_part); ids.Add(FsfParts.Identification(_part, Children(element))); break;
                default: Unknown("sanctionEntity"); break;
            }
        }

        if (type is null)
        {
            _faults.Report(line, "subjectType.code", "The entity does not say whether it is a person or an enterprise.");
        }

        _collected.Add(
            line,
            new Entry
            {
                Key = key,
                EuReferenceNumber = reference,
                UnitedNationId = unitedNationId,
                DesignationDate = designated,
                DesignationDetails = details,
                SubjectType = type ?? SubjectType.Person,
                Remarks = new(remarks.DrainToImmutable()),
                Regulations = new(acts.DrainToImmutable()),
                Names = new(names.DrainToImmutable()),
                Citizenships = new(citizenships.DrainToImmutable()),
                BirthDates = new(births.DrainToImmutable()),
                Addresses = new(addresses.DrainToImmutable()),
                Identifications = new(ids.DrainToImmutable()),
                Oddities = oddities,
            },
            _faults);
    }

    private Regulation Regulation()
    {
        Attributes(_part);
        string? url = null;
        foreach (var element in ChildElements())
        {
            if (element is "publicationUrl")
            {
                url = Content();
            }
            else
            {
                Unknown("regulation");
            }
        }

        var act = FsfParts.Regulation(_part, url ?? "");
        return url is null ? act with { Oddities = [.. act.Oddities, new("publicationUrl", null)] } : act;
    }

    private SubjectType? Subject()
    {
        var line = Line;
        Attributes(_part);
        var (code, classification) = (_part.Text("code"), _part.Text("classificationCode"));
        foreach (var _ in ChildElements())
        {
            Unknown("subjectType");
        }

        var type = FsfParts.SubjectType(code, classification);
        if (type is null)
        {
            _faults.Report(line, "subjectType.code", $"The subject type '{code}' is unknown; person and enterprise are known.");
        }

        return type;
    }

    private Children Children(string of)
    {
        var remarks = ImmutableArray.CreateBuilder<string>();
        var contacts = ImmutableArray.CreateBuilder<Contact>();
        ActSummary? act = null;
        foreach (var element in ChildElements())
        {
            switch (element)
            {
                case "regulationSummary":
                    Attributes(_act);
                    act = FsfParts.Act(_act);
                    SkipContent("regulationSummary");
                    break;
                case "remark":
                    remarks.Add(Content());
                    break;
                case "contactInfo" when of is "address":
                    Attributes(_act);
                    contacts.Add(new(_act.Pooled("key"), _act.Text("value")));
                    SkipContent("contactInfo");
                    break;
                default:
                    Unknown(of);
                    break;
            }

            if (remarks.Count + contacts.Count > _options.MaxPartsPerEntity)
            {
                _faults.Report(Line, of, $"The element has more than {_options.MaxPartsPerEntity} children.");
                remarks.Clear();
                contacts.Clear();
            }
        }

        return new(new(remarks.DrainToImmutable()), act, new(contacts.DrainToImmutable()));
    }

    /// <summary>
    /// Steps through the child elements of the element the reader stands on, and leaves it on that element's end. Whoever gets
    /// a child consumes it up to its own end (all methods here do).
    /// </summary>
    private IEnumerable<string> ChildElements()
    {
        if (_xml.IsEmptyElement)
        {
            yield break;
        }

        var depth = _xml.Depth;
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType is XmlNodeType.Element)
            {
                yield return ReferenceEquals(_xml.NamespaceURI, Namespace) || _xml.NamespaceURI == Namespace ? _xml.LocalName : "{" + _xml.NamespaceURI + "}" + _xml.LocalName;
            }
        }
    }

    private void SkipContent(string of)
    {
        foreach (var _ in ChildElements())
        {
            Unknown(of);
        }
    }

    private void Unknown(string of)
    {
        _collected.Note($"The element {_xml.LocalName} inside {of} is not part of the format and was passed over.");
        if (_xml.IsEmptyElement)
        {
            return;
        }

        var depth = _xml.Depth;
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.Depth > _options.MaxDepth)
            {
                throw new ListFileException(ListFileFault.TooLarge, $"Elements are nested more than {_options.MaxDepth} deep.", Line);
            }
        }
    }

    /// <summary>The text of a text-only element, white space as it is.</summary>
    private string Content()
    {
        if (_xml.IsEmptyElement)
        {
            return "";
        }

        var (depth, text, line) = (_xml.Depth, "", Line);
        while (_xml.Read() && _xml.Depth > depth)
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    text = text.Length == 0 ? _xml.Value : text + _xml.Value;
                    break;
                case XmlNodeType.Element:
                    Unknown("a text");
                    break;
            }
        }

        if (text.Length > _options.MaxTextLength)
        {
            _faults.Report(line, "remark", $"The text is {text.Length} characters long; {_options.MaxTextLength} are allowed.");
        }

        return Pool.Shared.Text(text);
    }

    private void Attributes(Fields into)
    {
        into.Start(_xml.LocalName, Line);
        while (_xml.MoveToNextAttribute())
        {
            if (_xml.Prefix.Length == 0 && _xml.LocalName != "xmlns")
            {
                into.Add(_xml.LocalName, _xml.Value);
            }
        }

        _xml.MoveToElement();
    }

    private int Line => ((IXmlLineInfo)_xml).LineNumber;
}
