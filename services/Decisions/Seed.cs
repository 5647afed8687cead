using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions;

/// <summary>
/// The reference data the service starts with: files in Data/, recorded once in an empty journal by the same rules as any
/// import. What an import changed later stays changed: a restart seeds nothing twice.
/// </summary>
internal static class Seed
{
    /// <summary>The day the Treaty of Lisbon entered into force; the legal bases hold from it.</summary>
    private static readonly DateOnly Lisbon = new(2009, 12, 1);

    /// <summary>The total as published for 2025 (Agence Europe 13544/22); a check, never an input.</summary>
    private const long PublishedTotal2025 = 451_028_881;

    /// <summary>The imports, in the order they depend on each other, each with the key it is recorded under.</summary>
    public static IEnumerable<(string Key, Func<DecisionsState, Verdict> Decide)> Imports()
    {
        var states = Rows("member_states.csv").ToList();
        var members = new MemberStatesImported(Lisbon, "Treaties of accession; protocol order of the Council", [.. states.Select(r => new MemberStateRecord(
            r["eu_code"], r["name"], int.Parse(r["protocol_order"], CultureInfo.InvariantCulture), Day(r["accession_date"]), null, "Treaties of accession; protocol order of the Council"))]);
        yield return ("seed:member-states:1", state => Importing.MemberStates(state, members));

        var table = new PopulationTable(
            2025, new DateOnly(2025, 1, 1), Derived: true, states[0]["qmv_source"], PublishedTotal2025,
            [.. states.Select(r => new Member(r["eu_code"], long.Parse(r["qmv_pop_2025_derived"], CultureInfo.InvariantCulture)))]);
        yield return ("seed:populations:2025", state => Importing.Populations(state, new PopulationsImported(table)));

        const string treaties = "Consolidated Treaties, OJ C 202, 7.6.2016";
        var bases = new LegalBasesImported(Lisbon, treaties, [.. Rows("legal_bases.csv").Select(r => new LegalBasisRecord(
            r["id"], r["title"], r["article"], Value<Institution>(r["institution"]), Value<Rule>(r["rule"]),
            [.. r["initiatives"].Split('|').Select(Value<Initiative>)], r["militaryExcluded"] == "true", r["brake"] == "true", r["conditions"], Lisbon, null, treaties))]);
        yield return ("seed:legal-bases:1", state => Importing.LegalBases(state, bases));

        var optOuts = new OptOutsImported(Lisbon, "Protocol 22 to the Treaties", [.. Rows("opt_outs.csv").Select(r => new OptOutRecord(
            r["memberState"], r["legalBasis"], Value<OptOutScope>(r["scope"]), r["reason"], Day(r["validFrom"]), Day(r["validTo"]), "Protocol 22 to the Treaties"))]);
        yield return ("seed:opt-outs:1", state => Importing.OptOuts(state, optOuts));
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Rows(string file)
    {
        using var stream = typeof(Seed).Assembly.GetManifestResourceStream($"ExternalAction.Decisions.Data.{file}") ?? throw new InvalidOperationException($"Data/{file} is not embedded.");
        using var csv = CsvReader.Create(stream);
        while (csv.Read())
        {
            yield return csv.Headers!.Select((column, i) => KeyValuePair.Create(column, csv.GetString(i))).ToImmutableDictionary(StringComparer.Ordinal);
        }
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static T Value<T>(string name) where T : struct, Enum => Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
