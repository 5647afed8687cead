using System.Collections.Frozen;
using System.Collections.Immutable;
using CsvHelper;

namespace ExternalAction.Sanctions.Files;

/// <summary>A programme (regime) as the EU list knows it: code, framework acts, title.</summary>
/// <param name="Code">For example <c>UKR</c>; <c>HR</c> is human rights, North Korea is <c>PRK</c>.</param>
/// <param name="FrameworkActs">CELEX numbers of the decision and the regulation that frame the regime.</param>
/// <param name="Title">Title of the regime.</param>
public sealed record Programme(string Code, ImmutableArray<string> FrameworkActs, string Title);

/// <summary>
/// The programmes of Data/regimes.csv, which an empty journal starts with too: what a reader knows when nobody tells it which
/// programmes are known. A service passes its own regimes in <see cref="ReadOptions.KnownProgramme"/>.
/// </summary>
public static class ProgrammeCatalogue
{
    private static readonly Lazy<ImmutableArray<Programme>> Records = new(Read);

    private static readonly Lazy<FrozenSet<string>> Codes = new(() => Bundled.Select(record => record.Code).ToFrozenSet());

    /// <summary>All bundled programmes, by code; also those without a listed subject today.</summary>
    public static ImmutableArray<Programme> Bundled => Records.Value;

    /// <summary>Whether the bundled catalogue knows the code.</summary>
    public static bool IsBundled(string code) => Codes.Value.Contains(code);

    private static ImmutableArray<Programme> Read()
    {
        const string file = "ExternalAction.Sanctions.Data.regimes.csv";
        using var stream = typeof(ProgrammeCatalogue).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var csv = CsvReader.Create(stream);
        var records = new List<Programme>();
        while (csv.Read())
        {
            var acts = csv.GetString("frameworkActs").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            records.Add(new(csv.GetString("code"), [.. acts], csv.GetString("title")));
        }

        return [.. records.OrderBy(record => record.Code, StringComparer.Ordinal)];
    }
}
