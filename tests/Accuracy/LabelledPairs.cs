using System.Text;

namespace ExternalAction.Accuracy;

/// <summary>One labelled pair of names; <paramref name="HeldOut"/> pairs are never tuned on.</summary>
internal sealed record LabelledPair(string File, bool Person, string Query, string Candidate, bool Same, string Subset, string Script, bool HeldOut);

/// <summary>Reads the labelled pairs and queries under Data/.</summary>
internal static class TestData
{
    internal static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", name);

    internal static List<LabelledPair> Pairs(string file)
    {
        var pairs = new List<LabelledPair>();
        foreach (Dictionary<string, string> row in Csv(Path("pairs/" + file + ".csv")))
        {
            string reference = row.GetValueOrDefault("euReferenceNumber") is { Length: > 0 } r ? r : row["candidate"];
            pairs.Add(new LabelledPair(
                file, row["type"] == "person", row["query"], row["candidate"], row["label"] == "1",
                row.GetValueOrDefault("subset", "all"), row.GetValueOrDefault("query_script", ""), IsHeldOut(reference)));
        }

        return pairs;
    }

    /// <summary>A stable half of all entities (FNV-1a of the reference), so that all names of an entity fall on one side.</summary>
    internal static bool IsHeldOut(string reference)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(reference))
        {
            hash = unchecked((hash ^ b) * 16777619);
        }

        return ((hash >> 7) & 1) == 1;
    }

    internal static IEnumerable<Dictionary<string, string>> Csv(string path)
    {
        string[]? header = null;
        foreach (string[] cells in Records(File.ReadAllText(path)))
        {
            if (header is null)
            {
                header = cells;
            }
            else
            {
                string[] names = header;
                yield return names.Select((h, i) => (h, i)).ToDictionary(p => p.h, p => p.i < cells.Length ? cells[p.i] : "");
            }
        }
    }

    /// <summary>RFC 4180: cells in quotes may hold commas, line ends and doubled quotes.</summary>
    private static IEnumerable<string[]> Records(string text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                cell.Append(c);
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (quoted || c is not (',' or '\n' or '\r'))
            {
                cell.Append(c);
            }
            else if (c != '\r')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    yield return [.. cells];
                    cells.Clear();
                }
            }
        }

        if (cell.Length > 0 || cells.Count > 0)
        {
            cells.Add(cell.ToString());
            yield return [.. cells];
        }
    }
}
