using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Decisions.Grpc;
using ExternalAction.ServiceDefaults;
using Google.Rpc;
using Grpc.Core;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>Two analyses at a time. Over the wire a third rarely meets two others, they take milliseconds; here the slots are held.</summary>
public sealed class AnalysisSlotsTests
{
    [Fact]
    public void A_third_analysis_is_refused_until_one_of_two_has_ended()
    {
        using var slots = new AnalysisSlots();
        using var one = slots.Enter();
        var two = slots.Enter();
        for (var i = 0; i < 3; i++)
        {
            var refusal = Assert.Throws<RpcException>(slots.Enter);
            Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
            Assert.Equal("ANALYSIS_BUSY", RpcErrors.DetailsOf(refusal)!.Details.Single(d => d.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>().Reason);
        }
        two.Dispose();
        slots.Enter().Dispose();
        slots.Enter().Dispose();
    }
}
