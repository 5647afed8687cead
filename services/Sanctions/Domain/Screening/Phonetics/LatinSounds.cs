using System.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// Writes the sounds of a Latin spelling, whatever the convention it follows: Shoigu, Choïgou, Schoigu, Sjojgu and Szojgu
/// come out alike or near each other. Longer spellings are tried first; what stays open is left to <see cref="SoundCosts"/>.
/// </summary>
internal static class LatinSounds
{
    private static readonly Dictionary<string, string> Spellings = new()
    {
        ["schtsch"] = "S",
        ["sjtsj"] = "S",
        ["chtch"] = "S",
        ["shtsh"] = "S",
        ["shch"] = "S",
        ["sjtj"] = "S",
        ["szcz"] = "S",
        ["stch"] = "S",
        ["tsch"] = "C",
        ["dsch"] = "J",
        ["dzsh"] = "J",
        ["tch"] = "C",
        ["tsh"] = "C",
        ["tsj"] = "C",
        ["dzj"] = "J",
        ["dzh"] = "J",
        ["dsh"] = "J",
        ["dzs"] = "J",
        ["rzh"] = "Z",
        ["gyi"] = "di",
        ["tyi"] = "ti",
        ["nyi"] = "ni",
        ["sch"] = "S",
        ["ch'"] = "C",
        ["sh"] = "S",
        ["sj"] = "S",
        ["zh"] = "Z",
        ["zj"] = "Z",
        ["zs"] = "Z",
        ["cz"] = "C",
        ["cs"] = "C",
        ["sz"] = "S",
        ["ch"] = "c",
        ["tj"] = "1",
        ["dj"] = "2",
        ["kh"] = "x",
        ["gh"] = "G",
        ["ph"] = "f",
        ["th"] = "t",
        ["dh"] = "8",
        ["rh"] = "r",
        ["ts"] = "T",
        ["tz"] = "T",
        ["ck"] = "k",
        ["ou"] = "u",
        ["oo"] = "u",
        ["ee"] = "i",
        ["qu"] = "Q",
        ["q"] = "Q",
    };

    internal static void Write(ReadOnlySpan<char> reading, StringBuilder sounds)
    {
        var lookup = Spellings.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < reading.Length;)
        {
            bool found = false;
            for (int length = Math.Min(7, reading.Length - i); length >= 1; length--)
            {
                if (lookup.TryGetValue(reading.Slice(i, length), out string? sound))
                {
                    sounds.Append(sound);
                    i += length;
                    found = true;
                    break;
                }
            }

            if (!found)
            {
                WriteLetter(reading, i, sounds);
                i++;
            }
        }
    }

    private static void WriteLetter(ReadOnlySpan<char> word, int i, StringBuilder sounds)
    {
        char c = word[i];
        char next = i + 1 < word.Length ? word[i + 1] : '\0';
        switch (c)
        {
            case 'c':
                sounds.Append(next is 'e' or 'i' or 'y' ? '4' : next == '\0' ? '5' : '6');
                break;
            case 'x':
                _ = i == 0 || next is 'i' or 'u' ? sounds.Append('X') : sounds.Append("ks");
                break;
            case 'y':
                sounds.Append(next is 'a' or 'e' or 'i' or 'o' or 'u' ? 'y' : 'i');
                break;
            case 'g' when next == 'u' && i + 2 < word.Length && word[i + 2] is 'e' or 'i':
                sounds.Append('g');
                break;
            case 'h' when next == '\0' && i > 0 && word[i - 1] is 'a' or 'i' or 'o' or 'u':
                break; // "eh" keeps its h: Saleh, and Aleh, who is Oleg
            case >= 'a' and <= 'z' or >= '0' and <= '9':
                sounds.Append(c);
                break;
            default:
                break;
        }
    }
}
