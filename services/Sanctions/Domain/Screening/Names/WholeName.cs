namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>What only the whole name shows: whether anything is left to compare, which word is the family name, which the father's.</summary>
internal static class WholeName
{
    private const double AcronymWeight = 0.3;

    /// <summary>A name of nothing but titles, forms or particles is compared by them: they become names of little weight.</summary>
    internal static void KeepSomething(List<NameToken> tokens)
    {
        if (tokens.Exists(t => t.Kind is TokenKind.Name or TokenKind.Number))
        {
            return;
        }

        for (int i = 0; i < tokens.Count; i++)
        {
            NameToken t = tokens[i];
            if (t.Kind is not (TokenKind.Initial or TokenKind.LegalForm or TokenKind.StopWord))
            {
                tokens[i] = new NameToken
                {
                    Display = t.Display,
                    Folded = t.Folded,
                    Sounds = t.Sounds,
                    Script = t.Script,
                    Kind = t.Kind == TokenKind.OrganisationWord ? t.Kind : TokenKind.Name,
                    Weight = Math.Max(t.Weight, 0.3),
                    Symbol = t.Symbol,
                    Family = t.Family,
                    Signature = t.Signature,
                };
            }
        }
    }

    /// <summary>"National Settlement Depository (NSD)": an acronym of the words before or after it says again what they say.</summary>
    internal static void MarkAcronym(List<NameToken> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == TokenKind.Name && tokens[i].Folded.Length is >= 2 and <= 8
                && (Spells(tokens[i].Folded, tokens.Take(i)) || Spells(tokens[i].Folded, tokens.Skip(i + 1))))
            {
                tokens[i] = tokens[i].WithWeight(tokens[i].Weight * AcronymWeight);
            }
        }
    }

    /// <summary>Whether the first letters of words, but for legal forms and words like "of", are these letters and no others.</summary>
    private static bool Spells(string letters, IEnumerable<NameToken> words)
    {
        int n = 0;
        foreach (NameToken word in words)
        {
            if (word.Kind is TokenKind.LegalForm or TokenKind.StopWord)
            {
                continue;
            }

            if (n >= letters.Length || word.Folded.Length < 2 || word.Folded[0] != letters[n])
            {
                return false;
            }

            n++;
        }

        return n == letters.Length;
    }

    /// <summary>Capitals mark the family name only when other words are not written so.</summary>
    internal static void MarkFamily(List<NameToken> tokens)
    {
        bool mixed = tokens.Exists(t => t.Kind == TokenKind.Name && !t.Family) && tokens.Exists(t => t.Kind == TokenKind.Name && t.Family);
        foreach (NameToken token in tokens)
        {
            token.Family = mixed && token.Family && token.Kind == TokenKind.Name;
        }
    }

    /// <summary>In a name of three words or more, the middle or last one that ends like a patronymic and is no family name is one.</summary>
    internal static void MarkPatronymic(List<NameToken> tokens)
    {
        if (tokens.Count(t => t.Kind is TokenKind.Name or TokenKind.Initial) < 3)
        {
            return;
        }

        bool familyKnown = tokens.Exists(t => t.Family);
        for (int i = 1; i < tokens.Count; i++)
        {
            NameToken token = tokens[i];
            if (token.Kind == TokenKind.Name && !token.Family && Patronymics.Stem(token.Sounds) is var stem and > 0 && (familyKnown || i < tokens.Count - 1 || i == 2))
            {
                tokens[i] = new NameToken
                {
                    Display = token.Display,
                    Folded = token.Folded,
                    Sounds = token.Sounds,
                    Script = token.Script,
                    Kind = token.Kind,
                    Weight = token.Weight * 0.7,
                    Symbol = token.Symbol,
                    Variants = NameVariants.GroupsOfStem(token.Sounds, stem),
                    Family = false,
                    PatronymicStem = stem,
                    HomoglyphsUndone = token.HomoglyphsUndone,
                    Signature = token.Signature,
                };
                return;
            }
        }
    }
}
