using System.Collections.Immutable;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using ExternalAction.ServiceDefaults;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>A count as the contract shows it: kept with a decision, running, or simulated.</summary>
internal static class Tallies
{
    /// <summary>The count of a file.</summary>
    public static Proto.Tally Of(Count count, long position, bool running = false)
    {
        var view = new Proto.Tally
        {
            Outcome = Names.Map<Outcome, Proto.Outcome.Types.Value>(count.Outcome),
            ReasonCode = Names.Map<ReasonCode, Proto.ReasonCode.Types.Value>(count.Reason),
            Reason = count.Text,
            Article = count.Article,
            Rule = Names.Map<Rule, Proto.Rule.Types.Value>(count.Rule),
            InFavour = Of(count.InFavour),
            Against = Of(count.Against),
            Abstaining = Of(count.Abstaining),
            Constructive = Of(count.Constructive),
            Absent = Of(count.Absent),
            Required = Of(count),
            OneThirdBlock = Of(count.OneThirdBlock),
            PopulationTable = Of(count.Table),
            Running = running,
            Position = position,
        };
        view.BoundBy.Add(count.BoundBy);
        view.NotObliged.Add(count.NotObliged);
        return view;
    }

    /// <summary>A simulated count with what would turn it.</summary>
    public static Proto.SimulateVoteReply Simulated(Count count, ImmutableArray<MemberGroup> toAdopt, ImmutableArray<MemberGroup> toBlock)
    {
        var view = new Proto.SimulateVoteReply
        {
            Outcome = Names.Map<Outcome, Proto.Outcome.Types.Value>(count.Outcome),
            ReasonCode = Names.Map<ReasonCode, Proto.ReasonCode.Types.Value>(count.Reason),
            Reason = count.Text,
            Article = count.Article,
            InFavour = Of(count.InFavour),
            Against = Of(count.Against),
            Abstaining = Of(count.Abstaining),
            Constructive = Of(count.Constructive),
            Absent = Of(count.Absent),
            Required = Of(count),
            OneThirdBlock = Of(count.OneThirdBlock),
            PopulationTable = Of(count.Table),
        };
        view.BoundBy.Add(count.BoundBy);
        view.NotObliged.Add(count.NotObliged);
        view.ToAdopt.Add(toAdopt.Select(Of));
        view.ToBlock.Add(toBlock.Select(Of));
        return view;
    }

    /// <summary>The table a count used; null when the members came with the request.</summary>
    public static Proto.PopulationTable? Of(TableUsed? table) =>
        table is null ? null : new Proto.PopulationTable { Year = table.Year, ValidFrom = Views.Day(table.ValidFrom), Derived = table.Derived, Source = table.Source };

    private static Proto.Side Of(CountedSide side)
    {
        var view = new Proto.Side { Members = side.Members, Population = side.Population, PopulationShare = side.Share };
        view.MemberStates.Add(side.MemberStates);
        return view;
    }

    private static Proto.Required Of(Count count) => new()
    {
        Members = count.Required.Members,
        Population = count.Required.Population,
        Quorum = count.Quorum,
        BlockingMembers = count.Required.BlockingMembers,
        OneThirdMembers = count.Required.DeclaringMembers,
        OneThirdPopulation = count.Required.DeclaringPopulation,
    };

    private static Proto.OneThirdBlock? Of(OneThirdBlock? block) => block is not { } distance ? null : new Proto.OneThirdBlock
    {
        MembersMissing = distance.MissingMembers,
        PopulationMissing = distance.MissingPopulation,
        PopulationShareMissing = distance.MissingPopulationShare,
    };

    private static Proto.MemberSet Of(MemberGroup group)
    {
        var view = new Proto.MemberSet { Population = group.Population };
        view.MemberStates.Add(group.Codes);
        return view;
    }
}
