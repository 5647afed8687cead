using System.Collections.Immutable;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Domain.Reference;

// Dated facts about the Union that votes rest on. Every record names the day it holds from and its source; none of these
// figures stands in code.

/// <summary>A member state.</summary>
/// <param name="Code">ISO 3166-1 alpha-2, with <c>EL</c> for Greece as in EU publications.</param>
/// <param name="Name">English short name.</param>
/// <param name="ProtocolOrder">Place in the Council's protocol order, from 1.</param>
/// <param name="AccessionDate">First day of membership.</param>
/// <param name="WithdrawalDate">Last day of membership; null while a member.</param>
/// <param name="Source">Where the record comes from.</param>
public sealed record MemberStateRecord(string Code, string Name, int ProtocolOrder, DateOnly AccessionDate, DateOnly? WithdrawalDate, string Source);

/// <summary>The populations that count from a day on (Annex III of the Council's Rules of Procedure), one row per member state.</summary>
/// <param name="Year">The year the table is named after.</param>
/// <param name="ValidFrom">First day it holds; it holds until the next table.</param>
/// <param name="Derived">True: derived from published percentages; false: absolute figures.</param>
/// <param name="Source">Where the figures come from.</param>
/// <param name="PublishedTotal">The total as published, a check only: thresholds use the sum of the rows. Null when unknown.</param>
/// <param name="Rows">Population by member state.</param>
public sealed record PopulationTable(int Year, DateOnly ValidFrom, bool Derived, string Source, long? PublishedTotal, ImmutableArray<Member> Rows);

/// <summary>A legal basis: the rule it asks for and the conditions it sets.</summary>
/// <param name="Id">For example <c>TEU-31-2-C</c>.</param>
/// <param name="Title">What it is for.</param>
/// <param name="Article">As cited in a refusal.</param>
/// <param name="Institution">Who decides.</param>
/// <param name="Rule">The rule; a qualified majority becomes the reinforced one when neither Commission nor High Representative proposes (TFEU 238(2)).</param>
/// <param name="Initiatives">Who may propose.</param>
/// <param name="MilitaryExcluded">True: never for decisions with military or defence implications (TEU 31(4)).</param>
/// <param name="Brake">True: a member may oppose for vital and stated reasons (TEU 31(2), second subparagraph).</param>
/// <param name="Conditions">What must be given besides, in words.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">Last day; null while in force.</param>
/// <param name="Source">Where the record comes from.</param>
public sealed record LegalBasisRecord(
    string Id, string Title, string Article, Institution Institution, Rule Rule, ImmutableArray<Initiative> Initiatives, bool MilitaryExcluded, bool Brake, string Conditions,
    DateOnly ValidFrom, DateOnly? ValidTo, string Source);

/// <summary>What an opt-out or suspension covers.</summary>
public enum OptOutScope
{
    /// <summary>Every item under the legal basis.</summary>
    All,

    /// <summary>Items with military or defence implications only.</summary>
    MilitaryOrDefence,
}

/// <summary>A member state that does not take part in some items: an opt-out in a protocol, or a suspension (TEU 7(3)).</summary>
/// <param name="MemberState">Whose.</param>
/// <param name="LegalBasis">The legal basis it concerns; <c>*</c> for every one.</param>
/// <param name="Scope">What it covers.</param>
/// <param name="Reason">Its own legal basis, in words.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">Last day; null while in force.</param>
/// <param name="Source">Where the record comes from.</param>
public sealed record OptOutRecord(string MemberState, string LegalBasis, OptOutScope Scope, string Reason, DateOnly ValidFrom, DateOnly? ValidTo, string Source);
