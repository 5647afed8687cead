using System.Collections.Immutable;
using System.IO.Compression;
using System.Xml;
using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>The names of the real list, read once, and the labelled data beside it.</summary>
internal static class RealList
{
    private static readonly Lazy<List<ScreenedEntity>> AllEntities = new(Read);
    private static readonly Lazy<ScreeningIndex> Built = new(() => ScreeningIndex.Build(Entities));

    internal static IReadOnlyList<ScreenedEntity> Entities => AllEntities.Value;

    internal static ScreeningIndex Index => Built.Value;

    internal static IEnumerable<string[]> Rows(string file)
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", file)).Skip(1))
        {
            yield return Cells(line);
        }
    }

    private static List<ScreenedEntity> Read()
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "eu_fsf_2026-05-01.xml.gz")), CompressionMode.Decompress);
        using var xml = XmlReader.Create(file);
        var entities = new List<ScreenedEntity>();
        var names = ImmutableArray.CreateBuilder<ScreenedName>();
        string id = "";
        SubjectType type = SubjectType.Unknown;
        while (xml.Read())
        {
            switch (xml.NodeType, xml.LocalName)
            {
                case (XmlNodeType.Element, "sanctionEntity"):
                    id = xml.GetAttribute("euReferenceNumber") is { Length: > 0 } reference ? reference : xml.GetAttribute("logicalId")!;
                    break;
                case (XmlNodeType.Element, "subjectType"):
                    type = xml.GetAttribute("code") == "person" ? SubjectType.Person : SubjectType.Enterprise;
                    break;
                case (XmlNodeType.Element, "nameAlias") when xml.GetAttribute("wholeName") is { Length: > 0 } text:
                    names.Add(new ScreenedName(xml.GetAttribute("logicalId")!, text, ScreenedName.FamilyOf(xml.GetAttribute("firstName"), xml.GetAttribute("middleName"), xml.GetAttribute("lastName")), xml.GetAttribute("nameLanguage") ?? ""));
                    break;
                case (XmlNodeType.EndElement, "sanctionEntity"):
                    entities.Add(new ScreenedEntity(id, type, names.ToImmutable()));
                    names.Clear();
                    break;
                default:
                    break;
            }
        }

        return entities;
    }

    private static string[] Cells(string line)
    {
        var cells = new List<string>();
        bool quoted = false;
        int from = 0;
        for (int i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || (line[i] == ',' && !quoted))
            {
                cells.Add(line[from..i].Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal));
                from = i + 1;
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
        }

        return [.. cells];
    }
}
