using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>The domain's words are the contract's words: whoever adds one to either side is told by these tests.</summary>
public sealed class ContractNames
{
    [Fact]
    public void The_domain_and_the_contract_use_the_same_words()
    {
        Same<FileState, Proto.State.Types.Value>();
        Same<FileReason, Proto.ReasonCode.Types.Value>();
        Same<Rule, Proto.Rule.Types.Value>();
        Same<Position, Proto.Position.Types.Value>();
        Same<Outcome, Proto.Outcome.Types.Value>();
        Same<Procedure, Proto.Procedure.Types.Value>();
        Same<Initiative, Proto.Initiative.Types.Value>();
        Same<Institution, Proto.Institution.Types.Value>();
        Same<LinkKind, Proto.LinkKind.Types.Value>();
        Same<MediationOutcome, Proto.MediationOutcome.Types.Value>();
        Same<DueKind, Proto.CalendarEntry.Types.Kind>();
    }

    // Two analyses at a time is the service's limit, not a rule of the domain.
    [Fact]
    public void Every_refusal_has_its_code_in_the_contract() =>
        Same<RefusalCode, Proto.DecisionsError.Types.Code>(but: nameof(Proto.DecisionsError.Types.Code.AnalysisBusy));

    [Fact]
    public void Every_reason_of_a_count_is_a_reason_a_file_may_have() =>
        Assert.Subset(Enum.GetNames<FileReason>().ToHashSet(), Enum.GetNames<ReasonCode>().ToHashSet());

    private static void Same<TDomain, TContract>(params string[] but) where TDomain : struct, Enum where TContract : struct, Enum =>
        Assert.Equal(Enum.GetNames<TContract>().Except(["Unspecified", .. but]).Order(StringComparer.Ordinal), Enum.GetNames<TDomain>().Order(StringComparer.Ordinal));
}
