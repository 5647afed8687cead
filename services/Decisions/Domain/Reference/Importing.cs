using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ExternalAction.Decisions.Domain.Reference;

/// <summary>
/// Imports of reference data: all or nothing, each record checked against what is known, nothing recorded when nothing is new.
/// </summary>
public static partial class Importing
{
    /// <summary>Most records of one import.</summary>
    public const int RecordsMax = 1_000;

    /// <summary>Imports member states; a record replaces the one of the same code.</summary>
    public static Verdict MemberStates(DecisionsState state, MemberStatesImported import)
    {
        if (Form(import.Records, r => r.Code, "code") is { } refusal)
        {
            return refusal;
        }
        for (var i = 0; i < import.Records.Length; i++)
        {
            var record = import.Records[i];
            if (!MemberCode().IsMatch(record.Code))
            {
                return Invalid(i, "code", $"'{record.Code}' is not a code of two capital letters.");
            }
            if (record.Name.Length is 0 or > 100)
            {
                return Invalid(i, "name", "A name has 1 to 100 characters.");
            }
            if (record.ProtocolOrder is < 1 or > 64)
            {
                return Invalid(i, "protocolOrder", "The protocol order is 1 to 64.");
            }
            if (record.WithdrawalDate < record.AccessionDate)
            {
                return Invalid(i, "withdrawalDate", "A withdrawal lies after the accession.");
            }
        }
        var after = state.Reference.Evolve(import);
        if (after.MemberStates.Any(m => after.MembersOn(m.AccessionDate).Length > Voting.Electorate.MaxMembers))
        {
            return new Refusal(RefusalCode.InvalidRecord, $"More than {Voting.Electorate.MaxMembers} member states at the same time cannot be counted.", "records");
        }
        return import.Records.All(state.Reference.MemberStates.Contains) ? Verdict.Nothing : import;
    }

    /// <summary>Imports a population table; it names every member state of its first day exactly once.</summary>
    public static Verdict Populations(DecisionsState state, PopulationsImported import)
    {
        var table = import.Table;
        if (Form(table.Rows, r => r.Code, "memberState") is { } refusal)
        {
            return refusal;
        }
        var members = state.Reference.MembersOn(table.ValidFrom).Select(m => m.Code).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < table.Rows.Length; i++)
        {
            if (!members.Contains(table.Rows[i].Code))
            {
                return Preparing.UnknownMember(table.Rows[i].Code, table.ValidFrom, $"records[{i}].memberState");
            }
            if (table.Rows[i].Population is < 1 or > Voting.Electorate.MaxPopulation)
            {
                return Invalid(i, "population", "A population is a whole number of people, 1 to 10^12.");
            }
        }
        if (members.Except(table.Rows.Select(r => r.Code), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } missing)
        {
            return new Refusal(RefusalCode.InvalidRecord, $"The table names every member state of {table.ValidFrom:yyyy-MM-dd}; missing: {string.Join(", ", missing)}.", "records");
        }
        var known = state.Reference.Tables.FirstOrDefault(t => t.ValidFrom == table.ValidFrom);
        return known is not null && known with { Rows = table.Rows } == table && known.Rows.SequenceEqual(table.Rows) ? Verdict.Nothing : import;
    }

    /// <summary>Imports legal bases; a record replaces the one of the same id from its first day on.</summary>
    public static Verdict LegalBases(DecisionsState state, LegalBasesImported import)
    {
        if (Form(import.Records, r => r.Id, "id") is { } refusal)
        {
            return refusal;
        }
        for (var i = 0; i < import.Records.Length; i++)
        {
            var record = import.Records[i];
            if (!LegalBasisId().IsMatch(record.Id))
            {
                return Invalid(i, "id", $"'{record.Id}' is not an id such as TEU-31-2-C.");
            }
            if (record.Article.Length is 0 or > 200)
            {
                return Invalid(i, "article", "The article has 1 to 200 characters.");
            }
            if (record.Initiatives.IsEmpty)
            {
                return Invalid(i, "initiatives", "At least one initiative is named.");
            }
            if (record.ValidTo < record.ValidFrom)
            {
                return Invalid(i, "validTo", "The last day lies after the first.");
            }
        }
        return import.Records.All(r => state.Reference.LegalBases.Any(k => k with { Initiatives = r.Initiatives } == r && k.Initiatives.SequenceEqual(r.Initiatives))) ? Verdict.Nothing : import;
    }

    /// <summary>Imports opt-outs and suspensions.</summary>
    public static Verdict OptOuts(DecisionsState state, OptOutsImported import)
    {
        if (Form(import.Records, r => $"{r.MemberState}/{r.LegalBasis}/{r.Scope}", "memberState") is { } refusal)
        {
            return refusal;
        }
        for (var i = 0; i < import.Records.Length; i++)
        {
            var record = import.Records[i];
            if (state.Reference.MemberStates.All(m => m.Code != record.MemberState))
            {
                return Preparing.UnknownMember(record.MemberState, record.ValidFrom, $"records[{i}].memberState");
            }
            if (record.LegalBasis != "*" && state.Reference.LegalBases.All(b => b.Id != record.LegalBasis))
            {
                return new Refusal(RefusalCode.UnknownLegalBasis, $"'{record.LegalBasis}' is no legal basis; '*' means every one.", $"records[{i}].legalBasis");
            }
            if (record.ValidTo < record.ValidFrom)
            {
                return Invalid(i, "validTo", "The last day lies after the first.");
            }
        }
        return import.Records.All(state.Reference.OptOuts.Contains) ? Verdict.Nothing : import;
    }

    private static Refusal? Form<T>(ImmutableArray<T> records, Func<T, string> key, string field)
    {
        if (records.Length is 0 or > RecordsMax)
        {
            return new Refusal(RefusalCode.InvalidRecord, $"An import has 1 to {RecordsMax} records.", "records");
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < records.Length; i++)
        {
            if (!seen.Add(key(records[i])))
            {
                return new Refusal(RefusalCode.DuplicateRecord, $"'{key(records[i])}' appears twice.", $"records[{i}].{field}");
            }
        }
        return null;
    }

    private static Refusal Invalid(int index, string field, string why) => new(RefusalCode.InvalidRecord, $"Record {index + 1}: {why}", $"records[{index}].{field}");

    [GeneratedRegex(@"^[A-Z]{2}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex MemberCode();

    [GeneratedRegex(@"^[A-Z0-9]+(-[A-Z0-9]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex LegalBasisId();
}
