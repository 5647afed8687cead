using System.Globalization;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// How many people or organisations share a word, counted by sound over the EU list and over common given and family names of
/// seventy countries. The table is fixed with the version of the engine, not taken from the list in force: a score must not
/// change because somebody else was listed, and names compared without a list must get the same score. A word that writes no vowels
/// stands for every name with its consonants, so it is as common as all of them together.
/// </summary>
internal static class NameFrequencies
{
    /// <summary>Of the names with the same consonants, most are of another language than the one read: one in so many may be meant.</summary>
    private const int ShareMeant = 2;

    private const int MostConsonants = 6;

    private static readonly SoundCounts Persons, Organisations, ByConsonants;

    static NameFrequencies()
    {
        Dictionary<string, int> persons = Load("name-frequencies.txt");
        Persons = new SoundCounts(persons);
        Organisations = new SoundCounts(Load("organisation-frequencies.txt"));
        ByConsonants = new SoundCounts([.. CountConsonants(persons).Where(c => c.Value >= ShareMeant)]);
    }

    /// <summary>The weight of a word, 0.25 (everybody's) to 1 (hardly anybody's).</summary>
    /// <param name="abjad">Whether the word writes consonants only.</param>
    internal static double Weight(string sounds, bool person, bool abjad)
    {
        int persons = Persons[sounds];
        if (abjad && person)
        {
            string consonants = Consonants(sounds);
            persons = Math.Max(persons, (ByConsonants[consonants] + Unseen(consonants.Length)) / (ShareMeant << sounds.Count(c => c is 'W' or 'I')));
        }

        int count = person ? persons : Math.Max(Organisations[sounds], persons / 3); // organisations are named after people
        return Math.Max(0.25, 1 - (Math.Log2(1 + count) / 13));
    }

    /// <summary>Whether anybody is known to be called so.</summary>
    internal static bool IsKnown(string sounds) => Persons[sounds] > 0;

    /// <summary>Names that no table has but that share so few consonants.</summary>
    private static int Unseen(int consonants) => consonants switch { <= 1 => 120, 2 => 40, 3 => 10, _ => 0 };

    /// <summary>What is left of a word when vowels are not written, with the letters that Arabic spelling does not tell apart as one.</summary>
    private static string Consonants(string sounds) => string.Create(sounds.Count(c => Consonant(c) != 0), sounds, (row, from) =>
    {
        int n = 0;
        foreach (char sound in from)
        {
            if (Consonant(sound) is var c and not '\0')
            {
                row[n++] = c;
            }
        }
    });

    private static char Consonant(char sound) => sound switch
    {
        'b' or 'p' or 'B' => 'b',
        'f' or 'm' or 'n' or 'l' or 'r' or 'h' => sound,
        'R' => 'r',
        't' or 'T' or '1' => 't',
        'd' or 'D' or '2' => 'd',
        'k' or 'K' or 'g' or 'G' or 'Q' or 'q' or '6' => 'k',
        'x' or 'X' => 'x',
        's' or '4' => 's',
        'S' or 'C' or 'c' => 'S',
        'z' or '8' => 'z',
        'Z' or 'J' or 'j' or '9' => 'J',
        _ => '\0',
    };

    private static Dictionary<string, int> CountConsonants(Dictionary<string, int> persons)
    {
        var counts = new Dictionary<string, int>();
        foreach ((string sounds, int count) in persons)
        {
            string consonants = Consonants(sounds);
            if (consonants.Length <= MostConsonants)
            {
                counts[consonants] = counts.GetValueOrDefault(consonants) + count;
            }
        }

        return counts;
    }

    private static Dictionary<string, int> Load(string file)
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

        return counts;
    }
}
