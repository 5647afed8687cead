using System.Collections.Frozen;
using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// Given names that are one name in several languages (Aleksandr, Oleksandr, Aliaksandr, Iskandar), short forms (Bob, Robert),
/// and Korean family names with several usual spellings (이: Lee, Ri, Yi). Kept by sounds, so that every spelling of a variant counts.
/// </summary>
internal static class NameVariants
{
    private static readonly FrozenDictionary<string, int[]> BySounds = Load();

    /// <summary>The groups of a word; null for none. Words that share a group count as variants of one name.</summary>
    internal static int[]? GroupsOf(string sounds) => BySounds.TryGetValue(sounds, out int[]? groups) ? groups : null;

    /// <summary>The groups that a patronymic is built on: "Uladzimiravich" and "Vladimirovich" have one.</summary>
    internal static int[]? GroupsOfStem(string sounds, int stem)
    {
        ReadOnlySpan<char> word = sounds.AsSpan(0, stem);
        var lookup = BySounds.GetAlternateLookup<ReadOnlySpan<char>>();
        while (word.Length > 2)
        {
            if (lookup.TryGetValue(word, out int[]? groups))
            {
                return groups;
            }

            if (!SoundCosts.IsSoft(word[^1]))
            {
                break;
            }

            word = word[..^1];
        }

        return null;
    }

    internal static bool Share(int[]? a, int[]? b) => a is not null && b is not null && a.AsSpan().IndexOfAny(b) >= 0;

    private static FrozenDictionary<string, int[]> Load()
    {
        var groups = new Dictionary<string, List<int>>();
        int group = 0;
        foreach (string line in NameResources.Lines("name-variants.txt").Concat(NameResources.Lines("nicknames.txt")))
        {
            group++;
            foreach (string name in line.Split('|'))
            {
                foreach (RawToken token in RawTokenizer.Split(name))
                {
                    string sounds = SoundWriter.Write(token.Reading, token.Script);
                    Add(sounds, group);
                    if (sounds.Length > 4 && sounds[^1] == 'i')
                    {
                        Add(sounds[..^1], group);
                    }
                }
            }
        }

        return groups.ToFrozenDictionary(g => g.Key, g => g.Value.ToArray());

        void Add(string sounds, int number)
        {
            if (!groups.TryGetValue(sounds, out List<int>? of))
            {
                groups[sounds] = of = [];
            }

            if (!of.Contains(number))
            {
                of.Add(number);
            }
        }
    }
}
