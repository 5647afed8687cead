using System.Collections.Frozen;
using CsvHelper;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// The UN names countries and gives no codes; Data/un_country_names.csv has the code (ISO 3166-1 alpha-2) of each name the United
/// Nations use (M49 standard, English), and of two they used before. A name that is not there stays without a code.
/// </summary>
internal static class UnCountries
{
    private static readonly Lazy<FrozenDictionary<string, string>> Codes = new(Read);

    /// <summary>The code of a country by its UN name; empty when there is none.</summary>
    public static string CodeOf(string name) => Codes.Value.GetValueOrDefault(name, "");

    private static FrozenDictionary<string, string> Read()
    {
        const string file = "ExternalAction.Sanctions.Data.un_country_names.csv";
        using var stream = typeof(UnCountries).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var csv = CsvReader.Create(stream);
        var codes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (csv.Read())
        {
            codes.Add(csv.GetString("name"), csv.GetString("code"));
        }

        return codes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
