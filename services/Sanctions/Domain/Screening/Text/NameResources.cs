using System.Reflection;

namespace ExternalAction.Sanctions.Domain.Screening.Text;

/// <summary>
/// Reads the vocabularies under <c>Data/names</c>, which travel inside the assembly. Every file is lines of text;
/// lines that begin with "# " are comments; columns are separated by a tab and alternatives by "|".
/// </summary>
internal static class NameResources
{
    /// <summary>The lines of one vocabulary, without comments and empty lines.</summary>
    /// <exception cref="InvalidOperationException">The file is not part of the assembly.</exception>
    internal static IEnumerable<string> Lines(string file)
    {
        Assembly assembly = typeof(NameResources).Assembly;
        string name = Array.Find(assembly.GetManifestResourceNames(), n => n.EndsWith(".names." + file, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"The vocabulary {file} is missing from the assembly.");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    /// <summary>Lines of the form <c>key TAB a|b|c</c>.</summary>
    internal static IEnumerable<(string Key, string[] Alternatives)> Groups(string file)
    {
        foreach (string line in Lines(file))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            yield return (line[..tab], line[(tab + 1)..].Split('|', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
