using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain.Reference;

/// <summary>
/// All reference data with its dates, and the questions a vote asks of it: who is a member on a day, whose population counts,
/// what a legal basis says, who stays outside. Imports add; a question about a past day gets the answer of that day.
/// </summary>
public sealed record ReferenceState(
    ImmutableArray<MemberStateRecord> MemberStates,
    ImmutableArray<PopulationTable> Tables,
    ImmutableArray<LegalBasisRecord> LegalBases,
    ImmutableArray<OptOutRecord> OptOuts)
{
    /// <summary>Nothing imported yet.</summary>
    public static readonly ReferenceState Empty = new([], [], [], []);

    /// <summary>
    /// The first day the recorded membership is complete: the day after the United Kingdom's withdrawal (Article 50 TEU agreement,
    /// OJ L 29, 31.1.2020). No vote before it is counted, because its members are not all on record.
    /// </summary>
    public static readonly DateOnly FirstDay = new(2020, 2, 1);

    /// <summary>The state after an import.</summary>
    public ReferenceState Evolve(ReferenceEvent happened) => happened switch
    {
        MemberStatesImported e => this with { MemberStates = Replace(MemberStates, e.Records, r => r.Code) },
        PopulationsImported e => this with { Tables = [.. Tables.Where(t => t.ValidFrom != e.Table.ValidFrom).Append(e.Table).OrderBy(t => t.ValidFrom)] },
        LegalBasesImported e => this with { LegalBases = Replace(LegalBases, e.Records, r => (r.Id, r.ValidFrom)) },
        OptOutsImported e => this with { OptOuts = Replace(OptOuts, e.Records, r => (r.MemberState, r.LegalBasis, r.Scope, r.ValidFrom)) },
        _ => throw new InvalidOperationException($"No rule for {happened.GetType().Name}."),
    };

    /// <summary>Members on a day, in protocol order.</summary>
    public ImmutableArray<MemberStateRecord> MembersOn(DateOnly day) =>
        [.. MemberStates.Where(m => m.AccessionDate <= day && (m.WithdrawalDate is not { } last || day <= last)).OrderBy(m => m.ProtocolOrder)];

    /// <summary>The population table in force on a day; null when there is none, or the day lies before <see cref="FirstDay"/>.</summary>
    public PopulationTable? TableOn(DateOnly day) => day < FirstDay ? null : Tables.LastOrDefault(t => t.ValidFrom <= day);

    /// <summary>Legal bases on a day, by id: of records with the same id, the latest that has begun.</summary>
    public ImmutableArray<LegalBasisRecord> LegalBasesOn(DateOnly day) =>
        [.. LegalBases.Where(b => b.ValidFrom <= day).GroupBy(b => b.Id, StringComparer.Ordinal)
            .Select(g => g.MaxBy(b => b.ValidFrom)!).Where(b => b.ValidTo is not { } last || day <= last).OrderBy(b => b.Id, StringComparer.Ordinal)];

    /// <summary>One legal basis on a day; null when there is none.</summary>
    public LegalBasisRecord? LegalBasisOn(string id, DateOnly day) =>
        LegalBases.Where(b => b.Id == id && b.ValidFrom <= day).MaxBy(b => b.ValidFrom) is { } basis && (basis.ValidTo is not { } last || day <= last) ? basis : null;

    /// <summary>Opt-outs and suspensions on a day.</summary>
    public ImmutableArray<OptOutRecord> OptOutsOn(DateOnly day) =>
        [.. OptOuts.Where(o => o.ValidFrom <= day && (o.ValidTo is not { } last || day <= last)).OrderBy(o => o.MemberState, StringComparer.Ordinal).ThenBy(o => o.LegalBasis, StringComparer.Ordinal)];

    /// <summary>The members of a day with the populations of its table, ready to be counted; null without a complete table.</summary>
    public Electorate? ElectorateOn(DateOnly day)
    {
        if (TableOn(day) is not { } table)
        {
            return null;
        }
        var rows = table.Rows.ToDictionary(r => r.Code, StringComparer.Ordinal);
        var members = MembersOn(day);
        return members.Length > 0 && members.All(m => rows.ContainsKey(m.Code)) ? new Electorate(members.Select(m => rows[m.Code])) : null;
    }

    private static ImmutableArray<T> Replace<T, TKey>(ImmutableArray<T> before, ImmutableArray<T> imported, Func<T, TKey> key) where TKey : notnull
    {
        var keys = imported.Select(key).ToHashSet();
        return [.. before.Where(r => !keys.Contains(key(r))), .. imported];
    }
}
