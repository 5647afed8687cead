namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// Counts a vote. Pure integer arithmetic over bit masks: one call allocates its result and nothing else, texts and lists are
/// produced only when the result is asked for them.
/// </summary>
public static class Tally
{
    /// <summary>Counts a roll by a rule. Deciding questions are asked in this order:
    /// 1. does anybody take part, and (in a meeting) is there a quorum;
    /// 2. under unanimity: votes against, then absences, then the one-third block;
    /// 3. under a majority: members, then population, then the clause that deems the population leg reached.</summary>
    /// <param name="rule">The rule of the vote.</param>
    /// <param name="roll">The position of each member.</param>
    /// <param name="inWriting">True for the written procedure, which knows no presence and so no quorum. It changes the reason, never the outcome.</param>
    public static TallyResult Count(Rule rule, in Roll roll, bool inWriting = false)
    {
        var result = new TallyResult(roll, Requirement.For(rule, roll));
        result.Reason = Reason(result, inWriting);
        return result;
    }

    private static ReasonCode Reason(TallyResult vote, bool inWriting)
    {
        // 1. Somebody must be there.
        var required = vote.Required;
        if (required.TakingPart == 0)
        {
            return ReasonCode.NobodyTakesPart;
        }
        if (!inWriting && required.TakingPart - vote.Absent.Members < required.Quorum)
        {
            return ReasonCode.QuorumNotMet;
        }

        // 2. Unanimity looks at who stands in the way, never at how many are in favour.
        if (required.Rule == Rule.Unanimity)
        {
            return vote.Against.Members > 0 ? ReasonCode.VotesAgainst
                : vote.Absent.Members > 0 ? ReasonCode.AbsentUnrepresented
                : required.StoppedBy(vote.Constructive.Members, vote.Constructive.Population) ? ReasonCode.OneThirdBlock
                : ReasonCode.UnanimityReached;
        }

        // 3. A majority looks only at who is in favour: an abstention or an absence is on the other side.
        var carried = required.CarriedBy(vote.InFavour.Members, vote.InFavour.Population);
        if (required.Rule == Rule.SimpleMajority)
        {
            return carried ? ReasonCode.SimpleMajorityReached : ReasonCode.MajorityShort;
        }
        if (vote.InFavour.Members < required.Members)
        {
            return ReasonCode.MembersShort;
        }
        if (!carried)
        {
            return ReasonCode.PopulationShort;
        }
        if (vote.InFavour.Population >= required.Population)
        {
            return ReasonCode.QualifiedMajorityReached;
        }
        return vote.Roll.AllTakePart ? ReasonCode.DeemedAttainedFourMemberClause : ReasonCode.DeemedAttainedParticipatingClause;
    }
}
