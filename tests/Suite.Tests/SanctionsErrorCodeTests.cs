using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Suite.Tests.Clients;

namespace ExternalAction.Suite.Tests;

/// <summary>The error codes of the Sanctions service, each from where it really comes.</summary>
[Collection("embedded")]
public sealed class SanctionsErrorCodeTests(EmbeddedSuite suite)
{
    public static TheoryData<string, string> Codes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var code in SanctionsRefusals.All.Keys)
            {
                data.Add(code, "REST");
                data.Add(code, "gRPC");
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Codes))]
    public async Task Every_error_code_reaches_the_client_with_its_own_name(string code, string protocol)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => SanctionsRefusals.All[code](suite.Over(protocol)));
        Assert.Equal(code, refusal.Code);
        Assert.NotEmpty(refusal.Detail);
    }

    [Fact]
    public void The_list_of_provocations_names_every_code_of_the_contract()
    {
        var codes = SanctionsError.Descriptor.EnumTypes.Single(e => e.Name == "Code").Values.Select(v => v.Name).Where(c => c != "UNSPECIFIED");
        Assert.Equal(codes.Order(), SanctionsRefusals.All.Keys.Concat(SanctionsRefusals.ReachedBehindTheService).Concat(SanctionsRefusals.ReachedInTheDomain).Order());
    }

    [Fact]
    public async Task A_delegation_does_not_choose_the_decision_that_carries_its_proposal()
    {
        var council = suite.Rest;
        var refusal = await Assert.ThrowsAsync<ApiException>(() => council.Propose(SanctionsSteps.Proposal(change: p => p["decisionId"] = "d1"), council.Delegation("LT")));
        Assert.Equal(("ROLE_MISSING", "decisionId"), (refusal.Code, refusal.Field));
    }
}
