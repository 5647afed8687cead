using System.Collections.Frozen;
using System.Globalization;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// How many people or organisations share a word, counted by sound over the EU list and over common given and family names of
/// seventy countries. The table is fixed with the version of the engine, not taken from the list in force: a score must not
/// change because somebody else was listed, and names compared without a list must get the same score.
/// </summary>
internal static class NameFrequencies
{
    private static readonly FrozenDictionary<string, int> Persons = Load("name-frequencies.txt");
    private static readonly FrozenDictionary<string, int> Organisations = Load("organisation-frequencies.txt");

    /// <summary>The weight of a word, 0.25 (everybody's) to 1 (hardly anybody's).</summary>
    internal static double Weight(string sounds, bool person)
    {
        int persons = Persons.GetValueOrDefault(sounds);
        int count = person ? persons : Math.Max(Organisations.GetValueOrDefault(sounds), persons / 3); // organisations are named after people
        return Math.Max(0.25, 1 - (Math.Log2(1 + count) / 13));
    }

    private static FrozenDictionary<string, int> Load(string file)
    {
        var counts = new Dictionary<string, int>();
        foreach (string line in NameResources.Lines(file))
        {
            // a count, a tab, and all sounds with that count
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            int count = int.Parse(line.AsSpan(0, tab), CultureInfo.InvariantCulture);
            foreach (string sounds in line[(tab + 1)..].Split(' '))
            {
                counts[sounds] = count;
            }
        }

        return counts.ToFrozenDictionary();
    }
}
