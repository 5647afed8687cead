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
    private const double ParticleWeight = 0.08, KunyaWeight = 0.25, TitleWeight = 0.03, LegalFormWeight = 0.06, StopWeight = 0.03, InitialWeight = 0.3;

    /// <summary>A shorter single word one letter off a word of trade may well be a name: Petrov is not petrol.</summary>
    private const int LeastCorrectedAlone = 9;

    internal static ParsedName Person(string text)
    {
        List<RawToken> raw = SplitIdeographs(JoinAbd(RawTokenizer.Split(text)));
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
            else if (raw.Count > 1 && IsAssimilatedArticle(raw, i))
            {
                tokens.Add(Make(token, TokenKind.Particle, ParticleWeight, Vocabulary.Particles["al"]));
            }
            else if (raw.Count > 1 && Vocabulary.Titles.Contains(folded))
            {
                tokens.Add(Make(token, TokenKind.Title, TitleWeight, 0));
            }
            else
            {
                AddName(tokens, token);
            }
        }

        KeepSomething(tokens);
        MarkFamily(tokens);
        MarkPatronymic(tokens);
        return new ParsedName(text, Person: true, [.. tokens]);
    }

    internal static ParsedName Organisation(string text)
    {
        List<RawToken> raw = RawTokenizer.Split(text);
        raw = SplitIdeographPhrases(CutLegalForms(JoinLetters(raw)));
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
                string shown = string.Join(' ', raw.Skip(i).Take(phrase.Words.Length).Select(t => t.Display));
                string words = string.Concat(phrase.Words);
                double weight = phrase.Kind == TokenKind.LegalForm ? LegalFormWeight : 0.18;
                string reading = phrase.Words.Length == 1 ? token.Reading : string.Concat(raw.Skip(i).Take(phrase.Words.Length).Select(t => t.Reading));
                tokens.Add(Make(token with { Display = shown, Folded = words, Reading = reading }, phrase.Kind, weight, phrase.Symbol));
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
            else
            {
                AddName(tokens, token, person: false);
            }
        }

        KeepSomething(tokens);
        return new ParsedName(text, Person: false, [.. tokens]);
    }

    /// <summary>Spaced or dotted letters become one word: "O O O", "L.L.C.", "P L C".</summary>
    internal static string[] JoinLetters(string[] words)
    {
        var joined = new List<string>(words.Length);
        bool open = false;
        foreach (string word in words)
        {
            bool letter = word.Length == 1 && char.IsLetter(word[0]);
            if (letter && open)
            {
                joined[^1] += word;
            }
            else
            {
                joined.Add(word);
            }

            open = letter;
        }

        return [.. joined];
    }

    private static List<RawToken> JoinLetters(List<RawToken> raw)
    {
        var joined = new List<RawToken>(raw.Count);
        bool open = false;
        foreach (RawToken token in raw)
        {
            bool letter = token.Folded.Length == 1 && token.Script is Script.Latin or Script.Cyrillic or Script.Greek && char.IsLetter(token.Folded[0]);
            if (letter && open)
            {
                joined[^1] = Concat(joined[^1], token);
            }
            else
            {
                joined.Add(token);
            }

            open = letter;
        }

        return joined;
    }

    private static RawToken Concat(RawToken a, RawToken b) =>
        a with { Display = a.Display + b.Display, Folded = a.Folded + b.Folded, Reading = a.Reading + b.Reading };

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

    /// <summary>"Abd al-Rahman", "Abdul Rahman", "Abdurrahman", عبد الرحمن become one word "abdrahman".</summary>
    private static List<RawToken> JoinAbd(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            RawToken token = raw[i];
            string folded = token.Folded;
            if (folded is "abd" or "abdul" or "abdel" or "abdal" or "abdol" or "abdoul" or "abdil" or "абд" or "абдул" or "абдель" or "عبد" or "عبدال")
            {
                int next = i + 1;
                if (next + 1 < raw.Count && (Vocabulary.Particles.GetValueOrDefault(raw[next].Folded) == Vocabulary.Particles["al"] || IsAssimilatedArticle(raw, next)))
                {
                    next++;
                }

                if (next < raw.Count && raw[next].Folded.Length > 1 && raw[next].Script == token.Script)
                {
                    string rest = AfterArticle(raw[next].Folded, token.Script);
                    string head = token.Script switch { Script.Arabic => "عبد", Script.Cyrillic => "абд", _ => "abd" };
                    raw[i] = token with { Display = token.Display + " " + raw[next].Display, Folded = head + rest, Reading = head + AfterArticle(raw[next].Reading, token.Script) };
                    raw.RemoveRange(i + 1, next - i);
                }
            }
            else if (AbdPrefix(folded) is var length and > 0)
            {
                string rest = folded[length..];
                string readRest = token.Reading.Length == folded.Length ? token.Reading[length..] : rest;
                string head = token.Script switch { Script.Arabic => "عبد", Script.Cyrillic => "абд", _ => "abd" };
                raw[i] = token with { Folded = head + rest, Reading = head + readRest };
            }
        }

        return raw;
    }

    /// <summary>The length of "abdul", "abdur" (before r), "abdal" and the like in front of at least three letters; 0 for none.</summary>
    private static int AbdPrefix(string word)
    {
        if (word.StartsWith("عبدال", StringComparison.Ordinal) && word.Length > 6)
        {
            return 5;
        }

        bool latin = word.StartsWith("abd", StringComparison.Ordinal), cyrillic = word.StartsWith("абд", StringComparison.Ordinal);
        if ((!latin && !cyrillic) || word.Length < 7)
        {
            return 0;
        }

        int i = 3;
        while (i < word.Length && i < 5 && "uaeoiуаеои".Contains(word[i], StringComparison.Ordinal))
        {
            i++;
        }

        if (i == 3 || word.Length - i < 3)
        {
            return 0;
        }

        bool l = word[i] is 'l' or 'л';
        return l ? i + 1 : word[i] == word[i + 1] ? i + 1 : 0;
    }

    private static string AfterArticle(string word, Script script) =>
        script == Script.Arabic && word.Length > 3 && word.StartsWith("ال", StringComparison.Ordinal) ? word[2..]
        : script == Script.Latin && word is "allah" or "ellah" or "ollah" ? "lah" : word;

    /// <summary>"as-Sayyid", "ar Rahman", "an-Nur": the article takes the first consonant of its word.</summary>
    private static bool IsAssimilatedArticle(List<RawToken> raw, int i)
    {
        string word = raw[i].Folded;
        return i + 1 < raw.Count && word.Length is 2 or 3 && word[0] is 'a' or 'e' or 'u' && raw[i + 1].Folded.Length > 2
            && raw[i + 1].Folded.StartsWith(word.AsSpan(1), StringComparison.Ordinal) && word[1] is 's' or 'r' or 'd' or 'n' or 't' or 'z';
    }

    /// <summary>Chinese and Korean names written together: the family name is the first character (two for the compound ones).</summary>
    private static List<RawToken> SplitIdeographs(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            RawToken token = raw[i];
            if (token.Script is Script.Han or Script.Hangul && token.Folded.Length is >= 2 and <= 4 && (raw.Count == 1 || token.Folded.Length >= 3))
            {
                int family = token.Folded.Length >= 3 && token.Folded[..2] is "欧阳" or "歐陽" or "司马" or "司馬" or "诸葛" or "諸葛" or "上官" or "夏侯" or "皇甫" or "남궁" or "황보" or "제갈" or "선우" or "독고" || token.Folded.Length == 4 && token.Script == Script.Han ? 2 : 1;
                raw[i] = token with { Display = token.Folded[..family], Folded = token.Folded[..family], Reading = token.Folded[..family] };
                raw.Insert(i + 1, token with { Display = token.Folded[family..], Folded = token.Folded[family..], Reading = token.Folded[family..] });
                i++;
            }
        }

        return raw;
    }

    /// <summary>"ARGUMENTJSC": a legal form glued to the end of a long word is cut off.</summary>
    private static List<RawToken> CutLegalForms(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            string word = raw[i].Folded;
            int form = word.EndsWith("jsc", StringComparison.Ordinal) || word.EndsWith("llc", StringComparison.Ordinal) || word.EndsWith("ltd", StringComparison.Ordinal) ? 3
                : word.EndsWith("gmbh", StringComparison.Ordinal) ? 4 : 0;
            if (form > 0 && word.Length >= form + 5)
            {
                raw.Insert(i + 1, raw[i] with { Display = word[^form..], Folded = word[^form..], Reading = word[^form..] });
                raw[i] = raw[i] with { Display = raw[i].Display[..^Math.Min(form, raw[i].Display.Length - 1)], Folded = word[..^form], Reading = raw[i].Reading[..^Math.Min(form, raw[i].Reading.Length - 1)] };
                i++;
            }
        }

        return raw;
    }

    /// <summary>Organisation names written together are cut at known words: 公司, 集团, 银行, 회사.</summary>
    private static List<RawToken> SplitIdeographPhrases(List<RawToken> raw)
    {
        for (int i = 0; i < raw.Count; i++)
        {
            RawToken token = raw[i];
            string word = token.Folded;
            if (token.Script is not (Script.Han or Script.Hangul) || word.Length < 3)
            {
                continue;
            }

            for (int at = 0; at < word.Length; at++)
            {
                int length = Math.Min(8, word.Length - at);
                while (length >= 2 && !(Vocabulary.Phrases.TryGetValue(word.Substring(at, length), out Vocabulary.Phrase[]? p) && p[^1].Words.Length == 1))
                {
                    length--;
                }

                if (length >= 2 && length < word.Length)
                {
                    var parts = new List<string> { word[..at], word.Substring(at, length), word[(at + length)..] };
                    raw.RemoveAt(i);
                    raw.InsertRange(i, parts.Where(p => p.Length > 0).Select(p => token with { Display = p, Folded = p, Reading = p }));
                    i += at > 0 ? 1 : 0;
                    break;
                }
            }
        }

        return raw;
    }

    private static void AddName(List<NameToken> tokens, RawToken token, bool person = true)
    {
        // the Arabic article is written with its word
        if (token.Script == Script.Arabic && token.Folded.Length > 4 && token.Folded.StartsWith("ال", StringComparison.Ordinal))
        {
            tokens.Add(Make(token with { Display = "ال", Folded = "ال", Reading = "ال" }, TokenKind.Particle, ParticleWeight, Vocabulary.Particles["al"]));
            token = token with { Folded = token.Folded[2..], Reading = token.Reading[2..] };
        }

        string sounds = SoundWriter.Write(token.Reading, token.Script);
        double weight = NameFrequencies.Weight(sounds, person);
        int letters = Math.Max(sounds.Length, 1);
        if (token.Script is Script.Han or Script.Hangul)
        {
            weight *= token.Folded.Length == 1 ? 0.6 : 1; // one syllable carries little
        }
        else if (letters <= 2)
        {
            weight *= person ? 0.7 : 0.4; // two letters carry little
        }

        tokens.Add(Make(token, TokenKind.Name, weight, 0, sounds, NameVariants.GroupsOf(sounds)));
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

    /// <summary>A name of nothing but titles, forms or particles is compared by them: they become names of little weight.</summary>
    private static void KeepSomething(List<NameToken> tokens)
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

    /// <summary>Capitals mark the family name only when other words are not written so.</summary>
    private static void MarkFamily(List<NameToken> tokens)
    {
        bool mixed = tokens.Exists(t => t.Kind == TokenKind.Name && !t.Family) && tokens.Exists(t => t.Kind == TokenKind.Name && t.Family);
        foreach (NameToken token in tokens)
        {
            token.Family = mixed && token.Family && token.Kind == TokenKind.Name;
        }
    }

    /// <summary>In a name of three words or more, the middle or last one that ends like a patronymic and is no family name is one.</summary>
    private static void MarkPatronymic(List<NameToken> tokens)
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
