using ExternalAction.Sanctions.Domain.Screening.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>Parses the names of a list, which may say apart what the family name is.</summary>
internal static class ListedNames
{
    internal static ParsedName Parse(ScreenedName name, bool person)
    {
        if (!person)
        {
            return NameParser.Organisation(name.Text);
        }

        ParsedName parsed = NameParser.Person(name.Text);
        if (name.Family is not null)
        {
            HashSet<string> family = [.. RawTokenizer.Split(name.Family).Select(t => t.Folded)];
            foreach (NameToken token in parsed.Tokens)
            {
                token.Family = token.Kind == TokenKind.Name && token.PatronymicStem == 0 && family.Contains(token.Folded);
            }

            return new ParsedName(parsed.Text, Person: true, parsed.Tokens);
        }

        return parsed;
    }
}
