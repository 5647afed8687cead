using System.Globalization;
using System.Runtime.CompilerServices;

namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// Says in plain words, with the figures, why a vote ended as it did. Percentages are truncated like all shares; the exact people
/// counts stand in the result beside them.
/// </summary>
internal static class ReasonWords
{
    public static string For(TallyResult vote)
    {
        var required = vote.Required;
        return vote.Reason switch
        {
            ReasonCode.NobodyTakesPart => "No member takes part in this vote.",
            ReasonCode.QuorumNotMet => Say(
                $"Only {required.TakingPart - vote.Absent.Members} of {required.TakingPart} members entitled to vote are present or represented; {required.Quorum} are needed."),
            ReasonCode.VotesAgainst => Say(
                $"Unanimity is required and {Members(vote.Against)} voted against ({List(vote.Against)})."),
            ReasonCode.AbsentUnrepresented => Say(
                $"Unanimity is required and {Members(vote.Absent)} neither present nor represented ({List(vote.Absent)}); absence is not an abstention."),
            ReasonCode.OneThirdBlock => Say(
                $"{Members(vote.Constructive)} with {Percent(vote.Constructive)} of the population qualified their abstention; {required.DeclaringMembers} members with one third of the population ({required.DeclaringPopulation}) stop the decision."),
            ReasonCode.UnanimityReached => Unanimous(vote),
            ReasonCode.QualifiedMajorityReached => Say(
                $"{InFavour(vote)}; {Needed(required)} are needed."),
            ReasonCode.DeemedAttainedFourMemberClause => Say(
                $"{InFavour(vote)}. The population falls short of {required.Population}, but only {NotInFavour(vote)} not in favour and a blocking minority must include at least {required.BlockingMembers}: the qualified majority is deemed attained."),
            ReasonCode.DeemedAttainedParticipatingClause => Say(
                $"{InFavour(vote)}. The population falls short of {required.Population}, but only {NotInFavour(vote)} not in favour; among those taking part a blocking minority must include {required.BlockingMembers}, one more than the fewest that hold more than 35 %: the qualified majority is deemed attained."),
            ReasonCode.MembersShort when vote.InFavour.Population < required.Population => Say(
                $"{InFavour(vote)}; {Needed(required)} are needed, and both are missed."),
            ReasonCode.MembersShort => Say(
                $"{InFavour(vote)}; {Needed(required)} are needed, and the members are too few."),
            ReasonCode.PopulationShort => Say(
                $"{InFavour(vote)}; {Needed(required)} are needed, and {NotInFavour(vote)} not in favour."),
            ReasonCode.SimpleMajorityReached => Say(
                $"{vote.InFavour.Members} of {required.TakingPart} members are in favour; {required.Members} are needed."),
            ReasonCode.MajorityShort => Say(
                $"Only {vote.InFavour.Members} of {required.TakingPart} members are in favour; {required.Members} are needed, and abstentions do not count."),
            _ => throw new InvalidOperationException($"No words for {vote.Reason}."),
        };
    }

    private static string Unanimous(TallyResult vote)
    {
        var words = Say($"Nobody voted against: {vote.InFavour.Members} of {vote.Required.TakingPart} members in favour, {vote.Abstaining.Members} abstained");
        return vote.Constructive.Members == 0
            ? words + "."
            : words + Say($", {vote.Constructive.Members} abstained constructively ({List(vote.Constructive)}) and need not apply the decision.");
    }

    private static string InFavour(TallyResult vote) => Say(
        $"{vote.InFavour.Members} of {vote.Required.TakingPart} members with {Percent(vote.InFavour)} of the population are in favour");

    private static string Needed(in Requirement required) => Say(
        $"{required.Members} members with 65 % of the population ({required.Population})");

    private static string NotInFavour(TallyResult vote)
    {
        var members = vote.Required.TakingPart - vote.InFavour.Members;
        return Say($"{members} {(members == 1 ? "member is" : "members are")}");
    }

    private static string Members(in MemberGroup group) => Say($"{group.Members} {(group.Members == 1 ? "member" : "members")}");

    private static string List(in MemberGroup group) => string.Join(", ", group.Codes);

    /// <summary>The four-place share as a percentage: 0.9788 reads 97.88 %.</summary>
    private static string Percent(in MemberGroup group)
    {
        var digits = group.PopulationShare.Replace(".", "", StringComparison.Ordinal);
        return Say($"{int.Parse(digits.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture)}.{digits.AsSpan(3)} %");
    }

    private static string Say(DefaultInterpolatedStringHandler words) => words.ToStringAndClear();
}
