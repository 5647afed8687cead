using System.IO.Compression;
using System.Text.Json;
using System.Xml;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Accuracy;

/// <summary>
/// Counts how many listed subjects and how many countries' common names share a word (by sound) and writes the two frequency
/// tables of the engine. Run after a change of the sound rules: <c>-- frequencies CORPUS.json FOLDER</c>.
/// </summary>
internal static class Frequencies
{
    internal static void Write(string corpus, string folder)
    {
        var persons = new Dictionary<string, int>();
        var organisations = new Dictionary<string, int>();
        foreach ((bool person, List<string> names) in ListNames())
        {
            var seen = new HashSet<string>();
            foreach (string name in names)
            {
                ParsedName parsed = person ? NameParser.Person(name) : NameParser.Organisation(name);
                foreach (NameToken token in parsed.Tokens.Where(t => t.Kind is TokenKind.Name && t.Sounds.Length > 0))
                {
                    seen.Add(token.Sounds);
                }
            }

            foreach (string sounds in seen)
            {
                Dictionary<string, int> counts = person ? persons : organisations;
                counts[sounds] = counts.GetValueOrDefault(sounds) + 1;
            }
        }

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(corpus));
        foreach (JsonProperty names in json.RootElement.EnumerateObject())
        {
            int weight = names.Name == "first" ? 12 : 5;
            var seen = new HashSet<string>();
            foreach (JsonElement name in names.Value.EnumerateArray())
            {
                foreach (NameToken token in NameParser.Person(name.GetString()!).Tokens.Where(t => t.Kind is TokenKind.Name && t.Sounds.Length > 0))
                {
                    if (seen.Add(token.Sounds))
                    {
                        persons[token.Sounds] = persons.GetValueOrDefault(token.Sounds) + weight;
                    }
                }
            }
        }

        Save(Path.Combine(folder, "name-frequencies.txt"), persons, "listed persons and common given and family names of seventy countries (the latter from faker-js, MIT, see NOTICE.txt)");
        Save(Path.Combine(folder, "organisation-frequencies.txt"), organisations, "listed organisations");
    }

    internal static IEnumerable<(bool Person, List<string> Names)> ListNames()
    {
        using var file = new GZipStream(File.OpenRead(TestData.Path("eu_fsf_2026-05-01.xml.gz")), CompressionMode.Decompress);
        using var xml = XmlReader.Create(file);
        bool person = false;
        List<string>? names = null;
        while (xml.Read())
        {
            switch (xml.NodeType, xml.LocalName)
            {
                case (XmlNodeType.Element, "sanctionEntity"): names = []; break;
                case (XmlNodeType.Element, "subjectType"): person = xml.GetAttribute("code") == "person"; break;
                case (XmlNodeType.Element, "nameAlias"): names!.Add(xml.GetAttribute("wholeName")!); break;
                case (XmlNodeType.EndElement, "sanctionEntity"): yield return (person, names!); break;
                default: break;
            }
        }
    }

    private static void Save(string path, Dictionary<string, int> counts, string source)
    {
        IEnumerable<string> lines = counts.Where(c => c.Value > 2).GroupBy(c => Level(c.Value)).OrderByDescending(g => g.Key)
            .Select(g => $"{g.Key}\t{string.Join(' ', g.Select(c => c.Key).Order(StringComparer.Ordinal))}");
        File.WriteAllText(path, $"# How often words occur, by sound: count (rounded), tab, words. Counted over {source}.\n{string.Join('\n', lines)}\n");
    }

    /// <summary>Counts rounded to quarters of a power of two: finer differences mean nothing.</summary>
    private static int Level(int count) => count < 8 ? count : (int)Math.Round(Math.Pow(2, Math.Round(Math.Log2(count) * 4) / 4));
}
