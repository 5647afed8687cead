using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Queries;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>The domain's words are the contract's words: whoever adds one to either side is told by these tests.</summary>
public sealed class ContractNames
{
    [Fact]
    public void The_domain_and_the_contract_use_the_same_words()
    {
        Same<ListingState, Proto.ListingState.Types.Value>();
        Same<Measure, Proto.Measure.Types.Value>();
        Same<SubjectType, Proto.SubjectType.Types.Value>();
        Same<ContentPart, Proto.ContentPart.Types.Value>();
        Same<NotificationMethod, Proto.NotificationMethod.Types.Value>();
        Same<ReviewOutcome, Proto.ReviewOutcome.Types.Value>();
        Same<DelistingReason, Proto.DelistingReason.Types.Value>();
        Same<DerogationGround, Proto.DerogationGround.Types.Value>();
        Same<RegimeDateKind, Proto.RegimesCalendarEntry.Types.Kind>();
    }

    [Fact]
    public void Every_refusal_has_its_code_in_the_contract() =>
        Assert.Subset(Enum.GetNames<Proto.SanctionsError.Types.Code>().ToHashSet(), Enum.GetNames<RefusalCode>().ToHashSet());

    private static void Same<TDomain, TContract>() where TDomain : struct, Enum where TContract : struct, Enum =>
        Assert.Equal(Enum.GetNames<TContract>().Except(["Unspecified"]).Order(StringComparer.Ordinal), Enum.GetNames<TDomain>().Order(StringComparer.Ordinal));
}
