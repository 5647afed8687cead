using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Suite.Tests.Clients;
using Google.Protobuf.Reflection;

namespace ExternalAction.Suite.Tests;

[Collection("embedded")]
public sealed class ErrorCodeTests(EmbeddedSuite suite)
{
    public static TheoryData<string, string> Codes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var code in Refusals.All.Keys)
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
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Refusals.All[code](suite.Over(protocol)));
        Assert.Equal(code, refusal.Code);
        Assert.NotEmpty(refusal.Detail);
    }

    [Fact]
    public void The_list_of_provocations_names_every_code_of_the_contract()
    {
        var codes = DecisionsErrorReflectionCodes().Where(c => c != "UNSPECIFIED");
        Assert.Equal(codes.Order(), Refusals.All.Keys.Order());
    }

    private static IEnumerable<string> DecisionsErrorReflectionCodes() =>
        DecisionsError.Descriptor.EnumTypes.Single(e => e.Name == "Code").Values.Select((EnumValueDescriptor v) => v.Name);
}
