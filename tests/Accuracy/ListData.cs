using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Xml;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Accuracy;

/// <summary>Reads the real list into the engine's own form: names, birth dates, citizenship, numbers. No more than measuring needs.</summary>
internal static class ListData
{
    internal static List<ScreenedEntity> Read(Func<ScreenedName, bool>? keep = null)
    {
        using var file = new GZipStream(File.OpenRead(TestData.Path("eu_fsf_2026-05-01.xml.gz")), CompressionMode.Decompress);
        using var xml = XmlReader.Create(file);
        var entities = new List<ScreenedEntity>();
        string id = "";
        SubjectType type = SubjectType.Unknown;
        var names = ImmutableArray.CreateBuilder<ScreenedName>();
        var births = ImmutableArray.CreateBuilder<BirthDate>();
        var countries = ImmutableArray.CreateBuilder<string>();
        var identifiers = ImmutableArray.CreateBuilder<Identifier>();
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "sanctionEntity")
            {
                if (names.Count > 0)
                {
                    entities.Add(new ScreenedEntity(id, type, names.ToImmutable(), default, births.ToImmutable(), countries.Distinct().ToImmutableArray(), identifiers.ToImmutable()));
                }

                names.Clear();
                births.Clear();
                countries.Clear();
                identifiers.Clear();
            }
            else if (xml.NodeType == XmlNodeType.Element)
            {
                string At(string name) => xml.GetAttribute(name) ?? "";
                int? Number(string name) => int.TryParse(At(name), CultureInfo.InvariantCulture, out int n) && n > 0 ? n : null;
                switch (xml.LocalName)
                {
                    case "sanctionEntity":
                        id = At("euReferenceNumber") is { Length: > 0 } reference ? reference : At("logicalId");
                        break;
                    case "subjectType":
                        type = At("code") == "person" ? SubjectType.Person : SubjectType.Enterprise;
                        break;
                    case "nameAlias":
                        var name = new ScreenedName(At("logicalId"), At("wholeName"), ScreenedName.FamilyOf(At("firstName"), At("middleName"), At("lastName")), At("nameLanguage"), At("strong") != "false");
                        if (name.Text.Length > 0 && (keep is null || keep(name)))
                        {
                            names.Add(name);
                        }

                        break;
                    case "birthdate":
                        births.Add(new BirthDate(Number("year"), Number("monthOfYear"), Number("dayOfMonth"), At("circa") == "true", null, null,
                            At("calendarType") == "ISLAMIC" ? BirthCalendar.Islamic : BirthCalendar.Gregorian));
                        break;
                    case "citizenship" when At("countryIso2Code") is { Length: 2 } country and not "00":
                        countries.Add(country);
                        break;
                    case "identification":
                        identifiers.Add(new Identifier(At("identificationTypeCode"), At("number"), At("countryIso2Code")));
                        break;
                    default:
                        break;
                }
            }
        }

        return entities;
    }
}
