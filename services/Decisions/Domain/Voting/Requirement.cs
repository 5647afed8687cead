using System.Numerics;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// The figures that one vote has to reach, computed from the records of the members taking part; a published total is never used.
/// Members and people are rounded up, as the Council does: 55 % of 27 is 15, 65 % of 451,028,881 is 293,168,773.
/// </summary>
/// <param name="Rule">The rule the figures belong to.</param>
/// <param name="Article">Where the majority is defined, e.g. <c>TEU 16(4)</c>.</param>
/// <param name="TakingPart">Number of members entitled to vote on the item.</param>
/// <param name="TotalPopulation">Their population.</param>
/// <param name="Members">Fewest members in favour; 0 under unanimity, where the Treaties set no minimum.</param>
/// <param name="Population">Least population in favour; 0 when the rule has no population leg.</param>
/// <param name="Quorum">Fewest members present or represented: a majority of those entitled to vote.</param>
/// <param name="BlockingMembers">Fewest members a blocking minority must include, failing which the population leg is deemed reached; 0 when the rule has no such clause.</param>
/// <param name="BlockingPopulation">Least population that keeps the population leg from being reached; 0 when there is none.</param>
/// <param name="DeclaringMembers">Fewest members with a qualified abstention that can stop a unanimous decision; 0 under other rules.</param>
/// <param name="DeclaringPopulation">Least population those same members must represent; 0 under other rules.</param>
public readonly record struct Requirement(
    Rule Rule,
    string Article,
    int TakingPart,
    long TotalPopulation,
    int Members,
    long Population,
    int Quorum,
    int BlockingMembers,
    long BlockingPopulation,
    int DeclaringMembers,
    long DeclaringPopulation)
{
    // TEU 16(4) adds "at least fifteen of them" to its 55 %. The floor speaks of a Council of the whole Union; a what-if list of fewer
    // than fifteen could never satisfy it, so there only the percentage counts.
    private const int MembersFloor = 15;
    private const int FourMemberClause = 4;

    /// <summary>The figures for a rule among the members of a roll that take part.</summary>
    public static Requirement For(Rule rule, in Roll roll)
    {
        var members = BitOperations.PopCount(roll.TakingPart);
        var population = roll.Electorate.PopulationOf(roll.TakingPart);
        var basis = new Requirement(rule, "", members, population, 0, 0, (members / 2) + 1, 0, 0, 0, 0);
        return rule switch
        {
            Rule.Unanimity => basis with
            {
                Article = "TEU 31(1)",
                DeclaringMembers = (members + 2) / 3,
                DeclaringPopulation = (population + 2) / 3,
            },
            Rule.SimpleMajority => basis with { Article = "TFEU 238(1)", Members = (members / 2) + 1 },
            Rule.QualifiedMajority when roll.AllTakePart => basis.Qualified("TEU 16(4)", 55) with
            {
                Members = members < MembersFloor ? Percent(members, 55) : Math.Max(Percent(members, 55), MembersFloor),
                BlockingMembers = FourMemberClause,
            },
            Rule.QualifiedMajority => basis.Qualified("TFEU 238(3)(a)", 55) with
            {
                BlockingMembers = FewestAbove35Percent(roll, population) + 1,
            },
            // Neither 238(2) nor 238(3)(b) has a deeming clause: both derogate from the provision that has one.
            Rule.ReinforcedQualifiedMajority => basis.Qualified(roll.AllTakePart ? "TFEU 238(2)" : "TFEU 238(3)(b)", 72),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a rule."),
        };
    }

    /// <summary>Whether so many members with so much population carry a vote by (qualified or simple) majority.</summary>
    internal bool CarriedBy(int members, long population) =>
        members >= Members && (population >= Population || TakingPart - members < BlockingMembers);

    /// <summary>Whether so many qualified abstentions with so much population stop a unanimous decision: both legs, on the same set.</summary>
    internal bool StoppedBy(int members, long population) =>
        members > 0 && members >= DeclaringMembers && population >= DeclaringPopulation;

    private Requirement Qualified(string article, int membersPercent) => this with
    {
        Article = article,
        Members = Percent(TakingPart, membersPercent),
        Population = ((TotalPopulation * 65) + 99) / 100,
        // "More than 35 %", where 65 % is "at least": the two are exact complements.
        BlockingPopulation = (TotalPopulation * 35 / 100) + 1,
    };

    private static int Percent(int members, int percent) => ((members * percent) + 99) / 100;

    /// <summary>The smallest number of members that together hold more than 35 %: take the largest until they do.</summary>
    private static int FewestAbove35Percent(in Roll roll, long total)
    {
        var members = 0;
        long population = 0;
        foreach (var index in roll.Electorate.LargestFirst)
        {
            if ((roll.TakingPart >> index & 1) == 0)
            {
                continue;
            }
            members++;
            population += roll.Electorate.PopulationAt(index);
            if (population * 100 > total * 35)
            {
                break;
            }
        }
        return members;
    }
}
