using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// Reads the consolidated list of the United Nations Security Council into the same entries, one individual or entity in memory
/// at a time. Names, birth data and documents come over complete; the list gives countries by name only, so their codes come from
/// <see cref="UnCountries"/>. Aliases of quality Low are weak. An element without any text is how the list says "nothing known".
/// </summary>
internal sealed class UnXmlReader(XmlReader xml, ReadOptions options, Collected collected)
{
    private static readonly string[] NameParts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];

    private readonly Faults _faults = new(options.MaxTextLength);

    /// <summary>Reads on from the root element, on which the reader stands.</summary>
    public ListHeader Read()
    {
        var generated = xml.GetAttribute("dateGenerated");
        if (!DateTimeOffset.TryParse(generated, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            throw new ListFileException(ListFileFault.NotTheList, $"The list has no dateGenerated that could be read ('{generated}').", 1);
        }

        xml.Read();
        while (!xml.EOF)
        {
            if (xml.NodeType is XmlNodeType.Element && xml.LocalName is "INDIVIDUAL" or "ENTITY" && xml.NodeType is XmlNodeType.Element)
            {
                var line = ((IXmlLineInfo)xml).LineNumber;
                var type = xml.LocalName is "INDIVIDUAL" ? SubjectType.Person : SubjectType.Enterprise;
                Take(line, type, BoundedTree.Read(xml, options.MaxDepth));
            }
            else
            {
                if (xml.NodeType is XmlNodeType.Element && xml.LocalName is not ("INDIVIDUALS" or "ENTITIES"))
                {
                    collected.Note($"The element {xml.LocalName} is not part of the format and was passed over.");
                }

                xml.Read();
            }
        }

        return new(ListFormat.UnXml, at);
    }

    private void Take(int line, SubjectType type, XElement subject)
    {
        _faults.Clear();
        var (kind, listedOn) = (subject.Name.LocalName, Day(line, subject, "LISTED_ON"));
        var births = Births(line, subject).ToSequence();
        var names = Names(subject, kind).ToSequence();
        if (subject.Descendants().Count() > options.MaxPartsPerEntity * 4)
        {
            _faults.Report(line, kind, $"The entity has more than {options.MaxPartsPerEntity * 4} elements.");
        }

        if (subject.Descendants().Any(element => element.FirstNode is XText text && text.Value.Length > options.MaxTextLength))
        {
            _faults.Report(line, kind, $"A text is longer than the {options.MaxTextLength} characters allowed.");
        }

        collected.Add(
            line,
            new Entry
            {
                Key = Text(subject, "DATAID"),
                UnitedNationId = Text(subject, "REFERENCE_NUMBER"),
                DesignationDate = listedOn,
                SubjectType = type,
                Remarks = Known(Text(subject, "COMMENTS1"), Text(subject, "SUBMITTED_BY") is { Length: > 0 } by ? $"Submitted by {by}" : ""),
                Regulations = [new Regulation { OrganisationType = "un", PublicationDate = listedOn, Programme = Text(subject, "UN_LIST_TYPE"), NumberTitle = "United Nations Security Council Consolidated List" }],
                Names = names,
                Citizenships = Values(subject, "NATIONALITY").Concat(Values(subject, "NATIONALITY2")).Select(country => new Citizenship { Country = Named(country) }).ToSequence(),
                BirthDates = births,
                Addresses = Addresses(subject, kind).ToSequence(),
                Identifications = Documents(line, subject).ToSequence(),
                Oddities = Facts(subject).ToSequence(),
            },
            _faults);
    }

    private static IEnumerable<Name> Names(XElement subject, string kind)
    {
        string[] parts = [.. NameParts.Select(part => Text(subject, part)).Where(part => part.Length > 0)];
        var title = string.Join("; ", Values(subject, "TITLE"));
        var function = string.Join("; ", Values(subject, "DESIGNATION"));
        var gender = Text(subject, "GENDER") switch { "Male" => "M", "Female" => "F", _ => null };
        if (parts.Length > 0)
        {
            var split = kind is "INDIVIDUAL" && parts.Length > 1;
            yield return new Name
            {
                First = split ? parts[0] : "",
                Middle = split ? string.Join(' ', parts[1..^1]) : "",
                Last = split ? parts[^1] : "",
                Whole = string.Join(' ', parts),
                Title = title,
                Function = function,
                Gender = gender,
            };
        }

        if (Text(subject, "NAME_ORIGINAL_SCRIPT") is { Length: > 0 } original)
        {
            yield return new Name { Whole = original, Gender = gender };
        }

        foreach (var alias in subject.Elements(kind + "_ALIAS"))
        {
            var quality = Text(alias, "QUALITY");
            var remarks = Known(quality is "" or "Good" or "Low" ? "" : quality, Text(alias, "NOTE"));

            // Some aliases hold several names, separated by semicolons.
            foreach (var whole in Text(alias, "ALIAS_NAME").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                yield return new Name { Whole = whole, MarkedWeak = quality is "Low", Remarks = remarks, Gender = gender };
            }
        }
    }

    /// <summary>
    /// Dates and places stand apart in this list. A single place belongs to every date; of several places nobody can say which
    /// belongs to which date, so each is a record of its own. Birth data of an alias says so in a remark.
    /// </summary>
    private IEnumerable<BirthDate> Births(int line, XElement subject)
    {
        var places = subject.Elements("INDIVIDUAL_PLACE_OF_BIRTH").Where(HasText).Select(Place).ToList();
        var dates = subject.Elements("INDIVIDUAL_DATE_OF_BIRTH").Where(HasText).Select(date => Date(line, date)).ToList();
        if (places.Count == 1 && dates.Count > 0)
        {
            var place = places[0];
            dates = [.. dates.Select(date => date with { City = place.City, Region = place.Region, Place = place.Place, Country = place.Country, Remarks = [.. date.Remarks, .. place.Remarks] })];
            places.Clear();
        }

        var ofAliases = subject.Elements("INDIVIDUAL_ALIAS")
            .Where(alias => Text(alias, "DATE_OF_BIRTH").Length + Text(alias, "CITY_OF_BIRTH").Length + Text(alias, "COUNTRY_OF_BIRTH").Length > 0)
            .Select(alias => DatedOrYear(
                line,
                alias,
                new BirthDate { City = Text(alias, "CITY_OF_BIRTH"), Country = Named(Text(alias, "COUNTRY_OF_BIRTH")), Remarks = [$"of the alias {Text(alias, "ALIAS_NAME")}"] }));
        return [.. dates, .. places, .. ofAliases];
    }

    private BirthDate Date(int line, XElement date)
    {
        var birth = new BirthDate
        {
            Circa = Text(date, "TYPE_OF_DATE") is "APPROXIMATELY",
            Year = Year(line, date, "YEAR"),
            YearFrom = Year(line, date, "FROM_YEAR"),
            YearTo = Year(line, date, "TO_YEAR"),
            Remarks = Known(Text(date, "NOTE")),
        };
        if (birth.YearFrom > birth.YearTo)
        {
            _faults.Report(line, "INDIVIDUAL_DATE_OF_BIRTH.TO_YEAR", $"The range of years ends in {birth.YearTo} before it begins in {birth.YearFrom}.");
        }

        return Dated(birth, Day(line, date, "DATE"));
    }

    /// <summary>For an alias the list gives a full date or, in the same element, just a year.</summary>
    private BirthDate DatedOrYear(int line, XElement alias, BirthDate birth)
        => Text(alias, "DATE_OF_BIRTH").Length == 4
            ? birth with { Year = Year(line, alias, "DATE_OF_BIRTH") }
            : Dated(birth, Day(line, alias, "DATE_OF_BIRTH"));

    private static BirthDate Place(XElement place) => new()
    {
        City = Text(place, "CITY"),
        Region = Text(place, "STATE_PROVINCE"),
        Place = Text(place, "STREET"),
        Country = Named(Text(place, "COUNTRY")),
        Remarks = Known(Text(place, "NOTE")),
    };

    private static BirthDate Dated(BirthDate birth, DateOnly? day)
        => day is { } date ? birth with { Date = date, Day = date.Day, Month = date.Month, Year = date.Year } : birth;

    private static IEnumerable<Address> Addresses(XElement subject, string kind)
        => subject.Elements(kind + "_ADDRESS").Where(HasText).Select(address => new Address
        {
            Street = Text(address, "STREET"),
            City = Text(address, "CITY"),
            ZipCode = Text(address, "ZIP_CODE"),
            Region = Text(address, "STATE_PROVINCE"),
            Country = Named(Text(address, "COUNTRY")),
            Remarks = Known(Text(address, "NOTE")),
        });

    private IEnumerable<Identification> Documents(int line, XElement subject)
        => subject.Elements("INDIVIDUAL_DOCUMENT").Where(HasText).Select(document =>
        {
            var (type, second) = (Text(document, "TYPE_OF_DOCUMENT"), Text(document, "TYPE_OF_DOCUMENT2"));
            var (issuing, place) = (Text(document, "ISSUING_COUNTRY"), Text(document, "COUNTRY_OF_ISSUE"));
            return new Identification
            {
                TypeCode = type switch
                {
                    "National Identification Number" => "id",
                    _ when type.Contains("pas", StringComparison.OrdinalIgnoreCase) => "passport",
                    _ => "other",
                },
                TypeDescription = string.Join(": ", new[] { type, second }.Where(text => text.Length > 0)),
                Number = Text(document, "NUMBER"),
                IssuedBy = Text(document, "CITY_OF_ISSUE"),
                IssuedDate = Day(line, document, "DATE_OF_ISSUE"),
                Country = Named(issuing.Length > 0 ? issuing : place),
                Remarks = Known(Text(document, "NOTE"), issuing.Length > 0 && place.Length > 0 && place != issuing ? $"issued in {place}" : ""),
            };
        });

    /// <summary>What the list says and FSF has no attribute for: its version number and the days it was updated.</summary>
    private static IEnumerable<Oddity> Facts(XElement subject)
    {
        if (Text(subject, "VERSIONNUM") is { Length: > 0 } version)
        {
            yield return new("versionNumber", version);
        }

        if (string.Join(' ', Values(subject, "LAST_DAY_UPDATED").Select(day => day.Length > 10 ? day[..10] : day)) is { Length: > 0 } updated)
        {
            yield return new("lastDayUpdated", updated);
        }
    }

    private DateOnly? Day(int line, XElement of, string name)
    {
        var text = Text(of, name);
        if (text.Length == 0)
        {
            return null;
        }

        // xs:date may carry an offset: 2014-12-17-05:00.
        if (DateOnly.TryParseExact(text.AsSpan(0, Math.Min(10, text.Length)), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        _faults.Report(line, $"{of.Name.LocalName}.{name}", $"'{(text.Length <= 60 ? text : text[..60])}' is not a date that exists.");
        return null;
    }

    private int? Year(int line, XElement of, string name)
    {
        var text = Text(of, name);
        if (text.Length == 0)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1 and <= 9999)
        {
            return year;
        }

        _faults.Report(line, $"{of.Name.LocalName}.{name}", $"'{(text.Length <= 60 ? text : text[..60])}' is not a year.");
        return null;
    }

    private static Country Named(string name) => name.Length == 0 ? Country.None : Pool.Shared.Country(UnCountries.CodeOf(name), name);

    private static Sequence<string> Known(params string[] texts) => texts.Where(text => text.Length > 0).ToSequence();

    private static bool HasText(XElement element) => element.Descendants().Any(child => child.Name.LocalName is not "TYPE_OF_DATE" && !string.IsNullOrWhiteSpace(child.Value));

    private static IEnumerable<string> Values(XElement of, string name)
        => of.Elements(name).Elements("VALUE").Select(value => Tidy(value.Value)).Where(value => value.Length > 0);

    private static string Text(XElement of, string name) => of.Element(name) is { } element ? Tidy(element.Value) : "";

    /// <summary>The list wraps long texts and indents them; white space is no content in it.</summary>
    private static string Tidy(string text) => Pool.Shared.Text(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}
