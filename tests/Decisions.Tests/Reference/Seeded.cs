using System.Collections.Immutable;
using System.Globalization;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Tests.Reference;

/// <summary>
/// The reference data the product ships, read from its own files and taken in by its own import rules: the 27, their 2025
/// populations, the legal bases, Denmark's opt-out. Tests of files start from it.
/// </summary>
internal static class Seeded
{
    public const string Source = "the product's data files";

    private static readonly DateOnly Lisbon = new(2009, 12, 1);

    private static readonly ImmutableArray<ImmutableDictionary<string, string>> MemberRows = Rows("member_states.csv");

    public static readonly MemberStatesImported MemberStates = new(Lisbon, Source, [.. MemberRows.Select(r =>
        new MemberStateRecord(r["eu_code"], r["name"], int.Parse(r["protocol_order"], CultureInfo.InvariantCulture), Day(r["accession_date"]), null, Source))]);

    /// <summary>2025, derived from percentages; holds from 1 January 2025.</summary>
    public static readonly PopulationTable Populations2025 = new(2025, new DateOnly(2025, 1, 1), Derived: true, Source, 451_028_881, Populations("qmv_pop_2025_derived"));

    /// <summary>Eurostat's figures of 1 January 2018 as if they were a table of 2020: it makes votes before 2025 countable in a test.</summary>
    public static readonly PopulationTable Populations2020 = new(2020, new DateOnly(2020, 1, 1), Derived: false, Source, null, Populations("population_1jan2018"));

    public static readonly LegalBasesImported LegalBases = new(Lisbon, Source, [.. Rows("legal_bases.csv").Select(r => new LegalBasisRecord(
        r["id"], r["title"], r["article"], Named<Institution>(r["institution"]), Named<Rule>(r["rule"]),
        [.. r["initiatives"].Split('|').Select(Named<Initiative>)], r["militaryExcluded"] == "true", r["brake"] == "true", r["conditions"], Lisbon, null, Source))]);

    public static readonly OptOutsImported OptOuts = new(Lisbon, Source, [.. Rows("opt_outs.csv").Select(r =>
        new OptOutRecord(r["memberState"], r["legalBasis"], Named<OptOutScope>(r["scope"]), r["reason"], Day(r["validFrom"]), Day(r["validTo"]), Source))]);

    /// <summary>A journal into which all of it was imported, and nothing else.</summary>
    public static readonly DecisionsState State = new[]
    {
        (Func<DecisionsState, Verdict>)(s => Importing.MemberStates(s, MemberStates)),
        s => Importing.Populations(s, new PopulationsImported(Populations2025)),
        s => Importing.LegalBases(s, LegalBases),
        s => Importing.OptOuts(s, OptOuts),
    }.Aggregate(DecisionsState.Empty, (state, import) => state.Evolve(Assert.Single(import(state).Events), default));

    /// <summary>Codes in protocol order.</summary>
    public static readonly ImmutableArray<string> Codes = [.. MemberRows.Select(r => r["eu_code"])];

    private static ImmutableArray<Member> Populations(string column) =>
        [.. MemberRows.Select(r => new Member(r["eu_code"], long.Parse(r[column], CultureInfo.InvariantCulture)))];

    private static ImmutableArray<ImmutableDictionary<string, string>> Rows(string file)
    {
        using var reader = new StreamReader(typeof(Importing).Assembly.GetManifestResourceStream($"ExternalAction.Decisions.Data.{file}")!);
        var columns = Fields(reader.ReadLine()!);
        var rows = ImmutableArray.CreateBuilder<ImmutableDictionary<string, string>>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add(columns.Zip(Fields(line)).ToImmutableDictionary(f => f.First, f => f.Second));
        }
        return rows.ToImmutable();
    }

    // These files quote a field that holds a comma, and nothing else: a comma within quotes is not a separator.
    private static string[] Fields(string line)
    {
        var quoted = false;
        return string.Concat(line.Select(c => (quoted ^= c == '"') || c != ',' ? c : '\n')).Replace("\"", "", StringComparison.Ordinal).Split('\n');
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static T Named<T>(string name) where T : struct, Enum => Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
