using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>What a word does in a name.</summary>
internal enum TokenKind : byte
{
    /// <summary>A word that tells one bearer from another.</summary>
    Name,

    /// <summary>A single letter that stands for a given name.</summary>
    Initial,

    /// <summary>Digits, a number word or a Roman numeral; numbers must agree.</summary>
    Number,

    /// <summary>"al", "bin", "von", "de": links between the words of a name.</summary>
    Particle,

    /// <summary>"Dr", "Sheikh", "General": says what somebody is, not who.</summary>
    Title,

    /// <summary>"Ltd", "OOO", "Aktiengesellschaft".</summary>
    LegalForm,

    /// <summary>"Bank", "Trading", "Research": words that thousands of organisations share, in many languages.</summary>
    OrganisationWord,

    /// <summary>"of", "the", "and".</summary>
    StopWord,
}

/// <summary>A word of a name, ready to be compared.</summary>
internal sealed class NameToken
{
    /// <summary>As written in the name.</summary>
    internal required string Display { get; set; }

    /// <summary>Folded spelling in its own script.</summary>
    internal required string Folded { get; set; }

    /// <summary>In the alphabet of sounds; empty for scripts that have none.</summary>
    internal required string Sounds { get; set; }

    internal required Script Script { get; init; }
    internal required TokenKind Kind { get; init; }

    /// <summary>How much the word tells, 0 to 1: a rare family name near 1, "al" near 0.</summary>
    internal required double Weight { get; init; }

    /// <summary>Words with the same symbol mean the same, whatever they look like; 0 for none. For numbers, the number + 1.</summary>
    internal int Symbol { get; init; }

    /// <summary>Groups of name variants the word belongs to (Aleksandr and Iskandar); null for none.</summary>
    internal int[]? Variants { get; init; }

    /// <summary>Written in capitals while the rest is not: the family name, as official lists write it.</summary>
    internal bool Family { get; set; }

    /// <summary>The length of the sounds without the ending "-ovich", "-ovna"; 0 when the word is no patronymic.</summary>
    internal int PatronymicStem { get; set; }

    /// <summary>Built from look-alike letters of another script.</summary>
    internal bool HomoglyphsUndone { get; init; }

    /// <summary>Its consonants; equal ones may be one object.</summary>
    internal required Signature Signature { get; set; }

    /// <summary>Equal texts become one object: a name is written alike in many listings, and often as it is folded or as it sounds.</summary>
    /// <param name="texts">Those seen so far.</param>
    internal void Share(HashSet<string> texts)
    {
        Display = Shared(Display);
        Folded = Shared(Folded);
        Sounds = Shared(Sounds);

        string Shared(string text)
        {
            if (!texts.TryGetValue(text, out string? known))
            {
                texts.Add(known = text);
            }

            return known;
        }
    }

    /// <summary>The same word, which tells more or less here than it does alone.</summary>
    internal NameToken WithWeight(double weight) => new()
    {
        Display = Display,
        Folded = Folded,
        Sounds = Sounds,
        Script = Script,
        Kind = Kind,
        Weight = weight,
        Symbol = Symbol,
        Variants = Variants,
        Family = Family,
        PatronymicStem = PatronymicStem,
        HomoglyphsUndone = HomoglyphsUndone,
        Signature = Signature,
    };

    internal bool Abjad => Scripts.IsAbjad(Script);

    public override string ToString() => $"{Display} [{Folded} {Sounds} {Kind} {Weight:0.00}]";
}
