using ExternalAction.Sanctions.Domain.Screening.Phonetics;
using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// Reads a name: which words are names, titles, particles, legal forms, numbers. Steps for both kinds: (1) cut and fold,
/// (2) for organisations join spaced letters and recognise phrases, for persons join compounds of Abd and split Chinese and
/// Korean names after the family name, (3) give every word its class, sounds, symbol and weight, (4) mark family names and patronymics.
/// </summary>
internal static class NameParser
{
    private const double ParticleWeight = 0.08, KunyaWeight = 0.25, TitleWeight = 0.03, LegalFormWeight = 0.06, StopWeight = 0.03, OrganisationWordWeight = 0.18, InitialWeight = 0.3, KnownOrganisationWeight = 0.6;

    /// <summary>A shorter single word one letter off a word of trade may well be a name: Petrov is not petrol.</summary>
    private const int LeastCorrectedAlone = 9;

    /// <summary>Beside a shorter name two letters are a name themselves more often: "KIM YU".</summary>
    private const int LeastBesideInitials = 5;

    /// <summary>Every way a name that is asked may be meant: "PATRUSHEV AN" may give a name of two letters, or initials. Empty where there is nothing to compare.</summary>
    internal static ParsedName[] Readings(string text, bool person)
    {
        ParsedName read = person ? Person(text) : Organisation(text);
        bool initials = person && read.Tokens.Length == 2 && Array.Exists(read.Tokens, MayBeInitials) && Array.Exists(read.Tokens, t => t.Folded.Length >= LeastBesideInitials);
        return read.Tokens.Length == 0 ? [] : initials ? [read, Person(text, lettersAreInitials: true)] : [read];
    }

    /// <param name="lettersAreInitials">Two capital letters are initials even where they are somebody's name.</param>
    internal static ParsedName Person(string text, bool lettersAreInitials = false)
    {
        List<RawToken> raw = Ideographs.SplitNames(ArabicNames.JoinAbd(ArabicNames.SplitAtArticle(RawTokenizer.Split(text))));
        var tokens = new List<NameToken>(raw.Count);
        for (int i = 0; i < raw.Count && tokens.Count < ParsedName.MaxTokens; i++)
        {
            RawToken token = raw[i];
            string folded = token.Folded;
            if (folded.Length == 0)
            {
                continue;
            }

            if (IsNumber(folded))
            {
                tokens.Add(Number(token, Digits(folded)));
            }
            else if (folded.Length == 1 && token.Script is not (Script.Han or Script.Hangul))
            {
                tokens.Add(Make(token, TokenKind.Initial, InitialWeight, 0));
            }
            else if (raw.Count > 1 && Vocabulary.Particles.TryGetValue(folded, out int particle))
            {
                bool kunya = folded.Length > 2 && (folded[0] is 'a' or 'u' or 'ا') && folded[1] is 'b' or 'm' or 'ب' or 'م';
                tokens.Add(Make(token, TokenKind.Particle, kunya ? KunyaWeight : ParticleWeight, particle));
            }
            else if (raw.Count > 1 && ArabicNames.IsAssimilatedArticle(raw, i))
            {
                tokens.Add(Make(token, TokenKind.Particle, ParticleWeight, Vocabulary.Particles["al"]));
            }
            else if (raw.Count > 1 && Vocabulary.Titles.Contains(folded))
            {
                tokens.Add(Make(token, TokenKind.Title, TitleWeight, 0));
            }
            else if (raw.Count > 1 && AreLetters(token.Display, token.Script) && (lettersAreInitials || !NameFrequencies.IsKnown(SoundWriter.Write(token.Reading, token.Script))))
            {
                for (int letter = 0; letter < folded.Length; letter++)
                {
                    string one = folded[letter].ToString();
                    tokens.Add(Make(token with { Display = token.Display[letter].ToString(), Folded = one, Reading = one }, TokenKind.Initial, InitialWeight, 0));
                }
            }
            else
            {
                AddName(tokens, token);
            }
        }

        WholeName.KeepSomething(tokens);
        WholeName.MarkFamily(tokens);
        WholeName.MarkPatronymic(tokens);
        return new ParsedName(text, Person: true, [.. tokens]);
    }

