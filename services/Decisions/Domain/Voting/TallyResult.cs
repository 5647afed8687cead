using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>The result of counting one vote: the outcome, the reason with its article, the sides and the figures they had to reach.</summary>
public sealed class TallyResult
{
    internal TallyResult(in Roll roll, in Requirement required)
    {
        Roll = roll;
        Required = required;
        InFavour = Group(roll.For);
        Against = Group(roll.Against);
        Abstaining = Group(roll.Abstain);
        Constructive = Group(roll.Constructive);
        Absent = Group(roll.Absent);
    }

    /// <summary>The roll that was counted.</summary>
    public Roll Roll { get; }

    /// <summary>The figures that had to be reached.</summary>
    public Requirement Required { get; }

    /// <summary>Members in favour.</summary>
    public MemberGroup InFavour { get; }

    /// <summary>Members against.</summary>
    public MemberGroup Against { get; }

    /// <summary>Members that plainly abstained.</summary>
    public MemberGroup Abstaining { get; }

    /// <summary>Members that qualified their abstention by a declaration.</summary>
    public MemberGroup Constructive { get; }

    /// <summary>Members neither present nor represented.</summary>
    public MemberGroup Absent { get; }

    /// <summary>Why the vote ended as it did.</summary>
    public ReasonCode Reason { get; internal set; }

    /// <summary>How the vote ended.</summary>
    public Outcome Outcome => Reason is ReasonCode.UnanimityReached or ReasonCode.QualifiedMajorityReached or ReasonCode.SimpleMajorityReached
        or ReasonCode.DeemedAttainedFourMemberClause or ReasonCode.DeemedAttainedParticipatingClause
            ? Outcome.Adopted
            : Outcome.NotAdopted;

    /// <summary>The provision that decided, e.g. <c>TEU 31(1)</c> or <c>TFEU 238(3)(a)</c>.</summary>
    public string Article => Reason switch
    {
        ReasonCode.QuorumNotMet => "Council Rules of Procedure 11(4)",
        ReasonCode.AbsentUnrepresented => "TFEU 238(4)",
        ReasonCode.OneThirdBlock => "TEU 31(1) subparagraph 2",
        _ => Required.Article,
    };

    /// <summary>The reason in plain words with its figures.</summary>
    public string ReasonText => ReasonWords.For(this);

    /// <summary>Members that must apply the decision, in protocol order: those taking part except <see cref="NotObliged"/>. Empty when it is not adopted.</summary>
    public ImmutableArray<string> BoundBy =>
        Outcome == Outcome.Adopted ? Roll.Electorate.CodesOf(Roll.TakingPart & ~NotObligedSet) : [];

    /// <summary>Members that need not apply the decision but accept that it commits the Union: the constructive abstainers of an adopted unanimous decision.</summary>
    public ImmutableArray<string> NotObliged => Roll.Electorate.CodesOf(NotObligedSet);

    /// <summary>How far the constructive abstentions are from stopping the decision; null where the rule knows no such block.</summary>
    public OneThirdBlock? OneThirdBlock => Required.Rule == Rule.Unanimity && Required.TakingPart > 0
        ? new OneThirdBlock(
            Math.Max(0, Required.DeclaringMembers - Constructive.Members),
            Math.Max(0, Required.DeclaringPopulation - Constructive.Population),
            Required.TotalPopulation)
        : null;

    private ulong NotObligedSet => Outcome == Outcome.Adopted && Required.Rule == Rule.Unanimity ? Roll.Constructive : 0;

    private MemberGroup Group(ulong set) => new(Roll.Electorate, set, Required.TotalPopulation);
}

/// <summary>The live distance to the block of TEU 31(1): it stops the decision when nothing is missing on either leg.</summary>
/// <param name="MissingMembers">Further members that would have to qualify their abstention; 0 when that leg is reached.</param>
/// <param name="MissingPopulation">Further population they would have to represent; 0 when that leg is reached.</param>
/// <param name="TotalPopulation">Population of all members taking part.</param>
public sealed record OneThirdBlock(int MissingMembers, long MissingPopulation, long TotalPopulation)
{
    /// <summary>True when both legs are reached. Follows from the figures, so it is not stored with them.</summary>
    [JsonIgnore]
    public bool Reached => MissingMembers == 0 && MissingPopulation == 0;

    /// <summary><see cref="MissingPopulation"/> as a fraction of the population taking part, truncated to four places; not stored either.</summary>
    [JsonIgnore]
    public string MissingPopulationShare => DecimalText.Truncated(MissingPopulation, TotalPopulation, 4);
}