    internal static ParsedName Organisation(string text)
    {
        List<RawToken> raw = RawTokenizer.Split(text);
        raw = Ideographs.SplitPhrases(GluedWords.CutLegalForms(GluedWords.JoinLetters(raw)));
        string[] corrected = [.. raw.Select(t => Vocabulary.Corrected(t.Folded))];
        var tokens = new List<NameToken>(raw.Count);
        for (int i = 0; i < raw.Count && tokens.Count < ParsedName.MaxTokens; i++)
        {
            RawToken token = raw[i];
            string folded = token.Folded;
            if (folded.Length == 0)
            {
                continue;
            }

            if (FindPhrase(corrected, i) is { } phrase
                && (phrase.Words.Length > 1 || phrase.Kind == TokenKind.LegalForm || corrected[i] == folded || folded.Length >= LeastCorrectedAlone))
            {
                RawToken whole = token with { Folded = string.Concat(phrase.Words) };
                if (phrase.Words.Length > 1)
                {
                    List<RawToken> parts = raw.GetRange(i, phrase.Words.Length);
                    whole = whole with { Display = string.Join(' ', parts.Select(t => t.Display)), Reading = string.Concat(parts.Select(t => t.Reading)) };
                }

                if (phrase.Kind == TokenKind.Name)
                {
                    tokens.Add(Make(whole, phrase.Kind, KnownOrganisationWeight, phrase.Symbol));
                }
                else
                {
                    tokens.Add(Make(whole, phrase.Kind, phrase.Kind == TokenKind.LegalForm ? LegalFormWeight : OrganisationWordWeight, phrase.Symbol));
                }

                i += phrase.Words.Length - 1;
            }
            else if (IsNumber(folded) || (folded.Length > 1 && char.IsAsciiDigit(folded[0]) && folded.Length <= 5 && IsNumber(folded.TrimEnd('t', 'h', 's', 'n', 'd', 'r', 'e', 'й', 'я', 'o', 'a', 'м', 'и', 'г'))))
            {
                tokens.Add(Number(token, Digits(folded)));
            }
            else if (Vocabulary.NumberWords.TryGetValue(folded, out int number))
            {
                tokens.Add(Make(token, TokenKind.Number, 0.3, Vocabulary.NumberBase + number));
            }
            else if (Vocabulary.StopWords.Contains(folded) || (Vocabulary.Particles.ContainsKey(folded) && folded.Length <= 3))
            {
                tokens.Add(Make(token, TokenKind.StopWord, StopWeight, 0));
            }
            else if (Vocabulary.FindStem(folded, token.Script == Script.Latin ? SoundWriter.Write(token.Reading, Script.Latin) : null) is { } stem)
            {
                if (stem.Place)
                {
                    AddName(tokens, token, person: false, stem.Symbol);
                }
                else
                {
                    tokens.Add(stem.Symbol == 0 ? Make(token, TokenKind.StopWord, StopWeight, 0) : Make(token, TokenKind.OrganisationWord, OrganisationWordWeight, stem.Symbol));
                }
            }
            else
            {
                AddName(tokens, token, person: false);
            }
        }

        WholeName.KeepSomething(tokens);
        WholeName.MarkAcronym(tokens);
        return new ParsedName(text, Person: false, [.. tokens]);
    }

    /// <summary>Two capital letters, as payment messages write initials: "PUTIN VV".</summary>
    private static bool AreLetters(string word, Script script) =>
        word.Length == 2 && char.IsUpper(word[0]) && char.IsUpper(word[1]) && script is Script.Latin or Script.Cyrillic or Script.Greek or Script.Armenian or Script.Georgian;

    private static bool MayBeInitials(NameToken token) => token.Kind == TokenKind.Name && AreLetters(token.Display, token.Script);

    /// <summary>The longest known phrase that begins at a word; a legal form wins over an organisation word of the same length.</summary>
    private static Vocabulary.Phrase? FindPhrase(string[] words, int at)
    {
        if (!Vocabulary.Phrases.TryGetValue(words[at], out Vocabulary.Phrase[]? phrases))
        {
            return null;
        }

        foreach (Vocabulary.Phrase phrase in phrases)
        {
            int n = phrase.Words.Length;
            bool fits = at + n <= words.Length;
            for (int k = 1; fits && k < n; k++)
            {
                fits = words[at + k] == phrase.Words[k];
            }

            if (fits)
            {
                return phrase;
            }
        }

        return null;
    }

    private static void AddName(List<NameToken> tokens, RawToken token, bool person = true, int symbol = 0)
    {
        // the Arabic article is written with its word
        if (token.Script == Script.Arabic && token.Folded.Length > 4 && token.Folded.StartsWith("ال", StringComparison.Ordinal))
        {
            tokens.Add(Make(token with { Display = "ال", Folded = "ال", Reading = "ال" }, TokenKind.Particle, ParticleWeight, Vocabulary.Particles["al"]));
            token = token with { Folded = token.Folded[2..], Reading = token.Reading[2..] };
        }

        string sounds = SoundWriter.Write(token.Reading, token.Script);
        double weight = NameFrequencies.Weight(sounds, person, Scripts.IsAbjad(token.Script));
        int letters = Math.Max(sounds.Length, 1);
        if (token.Script is Script.Han or Script.Hangul)
        {
            weight *= token.Folded.Length == 1 ? 0.6 : 1; // one syllable carries little
        }
        else if (letters <= 2)
        {
            weight *= person ? 0.7 : 0.4; // two letters carry little
        }

        tokens.Add(Make(token, TokenKind.Name, weight, symbol, sounds, NameVariants.GroupsOf(sounds)));
    }

    private static NameToken Make(RawToken token, TokenKind kind, double weight, int symbol, string? sounds = null, int[]? variants = null)
    {
        sounds ??= SoundWriter.Write(token.Reading, token.Script);
        return new NameToken
        {
            Display = token.Display,
            Folded = token.Folded,
            Sounds = sounds,
            Script = token.Script,
            Kind = kind,
            Weight = weight,
            Symbol = symbol,
            Variants = variants,
            Family = token.Capitals,
            HomoglyphsUndone = token.HomoglyphsUndone,
            Signature = Signature.Of(sounds),
        };
    }

    private static NameToken Number(RawToken token, int value) => Make(token, TokenKind.Number, 0.4, Vocabulary.NumberBase + value);

    private static bool IsNumber(string word)
    {
        if (word.Length == 0)
        {
            return false;
        }

        foreach (char c in word)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static int Digits(string word)
    {
        int value = 0;
        foreach (char c in word)
        {
            if (char.IsAsciiDigit(c))
            {
                value = unchecked((value * 10) + (c - '0')) & 0x0FFF_FFFF;
            }
        }

        return value;
    }
}
